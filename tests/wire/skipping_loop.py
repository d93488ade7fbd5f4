"""An event loop with real sockets whose clock can be put forward, so that nobody waits for a timeout."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class SkippingLoop(asyncio.SelectorEventLoop):
    """A loop that counts real seconds, and those that were skipped."""

    def __init__(self) -> None:
        super().__init__()
        self._skipped = 0.0

    def time(self) -> float:
        """Seconds that only grow."""
        return super().time() + self._skipped

    def skip(self, seconds: float) -> None:
        """Put the clock forward: timers that become due by it run next."""
        self._skipped += seconds


def play(make: Callable[[SkippingLoop], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine in a fresh loop; it is made with the loop as its argument."""
    loop = SkippingLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(make(loop))
