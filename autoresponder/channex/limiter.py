"""One rate for everything that uses the API key: a token bucket, a cap on concurrency, and 429 manners.

The configured rate is an upper bound. After a 429 everybody waits as long as the server asked, the rate
is halved, and it grows back by a tenth of the configured one per minute without another 429.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from autoresponder.errors import ChannexRateLimited

_DEFAULT_PAUSE = 10.0
"""Seconds of silence after a 429 that names none."""

_SHORTEST_PAUSE = 1.0
_LONGEST_WAIT = 60.0
"""A read that would have to wait longer is refused here, so that its caller can plan."""

_SLOWEST = 1 / 16
"""Part of the configured rate below which it never falls."""

_RECOVERY = 0.1 / 60
"""Part of the configured rate that comes back per second."""


class Limiter(Protocol):
    """What the client needs of a limiter."""

    async def acquire(self, *, urgent: bool = False) -> None:
        """Wait for permission to send one request."""

    def release(self) -> None:
        """The request is over."""

    def throttled(self, retry_after: float | None) -> None:
        """The server answered 429."""


class Unlimited:
    """No limit at all."""

    async def acquire(self, *, urgent: bool = False) -> None:
        """See `Limiter.acquire`."""

    def release(self) -> None:
        """See `Limiter.release`."""

    def throttled(self, retry_after: float | None) -> None:
        """See `Limiter.throttled`."""


class RateLimiter:
    """A limiter shared by all tasks of a process.

    A write takes its token on credit instead of waiting in line: between its recorded intent and its
    first byte only seconds may pass. Later reads pay for it. While the server wants silence a write is
    refused at once, which is definite, instead of becoming stale.

    Args:
        per_minute: Requests per minute in the long run; a sixth of it may go out at once.
        concurrency: Requests under way at once.
        monotonic: Seconds that only grow.
        sleep: Waits so many of these seconds.
        tell: Told, in words for people, that there will be a pause.
    """

    def __init__(
        self,
        *,
        per_minute: int,
        concurrency: int,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        if per_minute < 1 or concurrency < 1:
            raise ValueError("per_minute and concurrency must be at least 1")
        self._full = per_minute / 60
        self._factor = 1.0
        self._burst = max(1.0, per_minute / 6)
        self._tokens = self._burst
        self._monotonic = monotonic
        self._sleep = sleep
        self._tell = tell
        self._seen = monotonic()
        self._silent_until = self._seen
        self._line = asyncio.Lock()
        self._places = asyncio.Semaphore(concurrency)

    @property
    def per_minute(self) -> float:
        """The rate at present."""
        self._refill()
        return self._full * self._factor * 60

    async def acquire(self, *, urgent: bool = False) -> None:
        """Wait for a token, then for a place; the caller must `release`.

        Args:
            urgent: For writes: never waits for a token.

        Raises:
            ChannexRateLimited: The server wants more silence than this request can wait. Nothing was sent.
        """
        if urgent:
            self._check_silence(0.0)
            self._refill()
            self._tokens -= 1
        elif self._line.locked() or not self._take():
            async with self._line:
                while not self._take():
                    self._check_silence(_LONGEST_WAIT)
                    await self._sleep(self._wait())
        await self._places.acquire()

    def release(self) -> None:
        """Give the place back."""
        self._places.release()

    def throttled(self, retry_after: float | None) -> None:
        """Take a 429: silence for everybody, and half the rate once per silence."""
        now = self._refill()
        pause = max(_SHORTEST_PAUSE, _DEFAULT_PAUSE if retry_after is None else retry_after)
        if now >= self._silent_until:
            self._factor = max(_SLOWEST, self._factor / 2)
            if self._tell is not None:
                self._tell(
                    f"Channex says that it was asked too often: asking again in {pause:.0f} s, and more slowly"
                )
        self._silent_until = max(self._silent_until, now + pause)
        self._tokens = min(self._tokens, 0.0)

    def _take(self) -> bool:
        now = self._refill()
        if now < self._silent_until or self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _wait(self) -> float:
        """Seconds until a token can be had, as things stand now; a little more than nothing."""
        now = self._refill()
        missing = max(0.0, 1 - self._tokens) / (self._full * self._factor)
        return max(self._silent_until - now, missing, 0.001)

    def _check_silence(self, patience: float) -> None:
        left = self._silent_until - self._monotonic()
        if left > patience:
            raise ChannexRateLimited(
                f"the server asked for silence after too many requests: {left:.0f} more seconds",
                retry_after=left,
                status=None,
            )

    def _refill(self) -> float:
        """Let time pass; no tokens grow during silence, so that it does not end in a burst."""
        now = self._monotonic()
        if now <= self._seen:
            return now
        since = max(self._seen, self._silent_until)
        self._seen = now
        if now > since:
            passed = now - since
            self._tokens = min(self._burst, self._tokens + passed * self._full * self._factor)
            if self._factor < 1:
                self._factor = min(1.0, self._factor + passed * _RECOVERY)
        return now
