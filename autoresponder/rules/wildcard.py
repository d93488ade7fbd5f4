"""Names with `*`: `harbour-*` stands for every name that begins so."""

from __future__ import annotations


def matches(pattern: str, name: str) -> bool:
    """Whether a name fits a pattern; upper and lower case alike, `*` stands for anything or nothing."""
    pattern, name = pattern.casefold(), name.casefold()
    if "*" not in pattern:
        return pattern == name
    first, *middle, last = pattern.split("*")
    if len(name) < len(first) + len(last) or not (name.startswith(first) and name.endswith(last)):
        return False
    position, end = len(first), len(name) - len(last)
    for part in middle:
        found = name.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return True


def matches_any(patterns: tuple[str, ...], name: str) -> bool:
    """Whether a name fits one of the patterns."""
    return any(matches(pattern, name) for pattern in patterns)
