"""Topics that get into each other's way, or into their own."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from autoresponder.decision import ActionKind
from autoresponder.lint.view import View
from autoresponder.lint.wording import plain, within
from autoresponder.problems import Problem, Severity
from autoresponder.rules import Rule
from autoresponder.yamltext import Source

_HANDS_OVER = frozenset({ActionKind.ESCALATE, ActionKind.HOLD})


def find(view: View) -> Iterator[Problem]:
    """L016, warnings: a phrase that its own topic cancels, or by which one topic's rule beats another's."""
    if view.parts.ruleset is None:
        return
    alarms, answers = _by_topic(view, alarm=True), _by_topic(view, alarm=False)
    for file in view.parts.rule_files:
        source = view.source(file)
        topics = source.data.get("topics") if source is not None and isinstance(source.data, dict) else None
        if source is not None and isinstance(topics, dict):
            yield from _cancelled(source, topics)
            yield from _colliding(view, source, topics, alarms, answers)


def _by_topic(view: View, *, alarm: bool) -> Mapping[str, list[Rule]]:
    """Topic → rules that answer it, or those that hand it to a person without an answer."""
    found: dict[str, list[Rule]] = {}
    for rule in view.rules:
        if rule.replies is alarm or (alarm and not _HANDS_OVER.intersection(rule.actions)):
            continue
        for name in view.when(rule).get("topics", {}).get("any", ()):
            found.setdefault(name, []).append(rule)
    return found


def _cancelled(source: Source, topics: Mapping[str, Any]) -> Iterator[Problem]:
    for name, entry in topics.items():
        for number, phrase in enumerate(entry.get("any", ())):
            spoiler = next((other for other in entry.get("none", ()) if within(phrase, other)), None)
            if spoiler is not None:
                message = f"'{phrase[:40]}' never counts: '{spoiler[:40]}' stands under 'none' of this topic"
                yield source.problem(
                    ("topics", name, "any", number),
                    "L016",
                    message,
                    "take one of the two out",
                    severity=Severity.WARNING,
                )


def _colliding(
    view: View,
    source: Source,
    topics: Mapping[str, Any],
    alarms: Mapping[str, list[Rule]],
    answers: Mapping[str, list[Rule]],
) -> Iterator[Problem]:
    """Phrases of a topic that is answered which stand in a topic that is handed to a person, too."""
    owners: dict[Hashable, list[str]] = {}
    for name in alarms:
        for phrase in topics.get(name, {}).get("any", ()):
            owners.setdefault(plain(phrase) or phrase, []).append(name)
    for name, rules in answers.items():
        for number, phrase in enumerate(topics.get(name, {}).get("any", ())):
            for other in owners.get(plain(phrase) or phrase, ()):
                rule = next((r for r in alarms[other] if _unaware(view, r, name)), None)
                if other == name or rule is None or not all(_unaware(view, r, other) for r in rules):
                    continue
                yield source.problem(
                    ("topics", name, "any", number),
                    "L016",
                    f"'{phrase[:40]}' stands in topic '{other[:40]}', too, so “{rule.title[:40]}” beats the answer",
                    "keep it in one of the two topics",
                    severity=Severity.WARNING,
                )


def _unaware(view: View, rule: Rule, topic: str) -> bool:
    """Whether a rule does not mind another topic in the sentence."""
    topics = view.when(rule).get("topics", {})
    return topic not in topics.get("none", ()) and topic not in topics.get("any", ())
