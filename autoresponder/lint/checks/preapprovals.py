"""Rules that pre-approve Airbnb inquiries: whether they may, and whether they can be used for anything else."""

from __future__ import annotations

from collections.abc import Iterator

from autoresponder.decision import ActionKind
from autoresponder.lint.view import View
from autoresponder.problems import Problem, Severity


def find(view: View) -> Iterator[Problem]:
    """L023 and L021, warnings: the turn would be left to a person instead of being answered."""
    for rule in view.rules:
        if ActionKind.PREAPPROVE not in rule.actions:
            continue
        below = ("then", rule.actions.index(ActionKind.PREAPPROVE))
        if not view.parts.settings.guards.preapprove:
            yield view.about_rule(
                rule,
                below,
                "L023",
                "pre-approving is not allowed in autoresponder.yaml, so guests of this rule wait for a person",
                "add  guards: {preapprove: true}  to autoresponder.yaml if rules may promise dates",
                severity=Severity.WARNING,
            )
        event = view.when(rule).get("event")
        if event not in ("inquiry", ["inquiry"]):
            yield view.about_rule(
                rule,
                below,
                "L021",
                "only Airbnb inquiries can be pre-approved, and this rule is for other messages, too",
                "add  event: inquiry  to its conditions",
                severity=Severity.WARNING,
            )
