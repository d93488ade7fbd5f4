"""`stay`: where the guest is in the stay, by the property's local date."""

from __future__ import annotations

from typing import Any, Final

from autoresponder.model import StayStage
from autoresponder.rules.conditions.base import (
    Condition,
    ConditionKind,
    Path,
    Workbench,
    as_list,
    choice_schema,
)
from autoresponder.rules.situation import Situation
from autoresponder.stay import known_stay_stage

SCHEMA: Final = choice_schema(
    [stage.value for stage in StayStage],
    "Where the guest is in the stay, by the date at the property, one or several.",
    ["in_stay", ["before_arrival", "arrival_day"]],
)


class StayCondition(Condition):
    """The stay is at one of these stages."""

    def __init__(self, wanted: tuple[StayStage, ...]) -> None:
        self._wanted = frozenset(wanted)
        self.written = "stay: " + ", ".join(wanted)

    def holds(self, situation: Situation) -> bool:
        """See `Condition.holds`."""
        return _stage(situation) in self._wanted

    def actual(self, situation: Situation) -> str:
        """See `Condition.actual`."""
        stage = _stage(situation)
        day = situation.today.isoformat()
        return f"it is {stage} (on {day})" if stage else "the dates of the stay are not known"


def _stage(situation: Situation) -> StayStage | None:
    turn = situation.turn
    if turn.booking is None and turn.thread.booking_id is not None:
        return None
    return known_stay_stage(turn.booking, situation.surroundings.zone, situation.now)


def build(value: Any, _path: Path, _bench: Workbench) -> Condition | None:
    """Compile `stay`."""
    return StayCondition(tuple(StayStage(name) for name in as_list(value)))


KIND: Final[ConditionKind] = ConditionKind(name="stay", schema=SCHEMA, compile=build)
