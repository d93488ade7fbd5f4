"""What every rule would answer, for every property in every language: the replies as `check` tries them out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from autoresponder.decision import Section
from autoresponder.lint.view import MACROS, View
from autoresponder.properties import PropertyFacts
from autoresponder.rules import Rule
from autoresponder.templating import Use

SAMPLE_DAY = datetime(2026, 6, 12, 12, tzinfo=UTC)
"""The day on which the made-up guest of all trials arrives; the same in every run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rules that answer for the same properties."""

    uses: tuple[Use, ...]
    properties: tuple[PropertyFacts, ...]
    rules: tuple[Rule, ...]
    """For each use, one rule that stands for it."""


def batches(view: View) -> Iterator[Batch]:
    """Every answering rule, those with the same reply once; a property without a name is called by its key."""
    groups: dict[tuple[str, ...], dict[tuple[str, bool], list[Rule]]] = {}
    named = {p.key: replace(p, name=p.name or p.key) for p in view.properties}
    for rule in view.rules:
        if not rule.replies or (rule.reply or "").startswith(MACROS):
            continue
        keys = tuple(p.key for p in view.properties_of(rule))
        what = (f"={rule.text}" if rule.text is not None else rule.reply or "", is_inquiry(view, rule))
        groups.setdefault(keys, {}).setdefault(what, []).append(rule)
    for keys, replies in groups.items():
        rules = tuple(same[0] for same in replies.values())
        uses = tuple(_use(view, same, inquiry=inquiry) for (_, inquiry), same in replies.items())
        yield Batch(uses=uses, properties=tuple(named[key] for key in keys), rules=rules)


def is_inquiry(view: View, rule: Rule) -> bool:
    """Whether a rule is only for guests without a booking."""
    when = view.when(rule)
    return when.get("event") == "inquiry" or when.get("booking") == "none"


def _use(view: View, rules: list[Rule], *, inquiry: bool) -> Use:
    rule = rules[0]
    title = rule.title + (f" and {len(rules) - 1} more" if len(rules) > 1 else "")
    place = view.rule_place(rule, ("text",) if rule.text is not None else ("reply",))
    section = Section(rule_id=rule.id, title=title, template=rule.reply, text=rule.text)
    return Use(section=section, file=rule.file, line=place.line, column=place.column, inquiry=inquiry)
