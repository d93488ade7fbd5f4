"""`group`: groups of properties, as properties.yaml defines them; `*` stands for anything."""

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
    "A group of properties from properties.yaml, one or several; * stands for anything.",
    ["old-town", ["old-town", "harbour"]],
)


class GroupCondition(Condition):
    """The property belongs to one of these groups."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        self._patterns = patterns
        self.written = f"group: {listed(patterns)}"

    def holds(self, situation: Situation) -> bool:
        """See `Condition.holds`."""
        return any(matches_any(self._patterns, group) for group in situation.surroundings.groups)

    def actual(self, situation: Situation) -> str:
        """See `Condition.actual`."""
        groups = sorted(situation.surroundings.groups)
        return f"it is in {listed(groups)}" if groups else "the property is in no group"


def build(value: Any, _path: Path, _bench: Workbench) -> Condition | None:
    """Compile `group`."""
    return GroupCondition(tuple(as_list(value)))


KIND: Final[ConditionKind] = ConditionKind(name="group", schema=SCHEMA, compile=build)
