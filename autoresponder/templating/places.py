"""Where in a template a name stands: Jinja's tree has lines only, so the words of the text are walked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from jinja2 import Environment, TemplateSyntaxError

from autoresponder.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text: line and column from 1, and how many characters to underline."""

    line: int = 1
    column: int = 1
    length: int = 1


@dataclass(frozen=True, slots=True)
class _Word:
    offset: int
    line: int
    kind: str
    text: str
    before: str
    """The word before it, spaces and comments left out."""


class Source:
    """A template file with its words.

    Args:
        file: Path as the user knows it.
        text: What is in it, with line feeds as line ends.
        environment: Knows how to split it into words.
        first_line: Line of the file on which the text starts (inline templates).
        indent: Columns that stand before each line of the text in the file.
    """

    def __init__(
        self, file: str, text: str, environment: Environment, *, first_line: int = 1, indent: int = 0
    ) -> None:
        self.file = file
        self.text = text
        self._environment = environment
        self._first_line = first_line
        self._indent = indent
        self._lines = text.split("\n")

    @cached_property
    def _words(self) -> tuple[_Word, ...]:
        """The words; only needed when there is something to tell. A text that cannot be split has none."""
        words = []
        position = 0
        before = ""
        try:
            for line, kind, text in self._environment.lex(self.text):
                found = self.text.find(text, position)
                if found < 0:
                    continue
                position = found + len(text)
                if kind not in ("whitespace", "comment", "comment_begin", "comment_end"):
                    words.append(_Word(found, line, kind, text, before))
                    before = text.strip("-+ \n\t")
        except (TemplateSyntaxError, ValueError):
            return ()
        return tuple(words)

    def at(self, offset: int, length: int = 1) -> Place:
        """The place of a character."""
        line = self.text.count("\n", 0, offset)
        start = self.text.rfind("\n", 0, offset) + 1
        return Place(line + 1, offset - start + 1, max(1, length))

    def line(self, number: int) -> Place:
        """The first visible character of a line."""
        number = min(max(1, number), len(self._lines))
        text = self._lines[number - 1]
        indent = len(text) - len(text.lstrip())
        return Place(number, indent + 1, max(1, len(text.strip())))

    def word(self, name: str, line: int, *, after: Iterable[str] = ()) -> Place:
        """The place of a name.

        Args:
            name: The name.
            line: The line of the tree's node; the name stands there or a little later.
            after: Words one of which must stand right before it (`.`, `|`), or nothing for none of them.
        """
        wanted = tuple(after)
        best = None
        for word in self._words:
            if word.text.strip("'\"") != name or word.kind not in ("name", "string"):
                continue
            if wanted and word.before not in wanted:
                continue
            if not wanted and word.before in (".", "|"):
                continue
            best = word
            if word.line >= line:
                break
        if best is None:
            return self.line(line)
        quotes = best.text[:1] in "'\""
        return self.at(best.offset + quotes, len(name))

    def has_word(self, name: str) -> bool:
        """Whether a name stands anywhere in the text."""
        return any(word.text.strip("'\"") == name and word.kind in ("name", "string") for word in self._words)

    def first_word(self, text: str) -> Place | None:
        """The place of the first word that reads so."""
        return next((self.at(w.offset, len(text)) for w in self._words if w.text == text), None)

    def problem(
        self,
        place: Place,
        code: str,
        message: str,
        remedy: str = "",
        *,
        severity: Severity = Severity.ERROR,
        rule: str = "",
    ) -> Problem:
        """A finding at a place of this text, told for the file it stands in."""
        return Problem(
            file=self.file,
            line=place.line + self._first_line - 1,
            column=place.column + self._indent,
            length=place.length,
            severity=severity,
            code=code,
            message=message,
            remedy=remedy,
            rule=rule,
            excerpt=" " * self._indent + self._lines[min(place.line, len(self._lines)) - 1],
        )
