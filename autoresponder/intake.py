"""Reads everything that a decision needs about one thread into a snapshot."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Generic, TypeVar

from msgspec.structs import replace

from autoresponder.channex.interface import ChannexReader
from autoresponder.clock import Clock
from autoresponder.errors import ChannexForbidden, ChannexNotFound
from autoresponder.model import Booking, BookingId, MessageThread, Property, PropertyId, Snapshot, ThreadId
from autoresponder.records import ThreadRecord

T = TypeVar("T")

_PROPERTY_AGE = timedelta(hours=1)


class Intake:
    """Reads thread snapshots.

    Properties are remembered for a while: they hardly change, and a burst of turns about one must not
    read it again and again. Bookings are read each time: a booking cancelled a minute ago must not get
    the door code.

    Args:
        channex: Reads only.
        clock: For the age of what is remembered.
    """

    def __init__(self, channex: ChannexReader, clock: Clock) -> None:
        self._channex = channex
        self._properties: _Memory[Property | None] = _Memory(clock, _PROPERTY_AGE, 5_000)

    async def messages(
        self, thread_id: ThreadId, record: ThreadRecord, *, thread: MessageThread | None = None
    ) -> Snapshot:
        """Read a thread back to the last handled message, without booking and property.

        Args:
            thread_id: The thread.
            record: Knows which messages were handled.
            thread: Its list entry when it was just read; otherwise the thread is read first.

        Raises:
            ChannexError: What was needed could not be read.
        """
        entry = thread if thread is not None else await self._channex.message_thread(thread_id)
        known = frozenset(record.handled[-1:])
        messages = await self._channex.all_thread_messages(thread_id, until=known)
        return Snapshot(thread=entry, messages=messages)

    async def complete(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with its booking and property, as far as they can be had.

        Raises:
            ChannexError: What was needed could not be read.
        """
        entry = snapshot.thread
        booking = None if entry.booking_id is None else await self._booking(entry.booking_id)
        property_id = entry.property_id or (booking.property_id if booking is not None else None)
        place = None
        if property_id is not None:
            place = await self._properties.get(property_id, self._property(property_id))
        return replace(snapshot, booking=booking, property=place)

    async def _booking(self, booking_id: BookingId) -> Booking | None:
        try:
            return await self._channex.booking(booking_id)
        except ChannexNotFound:
            return None  # bookings vanish some months after checkout

    def _property(self, property_id: PropertyId) -> Callable[[], Awaitable[Property | None]]:
        async def read() -> Property | None:
            try:
                return await self._channex.property(property_id)
            except (ChannexNotFound, ChannexForbidden):
                return None  # a key limited to messages: properties.yaml knows what is needed

        return read


class _Memory(Generic[T]):
    """Values remembered for a while, the oldest forgotten first."""

    def __init__(self, clock: Clock, age: timedelta, size: int) -> None:
        self._clock = clock
        self._age = age
        self._size = size
        self._values: OrderedDict[str, tuple[float, T]] = OrderedDict()

    async def get(self, key: str, read: Callable[[], Awaitable[T]]) -> T:
        now = self._clock.monotonic()
        held = self._values.get(key)
        if held is not None and self._clock.wall(now - held[0]) < self._age:
            return held[1]
        value = await read()
        self._values[key] = (now, value)
        self._values.move_to_end(key)
        while len(self._values) > self._size:
            self._values.popitem(last=False)
        return value
