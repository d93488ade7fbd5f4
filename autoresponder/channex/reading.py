"""Every read of the port over HTTP; both clients build on it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlsplit

from autoresponder.channex import account, payloads, requests
from autoresponder.channex.interface import ChannexReader, Page
from autoresponder.channex.limiter import Limiter, Unlimited
from autoresponder.channex.payloads import Unreadable
from autoresponder.channex.query import MAX_LIMIT, page_size
from autoresponder.channex.reads import Reads
from autoresponder.channex.requests import Request
from autoresponder.channex.responses import Answer, Envelope, interpret, opened
from autoresponder.channex.wire import Wire
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
_LAST_PAGES = 128
_LARGEST_LAST_PAGE = 200_000
"""Bytes; what is larger is read anew each time."""


def system_now() -> datetime:
    """The machine's wall time, in UTC."""
    return datetime.now(UTC)


class Reading(ChannexReader):
    """All reads of the port.

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
        now: Callable[[], datetime] = system_now,
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
        self._last_pages: OrderedDict[tuple[str, int, int], tuple[tuple[int, bytes], Page[Message]]] = (
            OrderedDict()
        )
        """A thread is read twice in short order, before deciding and before writing: nearly always the same."""

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
        answer = await self._reads.get(request)
        key = (thread_id, page, limit)
        known = self._last_pages.get(key)
        if known is not None and answer.complete and (answer.status, answer.body) == known[0]:
            return known[1]
        found = self._page_of(request, answer, payloads.message, page, limit)
        if len(answer.body) <= _LARGEST_LAST_PAGE:
            self._last_pages[key] = (answer.status, answer.body), found
        if len(self._last_pages) > _LAST_PAGES:
            self._last_pages.popitem(last=False)
        return found

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
            news = any(entry not in found for entry in page.items)
            found.extend(page.items if news else ())
            if not page.has_more(news=news):
                break
        return tuple(found)

    async def live_feed(
        self, *, page: int = 1, limit: int = 100, filters: Mapping[str, str] | None = None
    ) -> Page[LiveFeedEvent]:
        """See `ChannexReader.live_feed`."""
        request = requests.live_feed(page=page, limit=limit, filters=filters)
        return await self._page(request, account.live_feed_event, page, limit)

    def _understood(self, request: Request, answer: Answer) -> Envelope:
        if answer.accepted:
            return opened(request, answer)
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
        return self._page_of(request, await self._reads.get(request), read, page, limit)

    def _page_of(
        self, request: Request, answer: Answer, read: Callable[[object], T], page: int, limit: int
    ) -> Page[T]:
        envelope = self._understood(request, answer)
        try:
            return payloads.page(envelope, read, page=page, limit=page_size(limit))
        except Unreadable as error:
            raise ChannexUnavailable(f"{request.what}: the answer cannot be read: {error}") from None


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
