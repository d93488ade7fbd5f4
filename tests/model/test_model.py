"""The protocol keeps its promises in every order of events within the bounds; without a guard rail it does not."""

from __future__ import annotations

import pytest

from tests.model.life import play
from tests.model.variants import CONFIGURATIONS, MUTANTS


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_no_order_of_events_breaks_a_promise(name: str) -> None:
    played = CONFIGURATIONS[name]
    result = play(played.rules, played.bounds)
    print(f"{result.states:,} states, {result.transitions:,} transitions, {result.ends:,} ends")
    assert result.traces == {}
    assert result.stuck == 0
    assert (result.states, result.transitions) == (played.states, played.transitions)


@pytest.mark.parametrize("name", MUTANTS)
def test_every_guard_rail_is_missed(name: str) -> None:
    mutant = MUTANTS[name]
    result = play(mutant.rules, mutant.bounds, first_only=True)
    print(f"{name}: {result.states:,} states, {result.transitions:,} transitions")
    print("\n".join(*result.traces.values()))
    assert list(result.traces) == [mutant.breaks]
    assert len(result.traces[mutant.breaks]) == mutant.steps + 1
