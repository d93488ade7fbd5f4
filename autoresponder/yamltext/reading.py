"""Text → data with positions: one pass of the C reader gives both.

Values are read the way people mean them (YAML 1.2, without its rarer number forms): only `true` and
`false` are switches, so a country `no` stays a word; `08:00`, `2026-05-01`, `0123`, `+351…` and `0x1F`
stay texts; `12` and `1.5` are numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

import yaml

from autoresponder.problems import Problem, Severity
from autoresponder.yamltext.composing import MAX_DEPTH, STR, TooDeep, compose, read_on
from autoresponder.yamltext.raw import to_text
from autoresponder.yamltext.scalars import scalar
from autoresponder.yamltext.slips import CURLY
from autoresponder.yamltext.source import Place, Source
from autoresponder.yamltext.syntax import braces_problem, next_entry

MAX_NODES = 2_000_000
MAX_REPEATED = 20_000
"""Entries that may come from aliases (`*name`), so that a small file cannot unfold into a huge one."""

_KNOWN_TAGS = frozenset({None, "!", STR, "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})
_REMARK = re.compile(r"\s*:\s+(?P<sign>#)[^\s#]")
_CUT = re.compile(r"\s+(?P<sign>#)[^\s#]")
_LONGEST_SHOWN = 40


_Read = tuple[Source | None, list[Problem]]


class _Kept:
    """What was parsed, in this stretch of work and in the one before."""

    def __init__(self) -> None:
        self.before: dict[tuple[str, str | bytes], _Read] = {}
        self.now: dict[tuple[str, str | bytes], _Read] = {}

    def turn(self) -> None:
        """Begin another stretch: what was not asked for in the last one is forgotten."""
        self.before, self.now = self.now, {}

    def get(self, text: str | bytes, file: str) -> _Read:
        key = (file, text)
        if key not in self.now:
            self.now[key] = self.before[key] if key in self.before else _parse(text, file)
        return self.now[key]


_read_before: ContextVar[_Kept | None] = ContextVar("_read_before", default=None)


@contextmanager
def each_file_once() -> Iterator[None]:
    """What is parsed in here is kept until the end: who asks for the same file again gets the same source.

    Inside of another one it is kept until the end of the next one there, for work that is done again and again.
    """
    outer = _read_before.get()
    if outer is not None:
        outer.turn()
        yield
        return
    token = _read_before.set(_Kept())
    try:
        yield
    finally:
        _read_before.reset(token)


def parse(text: str | bytes, file: str) -> _Read:
    """Read one YAML file.

    Args:
        text: Its content.
        file: Its path as the user knows it, for problems.

    Returns:
        The source, or None when the text cannot be read at all, and every problem found. A source may
        come together with problems (a key that stands twice, say); then the first one counts. An empty
        file gives a source with `empty` set and `{}` as data, and no problem.
    """
    known = _read_before.get()
    if known is None:
        return _parse(text, file)
    source, problems = known.get(text, file)
    return source, list(problems)


def _parse(text: str | bytes, file: str) -> _Read:
    clean, problems = to_text(text, file)
    if problems:
        return None, problems
    blank = Source(file, clean, {}, None)
    try:
        try:
            root, repaired, problems = compose(clean), frozenset[int](), []
        except yaml.YAMLError as error:
            rest = read_on(blank, error)
            if rest.root is None:
                return None, rest.problems
            root, repaired, problems = rest.root, rest.repaired, rest.problems
    except TooDeep as deep:
        return None, [_too_deep(blank, deep.node)]
    if root is None:
        return blank, []
    builder = _Builder(Source(file, clean, {}, root))
    try:
        data = builder.build(root)
    except _Stop as stop:
        return None, [*problems, *builder.problems, stop.problem]
    problems += [p for p in builder.problems if p.line not in repaired]
    if data is None and not problems:
        return blank, []
    source = Source(file, clean, data, root)
    source.reported = frozenset((p.line, p.column) for p in problems)
    source.repaired = repaired | builder.silent
    return source, problems


class _Stop(Exception):
    """The file cannot be unfolded; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Builder:
    """Nodes → plain data, bounded, with findings about keys that stand twice."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.silent: set[int] = set()
        self._seen: set[int] = set()
        self._open: set[int] = set()
        self._left = MAX_NODES
        self._repeats = MAX_REPEATED
        self._repeating = 0

    def build(self, node: yaml.Node) -> Any:
        """The plain value of a node."""
        tag: Any = node.tag
        if isinstance(node, yaml.ScalarNode):
            if tag == STR:
                return node.value
            if tag is None and node.value[:1] in CURLY:
                self._curly(node)
            return scalar(node.value) if tag is None else self._tagged(node)
        if tag not in _KNOWN_TAGS:
            self._tagged(node)
        identity = id(node)
        if identity in self._open or len(self._open) > MAX_DEPTH:
            raise _Stop(
                self._at(
                    node,
                    "Y012",
                    "this contains itself: *name stands inside what &name names",
                    "write out what is meant in place of *name",
                )
            )
        again = identity in self._seen
        self._seen.add(identity)
        self._open.add(identity)
        self._repeating += again
        self._spend(node)
        if isinstance(node, yaml.SequenceNode):
            value: Any = [self.build(child) for child in node.value]
        else:
            value = self._settings(node)
        self._repeating -= again
        self._open.discard(identity)
        return value

    def _settings(self, node: yaml.Node) -> dict[str, Any]:
        result: dict[str, Any] = {}
        first: dict[str, yaml.Node] = {}
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.problems.append(self._odd_key(node, key))
                continue
            name = key.value
            if name in first:
                begun = next_entry(self.source, node, key) if name == next(iter(first)) else None
                self.problems.append(begun or self._twice(name, first[name], key))
                if begun is not None:
                    break
                continue
            if name == "<<" and key.tag != STR:
                self.problems.append(self._at(key, "Y013", "'<<' is not used here", "write the settings out"))
                continue
            first[name] = key
            result[name] = self.build(child)
            if result[name] is None:
                self._remark(key, child)
            elif child.tag is None and isinstance(node, yaml.MappingNode) and not node.flow_style:
                self._cut(child)
        return result

    def _spend(self, node: yaml.Node) -> None:
        size = len(node.value) + 1
        self._left -= size
        if self._repeating:
            self._repeats -= size
        if self._left < 0 or self._repeats < 0:
            raise _Stop(
                self._at(
                    node, "Y011", "what *name repeats in this file unfolds into too much", "write it out"
                )
            )

    def _tagged(self, node: yaml.Node) -> Any:
        if node.tag in _KNOWN_TAGS:
            return node.value
        name = node.tag.replace("tag:yaml.org,2002:", "!!")
        self.problems.append(
            self._at(
                node, "Y014", f"'{name}' is not used here", "take it away, or put quotes around the text"
            )
        )
        return node.value

    def _twice(self, name: str, first: yaml.Node, second: yaml.Node) -> Problem:
        where = f"line {first.start_mark.line + 1}, column {first.start_mark.column + 1}"
        return self._at(
            second, "Y010", f"'{name}' stands here twice: first in {where}", "keep one of the two"
        )

    def _curly(self, node: yaml.Node) -> None:
        """A quote that a word processor made: it belongs to the text, and holds nothing together."""
        text = node.value
        if not text or (text[-1] not in CURLY and node.start_mark.line != node.end_mark.line):
            return
        if text[-1] not in CURLY and any(sign in CURLY for sign in text[1:]):
            return  # “Welcome” to us: a text that begins with a quoted word
        inner = text.strip(CURLY)
        remedy = f'write  "{inner}"' if len(inner) <= _LONGEST_SHOWN else 'write  "…"'
        problem = self._at(
            node, "Y017", f"{text[0]} is a quote of a word processor and becomes part of the text", remedy
        )
        hidden = problem.excerpt != self.source.line(problem.line).rstrip()
        self.problems.append(
            replace(problem, length=1, remedy='write straight quotes: "…"' if hidden else remedy)
        )

    def _remark(self, key: yaml.Node, child: yaml.Node) -> None:
        """`title: #1 question`: what was meant as a value is a remark."""
        line = self.source.line(key.end_mark.line + 1)
        match = _REMARK.match(line, key.end_mark.column)
        if match is None or child.value:
            return
        place = Place(key.end_mark.line + 1, match.start("sign") + 1)
        message, remedy = "a # begins a remark: what follows is not read", "put quotes around the text"
        self.problems.append(self.source.problem_at(place, "Y019", message, remedy))
        self.silent.add(key.start_mark.line + 1)

    def _cut(self, child: yaml.Node) -> None:
        """`text: Room #4`: the # ends the text, and guests would read half of it."""
        line = self.source.line(child.end_mark.line + 1)
        match = _CUT.match(line, child.end_mark.column)
        if match is not None:
            place = Place(child.end_mark.line + 1, match.start("sign") + 1)
            message = "a # begins a remark: the text ends before it"
            remedy = "put quotes around the whole text, or a space behind the # of a remark"
            problem = self.source.problem_at(place, "Y019", message, remedy)
            self.problems.append(replace(problem, severity=Severity.WARNING))

    def _odd_key(self, node: yaml.Node, key: yaml.Node) -> Problem:
        if isinstance(key, yaml.MappingNode) and key.flow_style:
            return braces_problem(self.source, node.start_mark.line + 1, node.start_mark.column + 1)
        return self._at(key, "Y015", "a setting's name must be a plain text", "write  name: value")

    def _at(self, node: yaml.Node, code: str, message: str, remedy: str = "") -> Problem:
        start, end = node.start_mark, node.end_mark
        length = end.column - start.column if end.line == start.line else 1
        place = Place(start.line + 1, start.column + 1, max(1, length))
        return self.source.problem_at(place, code, message, remedy)


def _too_deep(source: Source, node: yaml.Node | None) -> Problem:
    mark = node.start_mark if node is not None else None
    place = Place(mark.line + 1, mark.column + 1) if mark is not None else Place(1, 1)
    return source.problem_at(
        place, "Y016", f"more than {MAX_DEPTH} levels inside each other", "make it flatter"
    )
