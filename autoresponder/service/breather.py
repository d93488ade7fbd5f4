"""Lets the event loop look around when many threads have work for the processor at the same moment.

Threads that waited for the same round trip go on together. Were they decided in one go, signals, timers and
health checks would wait for all of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

_BURST = 0.025
"""Seconds of work after which the loop gets its turn."""


class Breather:
    """Cuts work into bursts.

    Args:
        monotonic: Seconds that only grow.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._since = monotonic()
        self._bursts = 0

    async def breathe(self) -> None:
        """Go on at once, or after the loop has looked around when this burst is long enough."""
        while self._monotonic() - self._since > _BURST:
            burst = self._bursts
            await asyncio.sleep(0)
            if burst == self._bursts:  # the first one back begins the next burst
                self._bursts += 1
                self._since = self._monotonic()
                return
