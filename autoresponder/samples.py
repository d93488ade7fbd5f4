"""Made-up threads for trying rules out: `explain`, previews and checks without an account; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from autoresponder.model import (
    Booking,
    BookingId,
    BookingStatus,
    Inquiry,
    LastMessage,
    Message,
    MessageId,
    MessageThread,
    PropertyId,
    Provider,
    Sender,
    Snapshot,
    StayStage,
    ThreadId,
)

_ARRIVES_IN = {
    StayStage.BEFORE_ARRIVAL: 10,
    StayStage.ARRIVAL_DAY: 0,
    StayStage.IN_STAY: -1,
    StayStage.DEPARTURE_DAY: -3,
    StayStage.AFTER_STAY: -5,
    StayStage.CANCELLED: 10,
}
_NIGHTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The circumstances in which a made-up guest writes."""

    texts: tuple[str, ...]
    """The guest's messages, oldest first."""
    provider: Provider = Provider.BOOKING_COM
    property_id: PropertyId | None = None
    stay: StayStage = StayStage.BEFORE_ARRIVAL
    """`inquiry` means that there is no booking."""
    guest: str = "Anna Berg"
    language: str | None = None
    """Language of the booking, or None when the OTA did not say."""
    at: datetime
    """When the guest wrote the last message."""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    """The property's zone, in which the stay's dates are counted."""
    inquiry_card: bool = False
    """Whether the thread opens with an inquiry's system message."""


def scene_snapshot(scene: Scene) -> Snapshot:
    """The thread that Channex would show for a scene."""
    thread_id = ThreadId("sample-thread")
    count = len(scene.texts)
    messages = tuple(
        Message(
            id=MessageId(f"sample-message-{n + 1}"),
            thread_id=thread_id,
            sender=Sender.GUEST,
            sender_name="guest",
            text=text,
            inserted_at=scene.at - timedelta(seconds=20 * (count - 1 - n)),
        )
        for n, text in enumerate(scene.texts)
    )
    inquiry = _inquiry(scene) if scene.stay is StayStage.INQUIRY else None
    if scene.inquiry_card and inquiry is not None:
        card = Message(
            id=MessageId("sample-inquiry"),
            thread_id=thread_id,
            sender=Sender.SYSTEM,
            sender_name="system",
            text="inquiry",
            inserted_at=scene.at - timedelta(minutes=1),
            inquiry=inquiry,
        )
        messages = (card, *messages)
    booking = None if scene.stay is StayStage.INQUIRY else _booking(scene, thread_id)
    thread = MessageThread(
        id=thread_id,
        title=scene.guest,
        provider=scene.provider,
        provider_name=scene.provider.value,
        is_closed=False,
        message_count=len(messages),
        property_id=scene.property_id,
        booking_id=None if booking is None else booking.id,
        last_message=LastMessage(sender=Sender.GUEST, text=scene.texts[-1], inserted_at=scene.at)
        if scene.texts
        else None,
        last_message_received_at=scene.at,
        inserted_at=scene.at,
        updated_at=scene.at,
    )
    return Snapshot(thread=thread, messages=messages, booking=booking)


def at_stage(
    booking: Booking | None, thread: MessageThread, stay: StayStage, *, at: datetime, zone: ZoneInfo
) -> Booking | None:
    """A guest's booking as it would be at another stage of the stay.

    Args:
        booking: The real one; a made-up one takes its place where there is none.
        thread: The guest's thread.
        stay: The stage; `inquiry` means that there is no booking.
        at: The time at which the guest is at that stage.
        zone: The property's time zone.
    """
    if stay is StayStage.INQUIRY:
        return None
    scene = Scene(
        texts=(),
        provider=thread.provider,
        property_id=thread.property_id,
        stay=stay,
        guest=thread.title,
        at=at,
        zone=zone,
    )
    sample = _booking(scene, thread.id)
    if booking is None:
        return sample
    return replace(
        booking,
        status=sample.status,
        arrival_date=sample.arrival_date,
        departure_date=sample.departure_date,
    )


def _booking(scene: Scene, thread_id: ThreadId) -> Booking:
    return _booking_of(
        scene.guest,
        scene.language,
        scene.stay,
        scene.provider,
        scene.property_id,
        thread_id,
        scene.at.astimezone(UTC),
        scene.at.astimezone(scene.zone).date(),
    )


@lru_cache(maxsize=256)  # files of thousands of messages have few different stays
def _booking_of(
    guest: str,
    language: str | None,
    stay: StayStage,
    provider: Provider,
    property_id: PropertyId | None,
    thread_id: ThreadId,
    at: datetime,
    today: date,
) -> Booking:
    arrival = today + timedelta(days=_ARRIVES_IN[stay])
    first, _, last = guest.partition(" ")
    return Booking(
        id=BookingId("sample-booking"),
        property_id=property_id,
        status=BookingStatus.CANCELLED if stay is StayStage.CANCELLED else BookingStatus.CONFIRMED,
        arrival_date=arrival,
        departure_date=arrival + timedelta(days=_NIGHTS),
        unique_id="SAMPLE-1",
        ota_reservation_code="1234567890",
        ota_name=provider.value,
        currency="EUR",
        amount=Decimal("420.00"),
        guest_name=first,
        guest_surname=last,
        guest_language=language,
        adults=2,
        children=0,
        infants=0,
        thread_id=thread_id,
        inserted_at=at - timedelta(days=30),
    )


def _inquiry(scene: Scene) -> Inquiry:
    today = scene.at.astimezone(scene.zone).date()
    checkin = today + timedelta(days=20)
    details: dict[str, object] = {
        "checkin_date": checkin.isoformat(),
        "checkout_date": (checkin + timedelta(days=_NIGHTS)).isoformat(),
        "nights": _NIGHTS,
        "currency": "EUR",
        "expected_payout_amount_accurate": "400.00",
        "guest_name": scene.guest.split(" ")[0],
        "number_of_adults": 2,
        "number_of_children": 0,
        "number_of_infants": 0,
        "number_of_pets": 0,
        "number_of_guests": 2,
    }
    return Inquiry(
        status="active",
        checkin_date=checkin,
        checkout_date=checkin + timedelta(days=_NIGHTS),
        nights=_NIGHTS,
        currency="EUR",
        payout=Decimal("400.00"),
        guest_name=scene.guest.split(" ")[0],
        number_of_adults=2,
        number_of_children=0,
        number_of_infants=0,
        number_of_pets=0,
        number_of_guests=2,
        non_response_at=scene.at + timedelta(hours=24),
        details=details,
    )
