"""Sample guests with what templates see of them, worked out once for each."""

from __future__ import annotations

from datetime import UTC, datetime, time

from msgspec.structs import replace

from autoresponder.model import Provider
from autoresponder.properties import PropertyFacts
from autoresponder.templating.context import build_context
from autoresponder.templating.property_fields import unreleased_values
from autoresponder.templating.sample import sample_turn
from autoresponder.templating.state import STATE, Budget, State

_EVENING = time(18, 0)


class SampleGuests:
    """What templates see of sample guests; worked out once for each, however many rules are tried on them.

    Args:
        now: The present; its date is the day of arrival.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._known: dict[tuple[str, str, Provider, str, bool], tuple[dict[str, object], dict[str, str]]] = {}

    def seen_by(
        self, facts: PropertyFacts, language: str, provider: Provider, name: str, *, inquiry: bool
    ) -> tuple[dict[str, object], dict[str, str]]:
        """A context with a budget of its own, and the secrets that the guest may not be told."""
        key = (facts.key, language, provider, name, inquiry)
        known = self._known.get(key)
        if known is None:
            today = self._now.astimezone(facts.timezone).date()
            evening = datetime.combine(today, _EVENING, facts.timezone).astimezone(UTC)
            turn = sample_turn(
                facts, evening, provider=provider, language=language, inquiry=inquiry, name=name
            )
            context = build_context(turn, facts, evening, language)
            known = self._known[key] = context, unreleased_values(facts, turn, evening)
        context, hidden = known
        state = context[STATE]
        assert isinstance(state, State)
        return {**context, STATE: replace(state, budget=Budget())}, hidden
