"""`booking`: confirmed, cancelled, none (an inquiry, say), or any (with or without a booking)."""

from __future__ import annotations

from typing import Any, Final

from autoresponder.model import BookingStatus
from autoresponder.rules.conditions.base import (
    Condition,
    ConditionKind,
    Path,
    Workbench,
    as_list,
    choice_schema,
    listed,
)
from autoresponder.rules.situation import Situation

SCHEMA: Final = choice_schema(
    ["confirmed", "cancelled", "none", "any"],
    "State of the booking: confirmed, cancelled, none (there is no booking), or any (whatever it is).",
    ["confirmed", ["confirmed", "none"]],
)


class BookingCondition(Condition):
    """The booking is in one of these states."""

    def __init__(self, wanted: tuple[str, ...]) -> None:
        self._wanted = frozenset(wanted)
        self.written = f"booking: {listed(wanted)}"

    def holds(self, situation: Situation) -> bool:
        """See `Condition.holds`."""
        return "any" in self._wanted or _state(situation) in self._wanted

    def actual(self, situation: Situation) -> str:
        """See `Condition.actual`."""
        state = _state(situation)
        if state == "none":
            return "there is no booking"
        return "the booking's state is unknown" if state == BookingStatus.UNKNOWN else f"it is {state}"


def _state(situation: Situation) -> str:
    booking = situation.turn.booking
    if booking is not None:
        return booking.status.value
    # A thread that names a booking which could not be read has one, in a state that nobody knows.
    return "none" if situation.turn.thread.booking_id is None else BookingStatus.UNKNOWN.value


def build(value: Any, _path: Path, _bench: Workbench) -> Condition | None:
    """Compile `booking`."""
    return BookingCondition(tuple(as_list(value)))


KIND: Final[ConditionKind] = ConditionKind(name="booking", schema=SCHEMA, compile=build)
