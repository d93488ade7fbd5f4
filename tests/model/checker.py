"""Explores every state that a model can reach, breadth first: what breaks, and how it came about.

The model is a function from a state to its next ones. States are plain hashable values, each kept once.
Because the search goes by breadth, the trace to whatever breaks first is the shortest there is.
"""

from __future__ import annotations

import gc
from array import array
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

S = TypeVar("S", bound=Hashable)


class Broken(NamedTuple):
    """A broken promise; nothing is explored behind it."""

    promise: str


class Label(NamedTuple):
    """What happened between two states."""

    who: int | None
    """Which of the two interchangeable actors did it; None for the surroundings."""
    text: str
    fault: bool = False
    """Whether it is trouble that need not happen, or the way things go on by themselves."""


@dataclass
class Result:
    """What was found."""

    states: int = 0
    transitions: int = 0
    ends: int = 0
    """States in which everything has come to its end."""
    stuck: int = 0
    """States from which no end can be reached any more, though all trouble stops."""
    broken: Counter[str] = field(default_factory=Counter)
    """How many transitions break which promise."""
    traces: dict[str, list[str]] = field(default_factory=dict)
    """The shortest way to each kind of break, and to a stuck state."""
    taken: Counter[str] = field(default_factory=Counter)
    """How often each kind of step was taken."""

    @property
    def fine(self) -> bool:
        """Whether every promise is kept."""
        return not self.broken and not self.stuck


@dataclass
class Model(Generic[S]):
    """What is explored."""

    initial: S
    steps: Callable[[S], Iterable[tuple[Label, S | Broken]]]
    canonical: Callable[[S], tuple[S, bool]]
    """The state's representative, and whether its two actors were exchanged for it."""
    is_end: Callable[[S], bool]
    names: tuple[str, str] = ("A", "B")


def explore(model: Model[S], *, first_only: bool = False) -> Result:
    """Visit every state; with `first_only` stop at the first broken promise."""
    collecting = gc.isenabled()
    gc.disable()  # states are many and never circular: looking through them all again and again is slow
    try:
        return _Search(model).run(first_only=first_only)
    finally:
        if collecting:
            gc.enable()


class _Search(Generic[S]):
    def __init__(self, model: Model[S]) -> None:
        self._model = model
        first, _ = model.canonical(model.initial)
        self._number: dict[S, int] = {first: 0}
        self._states: list[S] = [first]
        self._came: list[tuple[int, Label, bool] | None] = [None]
        self._calm: list[array[int]] = [array("i")]
        """For each state, from where it is reached without any trouble."""
        self._result = Result()

    def run(self, *, first_only: bool) -> Result:
        result, at = self._result, 0
        while at < len(self._states):
            for label, target in self._model.steps(self._states[at]):
                result.transitions += 1
                result.taken[label.text] += 1
                if isinstance(target, Broken):
                    result.broken[target.promise] += 1
                    if target.promise not in result.traces:
                        result.traces[target.promise] = [*self._trace(at, label), f"=> {target.promise}"]
                    if first_only:
                        result.states = len(self._states)
                        return result
                else:
                    self._reach(at, label, target)
            at += 1
        result.states = len(self._states)
        self._find_stuck()
        return result

    def _reach(self, source: int, label: Label, target: S) -> None:
        state, swapped = self._model.canonical(target)
        number = self._number.get(state)
        if number is None:
            number = self._number[state] = len(self._states)
            self._states.append(state)
            self._came.append((source, label, swapped))
            self._calm.append(array("i"))
        if not label.fault:
            self._calm[number].append(source)

    def _find_stuck(self) -> None:
        """Backwards from the ends: whatever is not met cannot reach one."""
        good = bytearray(len(self._states))
        front = [n for n, state in enumerate(self._states) if self._model.is_end(state)]
        self._result.ends = len(front)
        for number in front:
            good[number] = 1
        while front:
            for source in self._calm[front.pop()]:
                if not good[source]:
                    good[source] = 1
                    front.append(source)
        self._result.stuck = len(good) - sum(good)
        if self._result.stuck:
            self._result.traces["stuck"] = [*self._trace(good.index(0), None), "=> no end can be reached"]

    def _trace(self, number: int, last: Label | None) -> list[str]:
        """The steps to a state, told with each actor's own name all along."""
        way: list[tuple[Label, bool]] = [] if last is None else [(last, False)]
        while (came := self._came[number]) is not None:
            number, label, swapped = came
            way.append((label, swapped))
        names, lines = self._model.names, []
        for label, swapped in reversed(way):
            lines.append(label.text if label.who is None else f"{names[label.who]} {label.text}")
            names = names[::-1] if swapped else names
        return lines
