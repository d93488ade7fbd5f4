"""An action that the rule's own conditions make impossible."""

from __future__ import annotations

from collections.abc import Iterator

from autoresponder.decision import ActionKind
from autoresponder.lint.view import View
from autoresponder.model import Provider
from autoresponder.problems import Problem, Severity


def find(view: View) -> Iterator[Problem]:
    """L007, a warning: only Booking.com knows no_reply_needed, and the rule is for others only."""
    for rule in view.rules:
        if ActionKind.NO_REPLY_NEEDED not in rule.actions:
            continue
        when = view.when(rule)
        written = when.get("provider")
        providers = [written] if isinstance(written, str) else written
        elsewhere = isinstance(providers, list) and Provider.BOOKING_COM.value not in providers
        if not elsewhere and when.get("event") != "inquiry":
            continue
        below = ("then", rule.actions.index(ActionKind.NO_REPLY_NEEDED))
        why = "this rule is for others" if elsewhere else "only Airbnb has inquiries"
        yield view.about_rule(
            rule,
            below,
            "L007",
            f"only Booking.com has no_reply_needed, and {why}",
            "take it away; doing nothing needs no action",
            severity=Severity.WARNING,
        )
