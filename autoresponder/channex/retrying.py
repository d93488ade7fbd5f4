"""A reader that repeats failed reads. Writes cannot be repeated with it: it has none."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from autoresponder.channex.interface import ChannexReader, Page
from autoresponder.channex.waiting import backoff
from autoresponder.errors import ChannexRateLimited, ChannexUnavailable
from autoresponder.model import (
    Booking,
    BookingId,
    InstalledApplication,
    LiveFeedEvent,
    Message,
    MessageThread,
    Property,
    PropertyId,
    ThreadId,
)

T = TypeVar("T")


class RetryingReader(ChannexReader):
    """Repeats a read that was rate limited or found the API unavailable; other errors pass at once.

    Args:
        reader: What really reads.
        rand: Random numbers in [0, 1) for jitter.
        sleep: Waits so many seconds.
        attempts: Most attempts of one read.
        patience: When the server asks to wait longer than this many seconds, its error is passed on, so
            that the caller can do something else meanwhile.
        tell: Told, in words for people, that a read found no answer and is repeated.
    """

    def __init__(
        self,
        reader: ChannexReader,
        *,
        rand: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        attempts: int = 4,
        patience: float = 60.0,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        if attempts < 1:
            raise ValueError("attempts must be at least 1")
        self._reader = reader
        self._rand = rand
        self._sleep = sleep
        self._attempts = attempts
        self._patience = patience
        self._tell = tell

    async def _repeat(self, read: Callable[[], Awaitable[T]]) -> T:
        attempt = 1
        while True:
            try:
                return await read()
            except (ChannexUnavailable, ChannexRateLimited) as error:
                asked = error.retry_after or 0.0
                if attempt >= self._attempts or asked > self._patience:
                    raise
                if self._tell is not None and isinstance(error, ChannexUnavailable):
                    self._tell(f"{error}: trying again, {self._attempts - attempt} more times at most")
            await self._sleep(asked + backoff(attempt, self._rand()))
            attempt += 1

    async def message_threads(
        self,
        *,
        page: int = 1,
        limit: int = 100,
        order_by: str | None = "last_message_received_at",
        descending: bool = True,
        filters: Mapping[str, str] | None = None,
    ) -> Page[MessageThread]:
        """See `ChannexReader.message_threads`."""
        return await self._repeat(
            lambda: self._reader.message_threads(
                page=page, limit=limit, order_by=order_by, descending=descending, filters=filters
            )
        )

    async def message_thread(self, thread_id: ThreadId) -> MessageThread:
        """See `ChannexReader.message_thread`."""
        return await self._repeat(lambda: self._reader.message_thread(thread_id))

    async def thread_messages(self, thread_id: ThreadId, *, page: int = 1, limit: int = 100) -> Page[Message]:
        """See `ChannexReader.thread_messages`."""
        return await self._repeat(lambda: self._reader.thread_messages(thread_id, page=page, limit=limit))

    async def booking_messages(
        self, booking_id: BookingId, *, page: int = 1, limit: int = 100
    ) -> Page[Message]:
        """See `ChannexReader.booking_messages`."""
        return await self._repeat(lambda: self._reader.booking_messages(booking_id, page=page, limit=limit))

    async def booking(self, booking_id: BookingId) -> Booking:
        """See `ChannexReader.booking`."""
        return await self._repeat(lambda: self._reader.booking(booking_id))

    async def properties(self, *, page: int = 1, limit: int = 100) -> Page[Property]:
        """See `ChannexReader.properties`."""
        return await self._repeat(lambda: self._reader.properties(page=page, limit=limit))

    async def property(self, property_id: PropertyId) -> Property:
        """See `ChannexReader.property`."""
        return await self._repeat(lambda: self._reader.property(property_id))

    async def installed_applications(self) -> Sequence[InstalledApplication]:
        """See `ChannexReader.installed_applications`."""
        return await self._repeat(self._reader.installed_applications)

    async def live_feed(
        self, *, page: int = 1, limit: int = 100, filters: Mapping[str, str] | None = None
    ) -> Page[LiveFeedEvent]:
        """See `ChannexReader.live_feed`."""
        return await self._repeat(lambda: self._reader.live_feed(page=page, limit=limit, filters=filters))
