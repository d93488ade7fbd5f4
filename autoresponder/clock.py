"""Time as an argument: the clock port and the clocks that the programs use.

Three kinds of time are kept apart. `now` is wall time in UTC, the time that guests, rules and records
live in; the sandbox may run it fast. `monotonic` is seconds that only grow, never sped up; network
deadlines and quarantines are measured on it. `sleep` waits in the wall clock's seconds.
"""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta


class Clock(ABC):
    """The only source of time for everything outside the pure core."""

    @abstractmethod
    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""

    @abstractmethod
    def monotonic(self) -> float:
        """Return seconds that never go backwards and never run fast."""

    @abstractmethod
    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of wall time (fewer real ones when the clock runs fast)."""

    def wall(self, seconds: float) -> timedelta:
        """Wall time that passes in so many real seconds."""
        return timedelta(seconds=seconds)


class SystemClock(Clock):
    """The machine's own time."""

    def now(self) -> datetime:
        """See `Clock.now`."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """See `Clock.sleep`."""
        await asyncio.sleep(max(0.0, seconds))


class FastClock(Clock):
    """Wall time that starts at a chosen instant and runs `speed` times as fast as real time.

    Args:
        start: Wall time, aware, at the moment of construction.
        speed: Wall seconds per real second; 1 is real time.
    """

    def __init__(self, start: datetime, speed: float) -> None:
        if speed <= 0:
            raise ValueError("speed must be above 0")
        self._start = start.astimezone(UTC)
        self._speed = speed
        self._origin = time.monotonic()

    @property
    def speed(self) -> float:
        """Wall seconds per real second."""
        return self._speed

    def now(self) -> datetime:
        """See `Clock.now`."""
        return self._start + timedelta(seconds=(time.monotonic() - self._origin) * self._speed)

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """See `Clock.sleep`."""
        await asyncio.sleep(max(0.0, seconds) / self._speed)

    def wall(self, seconds: float) -> timedelta:
        """See `Clock.wall`."""
        return timedelta(seconds=seconds * self._speed)


class ManualClock(Clock):
    """A clock that moves only when told; for tests, explain and previews at a chosen time.

    Args:
        start: Wall time, aware.
    """

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._monotonic = 0.0

    def now(self) -> datetime:
        """See `Clock.now`."""
        return self._now

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        """Move the clock by `seconds` and give other tasks a turn; nobody really waits."""
        self.advance(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Move wall and monotonic time forward by `seconds`."""
        self._now += timedelta(seconds=max(0.0, seconds))
        self._monotonic += max(0.0, seconds)
