"""Which small change would make a broken file readable again? That change names the mistake, and lets the rest be read.

A reader of YAML stumbles where a text stops making sense, which is often lines below the slip of the hand. So the slips
that people make are tried the other way round, on the lines around that place: what lets the reader get further than
before was the mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autoresponder.problems import Problem
from autoresponder.yamltext.slip import Slip
from autoresponder.yamltext.slips import slips
from autoresponder.yamltext.slips_of_layout import brackets, conflict, indents, quiet_slips, second_part
from autoresponder.yamltext.source import Place, Source

Stop = tuple[int, int]
"""Line and column (1-based) at which the reader gave up."""
Reader = Callable[[str], Stop | None]
"""Reads a text; gives where it stopped, or None when it can be read."""

_WINDOW = 6
"""Lines above the place where the reader stopped that are looked at, empty ones and remarks not counted."""
_MOST_READ = 4_000_000
"""Characters that may be read again in looking for one mistake."""
_FARTHEST: Stop = (1 << 60, 0)


@dataclass(frozen=True, slots=True)
class Repair:
    """A change that lets the reader get on.

    Attributes:
        problem: What was wrong, when the change says it better than the reader; else None.
        lines: The lines that were changed.
        text: The file with the change, as many lines as before.
    """

    problem: Problem | None
    lines: frozenset[int]
    text: str


def repair(source: Source, text: str, stop: Stop, start: Stop, read: Reader) -> Repair | None:
    """Find the change that gets the reader furthest.

    Args:
        source: The file as it was written, for the problem's excerpt.
        text: The file as far as it is repaired already.
        stop: Where the reader stopped.
        start: Where the thing began that it was reading.
        read: The reader.
    """
    lines = text.split("\n")
    left = max(4, _MOST_READ // (len(text) + 1))
    for group in _groups(lines, stop, start):
        best: tuple[Stop, Slip] | None = None
        for slip in group:
            left -= 1
            if left < 0:
                return None
            reached = read(_changed(lines, slip)) or _FARTHEST
            if reached[0] > stop[0] and (best is None or reached > best[0]):
                best = reached, slip
                if reached == _FARTHEST:
                    break
        if best is not None:
            return _repair(source, lines, best[1])
    return None


def _groups(lines: list[str], stop: Stop, start: Stop) -> Iterator[Iterator[Slip]]:
    """Slips, the plainest first; within a group the one that gets furthest is it."""
    yield conflict(lines)
    yield second_part(lines, stop)
    window = _window(lines, stop[0], start[0])
    for number in window:
        yield slips(lines, number)
    yield brackets(lines, stop, start)
    yield (slip for number in _openers(lines, stop[0]) for slip in slips(lines, number))
    yield (slip for number in window for slip in indents(lines, number))
    for number in window:
        yield quiet_slips(lines, number)


def _window(lines: list[str], stop: int, start: int) -> list[int]:
    """Numbers of the lines that may hold the slip, the likeliest first."""
    near = []
    for number in range(min(stop, len(lines)), 0, -1):
        stripped = lines[number - 1].strip()
        if stripped and not stripped.startswith("#"):
            near.append(number)
        if len(near) > _WINDOW:
            break
    if 0 < start <= len(lines) and start not in near:
        near.append(start)
    return near


def _openers(lines: list[str], stop: int) -> list[int]:
    """Lines above with an odd number of quotes: a text that began there may have gone on until here."""
    odd = [
        n for n, line in enumerate(lines[: stop - 1], start=1) if line.count('"') % 2 or line.count("'") % 2
    ]
    return odd[:20]


def _changed(lines: list[str], slip: Slip) -> str:
    changed = list(lines)
    for number, line in slip.changes.items():
        changed[number - 1] = line
    return "\n".join(changed)


def _repair(source: Source, lines: list[str], slip: Slip) -> Repair:
    problem = None
    if slip.message:
        place = Place(slip.line, slip.column, slip.length)
        problem = source.problem_at(place, slip.code, slip.message, slip.remedy)
    return Repair(problem, frozenset(slip.changes), _changed(lines, slip))
