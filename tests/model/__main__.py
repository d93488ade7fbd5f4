"""Runs the model: `python -m tests.model [--large]`; prints counts, and each mutant's shortest trace."""

from __future__ import annotations

import sys
import time
from dataclasses import replace

from tests.model.checker import Result
from tests.model.life import play
from tests.model.variants import MUTANTS, PROGRAM, QUIET, Bounds, Rules

DURABLE = replace(PROGRAM, durable=True)

CONFIGURATIONS: dict[str, tuple[Rules, Bounds]] = {
    "durable store, crash 1, fault 1": (DURABLE, replace(QUIET, crashes=1, faults=1)),
    "volatile store, crash 1, fault 1": (PROGRAM, replace(QUIET, crashes=1, faults=1)),
}

LARGE: dict[str, tuple[Rules, Bounds]] = {
    "volatile store, loss 1": (PROGRAM, replace(QUIET, losses=1)),
    "durable store, crash 2, fault 1": (DURABLE, replace(QUIET, crashes=2, faults=1)),
    "durable store, fault 2, a person, masked, late": (
        DURABLE,
        replace(QUIET, faults=2, person=True, masked=True, late=True),
    ),
}


def main() -> int:
    """See the module; 1 when a promise is broken."""
    broken = False
    configurations = CONFIGURATIONS | (LARGE if "--large" in sys.argv[1:] else {})
    for name, (rules, bounds) in configurations.items():
        started = time.monotonic()
        result = play(rules, bounds)
        _tell(name, result, time.monotonic() - started)
        broken |= not result.fine
    for name, mutant in MUTANTS.items():
        started = time.monotonic()
        _tell(name, play(mutant.rules, mutant.bounds, first_only=True), time.monotonic() - started)
    return int(broken)


def _tell(name: str, result: Result, seconds: float) -> None:
    print(
        f"{name}: {result.states:,} states, {result.transitions:,} transitions, {result.ends:,} ends, "
        f"{result.stuck:,} stuck, {sum(result.broken.values()):,} breaks, {seconds:.0f} s",
        flush=True,
    )
    for trace in result.traces.values():
        print("\n".join(f"    {line}" for line in trace), flush=True)


if __name__ == "__main__":
    sys.exit(main())
