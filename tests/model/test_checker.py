"""The checker finds what there is to find, and the model moves by the program's own state machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autoresponder.delivery import machine
from autoresponder.records import DeliveryState
from tests.model import deliveries
from tests.model.checker import Broken, Label, Model, explore
from tests.model.life import play
from tests.model.variants import DURABLE, Bounds


def _count(*, trap: int | None = None, broken: int | None = None, fault: bool = False) -> Model[int]:
    """From 0 up to 5, by one or by two; at `trap` it goes no further."""

    def steps(state: int) -> Iterator[tuple[Label, int | Broken]]:
        if state in {trap, 5}:
            return
        for by in (1, 2):
            if state + by == broken:
                yield Label(0, f"adds {by}"), Broken("too much")
            elif state + by <= 5:
                yield Label(0, f"adds {by}", fault=fault and by == 1), state + by

    return Model(initial=0, steps=steps, canonical=lambda s: (s, False), is_end=lambda s: s == 5)


def test_every_state_is_visited_once() -> None:
    result = explore(_count())
    assert (result.states, result.transitions, result.ends, result.stuck) == (6, 9, 1, 0)
    assert result.fine


def test_the_shortest_way_to_a_break_is_told() -> None:
    result = explore(_count(broken=4))
    assert result.traces["too much"] == ["A adds 2", "A adds 2", "=> too much"]
    assert result.broken["too much"] == 2


def test_a_state_without_a_way_to_an_end_is_found() -> None:
    result = explore(_count(trap=3))
    assert result.stuck == 1
    assert result.traces["stuck"] == ["A adds 1", "A adds 2", "=> no end can be reached"]


def test_an_end_that_takes_trouble_to_be_reached_is_none() -> None:
    result = explore(_count(fault=True))
    assert result.stuck == 3  # from 0, 2 and 4 only a fault leads to 5


def test_the_other_actor_is_named_when_both_are_exchanged() -> None:
    def steps(state: tuple[int, int]) -> Iterator[tuple[Label, tuple[int, int] | Broken]]:
        one, two = state
        yield Label(0, "moves"), Broken("over") if one == 2 else (one + 1, two)

    def canonical(state: tuple[int, int]) -> tuple[tuple[int, int], bool]:
        one, two = state
        return ((two, one), True) if two < one else (state, False)

    result = explore(
        Model(initial=(0, 0), steps=steps, canonical=canonical, is_end=lambda s: False), first_only=True
    )
    assert result.traces["over"] == ["A moves", "B moves", "B moves", "A moves", "A moves", "=> over"]


def test_a_move_taken_out_of_the_machine_is_missed_by_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table is shared, not copied."""
    taken = (DeliveryState.INTENT, DeliveryState.CLAIMED)
    deliveries.read_back.cache_clear()
    monkeypatch.setattr(machine, "TRANSITIONS", machine.TRANSITIONS - {taken})
    try:
        result = play(DURABLE, Bounds(replicas=1, faults=1), first_only=True)
    finally:
        deliveries.read_back.cache_clear()
    assert list(result.traces) == ["illegal move: delivery text: intent → claimed is not a legal move"]
