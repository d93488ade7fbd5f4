"""`property`: names in properties.yaml or Channex ids; `*` stands for anything."""

from __future__ import annotations

from typing import Any, Final

from autoresponder.rules.conditions.base import (
    Condition,
    ConditionKind,
    Path,
    Workbench,
    as_list,
    listed,
    names_schema,
)
from autoresponder.rules.situation import Situation
from autoresponder.rules.wildcard import matches_any

SCHEMA: Final = names_schema(
    "The property: its name in properties.yaml or its Channex id, one or several; * stands for anything.",
    ["seaview", ["seaview", "harbour-*"]],
)


class PropertyCondition(Condition):
    """The thread is about one of these properties."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        self._patterns = patterns
        self.written = f"property: {listed(patterns)}"

    def holds(self, situation: Situation) -> bool:
        """See `Condition.holds`."""
        names = (situation.surroundings.property_key, situation.turn.thread.property_id)
        return any(matches_any(self._patterns, name) for name in names if name)

    def actual(self, situation: Situation) -> str:
        """See `Condition.actual`."""
        key, channex = situation.surroundings.property_key, situation.turn.thread.property_id
        if key:
            return f"it is {key}"
        return f"it is {channex}, which properties.yaml does not list" if channex else "no property is known"


def build(value: Any, _path: Path, _bench: Workbench) -> Condition | None:
    """Compile `property`."""
    return PropertyCondition(tuple(as_list(value)))


KIND: Final[ConditionKind] = ConditionKind(name="property", schema=SCHEMA, compile=build)
