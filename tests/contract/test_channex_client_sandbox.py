"""The client against the sandbox, which was written from the API document without looking at it.

The sandbox knows what was really applied, so each failure of a write is held against the truth.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from autoresponder.channex.client import Client
from autoresponder.clock import ManualClock
from autoresponder.config import Secret
from autoresponder.errors import (
    ChannexError,
    ChannexForbidden,
    ChannexNotFound,
    ChannexNotSupported,
    ChannexRateLimited,
    ChannexRejected,
    ChannexUnauthorized,
    ChannexUnavailable,
    DeliveryUnknown,
)
from autoresponder.model import BookingId, BookingStatus, PropertyId, Provider, Sender, ThreadId
from autoresponder.sandbox.entities import Booking, Guest, Origin, Property, Thread
from autoresponder.sandbox.faults import Fault, FaultKind
from autoresponder.sandbox.server import SandboxServer

NOW = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
PROPERTY = PropertyId("71d34923-a8be-4682-9625-e4a2f080df92")
BOOKING = BookingId("4d8240fd-d709-454b-a866-08bca2a5a909")
NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass
class Stage:
    """A sandbox with one guest, and a client of it."""

    server: SandboxServer
    client: Client
    thread: Thread
    clock: ManualClock

    @property
    def id(self) -> ThreadId:
        return ThreadId(self.thread.id)

    def sent(self) -> list[str]:
        """Texts that the API was really made to send."""
        return [m.text for m in self.thread.messages if m.origin is Origin.API]


@asynccontextmanager
async def stage(*faults: Fault, key: str = "sandbox", patience: float = 5.0) -> AsyncIterator[Stage]:
    clock = ManualClock(NOW)
    async with SandboxServer(clock=clock, faults=faults) as server:
        world = server.world
        world.add_property(Property(id=PROPERTY, title="Seaview"))
        guest = Guest(name="Ana", surname="Lima", language="pt")
        booking = world.add_booking(
            Booking(
                id=BOOKING,
                property_id=PROPERTY,
                guest=guest,
                inserted_at=NOW,
                arrival_date=date(2026, 5, 3),
                departure_date=date(2026, 5, 5),
            )
        )
        thread = world.add_thread(
            property_id=PROPERTY, provider="BookingCom", title="Ana Lima", booking=booking
        )
        world.write(thread, "Is there parking?", origin=Origin.GUEST)
        async with Client(base_url=server.base_url, api_key=Secret(key), timeout=patience) as client:
            yield Stage(server=server, client=client, thread=thread, clock=clock)


async def test_a_conversation_from_list_to_reply() -> None:
    async with stage() as s:
        page = await s.client.message_threads()
        (thread,) = page.items
        assert (page.order_by, page.order_direction, page.unreadable) == (
            "last_message_received_at",
            "desc",
            (),
        )
        assert (thread.id, thread.provider, thread.booking_id) == (s.id, Provider.BOOKING_COM, BOOKING)
        assert thread == await s.client.message_thread(s.id)
        s.clock.advance(60)
        sent = await s.client.send_to_thread(s.id, text="Yes, two places.\nGrüße \N{GRINNING FACE}")
        guest, ours = await s.client.all_thread_messages(s.id)
        assert (guest.text, guest.from_guest, guest.inserted_at) == ("Is there parking?", True, NOW)
        assert ours == sent.message
        assert (ours.sender, ours.text) == (Sender.PROPERTY, "Yes, two places.\nGrüße \N{GRINNING FACE}")
        assert {m.id for m in (await s.client.booking_messages(BOOKING)).items} == {guest.id, ours.id}
        again = (await s.client.message_threads()).items[0]
        assert again.fingerprint != thread.fingerprint


async def test_messages_of_the_same_instant_keep_their_order() -> None:
    async with stage() as s:
        for number in range(120):
            s.server.world.write(s.thread, f"line {number}", origin=Origin.GUEST)
        messages = await s.client.all_thread_messages(s.id)
        assert [m.text for m in messages] == ["Is there parking?", *(f"line {n}" for n in range(120))]


async def test_many_pages_come_out_whole_and_in_order() -> None:
    async with stage() as s:
        for number in range(250):
            s.clock.advance(1)
            s.server.world.write(s.thread, f"line {number}", origin=Origin.GUEST)
        messages = await s.client.all_thread_messages(s.id)
        assert [m.text for m in messages] == ["Is there parking?", *(f"line {n}" for n in range(250))]
        newest = await s.client.all_thread_messages(s.id, until=frozenset({messages[-1].id}))
        assert len(newest) == 100


async def test_bookings_properties_and_applications() -> None:
    async with stage() as s:
        booking = await s.client.booking(BOOKING)
        assert (booking.status, booking.guest_name, booking.guest_language) == (
            BookingStatus.CONFIRMED,
            "Ana",
            "pt",
        )
        assert (booking.nights, booking.thread_id, booking.property_id) == (2, s.id, PROPERTY)
        assert [p.title async for p in s.client.all_properties()] == ["Seaview"]
        assert (await s.client.property(PROPERTY)).timezone == "Europe/Lisbon"
        (application,) = await s.client.installed_applications()
        assert (application.code, application.property_id) == ("channex_messages", PROPERTY)


async def test_an_inquiry_and_its_resolution() -> None:
    async with stage() as s:
        world = s.server.world
        thread = world.add_thread(property_id=PROPERTY, provider="AirBNB", title="Andrew")
        card: dict[str, Any] = {
            "status": "active",
            "live_feed_event_id": world.new_id(),
            "booking_details": {"nights": 2, "checkin_date": "2026-06-01", "payout_amount": "90.00"},
        }
        world.write(thread, "inquiry", origin=Origin.SYSTEM, meta=card)
        (message,) = await s.client.all_thread_messages(ThreadId(thread.id))
        assert message.inquiry is not None
        assert (message.inquiry.nights, message.inquiry.checkin_date) == (2, date(2026, 6, 1))
        (event,) = (await s.client.live_feed(filters={"event": "inquiry"})).items
        assert event.id == message.inquiry.live_feed_event_id
        await s.client.resolve_live_feed_event(event.id, {"type": "preapproval"})
        (event,) = (await s.client.live_feed(filters={"event": "inquiry"})).items
        assert event.payload["resolved"] is True
        sent = await s.client.send_to_thread(ThreadId(thread.id), text="Hello Andrew")
        assert sent.message.thread_id is None
        with pytest.raises(ChannexError):
            await s.client.no_reply_needed(ThreadId(thread.id))


async def test_a_file_goes_out_as_a_message_of_its_own() -> None:
    async with stage() as s:
        uploaded = await s.client.upload_attachment(
            content=b"\x89PNG", file_name="map.png", file_type="image/png"
        )
        sent = await s.client.send_to_booking(BOOKING, attachment_id=uploaded)
        assert len(sent.message.attachments) == 1
        assert (await s.client.all_thread_messages(s.id))[-1].attachments == sent.message.attachments


async def test_closing_and_no_reply_needed() -> None:
    async with stage() as s:
        for _ in range(2):
            await s.client.no_reply_needed(s.id)
            await s.client.close_thread(s.id)
        assert (await s.client.message_thread(s.id)).is_closed
        assert len(s.thread.marks) == 2


async def test_refusals() -> None:
    async with stage(key="wrong") as s:
        with pytest.raises(ChannexUnauthorized):
            await s.client.message_threads()
    async with stage() as s:
        for missing in (s.client.message_thread(ThreadId(NOBODY)), s.client.booking(BookingId(NOBODY))):
            with pytest.raises(ChannexNotFound):
                await missing
        with pytest.raises(ChannexNotFound):
            await s.client.send_to_thread(ThreadId(NOBODY), text="x")
        with pytest.raises(ChannexRejected, match="is invalid"):
            await s.client.message_thread(ThreadId("undefined"))
        s.server.world.bookings[BOOKING].messaging = False
        with pytest.raises(ChannexNotSupported):
            await s.client.send_to_booking(BOOKING, text="x")
        s.server.world.properties[PROPERTY].messages_app = False
        with pytest.raises(ChannexForbidden, match="Messages app"):
            await s.client.send_to_thread(s.id, text="x")
        assert s.sent() == []


def fault(kind: FaultKind, **options: Any) -> Fault:
    return Fault(kind=kind, operation="send_to_thread", **options)


FAULTS = [
    (fault(FaultKind.STATUS, status=429, retry_after=3.0), ChannexRateLimited, False),
    (fault(FaultKind.STATUS, status=422), ChannexRejected, False),
    (fault(FaultKind.STATUS, status=403), ChannexForbidden, False),
    (fault(FaultKind.STATUS, status=503), DeliveryUnknown, False),
    (fault(FaultKind.STATUS, status=502, body="html"), DeliveryUnknown, False),
    (fault(FaultKind.STATUS_AFTER, status=500), DeliveryUnknown, True),
    (fault(FaultKind.STATUS_AFTER, status=409), DeliveryUnknown, True),
    (fault(FaultKind.TIMEOUT_AFTER, seconds=3.0), DeliveryUnknown, True),
    (fault(FaultKind.DROP_BEFORE), DeliveryUnknown, False),
    (fault(FaultKind.DROP_AFTER), DeliveryUnknown, True),
    (fault(FaultKind.TRUNCATED), DeliveryUnknown, True),
    (fault(FaultKind.CUT), DeliveryUnknown, True),
    *(
        (fault(FaultKind.GARBAGE, body=b), DeliveryUnknown, True)
        for b in ("html", "null", "empty", "no_data")
    ),
]


@pytest.mark.parametrize(("switch", "kind", "applied"), FAULTS)
async def test_a_write_is_never_called_refused_when_it_was_applied(
    switch: Fault, kind: type[ChannexError], applied: bool
) -> None:
    async with stage(switch, patience=0.5) as s:
        with pytest.raises(ChannexError) as caught:
            await s.client.send_to_thread(s.id, text="once")
        assert type(caught.value) is kind
        assert s.sent() == (["once"] if applied else [])
        assert s.server.faults.struck == 1


@pytest.mark.parametrize(
    "switch",
    [
        Fault(kind=FaultKind.STATUS, status=500, body="html"),
        Fault(kind=FaultKind.TIMEOUT_AFTER, seconds=3.0),
        Fault(kind=FaultKind.TRUNCATED),
        Fault(kind=FaultKind.CUT),
        Fault(kind=FaultKind.DROP_BEFORE),
        *(Fault(kind=FaultKind.GARBAGE, body=body) for body in ("html", "null", "empty", "no_data")),
    ],
)
async def test_a_read_that_fails_may_be_repeated(switch: Fault) -> None:
    async with stage(switch, patience=0.5) as s:
        with pytest.raises(ChannexUnavailable):
            await s.client.message_thread(s.id)
        s.server.faults.replace(())
        assert (await s.client.message_thread(s.id)).id == s.id
