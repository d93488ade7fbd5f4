"""Runs the model: `python -m tests.model [--large]`; prints counts, and each mutant's shortest trace."""

from __future__ import annotations

import sys
import time

from tests.model.checker import Result
from tests.model.life import play
from tests.model.variants import CONFIGURATIONS, LARGE, MUTANTS


def main() -> int:
    """See the module; 1 when a promise is broken."""
    broken = False
    configurations = {name: (played.rules, played.bounds) for name, played in CONFIGURATIONS.items()}
    if "--large" in sys.argv[1:]:
        configurations |= LARGE
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
