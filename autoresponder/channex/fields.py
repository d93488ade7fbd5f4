"""Single values as Channex writes them → Python's own; what cannot be read is None, never an error.

Numbers come as numbers or texts, stamps as naive UTC with or without fractions, or with `Z`. Impossible
dates and absurd sizes count as missing, so that nothing further on has to expect them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

_YEARS = range(1990, 2201)
_LARGEST = 1_000_000_000_000
_MAX_ID = 200
_ODD_ID = re.compile(r"[\x00-\x20\x7f]")
_NUMBER = re.compile(r"[+-]?\d{1,24}(\.\d{1,24})?")
_HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(:\d\d)?")
_LANGUAGE = re.compile(r"([A-Za-z]{2})([-_].*)?")


def mapping(value: object) -> Mapping[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: object, limit: int = 500) -> str:
    """A text, cut to `limit` characters; empty for everything that is no text or number."""
    if isinstance(value, str):
        return value[:limit]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)[:limit] if abs(value) < _LARGEST else ""
    return ""


def optional(value: object, limit: int = 500) -> str | None:
    """A text without spaces around it, or None when nothing is left."""
    found = value[:limit] if isinstance(value, str) else text(value, limit)
    return found.strip() or None


def identifier(value: object) -> str | None:
    """An id: a text or whole number, without spaces and control characters."""
    if isinstance(value, str):
        if not 0 < len(value) <= _MAX_ID:
            return None
        plain = value.isascii() and value.isprintable() and " " not in value
        return value if plain or not _ODD_ID.search(value) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 0 <= value < _LARGEST else None
    return None


def stamp(value: object) -> datetime | None:
    """An instant; one without zone is UTC (API document's samples: microseconds, no zone)."""
    return _instant(value) if isinstance(value, str) and len(value) <= 40 else None


@lru_cache(maxsize=4096)
def _instant(value: str) -> datetime | None:
    """The instant of a text; a thread's stamps stand in its list entry and in its messages, several times each."""
    try:
        found = datetime.fromisoformat(value.strip())
        if found.tzinfo is None:
            found = datetime.combine(found.date(), found.time(), UTC)  # a quarter of the cost of `replace`
        else:
            found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.year in _YEARS else None


def day(value: object) -> date | None:
    """A calendar day, `YYYY-MM-DD`; a time behind it is ignored."""
    if not isinstance(value, str):
        return None
    try:
        found = date.fromisoformat(value.strip()[:10])
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def hour(value: object) -> str | None:
    """A time of day as `HH:MM`."""
    match = _HOUR.fullmatch(value.strip()) if isinstance(value, str) and len(value) < 20 else None
    return f"{int(match[1]):02d}:{match[2]}" if match else None


def whole(value: object) -> int | None:
    """A whole number, written as a number or a text."""
    if type(value) is int:
        return value if abs(value) <= _LARGEST else None
    number = decimal(value)
    if number is None or number != number.to_integral_value():
        return None
    return int(number)


def count(value: object) -> int | None:
    """A whole number that is not negative."""
    number = whole(value)
    return None if number is None or number < 0 else number


def decimal(value: object) -> Decimal | None:
    """An amount, written as a number or a text with a decimal point."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, int) and abs(value) > _LARGEST:
        return None
    written = str(value).strip()
    if len(written) > 50 or (isinstance(value, str) and not _NUMBER.fullmatch(written)):
        return None
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) <= _LARGEST else None


def flag(value: object, default: bool) -> bool:
    """A boolean, or its text; `default` for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
        return value.strip().lower() == "true"
    return default


def language(value: object) -> str | None:
    """A two-letter language code in lower case; `en-GB` is `en`."""
    match = _LANGUAGE.fullmatch(value.strip()) if isinstance(value, str) and len(value) < 40 else None
    return match[1].lower() if match else None


def related(entry: Mapping[str, Any], attributes: Mapping[str, Any], name: str) -> str | None:
    """Id of a related object: `relationships.NAME.data.id`, or `NAME_id` among the attributes."""
    relations = entry.get("relationships")
    relation = relations.get(name) if isinstance(relations, dict) else None
    data = relation.get("data") if isinstance(relation, dict) else None
    found = identifier(data.get("id")) if isinstance(data, dict) else None
    return found if found is not None else identifier(attributes.get(f"{name}_id"))
