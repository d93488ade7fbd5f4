"""Moves the dates in a text by some weeks, in whatever form they are written; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cache

from babel import Locale, UnknownLocaleError

Keep = Callable[[str], str]
"""Puts a finished text aside and gives what stands for it."""

_ISO = re.compile(r"\b(\d{4})([-/.])(\d{1,2})\2(\d{1,2})\b")
_DAY_FIRST = re.compile(r"(?<![\d.,:/])(\d{1,2})([./])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d:]|[.,]\d)")
_EAST_ASIAN = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
_ORDINAL = r"(?:st|nd|rd|th|er|e|º|ª|°|\.)?"
_TO = r"\s*(?:-|–|/|to|bis|till|until|au|al|hasta el|a|até|t/m|tot|and|und|et|y|e|en)\s*"
_OF = r"(?:\s*(?:of|de|d['’])\s*|\s*)"


def move_dates(text: str, shift: timedelta, year: int, languages: Iterable[str], keep: Keep) -> str:
    """Move every date.

    Args:
        text: What a guest wrote.
        shift: What is added.
        year: The year of dates that name none.
        languages: Whose names of months are known, two letters each.
        keep: Takes what has been moved out of the reach of later replacements.
    """
    mover = _Mover(shift, year)
    text = _ISO.sub(lambda m: _kept(mover.iso(m), keep), text)
    text = _EAST_ASIAN.sub(lambda m: _kept(mover.east_asian(m), keep), text)
    text = _DAY_FIRST.sub(lambda m: _kept(mover.numbers(m), keep), text)
    months: dict[str, tuple[int, tuple[str, ...]]] = {}
    for language in languages:
        for name, found in _months(language).items():
            months.setdefault(name, found)
    if not months:
        return text
    names = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    day_first = re.compile(
        rf"\b(?:(?P<from>\d{{1,2}})(?P<to>{_ORDINAL}{_TO}))?(?P<day>\d{{1,2}})(?P<rest>{_ORDINAL}{_OF})"
        rf"(?P<month>{names})\b\.?(?:(?P<gap>,?\s+(?:de\s+)?)(?P<year>\d{{4}}))?",
        re.IGNORECASE,
    )
    month_first = re.compile(
        rf"\b(?P<month>{names})\b(?P<rest>\.?\s+(?:the\s+)?)(?P<day>\d{{1,2}})(?P<end>{_ORDINAL})"
        rf"(?:(?P<to>{_TO})(?P<until>\d{{1,2}})(?!\d|:)(?P<end2>{_ORDINAL}))?(?:(?P<gap>,?\s+)(?P<year>\d{{4}}))?\b",
        re.IGNORECASE,
    )
    text = day_first.sub(lambda m: _kept(mover.named(m, months, day_first=True), keep), text)
    return month_first.sub(lambda m: _kept(mover.named(m, months, day_first=False), keep), text)


def _kept(moved: tuple[str, bool], keep: Keep) -> str:
    return keep(moved[0]) if moved[1] else moved[0]


class _Mover:
    """Moves one match; gives it back, and False, when it is no date."""

    def __init__(self, shift: timedelta, year: int) -> None:
        self._shift = shift
        self._year = year

    def iso(self, m: re.Match[str]) -> tuple[str, bool]:
        moved = self._moved(m[1], m[3], m[4])
        if moved is None:
            return m[0], False
        return f"{moved:%Y}{m[2]}{moved.month:02}{m[2]}{moved.day:02}", True

    def east_asian(self, m: re.Match[str]) -> tuple[str, bool]:
        moved = self._moved(m[1], m[2], m[3])
        if moved is None:
            return m[0], False
        return (f"{moved.year}年" if m[1] else "") + f"{moved.month}月{moved.day}日", True

    def numbers(self, m: re.Match[str]) -> tuple[str, bool]:
        """Day and month in numbers; month first when it cannot be otherwise."""
        first, second = m[1], m[3]
        turned = int(second) > 12
        if m[2] == "." and not m[4] and (turned or not _looks_like_a_day(m)):
            return m[0], False
        moved = self._moved(m[4], first if turned else second, second if turned else first)
        if moved is None:
            return m[0], False
        one, two = (moved.month, moved.day) if turned else (moved.day, moved.month)
        text = f"{_like(first, one)}{m[2]}{_like(second, two)}"
        if m[4]:
            text += m[2] + f"{moved.year}"[-len(m[4]) :]
        return text, True

    def named(
        self, m: re.Match[str], months: dict[str, tuple[int, tuple[str, ...]]], *, day_first: bool
    ) -> tuple[str, bool]:
        """A date with the month's name; a span is moved as a whole and takes the last day's month."""
        number, names = months[m["month"].lower()]
        moved = self._moved(m["year"], str(number), m["day"])
        if moved is None:
            return m[0], False
        name = _cased(names[moved.month - 1], m["month"])
        year = m["gap"] + f"{moved.year}" if m["year"] else ""
        day = str(moved.day)
        if day_first:
            start = self._other(m, number, "from")
            span = f"{start}{m['to']}" if start else ""
            return f"{span}{day}{_ordinal(m['rest'], moved.day)}{name}{year}", True
        end = self._other(m, number, "until")
        span = f"{m['to']}{end}{_ordinal(m['end2'], int(end))}" if end else ""
        return f"{name}{m['rest']}{day}{_ordinal(m['end'], moved.day)}{span}{year}", True

    def _other(self, m: re.Match[str], month: int, group: str) -> str:
        """The other day of a span."""
        if not m[group]:
            return ""
        moved = self._moved(m["year"], str(month), m[group])
        return m[group] if moved is None else str(moved.day)

    def _moved(self, year: str | None, month: str, day: str) -> date | None:
        number = self._year if not year else int(year) if len(year) == 4 else 2000 + int(year)
        try:
            return date(number, int(month), int(day)) + self._shift
        except (ValueError, OverflowError):
            return None


@cache
def _months(language: str) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Names of months in small letters → the month's number, and all months in the same form."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return {}
    found: dict[str, tuple[int, tuple[str, ...]]] = {}
    for width in ("wide", "abbreviated"):
        for form in ("format", "stand-alone"):
            names = tuple(locale.months[form][width][n].rstrip(".") for n in range(1, 13))
            for number, name in enumerate(names, 1):
                if len(name) > 2 and not name[0].isdigit():
                    found.setdefault(name.lower(), (number, names))
    return found


def _looks_like_a_day(m: re.Match[str]) -> bool:
    """Whether numbers with a dot and without a year are a day, not a measure or an hour: 3.5. or 03.05."""
    return m.string[m.end() : m.end() + 1] == "." or (len(m[1]) == 2 and len(m[3]) == 2)


def _like(written: str, number: int) -> str:
    """A number with as many digits as the one in its place had, where it stood with a zero."""
    return f"{number:02}" if written.startswith("0") else str(number)


def _cased(name: str, like: str) -> str:
    if like.isupper():
        return name.upper()
    return (name[0].upper() if like[0].isupper() else name[0].lower()) + name[1:]


def _ordinal(rest: str, day: int) -> str:
    """English endings fit the new day; everything else stays."""
    match = re.match(r"(?:st|nd|rd|th)\b", rest, re.IGNORECASE)
    if match is None:
        return rest
    ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return ending + rest[match.end() :]
