"""Comparisons of numbers, days and texts as sets: is one inside the other, is it empty?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from autoresponder.rules.wildcard import matches_any

_LOWER = {"at_least": True, "more_than": False, "on_or_after": True, "after": False}
_UPPER = {"at_most": True, "less_than": False, "on_or_before": True, "before": False}
_NAMES = {*_LOWER, *_UPPER, "not", "within_days"}


@dataclass(frozen=True, slots=True)
class Range:
    """A range of numbers or days, some of them left out; None stands for no limit."""

    low: Any = None
    low_in: bool = True
    high: Any = None
    high_in: bool = True
    without: frozenset[Any] = frozenset()
    within: int | None = None
    """Days ahead of today, for days."""

    @property
    def empty(self) -> bool:
        """Whether nothing can be in it."""
        if self.low is None or self.high is None:
            return False
        if self.low == self.high:
            return not (self.low_in and self.high_in) or self.low in self.without
        return bool(self.low > self.high)

    def inside(self, other: Range) -> bool:
        """Whether everything in this range is in the other one, too."""
        below = other.low is None or (
            self.low is not None
            and (self.low > other.low or (self.low == other.low and (other.low_in or not self.low_in)))
        )
        above = other.high is None or (
            self.high is not None
            and (self.high < other.high or (self.high == other.high and (other.high_in or not self.high_in)))
        )
        soon = other.within is None or (self.within is not None and self.within <= other.within)
        return below and above and soon and all(self._lacks(value) for value in other.without)

    def _lacks(self, value: Any) -> bool:
        low_out = self.low is not None and (value < self.low or (value == self.low and not self.low_in))
        high_out = self.high is not None and (value > self.high or (value == self.high and not self.high_in))
        return value in self.without or low_out or high_out


def range_of(written: Any) -> Range | None:
    """The range that a comparison of a number or a day stands for; None for texts and switches."""
    if not isinstance(written, Mapping):
        value = _value(written)
        return None if value is None else Range(low=value, high=value)
    if not written or not set(written) <= _NAMES:
        return None
    low, high = None, None
    low_in = high_in = True
    for name, limit in written.items():
        value = _value(limit)
        if value is None:
            return None
        if name in _LOWER and (low is None or (value, not _LOWER[name]) > (low, not low_in)):
            low, low_in = value, _LOWER[name]
        elif name in _UPPER and (high is None or (value, _UPPER[name]) < (high, high_in)):
            high, high_in = value, _UPPER[name]
    without = frozenset([_value(written["not"])] if "not" in written else [])
    return Range(low, low_in, high, high_in, without, written.get("within_days"))


def narrower(narrow: Any, wide: Any) -> bool:
    """Whether every value that passes the one comparison passes the other, too."""
    if narrow == wide and isinstance(narrow, bool) is isinstance(wide, bool):
        return True
    inner, outer = range_of(narrow), range_of(wide)
    if inner is not None and outer is not None:
        try:
            return inner.inside(outer)
        except TypeError:  # a number and a day
            return False
    names = texts(narrow), texts(wide)
    return bool(names[0] and names[1]) and all(matches_any(names[1], name) for name in names[0])


def texts(written: Any) -> tuple[str, ...]:
    """The texts of a text or a list of texts; none when there is anything else."""
    entries = written if isinstance(written, list) else [written]
    return tuple(entries) if all(isinstance(entry, str) for entry in entries) else ()


def _value(written: Any) -> Any:
    if isinstance(written, bool):
        return None
    if isinstance(written, int | float):
        return written
    if isinstance(written, str):
        try:
            return date.fromisoformat(written)
        except ValueError:
            return None
    return None
