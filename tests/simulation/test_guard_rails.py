"""Every guard rail matters: without it the simulation finds a broken promise."""

from __future__ import annotations

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.schedule import run

_ENOUGH = 1_000
_BEGIN = {"no lease check": 360, "no mark beside the store": 120}
"""Where to begin, for those that few schedules miss; all of them are tried before it counts as not missed."""


@pytest.mark.parametrize("name", MUTANTS)
def test_without_it_a_promise_is_broken(name: str) -> None:
    begin = _BEGIN.get(name, 0)
    for seed in (*range(begin, _ENOUGH), *range(begin)):
        result = run(seed, exchanged=lambda: MUTANTS[name])
        if result.violations:
            print(f"{name}: found by schedule {seed}: {result.violations[0]}")
            return
    pytest.fail(f"{name}: not missed in {_ENOUGH} schedules")
