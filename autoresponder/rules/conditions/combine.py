"""`any`, `all`, `none`: groups of further conditions, each entry a `when` of its own, nested at will.

`any`: at least one entry holds. `all`: every entry holds. `none`: no entry holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from autoresponder.decision import ConditionTrace
from autoresponder.rules.conditions.base import NOTHING, Atom, Condition, ConditionKind, Path, Workbench
from autoresponder.rules.situation import Situation

_MEANING: Final = {
    "any": "At least one of these holds; each is a `when` of its own.",
    "all": "Every one of these holds; each is a `when` of its own.",
    "none": "None of these holds; each is a `when` of its own.",
}


def _schema(name: str) -> dict[str, Any]:
    return {
        "description": _MEANING[name],
        "type": "array",
        "items": {"$ref": "#/$defs/when"},
        "minItems": 1,
        "examples": [[{"provider": "airbnb"}, {"stay": "in_stay"}]],
    }


class AllOf(Condition):
    """Every part holds: what a `when` is."""

    def __init__(self, parts: Sequence[Condition], name: str = "all") -> None:
        self.parts = tuple(parts)
        self.written = name
        self._phrases: frozenset[int] | None = None
        self._placed: tuple[Condition, ...] | None = None

    @property
    def triggers(self) -> frozenset[Atom] | None:
        """The rarest demand of all parts: the smallest set of atoms that one part needs."""
        return self._demand()[0]

    def _demand(self) -> tuple[frozenset[Atom] | None, Condition | None]:
        """The smallest set of atoms that one part needs, and that part."""
        needed = [(part.triggers, part) for part in self.parts]
        known = [(atoms, part) for atoms, part in needed if atoms is not None]
        return min(known, key=lambda pair: len(pair[0])) if known else (None, None)

    @property
    def open_parts(self) -> tuple[Condition, ...]:
        """The parts that can still fail for a turn with words in it, when one of `triggers` was found there."""
        _, demanding = self._demand()
        return tuple(part for part in self.parts if part.open_for_words(found=part is demanding))

    @property
    def phrases(self) -> frozenset[int]:
        """See `Condition.phrases`; put together once."""
        if self._phrases is None:
            self._phrases = NOTHING.union(*[part.phrases for part in self.parts])
        return self._phrases

    def holds(self, situation: Situation) -> bool:
        """See `Condition.holds`."""
        for part in self.parts:  # noqa: SIM110 - quicker than all(), and every message comes through here
            if not part.holds(situation):
                return False
        return True

    def sentences(self, situation: Situation) -> frozenset[int]:
        """See `Condition.sentences`; of the parts that can say so."""
        if self._placed is None:
            able = [part for part in self.parts if type(part).sentences is not Condition.sentences]
            self._placed = tuple(able)
        if len(self._placed) == 1:
            return self._placed[0].sentences(situation)
        return NOTHING.union(*[part.sentences(situation) for part in self._placed])

    def actual(self, situation: Situation) -> str:
        """See `Condition.actual`."""
        return _counted(self.parts, situation)

    def trace(self, situation: Situation) -> ConditionTrace:
        """See `Condition.trace`."""
        return _group_trace(self, self.parts, situation)


class AnyOf(AllOf):
    """At least one part holds."""

    def __init__(self, parts: Sequence[Condition]) -> None:
        super().__init__(parts, "any")

    @property
    def triggers(self) -> frozenset[Atom] | None:
        """The demands of all parts together; None as soon as one part demands nothing."""
        atoms: set[Atom] = set()
        for part in self.parts:
            needed = part.triggers
            if needed is None:
                return None
            atoms |= needed
        return frozenset(atoms)

    def holds(self, situation: Situation) -> bool:
        """See `Condition.holds`."""
        return any(part.holds(situation) for part in self.parts)

    def sentences(self, situation: Situation) -> frozenset[int]:
        """See `Condition.sentences`; only of the parts that hold."""
        return NOTHING.union(*(part.sentences(situation) for part in self.parts if part.holds(situation)))


class NoneOf(AllOf):
    """No part holds."""

    def __init__(self, parts: Sequence[Condition]) -> None:
        super().__init__(parts, "none")

    @property
    def triggers(self) -> frozenset[Atom] | None:
        """Nothing is needed for something not to be there."""
        return None

    @property
    def phrases(self) -> frozenset[int]:
        """See `Condition.phrases`."""
        return NOTHING

    def holds(self, situation: Situation) -> bool:
        """See `Condition.holds`."""
        return not any(part.holds(situation) for part in self.parts)

    def sentences(self, situation: Situation) -> frozenset[int]:  # noqa: ARG002 - absence is nowhere
        """See `Condition.sentences`."""
        return NOTHING


def _counted(parts: Sequence[Condition], situation: Situation) -> str:
    return f"{sum(part.holds(situation) for part in parts)} of {len(parts)} hold"


def _group_trace(group: Condition, parts: Sequence[Condition], situation: Situation) -> ConditionTrace:
    return ConditionTrace(
        written=group.written,
        actual=group.actual(situation),
        satisfied=group.holds(situation),
        children=tuple(part.trace(situation) for part in parts),
    )


def _entries(value: Any, path: Path, bench: Workbench) -> list[Condition]:
    entries: list[Condition] = []
    for place, entry in enumerate(value):
        parts = bench.when((*path, place), entry)
        entries.append(parts[0] if len(parts) == 1 else AllOf(parts))
    return entries


KINDS: Final[tuple[ConditionKind, ...]] = (
    ConditionKind(name="any", schema=_schema("any"), compile=lambda v, p, b: AnyOf(_entries(v, p, b))),
    ConditionKind(name="all", schema=_schema("all"), compile=lambda v, p, b: AllOf(_entries(v, p, b))),
    ConditionKind(name="none", schema=_schema("none"), compile=lambda v, p, b: NoneOf(_entries(v, p, b))),
)
