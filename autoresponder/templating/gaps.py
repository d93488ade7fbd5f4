"""What a reply would look like that cannot be written for want of a value: the gaps marked, for its author. Pure.

Nothing made here is ever sent: it is no `Reply`, and what sends takes nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from autoresponder.config import ReplySettings
from autoresponder.decision import Decision
from autoresponder.model import Turn
from autoresponder.properties import PropertyFacts
from autoresponder.templating.context import build_context
from autoresponder.templating.library import Templates
from autoresponder.templating.property_fields import unreleased_values
from autoresponder.templating.render import Held, choose_language, render_with
from autoresponder.templating.values import Fields, Missing

_MOST = 20
"""A text with more gaps is no reply yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gapped:
    """A reply with gaps."""

    text: str
    """Where a value is missing stands `mark(path)`."""
    missing: tuple[tuple[str, str], ...]
    """Each missing value as the template names it, and why it is not there, in the order in which they are needed."""


def mark(path: str) -> str:
    """What stands for a missing value: `⟨property.parking?⟩`."""
    return f"⟨{path}?⟩"


def with_gaps(
    decision: Decision,
    turn: Turn,
    facts: PropertyFacts,
    now: datetime,
    templates: Templates,
    settings: ReplySettings,
) -> Gapped | None:
    """Write what can be written of a reply.

    Args:
        decision: With its sections.
        turn: What is answered.
        facts: What is true of the property.
        now: The present, aware.
        templates: Every template.
        settings: Fallback language and greatest length.

    Returns:
        The text with its gaps; None when nothing is missing, or the reply cannot be written for another reason.
    """
    wanted = (decision.language, facts.language, settings.fallback_language)
    language = choose_language(decision.sections, wanted, facts, templates)
    if isinstance(language, Held):
        return None
    hidden = unreleased_values(facts, turn, now)
    gaps: dict[str, str] = {}
    while len(gaps) <= _MOST:
        context = {
            name: _Marked(value, gaps) if isinstance(value, Fields) else value
            for name, value in build_context(turn, facts, now, language).items()
        }
        result = render_with(context, hidden, decision.sections, language, facts, templates, settings)
        if not isinstance(result, Held):
            return Gapped(text=result.text, missing=tuple(gaps.items())) if gaps else None
        if not result.path or result.path in gaps:
            return None
        gaps[result.path] = result.detail
    return None


class _Marked(Fields):
    """A variable in which the values that are known to be missing print as their mark."""

    __slots__ = ("_fields", "_gaps")

    def __init__(self, fields: Fields, gaps: dict[str, str]) -> None:
        super().__init__("", {}, absent="")
        self._fields = fields
        self._gaps = gaps

    def lookup(self, field: str) -> object:
        """The field's value, its mark when it is one of the gaps, or a `Missing`."""
        value = self._fields.lookup(field)
        if isinstance(value, Missing):
            path = value._undefined_name
            if path in self._gaps:
                return mark(str(path))
        return value

    def names(self) -> Iterator[str]:
        """The fields that exist."""
        return self._fields.names()

    def __bool__(self) -> bool:
        return bool(self._fields)

    def __repr__(self) -> str:
        return repr(self._fields)
