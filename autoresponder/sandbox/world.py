"""The sandbox's world: properties, bookings, threads and messages, and what may happen to them.

No network and no waiting here: time comes from the clock, ids from the generator given. What is to become
visible later lies in a queue that every look at the world settles first.
"""

from __future__ import annotations

import heapq
import random
from bisect import insort
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from autoresponder.clock import Clock
from autoresponder.sandbox.activity import ActivityIndex
from autoresponder.sandbox.entities import (
    SPELLINGS,
    Attachment,
    Booking,
    Happening,
    Mark,
    Message,
    Origin,
    Property,
    Thread,
    is_inquiry_card,
)
from autoresponder.sandbox.feed import Feed, FeedEvent, inquiry_payload, message_payload

BOOKING_COM = "BookingCom"
AIRBNB = "AirBNB"
EXPEDIA = "Expedia"

_HAPPENINGS_KEPT = 20_000
_ATTACHMENT_BYTES_KEPT = 64 * 1024 * 1024


class World:
    """Everything behind the API.

    Args:
        clock: Wall time for stamps; its monotonic time for what becomes visible late.
        seed: Of the generator that ids are made with.
        old_not_found: Answer 404 with the older document's code and its misspelt title.
        extras: Show what current answers have and the document's samples do not: `ota_message_thread_id`,
            thread `meta`, `have_attachment`, the property's title inside thread relationships.
    """

    user_id = "c9080091-6b9f-4868-a2ca-691036d29ed0"
    """The user behind the API key, as sent messages name it."""

    def __init__(
        self, clock: Clock, *, seed: int = 0, old_not_found: bool = False, extras: bool = True
    ) -> None:
        self.clock = clock
        self.old_not_found = old_not_found
        self.extras = extras
        self.ignore_order = False
        """List threads by creation whatever order is asked for, as the document's sample suggests."""
        self.refuse_mixed_lists = False
        """Answer 403 to a list over all properties as soon as one of them lacks the Messages app."""
        self.properties: dict[str, Property] = {}
        self.bookings: dict[str, Booking] = {}
        self.threads: dict[str, Thread] = {}
        self.attachments: dict[str, Attachment] = {}
        self.feed = Feed()
        self.activity = ActivityIndex()
        self.activity_of: dict[str, ActivityIndex] = {}
        self.happenings: deque[Happening] = deque(maxlen=_HAPPENINGS_KEPT)
        self.listeners: list[Callable[[Happening], None]] = []
        self._random = random.Random(seed)  # noqa: S311 - ids of a pretend server, not secrets
        self._sequence = 0
        self._happened = 0
        self._pending: list[tuple[float, int, bool, Message]] = []
        self._attachment_bytes = 0

    def new_id(self) -> str:
        """A fresh UUID (version 4), the same ones for the same seed."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    # -- what there is

    def add_property(self, entry: Property) -> Property:
        """Add a property."""
        self.properties[entry.id] = entry
        self.activity_of.setdefault(entry.id, ActivityIndex())
        return entry

    def add_booking(self, booking: Booking) -> Booking:
        """Add a booking of a known property."""
        if booking.property_id not in self.properties:
            raise ValueError(f"booking {booking.id}: its property {booking.property_id} is unknown")
        self.bookings[booking.id] = booking
        return booking

    def add_thread(
        self,
        *,
        property_id: str,
        provider: str,
        title: str,
        thread_id: str | None = None,
        booking: Booking | None = None,
        key: str = "",
        inserted_at: datetime | None = None,
        meta: Mapping[str, Any] | None = None,
    ) -> Thread:
        """Add a thread without messages. It shows up in lists at once."""
        now = inserted_at or self.clock.now()
        number = len(self.threads) + 1
        thread = Thread(
            id=thread_id or self.new_id(),
            title=title,
            provider=provider,
            property_id=property_id,
            number=number,
            inserted_at=now,
            updated_at=now,
            last_message_received_at=now,
            booking_id=None if booking is None else booking.id,
            channel_id=self.channel_of(property_id, provider),
            key=key,
            ota_message_thread_id=str(7_000_000_000 + number) if self.extras else None,
            meta=dict(meta or {}) if self.extras else meta,
            property_title=self.properties[property_id].title if self.extras else None,
        )
        self.threads[thread.id] = thread
        if booking is not None:
            booking.thread_id = thread.id
        self._place(thread)
        return thread

    def channel_of(self, property_id: str, provider: str) -> str:
        """Id of the channel that connects a property to a provider."""
        return str(uuid5(UUID(property_id), provider))

    def add_attachment(self, *, content: bytes, file_name: str, file_type: str) -> Attachment:
        """Keep an uploaded file; the oldest contents go when all together are too large."""
        attachment = Attachment(id=self.new_id(), file_name=file_name, file_type=file_type, content=content)
        self.attachments[attachment.id] = attachment
        self._attachment_bytes += len(content)
        while self._attachment_bytes > _ATTACHMENT_BYTES_KEPT and len(self.attachments) > 1:
            oldest = self.attachments.pop(next(iter(self.attachments)))
            self._attachment_bytes -= len(oldest.content)
        return attachment

    # -- what happens

    def write(
        self,
        thread: Thread,
        text: str,
        *,
        origin: Origin,
        sender: str | None = None,
        attachments: tuple[str, ...] = (),
        meta: Mapping[str, Any] | None = None,
        message_id: str | None = None,
        inserted_at: datetime | None = None,
        history: bool = False,
        later: float = 0.0,
        accepted: bool = True,
    ) -> Message:
        """Add a message to a thread.

        Args:
            thread: Where.
            text: The words; may be empty beside attachments.
            origin: Who wrote it, in truth.
            sender: How the API spells the sender; by default what follows from the origin.
            attachments: Relative addresses of files.
            meta: Shown when not None.
            message_id: A fresh one when None.
            inserted_at: OTA time; by default now, to the second for what comes from an OTA.
            history: Whether it was received at `inserted_at` too, and not now.
            later: Monotonic seconds until the message can be seen.
            accepted: Whether its time is now even when it is seen later; if not, it is made then.
        """
        now = self.clock.now()
        from_ota = origin is not Origin.API
        stamp = inserted_at or (now.replace(microsecond=0) if from_ota else now)
        self._sequence += 1
        message = Message(
            id=message_id or self.new_id(),
            thread_id=thread.id,
            sequence=self._sequence,
            origin=origin,
            sender=sender or SPELLINGS[origin],
            text=text,
            inserted_at=stamp,
            updated_at=stamp if history else now,
            attachments=attachments,
            meta=meta,
            user_id=self.user_id if origin is Origin.API else None,
            have_attachment=bool(attachments) if self.extras else None,
        )
        if later > 0:
            due = self.clock.monotonic() + later
            heapq.heappush(self._pending, (due, message.sequence, accepted, message))
        else:
            self._show(thread, message, stamp if history else now)
        return message

    def settle(self) -> None:
        """Show every message whose time to be seen has come."""
        reached = self.clock.monotonic()
        while self._pending and self._pending[0][0] <= reached:
            due, _, accepted, message = heapq.heappop(self._pending)
            moment = self.clock.now() - self.clock.wall(reached - due)
            if not accepted:
                self._sequence += 1
                message.sequence = self._sequence
                message.inserted_at = message.updated_at = moment
            self._show(self.threads[message.thread_id], message, moment)

    def pending(self) -> tuple[Message, ...]:
        """Messages that cannot be seen yet."""
        return tuple(entry[3] for entry in self._pending)

    def mark_no_reply_needed(self, thread: Thread) -> None:
        """Record the mark. Whether the thread stays open is not documented; here it does."""
        self._sequence += 1
        thread.marks.append(Mark(sequence=self._sequence, at=self.clock.now()))
        self._touch(thread, self.clock.now())
        self.happen("marked", thread=thread)

    def close(self, thread: Thread) -> None:
        """Close a thread; closing a closed one changes nothing."""
        if not thread.is_closed:
            thread.is_closed = True
            self._touch(thread, self.clock.now())
            self.happen("closed", thread=thread)

    def assign_booking(self, thread: Thread, booking: Booking) -> None:
        """Give a thread without booking its booking, as when an Airbnb guest accepts an offer."""
        thread.booking_id = booking.id
        booking.thread_id = thread.id
        self._touch(thread, self.clock.now())
        self.happen("booking_assigned", thread=thread)

    def happen(
        self, kind: str, *, thread: Thread | None = None, message: Message | None = None, note: str = ""
    ) -> None:
        """Record that something happened and tell whoever listens."""
        self._happened += 1
        happening = Happening(
            number=self._happened, at=self.clock.now(), kind=kind, thread=thread, message=message, note=note
        )
        self.happenings.append(happening)
        for listener in self.listeners:
            listener(happening)

    def _show(self, thread: Thread, message: Message, now: datetime) -> None:
        insort(thread.messages, message, key=lambda m: (m.inserted_at, m.sequence))
        thread.last_message_received_at = thread.messages[-1].inserted_at
        reopened = thread.is_closed and message.origin is Origin.API
        if reopened:
            thread.is_closed = False
        self._touch(thread, now)
        self._place(thread)
        inquiry = is_inquiry_card(message)
        if inquiry or message.origin is not Origin.SYSTEM:
            self._feed(thread, message, inquiry=inquiry)
        self.happen("inquiry" if inquiry else _KINDS[message.origin], thread=thread, message=message)
        if reopened:
            self.happen("reopened", thread=thread)

    def _touch(self, thread: Thread, now: datetime) -> None:
        thread.updated_at = now
        thread.raw = None

    def _place(self, thread: Thread) -> None:
        self.activity.place(thread)
        self.activity_of[thread.property_id].place(thread)

    def _feed(self, thread: Thread, message: Message, *, inquiry: bool) -> None:
        card = message.meta or {}
        self.feed.add(
            FeedEvent(
                id=str((inquiry and card.get("live_feed_event_id")) or self.new_id()),
                event="inquiry" if inquiry else "message",
                property_id=thread.property_id,
                channel_id=thread.channel_id,
                inserted_at=message.updated_at,
                payload=inquiry_payload(thread, message) if inquiry else message_payload(thread, message),
            )
        )


_KINDS = {
    Origin.GUEST: "guest_wrote",
    Origin.HOST: "host_wrote",
    Origin.API: "reply_arrived",
    Origin.SYSTEM: "system_wrote",
}
