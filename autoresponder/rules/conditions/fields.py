"""Conditions over the fields of something: an inquiry, a booking, a thread."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from autoresponder.rules.comparisons import Comparison, ComparisonError
from autoresponder.rules.conditions.base import Condition, Path, Workbench
from autoresponder.rules.situation import Situation

Maker = Callable[[Any], Comparison]


class FieldsCondition(Condition):
    """Every named field passes its comparison."""

    def __init__(self, name: str, tests: Mapping[str, Comparison]) -> None:
        self._tests = dict(tests)
        self.written = f"{name}: " + ", ".join(f"{field} {test.written}" for field, test in tests.items())

    @abstractmethod
    def value(self, situation: Situation, field: str) -> Any:
        """The field's value, or None when it is missing."""

    def holds(self, situation: Situation) -> bool:
        """See `Condition.holds`."""
        for field, comparison in self._tests.items():
            value = self.value(situation, field)
            today = situation.today if comparison.dated else date.min
            if value is None or not comparison.test(value, today):
                return False
        return True

    def actual(self, situation: Situation) -> str:
        """See `Condition.actual`."""
        return ", ".join(self._shown(situation, field) for field in self._tests)

    def _shown(self, situation: Situation, field: str) -> str:
        value = self.value(situation, field)
        if value is None:
            return f"{field} is not known"
        return f"{field} = {_plain(value)}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ", ".join(str(entry) for entry in value) or "nothing"
    return str(value)


def compile_fields(
    value: Mapping[str, Any], path: Path, bench: Workbench, makers: Mapping[str, Maker], fallback: Maker
) -> dict[str, Comparison] | None:
    """Comparisons for the fields of one condition; None when one of them cannot be read."""
    tests: dict[str, Comparison] = {}
    sound = True
    for field, written in value.items():
        try:
            tests[field] = makers.get(field, fallback)(written)
        except ComparisonError as error:
            bench.problem((*path, field), "R009", str(error), "write a day as 2026-05-01, a number as 3")
            sound = False
    return tests if sound else None
