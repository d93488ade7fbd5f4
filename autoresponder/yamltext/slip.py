"""One possible slip of the hand in a text file, and the change that undoes it; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SHOWN = 40
"""Characters of a line that a remedy shows."""

SPACING = "Y008"
INDENT = "Y009"
QUOTE = "Y007"
PART = "Y005"
CONFLICT = "Y018"


@dataclass(frozen=True, slots=True)
class Slip:
    """One possible mistake.

    Attributes:
        changes: Line number → what the line would be without the mistake.
        message: What is wrong, or empty when the reader's own complaint says it.
    """

    changes: Mapping[int, str]
    line: int = 0
    column: int = 1
    length: int = 1
    code: str = SPACING
    message: str = ""
    remedy: str = ""


def indent(line: str) -> int:
    """How many spaces a line begins with."""
    return len(line) - len(line.lstrip(" "))


def write(line: str) -> str:
    """The remedy that shows how a line should be."""
    text = line.strip()
    return f"write  {text if len(text) <= SHOWN else text[: SHOWN - 1] + '…'}"


def quoted(text: str) -> str:
    """A text in single quotes."""
    return "'" + text.replace("'", "''") + "'"
