"""Repairs that are safe to make for somebody: one finding, one clear remedy, one place; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autoresponder.problems import Problem

_MEANT = re.compile(r"did you mean '([^']+)'\?")
_WRITE = re.compile(r"write {2}(\S.*)")
_MOVE = re.compile(r"put (\d+) spaces? before it, instead of \d+")
_NAMES = frozenset(
    {"S001", "S003", "R002", "L001", "L003", "L010", "P003", "P004", "T003", "T004", "T005", "K001", "K002"}
)
"""Codes of names that do not exist; the nearest one is meant."""
_TABS, _QUOTES, _INDENT = "Y004", "Y006", "Y009"
_TAB = (" " * 2, " " * 4, " " * 8)
"""What a tab may have stood for."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Part of one line that is exchanged."""

    file: str
    line: int
    """1-based."""
    start: int
    """0-based, in characters."""
    end: int
    text: str
    """What stands there then."""


def edits(problems: Iterable[Problem]) -> list[Edit]:
    """The repairs that findings ask for so clearly that nothing is left to decide.

    Several for the same place are tried one after the other, until one of them helps.
    """
    return list(dict.fromkeys(edit for problem in problems if problem.excerpt for edit in _ways(problem)))


def edited(texts: Mapping[str, str], wanted: Iterable[Edit]) -> dict[str, str]:
    """Texts with the edits made; of edits that overlap the first one is made.

    Args:
        texts: File → text; files that are not among them are left alone.
        wanted: What to exchange.
    """
    made: dict[str, list[str]] = {}
    taken: dict[tuple[str, int], list[Edit]] = {}
    for edit in wanted:
        if edit.file not in texts:
            continue
        others = taken.setdefault((edit.file, edit.line), [])
        if not any(edit.start < o.end and o.start < edit.end for o in others):
            others.append(edit)
    for (file, line), chosen in taken.items():
        lines = made.setdefault(file, texts[file].splitlines(keepends=True))
        if line > len(lines):
            continue
        for edit in sorted(chosen, key=lambda e: -e.start):
            old = lines[line - 1]
            lines[line - 1] = old[: edit.start] + edit.text + old[edit.end :]
    return {file: "".join(lines) for file, lines in made.items()}


def _ways(problem: Problem) -> list[Edit]:
    if problem.code == _TABS:
        rest = problem.excerpt.lstrip("\t ")
        indent = problem.excerpt[: len(problem.excerpt) - len(rest)]
        return [
            Edit(problem.file, problem.line, 0, len(indent), indent.replace("\t", width)) for width in _TAB
        ]
    edit = _edit(problem)
    return [] if edit is None else [edit]


def _edit(problem: Problem) -> Edit | None:
    start = problem.column - 1
    there = problem.excerpt[start : start + problem.length]
    if problem.code == _QUOTES:
        return _quoted(problem, start)
    if problem.code == _INDENT and (move := _MOVE.fullmatch(problem.remedy)):
        width = len(problem.excerpt) - len(problem.excerpt.lstrip(" "))
        return Edit(problem.file, problem.line, 0, width, " " * int(move[1]))
    if problem.code in _NAMES and (meant := _MEANT.fullmatch(problem.remedy)):
        bare = there.strip("'\"")
        if not bare:
            return None
        return Edit(problem.file, problem.line, start, start + len(there), there.replace(bare, meant[1]))
    if problem.code in {"S006", "Y008"} and (write := _WRITE.fullmatch(problem.remedy)) and there.strip():
        return Edit(problem.file, problem.line, start, start + len(there), write[1])
    return None


def _quoted(problem: Problem, start: int) -> Edit | None:
    """The whole rest of the line in quotes, when that is one text."""
    value = problem.excerpt[start:].rstrip()
    if " #" in value or "\\" in value:
        return None
    quote = "'" if '"' in value else '"'
    if quote in value:
        return None
    return Edit(problem.file, problem.line, start, start + len(value), f"{quote}{value}{quote}")
