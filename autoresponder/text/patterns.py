"""What is wrong with a pattern (`re:`), in plain words and with the place."""

from __future__ import annotations

from typing import Final


def pattern_fault(error: Exception, source: str) -> tuple[str, int, int, str]:
    """Tell an error of the engine.

    Returns:
        Message, offset in the pattern, length, remedy.
    """
    reason = error.args[0] if error.args else ""
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    what, _, part = text.partition(": ")
    found = source.find(part) if part else -1
    whole = found < 0 or part == source
    remedy = "check brackets and backslashes; write \\( for a bracket that is meant as such"
    if "perl operator" in what or "escape" in what:
        remedy = "look-around and back-references do not exist here; use 'none' for what must not be there"
    if "repetition operator" in what and "bad" not in what:
        remedy = "write  .*  for anything, or the word that may repeat before it"
    at, length = (0, len(source)) if whole else (found, len(part))
    if what == "missing )" and _last_open(source) >= 0:
        at, length = _last_open(source), 1
    return (
        f"this pattern cannot be read: {_REGEX_WORDS.get(what, what)}",
        at,
        length,
        remedy,
    )


_REGEX_WORDS: Final = {
    "missing )": "a ( is never closed",
    "missing ]": "a [ is never closed",
    "missing argument to repetition operator": "*, + or ? has nothing before it to repeat",
    "no argument for repetition operator": "*, + or ? has nothing before it to repeat",
    "bad repetition operator": "two of *, + and ? stand next to each other",
    "invalid perl operator": "(? cannot be used like this",
    "invalid escape sequence": "the backslash has no meaning before this",
    "trailing \\": "a backslash stands at the end",
    "unexpected )": "a ) is one too many",
    "invalid character class range": "a range such as z-a runs backwards",
    "invalid repetition size": "a number in {…} is too large",
}
"""The engine's own words, and plain ones."""


def _last_open(source: str) -> int:
    """Offset of the ( that is never closed; -1 when there is none."""
    waiting: list[int] = []
    escaped = inside = False
    for offset, sign in enumerate(source):
        if escaped or sign == "\\":
            escaped = not escaped
        elif inside or sign == "[":
            inside = sign != "]"
        elif sign == "(":
            waiting.append(offset)
        elif sign == ")" and waiting:
            waiting.pop()
    return waiting[-1] if waiting else -1
