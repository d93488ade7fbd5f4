"""Every guard rail matters: without it the simulation finds a broken promise."""

from __future__ import annotations

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.schedule import run

_ENOUGH = 1_000


@pytest.mark.parametrize("name", MUTANTS)
def test_without_it_a_promise_is_broken(name: str) -> None:
    for seed in range(_ENOUGH):
        result = run(seed, exchanged=lambda: MUTANTS[name])
        if result.violations:
            print(f"{name}: found by schedule {seed}: {result.violations[0]}")
            return
    pytest.fail(f"{name}: not missed in {_ENOUGH} schedules")
