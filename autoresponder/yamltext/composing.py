"""Text → nodes: the fast reader within limits, and what can still be read of a file with slips in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import yaml

from autoresponder.problems import Problem
from autoresponder.yamltext.repair import Stop, repair
from autoresponder.yamltext.source import Place, Source
from autoresponder.yamltext.syntax import syntax_problem

MAX_DEPTH = 60
"""Levels of nesting; the C reader itself would crash the process on deep ones."""

_MOST_REPAIRS = 25
"""Mistakes in the writing itself that are told of one file before the rest is left for later."""
_MOST_TEXT = 2_500_000
"""Characters of a file times its repairs: large files get fewer, so that nobody waits long for the first of them."""
_QUOTES = "write  name: value, and put quotes around a value with special characters"
_NOT_LOOKED_AT = " (what follows in this file has not been looked at)"

STR = "tag:yaml.org,2002:str"
"""Tag of what is a text for certain."""
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TooDeep(Exception):
    """Nesting beyond `MAX_DEPTH`; carries the part that is too deep."""

    def __init__(self, node: yaml.Node | None = None) -> None:
        super().__init__("too deep")
        self.node = node


class _Loader(_Base):  # type: ignore[misc]
    """The fast reader, giving nodes without guessing their types, and never deeper than it may."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = 0
        self.deepest: yaml.Node | None = None

    def resolve(self, kind: type, value: Any, implicit: Any) -> str | None:  # noqa: ARG002
        """Leave the tag open for plain values; quoted ones are texts."""
        if kind is yaml.ScalarNode:
            return None if implicit[0] else STR
        return None

    def descend_resolver(self, parent: yaml.Node | None, index: Any) -> None:  # noqa: ARG002
        """Called by the reader on the way down."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.deepest = parent
            raise TooDeep

    def ascend_resolver(self) -> None:
        """Called by the reader on the way up."""
        self.depth -= 1


def compose(text: str) -> yaml.Node | None:
    """The nodes of a text.

    Raises:
        yaml.YAMLError: It cannot be read.
        TooDeep: It is nested too deeply.
    """
    loader: Any = _Loader(text)
    try:
        root: yaml.Node | None = loader.get_single_node()
    except TooDeep:
        raise TooDeep(loader.deepest) from None
    finally:
        loader.dispose()
    return root


@dataclass(slots=True)
class ReadOn:
    """What could be read of a broken file."""

    root: yaml.Node | None
    problems: list[Problem]
    repaired: frozenset[int]


def read_on(blank: Source, error: yaml.YAMLError) -> ReadOn:
    """Tell what is wrong, undo it, and read on, as long as that is possible."""
    text, problems, repaired = blank.text, list[Problem](), frozenset[int]()
    most = min(_MOST_REPAIRS, 1 + _MOST_TEXT // (len(text) + 1))
    while True:
        now = Source(blank.file, text, {}, None)
        told = syntax_problem(now, error)
        stop, start = _stops(error)
        found = repair(blank, text, stop, start, _reads_to) if len(problems) < most else None
        told = replace(told, excerpt=blank.problem_at(Place(told.line, told.column), "", "").excerpt)
        if found is not None and found.problem is not None:
            told = found.problem
        told = _discreet(blank, told)
        if found is None:
            return ReadOn(None, [*problems, replace(told, message=told.message + _NOT_LOOKED_AT)], repaired)
        problems.append(told)
        text, repaired = found.text, repaired | found.lines | {told.line}
        try:
            return ReadOn(compose(text), problems, repaired)
        except yaml.YAMLError as following:
            error = following


def _discreet(blank: Source, problem: Problem) -> Problem:
    """Without a remedy that would show what the line itself does not."""
    hidden = problem.excerpt != blank.line(problem.line).rstrip()
    return replace(problem, remedy=_QUOTES) if hidden and problem.remedy.startswith("write  ") else problem


def _stops(error: yaml.YAMLError) -> tuple[Stop, Stop]:
    """Where the reader stopped, and where the thing began that it was reading."""
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    stop = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return stop, (context.line + 1, context.column + 1) if context is not None else stop


def _reads_to(text: str) -> Stop | None:
    try:
        compose(text)
    except yaml.YAMLError as error:
        return _stops(error)[0]
    except TooDeep:
        return (1, 1)
    return None
