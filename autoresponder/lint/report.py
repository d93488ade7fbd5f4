"""How findings are shown: for people, and for programs."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from autoresponder.problems import Problem, Severity

_WIDEST = 100
"""Columns of a source line that are shown; a longer one is cut around the place."""

_LEAD = 30
"""Columns that stay before the place when a line is cut."""

_SAME = 3
"""The same finding more often than this in one file is told once, with a count."""

_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33"}
"""Terminal sequences: bold red, bold yellow."""

_BOLD = "1"
_GREEN = "32"
_WORDS = {Severity.ERROR: "ERROR", Severity.WARNING: "WARN"}


def render_human(problems: Sequence[Problem], *, colour: bool = False) -> str:
    """Findings for people: each at most six lines, and a closing count.

    Args:
        problems: In any order; they are sorted by file and place.
        colour: Whether to colour with terminal sequences.
    """
    if not problems:
        return _painted("No problems found.", _GREEN, colour=colour)
    ordered = sorted(problems, key=lambda p: p.sort_key)
    blocks = [_block(problem, more, colour=colour) for problem, more in _folded(ordered)]
    return "\n\n".join([*blocks, summary(ordered)])


def render_json(problems: Sequence[Problem]) -> str:
    """Findings for programs: one JSON object with `problems`, `errors` and `warnings`."""
    ordered = sorted(problems, key=lambda p: p.sort_key)
    return json.dumps(
        {
            "problems": [asdict(problem) for problem in ordered],
            "errors": _count(ordered, Severity.ERROR),
            "warnings": _count(ordered, Severity.WARNING),
        },
        ensure_ascii=False,
        indent=2,
    )


def summary(problems: Sequence[Problem]) -> str:
    """How much was found: `3 errors, 1 warning in 2 files.`, for example."""
    counts = [
        f"{count} {word}{'s' if count > 1 else ''}"
        for severity, word in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"))
        if (count := _count(problems, severity))
    ]
    files = len({problem.file for problem in problems})
    return f"{', '.join(counts)} in {files} file{'s' if files > 1 else ''}."


def _count(problems: Iterable[Problem], severity: Severity) -> int:
    return sum(1 for problem in problems if problem.severity is severity)


def _folded(problems: Sequence[Problem]) -> list[tuple[Problem, int]]:
    """Each finding once, with how many more like it there are in its file."""
    groups: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.file, problem.code, problem.message), []).append(problem)
    shown: list[tuple[Problem, int]] = []
    for group in groups.values():
        if len(group) > _SAME:
            shown.append((group[0], len(group) - 1))
        else:
            shown += [(problem, 0) for problem in group]
    return sorted(shown, key=lambda entry: entry[0].sort_key)


def _block(problem: Problem, more: int, *, colour: bool) -> str:
    tint = _COLOURS[problem.severity]
    place = f"{visible(problem.file)}:{problem.line}:{problem.column}"
    head = (
        f"{_painted(place, _BOLD, colour=colour)}  "
        f"{_painted(_WORDS[problem.severity], tint, colour=colour)} {problem.code}"
        f"  {visible(problem.message)}"
    )
    if problem.rule:
        head += f"   “{visible(problem.rule)}”"
    if more:
        head += f"   [+{more} more]"
    remedy = visible(problem.remedy)
    if not problem.excerpt.strip():
        return head + (f"\n  {remedy}" if remedy else "")
    number = str(problem.line)
    gutter = " " * len(number)
    line, column, length = _window(problem)
    before = " " * _width(line[: column - 1])
    caret = "^" * max(1, _width(line[column - 1 : column - 1 + length]))
    under = before + _painted(caret, tint, colour=colour) + (f"  {remedy}" if remedy else "")
    return "\n".join([head, f"{gutter} |", f"{number} | {line}", f"{gutter} | {under}"])


def _painted(text: str, style: str, *, colour: bool) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if colour else text


def _window(problem: Problem) -> tuple[str, int, int]:
    """The part of the source line that is shown, and where the place stands in it."""
    line = visible(problem.excerpt)
    column = min(max(1, problem.column), len(line) + 1)
    if len(line) > _WIDEST:
        start = max(0, min(column - 1 - _LEAD, len(line) - _WIDEST)) if column > _WIDEST - _LEAD else 0
        cut = line[start : start + _WIDEST]
        if start:
            cut = "…" + cut[1:]
        if start + _WIDEST < len(line):
            cut = cut[:-1] + "…"
        line, column = cut, column - start
    return line, column, max(1, min(problem.length, len(line) - column + 1))


def visible(text: str) -> str:
    """A text without anything that could move the cursor or turn the line around; its length unchanged."""
    return "".join(
        " " if c == "\t" else "\ufffd" if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else c
        for c in text
    )


def _width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in {"W", "F"} else 1
        for c in text
    )
