"""The Channex client: one type that can only read, and one that also writes.

`ReadOnlyClient` has no write method, holds nothing that has one, and its session is only ever asked to
GET. `Client` adds the writes; it is not a `ReadOnlyClient`, so neither can stand in for the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar, final

from autoresponder.channex import payloads, requests
from autoresponder.channex.interface import BeforeWrite, ChannexWriter, SentMessage
from autoresponder.channex.limiter import Limiter
from autoresponder.channex.payloads import Unreadable
from autoresponder.channex.reading import Reading, system_now
from autoresponder.channex.requests import Request
from autoresponder.channex.responses import Answer, Envelope, unusable
from autoresponder.channex.writes import Writes
from autoresponder.config import Secret
from autoresponder.model import BookingId, ThreadId

T = TypeVar("T")


@final
class ReadOnlyClient(Reading):
    """Reads, and nothing else: what dry runs, previews and `explain` are given."""


@final
class Client(Reading, ChannexWriter):
    """Reads and writes. Every write goes out at most once per call; `writes` says how.

    On cancellation `CancelledError` is raised again: the write's outcome is as unknown as after a crash.
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
        super().__init__(base_url=base_url, api_key=api_key, timeout=timeout, now=now, limiter=limiter)
        self._writes = Writes(self._wire)

    async def close(self) -> None:
        """See `Reading.close`."""
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

    async def resolve_live_feed_event(
        self,
        event_id: str,
        resolution: Mapping[str, object],
        *,
        before_write: BeforeWrite | None = None,
    ) -> None:
        """See `ChannexWriter.resolve_live_feed_event`."""
        await self._post(requests.resolve_live_feed_event(event_id, resolution), before_write)

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
