"""Comparing a value of a booking or an inquiry with what the author wrote.

Numbers: a plain value, or `at_least`, `at_most`, `more_than`, `less_than`, `not`. Dates: a day, or `before`,
`after`, `on_or_before`, `on_or_after`, or `within_days`. Texts: a value or a list, `*` stands for anything.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from autoresponder.rules.wildcard import matches_any

Compare = Callable[[Any, Any], bool]
_NUMBERS: Final[Mapping[str, Compare]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "more_than": operator.gt,
    "less_than": operator.lt,
    "not": operator.ne,
}
_DATES: Final[Mapping[str, Compare]] = {
    "before": operator.lt,
    "after": operator.gt,
    "on_or_before": operator.le,
    "on_or_after": operator.ge,
}
_DAY: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DAY_SCHEMA: Final = {"type": "string", "pattern": _DAY, "examples": ["2026-05-01"]}


class ComparisonError(ValueError):
    """A comparison that cannot be read; the text says why, for the author."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A test of one value.

    Attributes:
        written: As the author wrote it, after the field's name: `>= 3`, `= 0`, `within 14 days`.
        test: Value and the date at the property → verdict. Never called with None.
    """

    written: str
    test: Callable[[Any, date], bool]
    dated: bool = False
    """Whether it depends on what day it is."""

    def holds(self, value: Any, today: date) -> bool:
        """Whether the value passes. A value that is missing passes nothing."""
        return value is not None and self.test(value, today)


def number_schema(description: str, examples: list[Any]) -> dict[str, Any]:
    """Schema of a number comparison."""
    texts = {
        "at_least": "This or more.",
        "at_most": "This or less.",
        "more_than": "More than this.",
        "less_than": "Less than this.",
        "not": "Anything but this.",
    }
    return {
        "description": f"{description} A number, or a comparison.",
        "type": ["number", "object"],
        "properties": {k: {"description": v, "type": "number", "examples": [2]} for k, v in texts.items()},
        "additionalProperties": False,
        "minProperties": 1,
        "examples": examples,
    }


def date_schema(description: str, examples: list[Any]) -> dict[str, Any]:
    """Schema of a date comparison."""
    texts = {
        "before": "Before this day.",
        "after": "After this day.",
        "on_or_before": "This day or before.",
        "on_or_after": "This day or later.",
    }
    days: dict[str, Any] = {k: {"description": v, **_DAY_SCHEMA} for k, v in texts.items()}
    days["within_days"] = {
        "description": "From today to so many days ahead, by the date at the property.",
        "type": "integer",
        "minimum": 0,
        "examples": [14],
    }
    return {
        "description": f"{description} A day (2026-05-01), or a comparison.",
        "type": ["string", "object"],
        "pattern": _DAY,
        "properties": days,
        "additionalProperties": False,
        "minProperties": 1,
        "examples": examples,
    }


def text_schema(description: str, examples: list[Any]) -> dict[str, Any]:
    """Schema of a text comparison."""
    return {
        "description": f"{description} A text or a list of texts; * stands for anything.",
        "type": ["string", "array"],
        "items": {"type": "string"},
        "minItems": 1,
        "examples": examples,
    }


def number_test(value: Any) -> Comparison:
    """Compile a number comparison.

    Raises:
        ComparisonError: Never for what the schema accepts.
    """
    pairs = value if isinstance(value, Mapping) else {"": value}
    signs = {"": "=", "at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<", "not": "is not"}
    tests: list[tuple[Compare, Decimal | int]] = []
    for name, limit in pairs.items():
        number = _number(limit)
        if number is None:
            raise ComparisonError(f"{limit!r} is not a number")
        tests.append((_NUMBERS.get(name, operator.eq), number))

    def test(actual: Any, today: date) -> bool:  # noqa: ARG001 - one signature for all comparisons
        number = _number(actual)
        return number is not None and all(compare(number, limit) for compare, limit in tests)

    return Comparison(" and ".join(f"{signs[name]} {limit}" for name, limit in pairs.items()), test)


def date_test(value: Any) -> Comparison:
    """Compile a date comparison.

    Raises:
        ComparisonError: A day that no calendar has.
    """
    pairs = value if isinstance(value, Mapping) else {"": value}
    tests: list[tuple[Compare, date]] = []
    within: int | None = None
    for name, limit in pairs.items():
        if name == "within_days":
            within = int(limit)
        else:
            tests.append((_DATES.get(name, operator.eq), _written_day(limit)))

    def test(actual: Any, today: date) -> bool:
        day = _day(actual)
        if day is None or not all(compare(day, limit) for compare, limit in tests):
            return False
        return within is None or today <= day <= today + timedelta(days=within)

    words = {"": "="}
    parts = (
        f"within {limit} days"
        if name == "within_days"
        else f"{words.get(name, name.replace('_', ' '))} {limit}"
        for name, limit in pairs.items()
    )
    return Comparison(" and ".join(parts), test, dated=within is not None)


def text_test(value: Any) -> Comparison:
    """Compile a text comparison."""
    patterns = tuple(str(entry) for entry in (value if isinstance(value, list | tuple) else [value]))

    def test(actual: Any, today: date) -> bool:  # noqa: ARG001 - one signature for all comparisons
        values = actual if isinstance(actual, list | tuple) else [actual]
        return any(matches_any(patterns, str(entry)) for entry in values)

    return Comparison("= " + " or ".join(patterns), test)


def any_test(value: Any) -> Comparison:
    """Compile a comparison whose kind is told by how it is written, for fields we do not know.

    Raises:
        ComparisonError: See `date_test` and `number_test`.
    """
    if isinstance(value, Mapping):
        known = set(value)
        if known and known <= {*_DATES, "within_days"}:
            return date_test(value)
        if known and known <= set(_NUMBERS):
            return number_test(value)
        raise ComparisonError("compare either with numbers (at_least …) or with days (before …)")
    if isinstance(value, bool):
        return Comparison(f"= {str(value).lower()}", lambda actual, _today: actual is value)
    if isinstance(value, int | float):
        return number_test(value)
    return text_test(value)


def _number(value: Any) -> Decimal | int | None:
    if type(value) is int:
        return value
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _written_day(value: Any) -> date:
    day = _day(value)
    if day is None:
        raise ComparisonError(f"there is no day {value}")
    return day
