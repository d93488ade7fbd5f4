"""`event`: what the turn is about.

`message` (the default): the guest wrote. `inquiry`: an Airbnb inquiry card came in. A rule without `event`
is about messages. What a guest writes in an inquiry's thread is a message like any other.
"""

from __future__ import annotations

from typing import Any, Final

from autoresponder.model import Event
from autoresponder.rules.conditions.base import (
    Condition,
    ConditionKind,
    Path,
    Workbench,
    as_list,
    choice_schema,
)
from autoresponder.rules.situation import Situation

SCHEMA: Final = choice_schema(
    [event.value for event in Event],
    "What the turn is about: message (a guest wrote; the default) or inquiry (an Airbnb inquiry card).",
    ["message", "inquiry"],
)


class EventCondition(Condition):
    """The turn is about one of the wanted events."""

    def __init__(self, wanted: frozenset[Event]) -> None:
        self.wanted = wanted
        self._words = Event.MESSAGE in wanted
        self.written = "event: " + ", ".join(sorted(wanted))

    def holds(self, situation: Situation) -> bool:
        """See `Condition.holds`."""
        turn = situation.turn
        if turn.event in self.wanted:
            return True
        # An inquiry card that came with words of the guest is a message, too.
        return self._words and bool(turn.messages)

    def open_for_words(self, *, found: bool) -> bool:  # noqa: ARG002 - it is not about the words
        """See `Condition.open_for_words`."""
        return not self._words

    def actual(self, situation: Situation) -> str:
        """See `Condition.actual`."""
        turn = situation.turn
        with_words = turn.event is Event.INQUIRY and turn.messages
        return f"it is an {turn.event} with words" if with_words else f"it is {_article(turn.event)}"


def _article(event: Event) -> str:
    return "an inquiry" if event is Event.INQUIRY else "a message"


def build(value: Any, _path: Path, _bench: Workbench) -> Condition | None:
    """Compile `event`."""
    return EventCondition(frozenset(Event(name) for name in as_list(value)))


KIND: Final[ConditionKind] = ConditionKind(name="event", schema=SCHEMA, compile=build)
