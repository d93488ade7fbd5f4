"""Small builders of domain values for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from autoresponder.model import (
    Booking,
    BookingId,
    BookingStatus,
    Inquiry,
    Message,
    MessageId,
    MessageThread,
    PropertyId,
    Provider,
    Sender,
    Snapshot,
    ThreadId,
)

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def message(
    name: str, minutes: float, text: str = "hello", sender: Sender = Sender.GUEST, **more: Any
) -> Message:
    return Message(
        id=MessageId(name),
        thread_id=ThreadId("t1"),
        sender=sender,
        text=text,
        inserted_at=at(minutes),
        **more,
    )


def host(name: str, minutes: float, text: str = "from the host") -> Message:
    return message(name, minutes, text, Sender.PROPERTY)


def card(name: str, minutes: float) -> Message:
    return message(name, minutes, "inquiry", Sender.SYSTEM, inquiry=Inquiry(nights=2))


def thread(**more: Any) -> MessageThread:
    values: dict[str, Any] = {
        "id": ThreadId("t1"),
        "title": "Anna",
        "provider": Provider.BOOKING_COM,
        "provider_name": "BookingCom",
        "is_closed": False,
        "message_count": 1,
        "property_id": PropertyId("p1"),
        "booking_id": BookingId("b1"),
    }
    return MessageThread(**{**values, **more})


def booking(**more: Any) -> Booking:
    values: dict[str, Any] = {
        "id": BookingId("b1"),
        "property_id": PropertyId("p1"),
        "status": BookingStatus.CONFIRMED,
        "arrival_date": NOON.date(),
        "departure_date": (NOON + timedelta(days=3)).date(),
    }
    return Booking(**{**values, **more})


def snapshot(*messages: Message, **more: Any) -> Snapshot:
    return Snapshot(thread=more.pop("thread", thread()), messages=messages, **more)
