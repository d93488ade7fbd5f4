"""A read YAML file: its data, and where each part of it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from autoresponder.problems import Problem, Severity
from autoresponder.yamltext.privacy import excerpt

Way = tuple[str | int, ...]
"""The way to one part of the data: keys and list indexes from the top."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file.

    Attributes:
        line: 1-based.
        column: 1-based, in characters.
        length: Characters on that line, at least 1.
    """

    line: int
    column: int
    length: int = 1


class Source:
    r"""One YAML file: its plain data (text, numbers, true/false, None, lists, dicts) with positions.

    Attributes:
        file: Path as the user knows it.
        text: The file's text, line ends as `\n`, without byte order mark.
        data: What the file says; `{}` when it is empty. Keys are always text.
        empty: Whether the file holds nothing (or only comments).
        reported: Line and column of what was found wrong while reading; not to be told again.
        repaired: Lines that are read as if a slip in them were mended: what is odd in them is not told.
    """

    __slots__ = ("_lines", "_root", "data", "empty", "file", "repaired", "reported", "text")

    def __init__(self, file: str, text: str, data: Any, root: yaml.Node | None) -> None:
        self.file = file
        self.text = text
        self.data = data
        self.empty = root is None
        self.reported: frozenset[tuple[int, int]] = frozenset()
        self.repaired: frozenset[int] = frozenset()
        self._root = root
        self._lines: list[str] | None = None

    def value(self, way: Way) -> Place:
        """The place of the value at `way`; of its nearest existing parent when there is none."""
        return self._place(way, on_key=False)

    def key(self, way: Way) -> Place:
        """The place of the key (or list entry) at `way`."""
        return self._place(way, on_key=True)

    def written(self, way: Way) -> str | None:
        """A single value as it is written, before it was read as a number (`1.10`); None for others."""
        nodes = self._walk(way)
        if len(nodes) != len(way) + 1:
            return None
        node = nodes[-1][1]
        return node.value if isinstance(node, yaml.ScalarNode) else None

    def quoted(self, way: Way) -> bool:
        """Whether the value at `way` is a text in quotes or a block of text."""
        nodes = self._walk(way)
        node = nodes[-1][1] if nodes else None
        return isinstance(node, yaml.ScalarNode) and node.style in ("'", '"', "|", ">")

    def line(self, number: int) -> str:
        """The source line with this 1-based number, or an empty text."""
        lines = self._all_lines()
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def _all_lines(self) -> list[str]:
        if self._lines is None:
            self._lines = self.text.split("\n")
        return self._lines

    def problem(
        self,
        way: Way,
        code: str,
        message: str,
        remedy: str = "",
        *,
        on_key: bool = False,
        severity: Severity = Severity.ERROR,
        rule: str = "",
    ) -> Problem:
        """A finding about the value (or, with `on_key`, the key) at `way`, with its source line."""
        place = self._place(way, on_key=on_key)
        return self.problem_at(place, code, message, remedy, severity=severity, rule=rule)

    def problem_at(
        self,
        place: Place,
        code: str,
        message: str,
        remedy: str = "",
        *,
        severity: Severity = Severity.ERROR,
        rule: str = "",
    ) -> Problem:
        """A finding about a place, such as a character inside a phrase."""
        return Problem(
            file=self.file,
            line=place.line,
            column=place.column,
            length=place.length,
            severity=severity,
            code=code,
            message=message,
            remedy=remedy,
            rule=rule,
            excerpt=excerpt(self._all_lines(), place.line, place.column),
        )

    def _place(self, way: Way, *, on_key: bool) -> Place:
        nodes = self._walk(way)
        if not nodes:
            return Place(1, 1)
        key, value = nodes[-1]
        missing = len(nodes) != len(way) + 1
        if key is not None and (on_key or missing or _invisible(value)):
            return self._of(key)
        return self._of(value)

    def _walk(self, way: Way) -> list[tuple[yaml.Node | None, yaml.Node]]:
        """Key and value nodes along `way`, as far as it exists; the first entry is the file itself."""
        if self._root is None:
            return []
        found: list[tuple[yaml.Node | None, yaml.Node]] = [(None, self._root)]
        node = self._root
        for step in way:
            if isinstance(node, yaml.MappingNode):
                pair = next((kv for kv in node.value if kv[0].value == step), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                pair = (None, node.value[step])
            else:
                pair = None
            if pair is None:
                break
            found.append(pair)
            node = pair[1]
        return found

    def _of(self, node: yaml.Node) -> Place:
        start, end = node.start_mark, node.end_mark
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            first = node.value[0]
            inner = first[0] if isinstance(first, tuple) else first
            if inner.start_mark.line == start.line and isinstance(first, tuple):
                return self._of(inner)
            return Place(start.line + 1, start.column + 1)
        column = start.column
        if end.line == start.line:
            return Place(start.line + 1, column + 1, max(1, end.column - column))
        if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            return Place(start.line + 1, column + 1)
        rest = len(self.line(start.line + 1).rstrip()) - column
        return Place(start.line + 1, column + 1, max(1, rest))


def _invisible(node: yaml.Node) -> bool:
    """Whether a value has no characters of its own (`reply:` with nothing behind it)."""
    return bool(node.start_mark.index == node.end_mark.index)
