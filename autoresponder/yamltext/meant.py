"""What was probably meant by a value that is not possible: `20:30` for 8.30pm, `1d` for 1 day, a list for `a; b`."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autoresponder.languages import language_meant

_QUOTES = "\"'“”„‟«»‘’‚‹› \u00a0,;."
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?P<half>[ap])?\.?m?\.?\s*(?:h|uhr)?", re.IGNORECASE
)
_LENGTH = re.compile(
    r"(?P<number>\d+)\s*(?:(?P<unit>[smhdw])|sec\w*|min\w*|hours?|hrs?|std\w*|days?|tage?n?|weeks?|wochen?)",
    re.IGNORECASE,
)
_UNITS = {"t": "d", "w": "d"}
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9]+")
_BETWEEN = re.compile(r"\s*(?:[;,|/]|\band\b|\bor\b|\bund\b|\boder\b)\s*", re.IGNORECASE)
_RANGE = re.compile(r"\s*[-–—]\s*|\s+(?:to|bis)\s+")
_LONGEST = 60
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_COMPARISON = re.compile(r"(?P<sign>>=|=>|≥|<=|=<|≤|>|<|!=|≠)\s*(?P<number>\d+(?:\.\d+)?)")
_COMPARISONS = {
    **dict.fromkeys((">=", "=>", "≥"), "at_least"),
    **dict.fromkeys(("<=", "=<", "≤"), "at_most"),
    ">": "more_than",
    "<": "less_than",
    **dict.fromkeys(("!=", "≠"), "not"),
}

WORDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("weekend", "weekends", "wochenende"), ("sat", "sun")),
    **dict.fromkeys(("weekday", "weekdays", "workdays", "werktags"), ("mon", "tue", "wed", "thu", "fri")),
    **dict.fromkeys(("human", "person", "notify", "alert", "forward", "staff", "manual"), ("escalate",)),
    **dict.fromkeys(("ignore", "none", "nothing", "no_reply", "skip"), ("no_reply_needed",)),
}
"""Other words that people use for values, and the values."""

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "if": ("when",),
    "condition": ("when",),
    "conditions": ("when",),
    "trigger": ("when",),
    "template": ("reply",),
    "answer": ("reply",),
    "response": ("reply",),
    "antwort": ("reply",),
    "action": ("then",),
    "actions": ("then",),
    "do": ("then",),
    "name": ("title", "id"),
    "label": ("title",),
    "description": ("title",),
    "keywords": ("text", "any"),
    "phrases": ("text", "any"),
    "words": ("text", "any"),
    "contains": ("text", "any"),
    "channel": ("provider",),
    "platform": ("provider",),
    "ota": ("provider",),
    "hotel": ("property",),
    "lang": ("language",),
    "tz": ("timezone",),
    "zone": ("timezone",),
    "or": ("any",),
    "and": ("all",),
    "not": ("none",),
    "except": ("none",),
    "expected": ("expect",),
    "lead_time": ("lead_days",),
    "leadtime": ("lead_days",),
    "days_before": ("lead_days",),
    "length_of_stay": ("nights",),
    "stay_length": ("nights",),
    "weekday": ("days",),
    "weekdays": ("days",),
    "hours": ("between",),
    "min": ("at_least",),
    "max": ("at_most",),
    "from": ("on_or_after",),
    "until": ("on_or_before",),
}
"""Other words that people use for settings, and the settings."""


def synonym(word: str, known: Sequence[str]) -> str | None:
    """The setting that goes by another name here."""
    return next((name for name in SYNONYMS.get(word.lower(), ()) if name in known), None)


def comparison_meant(text: str, known: Sequence[str]) -> str:
    """`>3` as `{more_than: 3}`; empty when it is no comparison that is possible here."""
    match = _COMPARISON.fullmatch(text.strip(_QUOTES))
    name = _COMPARISONS[match["sign"]] if match is not None else ""
    return f"{{{name}: {match['number']}}}" if match is not None and name in known else ""


def words_meant(text: str, allowed: Sequence[str]) -> tuple[str, ...]:
    """Values that go by another word here: `sat` and `sun` for weekend."""
    words = WORDS.get(text.strip(_QUOTES).lower(), ())
    return words if all(word in allowed for word in words) else ()


def meant(text: str, schema: Mapping[str, Any]) -> str:
    """How a single value should be written, quotes included where they are needed; empty when nobody can know."""
    for candidate in _candidates(text):
        if candidate != text and _fits(candidate, schema):
            return f'"{candidate}"' if ":" in candidate else candidate
    return ""


def meant_list(text: str, items: Mapping[str, Any]) -> str:
    """A text that should have been a list, as that list."""
    bare = text.strip().strip("()[]{}").strip(_QUOTES)
    if not bare or len(bare) > _LONGEST:
        return ""
    parts = [part for part in _BETWEEN.split(bare) if part]
    if len(parts) == 1 and "pattern" in items:
        parts = _RANGE.split(bare)
    words = [_nearest(part.strip(_QUOTES), items) for part in parts]
    return "[" + ", ".join(word for word in words if word) + "]"


def _nearest(word: str, schema: Mapping[str, Any]) -> str:
    allowed = [name for name in schema.get("enum", ()) if isinstance(name, str)]
    if allowed:
        near = difflib.get_close_matches(word.lower(), allowed, n=1, cutoff=0.6)
        return near[0] if near else word
    if not _fits(word, schema):
        return meant(word, schema) or word
    return f'"{word}"' if ":" in word else word


def _fits(text: str, schema: Mapping[str, Any]) -> bool:
    allowed = schema.get("enum")
    if allowed is not None and text not in allowed:
        return False
    pattern = schema.get("pattern")
    if allowed is None and pattern is None:
        return False
    return pattern is None or (
        re.search(pattern, text) is not None and len(text) <= schema.get("maxLength", _LONGEST)
    )


def _candidates(text: str) -> Iterator[str]:
    if len(text) > _LONGEST:
        return
    bare = text.strip(_QUOTES)
    yield bare
    yield bare.lower()
    yield from _time(bare)
    match = _LENGTH.fullmatch(bare)
    if match is not None:
        unit = bare[len(match["number"]) :].strip()[0].lower()
        number = int(match["number"]) * (7 if unit == "w" else 1)
        yield f"{number}{_UNITS.get(unit, unit)}"
    language = language_meant(bare)
    if language is not None:
        yield language
    plain = unicodedata.normalize("NFKD", bare.translate(_UMLAUTS))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    for joint in "-_":
        slug = _NOT_IN_A_NAME.sub(joint, plain).strip(joint)
        yield slug
        yield slug.lower()


def _time(text: str) -> Iterator[str]:
    match = _TIME.fullmatch(text)
    if match is None:
        return
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour < 24 and minute < 60:
        yield f"{hour:02}:{minute:02}"
