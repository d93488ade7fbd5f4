"""`time`: hours of the day and days of the week at the property.

`between` takes in its first minute and leaves out its last; it may span midnight, and then the small hours
belong to the day on which it began: `{between: ["21:00", "07:00"], days: [fri]}` holds on Saturday at 03:00.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final

from autoresponder.rules.conditions.base import Condition, ConditionKind, Path, Workbench
from autoresponder.rules.situation import Situation

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SCHEMA: Final[dict[str, Any]] = {
    "description": "Hours and days at the property, in its own time zone.",
    "type": "object",
    "properties": {
        "between": {
            "description": "From the first time (included) to the second (left out); may span midnight.",
            "type": "array",
            "items": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["21:00"]},
            "minItems": 2,
            "maxItems": 2,
            "examples": [["21:00", "07:00"]],
        },
        "days": {
            "description": "Days of the week.",
            "type": "array",
            "items": {"type": "string", "enum": list(_DAYS)},
            "minItems": 1,
            "examples": [["fri", "sat"]],
        },
    },
    "additionalProperties": False,
    "minProperties": 1,
    "examples": [{"between": ["21:00", "07:00"], "days": ["fri", "sat"]}],
}


class TimeCondition(Condition):
    """It is one of these hours on one of these days."""

    def __init__(self, between: tuple[time, time] | None, days: tuple[str, ...]) -> None:
        self._between = between
        self._days = frozenset(days)
        hours = f"{between[0]:%H:%M} to {between[1]:%H:%M}" if between else ""
        self.written = "time: " + " on ".join(part for part in (hours, ", ".join(days)) if part)

    def holds(self, situation: Situation) -> bool:
        """See `Condition.holds`."""
        local = situation.local
        day = local
        if self._between is not None:
            start, end = self._between
            clock = local.time()
            if start < end:
                if not start <= clock < end:
                    return False
            elif end <= clock < start:
                return False
            elif clock < end:
                day = local - timedelta(days=1)
        return not self._days or _weekday(day) in self._days

    def actual(self, situation: Situation) -> str:
        """See `Condition.actual`."""
        local = situation.local
        return f"it was {_weekday(local)} {local:%H:%M}"


def _weekday(moment: datetime) -> str:
    return _DAYS[moment.weekday()]


def build(value: Any, path: Path, bench: Workbench) -> Condition | None:
    """Compile `time`."""
    between = value.get("between")
    hours = None
    if between is not None:
        hours = (time.fromisoformat(between[0]), time.fromisoformat(between[1]))
        if hours[0] == hours[1]:
            bench.problem(
                (*path, "between"),
                "R011",
                "the window begins and ends at the same time",
                "leave 'between' out for the whole day",
            )
            return None
    return TimeCondition(hours, tuple(value.get("days", ())))


KIND: Final[ConditionKind] = ConditionKind(name="time", schema=SCHEMA, compile=build)
