"""What is wrong with a file that a person wrote: one type for every finding, wherever it is found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a problem is."""

    ERROR = "error"
    """The files cannot be used as they are."""
    WARNING = "warning"
    """Usable, but probably not what was meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding about one place in one file, told to the person who edits it.

    `message` and `remedy` are plain words: no schema, Python or YAML jargon.
    """

    file: str
    """Path as the user knows it, relative to the working folder."""
    line: int = 1
    """1-based."""
    column: int = 1
    """1-based, counted in characters."""
    length: int = 1
    """How many characters of the excerpt to underline; at least 1."""
    severity: Severity = Severity.ERROR
    code: str
    """Stable code, a letter and three digits (S001). Never reused for something else."""
    message: str
    """What is wrong, one sentence, lower case, no full stop."""
    remedy: str = ""
    """What to do next ("did you mean 'reply'?"), or empty."""
    rule: str = ""
    """Title or id of the rule concerned, or empty."""
    excerpt: str = ""
    """The source line, without its line end; empty when there is none."""

    @property
    def sort_key(self) -> tuple[str, int, int, str]:
        """Order of a report: by file, then line, then column, then code."""
        return (self.file, self.line, self.column, self.code)
