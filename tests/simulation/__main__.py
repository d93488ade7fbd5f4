"""Plays one schedule again and prints its history: `python -m tests.simulation SEED [PROFILE]`."""

from __future__ import annotations

import sys

from tests.simulation.schedule import run


def main() -> None:
    """See the module."""
    result = run(sys.argv[1], *sys.argv[2:3], history=True)
    print("\n".join(result.history))
    print(f"\n{result.seconds:.0f} s simulated, {result.steps} steps, {result.sent} sent")
    print("\n".join(result.violations) or "no violation")


if __name__ == "__main__":
    main()
