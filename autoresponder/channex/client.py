"""The Channex client: one type that can only read, and one that also writes.

`ReadOnlyClient` has no write method, holds nothing that has one, and its session is only ever asked to
GET. `Client` adds the writes; it is not a `ReadOnlyClient`, so neither can stand in for the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TypeVar, final
from urllib.parse import urlsplit

from autoresponder.channex import account, payloads, requests
from autoresponder.channex.interface import BeforeWrite, ChannexReader, ChannexWriter, Page, SentMessage
from autoresponder.channex.limiter import Limiter, Unlimited
from autoresponder.channex.payloads import Unreadable
from autoresponder.channex.query import MAX_LIMIT, page_size
from autoresponder.channex.requests import Request
from autoresponder.channex.responses import Answer, Envelope, interpret, unusable
from autoresponder.channex.transport import Reads, Wire, Writes
from autoresponder.config import Secret
from autoresponder.errors import ChannexRateLimited, ChannexUnavailable, ConfigError
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

_MAX_APPLICATION_PAGES = 100


def _system_now() -> datetime:
    return datetime.now(UTC)


class _Reading(ChannexReader):
    """All reads of the port; the two public clients build on it.

    Args:
        base_url: With scheme and version, such as `https://app.channex.io/api/v1`.
        api_key: The key; it goes into one request header and nowhere else.
        timeout: Seconds for a whole request.
        now: Wall time, for `Retry-After` headers that hold a date.
        limiter: Asked before each request; None for no limit.

    Raises:
        ConfigError: The address or the key cannot be used.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: Secret,
        timeout: float = 30.0,
        now: Callable[[], datetime] = _system_now,
        limiter: Limiter | None = None,
    ) -> None:
        self._wire = Wire(
            base_url=_checked_url(base_url),
            api_key=_checked_key(api_key),
            timeout=timeout,
            limiter=Unlimited() if limiter is None else limiter,
        )
        self._reads = Reads(self._wire)
        self._now = now

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections; closing twice is harmless. A closed client stays closed."""
        await self._reads.close()
        await self._wire.close()

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
        request = requests.message_threads(
            page=page, limit=limit, order_by=order_by, descending=descending, filters=filters
        )
        return await self._page(request, payloads.message_thread, page, limit)

    async def message_thread(self, thread_id: ThreadId) -> MessageThread:
        """See `ChannexReader.message_thread`."""
        return await self._one(requests.message_thread(thread_id), payloads.message_thread)

    async def thread_messages(self, thread_id: ThreadId, *, page: int = 1, limit: int = 100) -> Page[Message]:
        """See `ChannexReader.thread_messages`."""
        request = requests.thread_messages(thread_id, page=page, limit=limit)
        return await self._page(request, payloads.message, page, limit)

    async def booking_messages(
        self, booking_id: BookingId, *, page: int = 1, limit: int = 100
    ) -> Page[Message]:
        """See `ChannexReader.booking_messages`."""
        request = requests.booking_messages(booking_id, page=page, limit=limit)
        return await self._page(request, payloads.message, page, limit)

    async def booking(self, booking_id: BookingId) -> Booking:
        """See `ChannexReader.booking`."""
        return await self._one(requests.booking(booking_id), account.booking)

    async def properties(self, *, page: int = 1, limit: int = 100) -> Page[Property]:
        """See `ChannexReader.properties`."""
        request = requests.properties(page=page, limit=limit)
        return await self._page(request, account.property_, page, limit)

    async def property(self, property_id: PropertyId) -> Property:
        """See `ChannexReader.property`."""
        return await self._one(requests.property_(property_id), account.property_)

    async def installed_applications(self) -> Sequence[InstalledApplication]:
        """See `ChannexReader.installed_applications`; reads all pages."""
        found: list[InstalledApplication] = []
        for number in range(1, _MAX_APPLICATION_PAGES + 1):
            request = requests.installed_applications(page=number)
            page = await self._page(request, account.application, number, MAX_LIMIT)
            found.extend(page.items)
            if not page.has_more:
                break
        return tuple(found)

    async def live_feed(
        self, *, page: int = 1, limit: int = 100, filters: Mapping[str, str] | None = None
    ) -> Page[LiveFeedEvent]:
        """See `ChannexReader.live_feed`."""
        request = requests.live_feed(page=page, limit=limit, filters=filters)
        return await self._page(request, account.live_feed_event, page, limit)

    def _understood(self, request: Request, answer: Answer) -> Envelope:
        try:
            return interpret(request, answer, now=self._now())
        except ChannexRateLimited as error:
            self._wire.limiter.throttled(error.retry_after)
            raise

    async def _one(self, request: Request, read: Callable[[object], T]) -> T:
        envelope = self._understood(request, await self._reads.get(request))
        try:
            return read(envelope.data)
        except Unreadable as error:
            raise ChannexUnavailable(f"{request.what}: the answer cannot be read: {error}") from None

    async def _page(self, request: Request, read: Callable[[object], T], page: int, limit: int) -> Page[T]:
        envelope = self._understood(request, await self._reads.get(request))
        try:
            return payloads.page(envelope, read, page=page, limit=page_size(limit))
        except Unreadable as error:
            raise ChannexUnavailable(f"{request.what}: the answer cannot be read: {error}") from None


@final
class ReadOnlyClient(_Reading):
    """Reads, and nothing else: what dry runs, previews and `explain` are given."""


@final
class Client(_Reading, ChannexWriter):
    """Reads and writes. Every write goes out at most once per call; `transport` says how.

    On cancellation `CancelledError` is raised again: the write's outcome is as unknown as after a crash.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: Secret,
        timeout: float = 30.0,
        now: Callable[[], datetime] = _system_now,
        limiter: Limiter | None = None,
    ) -> None:
        super().__init__(base_url=base_url, api_key=api_key, timeout=timeout, now=now, limiter=limiter)
        self._writes = Writes(self._wire)

    async def close(self) -> None:
        """See `_Reading.close`."""
        await self._writes.close()
        await super().close()

    async def send_to_thread(
        self,
        thread_id: ThreadId,
        *,
        text: str | None = None,
        attachment_id: str | None = None,
        before_write: BeforeWrite | None = None,
    ) -> SentMessage:
        """See `ChannexWriter.send_to_thread`."""
        request = requests.send_to_thread(thread_id, text=text, attachment_id=attachment_id)
        return await self._send(request, before_write)

    async def send_to_booking(
        self,
        booking_id: BookingId,
        *,
        text: str | None = None,
        attachment_id: str | None = None,
        before_write: BeforeWrite | None = None,
    ) -> SentMessage:
        """See `ChannexWriter.send_to_booking`."""
        request = requests.send_to_booking(booking_id, text=text, attachment_id=attachment_id)
        return await self._send(request, before_write)

    async def upload_attachment(self, *, content: bytes, file_name: str, file_type: str) -> str:
        """See `ChannexWriter.upload_attachment`."""
        request = requests.upload_attachment(content, file_name=file_name, file_type=file_type)
        return await self._create(request, payloads.created_id, None)

    async def close_thread(self, thread_id: ThreadId, *, before_write: BeforeWrite | None = None) -> None:
        """See `ChannexWriter.close_thread`."""
        await self._post(requests.close_thread(thread_id), before_write)

    async def no_reply_needed(self, thread_id: ThreadId, *, before_write: BeforeWrite | None = None) -> None:
        """See `ChannexWriter.no_reply_needed`."""
        await self._post(requests.no_reply_needed(thread_id), before_write)

    async def resolve_live_feed_event(self, event_id: str, resolution: Mapping[str, object]) -> None:
        """See `ChannexWriter.resolve_live_feed_event`."""
        await self._post(requests.resolve_live_feed_event(event_id, resolution), None)

    async def _send(self, request: Request, before_write: BeforeWrite | None) -> SentMessage:
        now = self._now()
        message = await self._create(request, lambda data: payloads.message(data, fallback=now), before_write)
        return SentMessage(message=message)

    async def _create(
        self, request: Request, read: Callable[[object], T], before_write: BeforeWrite | None
    ) -> T:
        answer, envelope = await self._post(request, before_write)
        try:
            return read(envelope.data)
        except Unreadable as error:
            unusable(request, answer.status, str(error))

    async def _post(self, request: Request, before_write: BeforeWrite | None) -> tuple[Answer, Envelope]:
        answer = await self._writes.post(request, before_write)
        return answer, self._understood(request, answer)


def _checked_url(base_url: str) -> str:
    """The address without trailing slash.

    Raises:
        ConfigError: It is no plain http(s) address. What it holds is not repeated: it may hold a password.
    """
    remedy = "write it like https://app.channex.io/api/v1"
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not base_url.isascii() or not base_url.isprintable() or " " in base_url:
        raise ConfigError(f"channex.base_url is not a web address: {remedy}")
    if parts.username is not None or parts.query or parts.fragment:
        raise ConfigError(f"channex.base_url holds more than an address (user, ? or #): {remedy}")
    return base_url.rstrip("/")


def _checked_key(api_key: Secret) -> Secret:
    """The key, if it can stand in a header.

    Raises:
        ConfigError: It cannot, or is empty. The key itself is not shown.
    """
    value = api_key.reveal()
    if not value:
        raise ConfigError("there is no Channex API key: set CHANNEX_API_KEY or CHANNEX_API_KEY_FILE")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ConfigError(
            "the Channex API key holds spaces, line ends or other characters that no key has: copy it again"
        )
    return api_key
