"""The protocol keeps its promises in every order of events within the bounds; without a guard rail it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.model.life import play
from tests.model.variants import MUTANTS, PROGRAM, QUIET


def test_no_order_of_events_breaks_a_promise() -> None:
    """One crash anywhere, one write or answer that goes wrong, two replicas that may stand still anywhere."""
    result = play(replace(PROGRAM, durable=True), replace(QUIET, crashes=1, faults=1))
    print(f"{result.states:,} states, {result.transitions:,} transitions, {result.ends:,} ends")
    assert result.traces == {}
    assert result.stuck == 0
    assert result.states > 25_000
    assert result.ends > 1_000


@pytest.mark.parametrize("name", MUTANTS)
def test_every_guard_rail_is_missed(name: str) -> None:
    mutant = MUTANTS[name]
    result = play(mutant.rules, mutant.bounds, first_only=True)
    print(f"{name}: {result.states:,} states, {result.transitions:,} transitions")
    print("\n".join(*result.traces.values()))
    assert list(result.traces) == [mutant.breaks]
    assert len(result.traces[mutant.breaks]) == mutant.steps + 1
