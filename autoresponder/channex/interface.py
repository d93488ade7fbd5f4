"""Ports to the channel manager: what may be read, and what may be written.

`ChannexReader` has no write method at all. Dry run, preview and explain get an object of that type, so
"nothing was sent" is a fact of the program's types and not of a flag. `ChannexWriter` adds the writes.

All methods raise errors of `autoresponder.errors.ChannexError` and nothing else (besides cancellation).
Reads may be repeated by whoever calls; no implementation ever repeats a write.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

import msgspec

from autoresponder.errors import ChannexForbidden, ChannexUnavailable
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

T_co = TypeVar("T_co", covariant=True)

BeforeWrite = Callable[[], None]
"""Called once, after the connection stands and right before the first byte of the request is written.

It may raise: then nothing was sent, and its exception is what the write raises.
"""


class Page(msgspec.Struct, Generic[T_co], frozen=True, kw_only=True):
    """One page of a list, with what the server said about it."""

    items: tuple[T_co, ...]
    page: int
    """1-based, as echoed; the requested number when the server did not say."""
    limit: int
    total: int | None
    order_by: str | None
    """The order that the server says it used: compare it with what was asked for."""
    order_direction: str | None
    unreadable: tuple[str, ...] = ()
    """For entries that could not be read: what was wrong, without guest text. The others stand."""

    def has_more(self, *, news: bool) -> bool:
        """Whether the next page is to be asked for.

        What the server says of size and total holds only as far as the rows bear it out: it may send fewer rows
        a page than it was asked for and not say so, or count only what it sends. In doubt the next page is asked
        for, until one is empty or brings nothing new.

        Args:
            news: Whether this page held anything that the pages before it did not.
        """
        count = len(self.items) + len(self.unreadable)
        if count == 0:
            return False
        if self.total is None:
            return news
        before = (self.page - 1) * self.limit
        if before + self.limit < self.total:
            return True
        return news and (count >= self.limit or before + count != self.total)


class ChannexReader(ABC):
    """Reads; the only type that dry runs ever hold."""

    @abstractmethod
    async def message_threads(
        self,
        *,
        page: int = 1,
        limit: int = 100,
        order_by: str | None = "last_message_received_at",
        descending: bool = True,
        filters: Mapping[str, str] | None = None,
    ) -> Page[MessageThread]:
        """One page of threads.

        Args:
            page: 1-based.
            limit: Entries per page, at most 100.
            order_by: Field to sort by, or None for the server's own order.
            descending: Newest first.
            filters: Field to value, e.g. `{"property_id": "…"}`; an operator follows the field after a
                dot, e.g. `{"updated_at.gte": "2026-05-01T00:00:00"}`.
        """

    @abstractmethod
    async def message_thread(self, thread_id: ThreadId) -> MessageThread:
        """One thread."""

    @abstractmethod
    async def thread_messages(self, thread_id: ThreadId, *, page: int = 1, limit: int = 100) -> Page[Message]:
        """One page of a thread's messages, newest first (ordered by `inserted_at`)."""

    @abstractmethod
    async def booking_messages(
        self, booking_id: BookingId, *, page: int = 1, limit: int = 100
    ) -> Page[Message]:
        """One page of a booking's messages, newest first; the second way to read a thread back."""

    @abstractmethod
    async def booking(self, booking_id: BookingId) -> Booking:
        """One booking. `ChannexNotFound` is normal for old ones."""

    @abstractmethod
    async def properties(self, *, page: int = 1, limit: int = 100) -> Page[Property]:
        """One page of the account's properties."""

    @abstractmethod
    async def property(self, property_id: PropertyId) -> Property:
        """One property."""

    @abstractmethod
    async def installed_applications(self) -> Sequence[InstalledApplication]:
        """Applications installed on the account's properties."""

    @abstractmethod
    async def live_feed(
        self, *, page: int = 1, limit: int = 100, filters: Mapping[str, str] | None = None
    ) -> Page[LiveFeedEvent]:
        """One page of the live feed, newest first."""

    async def all_thread_messages(
        self, thread_id: ThreadId, *, until: frozenset[str] = frozenset(), max_pages: int = 50
    ) -> tuple[Message, ...]:
        """A thread's messages, oldest first, read page by page.

        Pages can shift while they are read; messages are deduplicated by id.

        Args:
            thread_id: The thread.
            until: Stop after the page that holds any of these message ids (the last handled ones).
            max_pages: Never read more than this many pages; what is older is left out.

        Raises:
            ChannexUnavailable: A page held entries, and not one that can be read: that is no empty thread.
        """
        seen: dict[str, Message] = {}
        number = 1
        while True:
            page = await self.thread_messages(thread_id, page=number)
            if page.unreadable and not page.items:
                what = f"reading the messages of thread {thread_id}"
                raise ChannexUnavailable(f"{what}: the answer cannot be read: {page.unreadable[0]}")
            before = len(seen)
            for message in page.items:
                seen.setdefault(message.id, message)
            known = any(message.id in until for message in page.items)
            if known or not page.has_more(news=len(seen) > before) or number >= max_pages:
                break
            number += 1
        oldest_first = reversed(seen.values())  # so that equal stamps keep the server's order
        return tuple(sorted(oldest_first, key=lambda m: (m.inserted_at, m.updated_at or m.inserted_at)))

    async def read_threads(
        self, read: Callable[[Mapping[str, str] | None], Awaitable[None]]
    ) -> list[Property]:
        """Read the list of threads over the whole account or, where that is refused, property by property.

        What Channex answers when only some properties have the Messages app is not documented: it may leave
        the others out, or refuse the list as a whole.

        Args:
            read: Reads the list with these filters, as far as it wants.

        Returns:
            Properties that were left out: the Messages app is not installed on them.

        Raises:
            ChannexForbidden: Every property is refused, or the properties themselves are.
            ChannexError: Whatever `read` raises besides.
        """
        try:
            await read(None)
        except ChannexForbidden as error:
            refused = error
        else:
            return []
        try:
            properties = [entry async for entry in self.all_properties()]
        except ChannexForbidden:
            raise refused from None
        left_out: list[Property] = []
        for entry in properties:
            try:
                await read({"property_id": entry.id})
            except ChannexForbidden:
                left_out.append(entry)
        if len(left_out) == len(properties):
            raise refused
        return left_out

    async def all_properties(self) -> AsyncIterator[Property]:
        """Every property of the account once, page by page."""
        seen: set[str] = set()
        number = 1
        while True:
            page = await self.properties(page=number)
            fresh = {entry.id: entry for entry in page.items if entry.id not in seen}
            for entry in fresh.values():
                yield entry
            seen.update(fresh)
            if not page.has_more(news=bool(fresh)):
                return
            number += 1


class SentMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What the server said about a message that it accepted."""

    message: Message
    """With the id by which it can be found again."""


class ChannexWriter(ChannexReader):
    """Reads and writes. Every write is attempted exactly once per call.

    A write raises `ChannexUnavailable` only when not one byte of the request left (connection refused,
    DNS, TLS): definite, may be repeated. `ChannexRateLimited`, `ChannexUnauthorized`, `ChannexForbidden`
    and `ChannexRejected` are definite refusals. Everything else is `DeliveryUnknown`.
    """

    @abstractmethod
    async def send_to_thread(
        self,
        thread_id: ThreadId,
        *,
        text: str | None = None,
        attachment_id: str | None = None,
        before_write: BeforeWrite | None = None,
    ) -> SentMessage:
        """Send either a text or an attachment to a thread (one of the two; never both at once)."""

    @abstractmethod
    async def send_to_booking(
        self,
        booking_id: BookingId,
        *,
        text: str | None = None,
        attachment_id: str | None = None,
        before_write: BeforeWrite | None = None,
    ) -> SentMessage:
        """Send either a text or an attachment to a booking's guest."""

    @abstractmethod
    async def upload_attachment(self, *, content: bytes, file_name: str, file_type: str) -> str:
        """Upload a file and return its attachment id.

        Args:
            content: The file, at most about 7 MB (the API takes 10 MB of JSON).
            file_name: Name that the guest sees.
            file_type: MIME type.
        """

    @abstractmethod
    async def close_thread(self, thread_id: ThreadId, *, before_write: BeforeWrite | None = None) -> None:
        """Close a thread. Closing a closed one is accepted."""

    @abstractmethod
    async def no_reply_needed(self, thread_id: ThreadId, *, before_write: BeforeWrite | None = None) -> None:
        """Mark a Booking.com thread as needing no reply. Harmless when repeated."""

    @abstractmethod
    async def resolve_live_feed_event(
        self,
        event_id: str,
        resolution: Mapping[str, object],
        *,
        before_write: BeforeWrite | None = None,
    ) -> None:
        """Answer an inquiry event, e.g. `{"type": "preapproval"}`. Resolving twice changes nothing."""
