"""What the sandbox's world is made of. Every datetime is aware and in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Origin(StrEnum):
    """Where a message came from; the API never tells, the oracle needs it."""

    GUEST = "guest"
    HOST = "host"
    """A person who wrote in the OTA's app or extranet."""
    API = "api"
    """Whoever uses the API: the product under test."""
    SYSTEM = "system"
    """The channel itself: inquiry cards, support messages."""


SPELLINGS = {
    Origin.GUEST: "guest",
    Origin.HOST: "property",
    Origin.API: "property",
    Origin.SYSTEM: "system",
}
"""How the API spells the sender of each."""


@dataclass(slots=True, kw_only=True)
class Property:
    """A property of the account."""

    id: str
    title: str
    key: str = ""
    timezone: str | None = "Europe/Lisbon"
    currency: str = "EUR"
    country: str | None = "PT"
    city: str | None = "Lisbon"
    address: str | None = None
    zip_code: str | None = None
    email: str | None = None
    phone: str | None = None
    messages_app: bool = True
    """Whether the Messages application is installed; without it the API answers 403."""
    foreign: bool = False
    """Whether the API key may not see it; the API answers 401."""


@dataclass(slots=True, kw_only=True)
class Guest:
    """The person behind a booking; anything may be unknown."""

    name: str = ""
    surname: str = ""
    language: str | None = None
    country: str | None = None
    mail: str | None = None
    phone: str | None = None


@dataclass(slots=True, kw_only=True)
class Booking:
    """A booking as `GET /bookings/:id` shows it."""

    id: str
    property_id: str
    guest: Guest
    inserted_at: datetime
    arrival_date: date
    departure_date: date
    status: str = "new"
    ota_name: str = "BookingCom"
    ota_reservation_code: str = ""
    arrival_hour: str | None = None
    amount: str = "240.00"
    currency: str = "EUR"
    payment_collect: str | None = "property"
    notes: str | None = None
    adults: int = 2
    children: int = 0
    infants: int = 0
    services: tuple[str, ...] = ()
    channel_id: str | None = None
    thread_id: str | None = None
    messaging: bool = True
    """Whether the booking's OTA has messages at all; without, the API answers 422 not_supported."""


@dataclass(slots=True, kw_only=True)
class Message:
    """One message. Never changes once it is visible."""

    id: str
    thread_id: str
    sequence: int
    """Order of arrival at Channex, over the whole world; `inserted_at` may tell another order."""
    origin: Origin
    sender: str
    text: str
    inserted_at: datetime
    updated_at: datetime
    attachments: tuple[str, ...] = ()
    meta: Mapping[str, Any] | None = None
    user_id: str | None = None
    have_attachment: bool | None = None
    """Shown when not None, as current answers do and the document's samples do not."""
    raw: bytes | None = None
    """The JSON, once it was rendered."""


@dataclass(slots=True, kw_only=True)
class Mark:
    """A no-reply-needed mark that was set over the API."""

    sequence: int
    at: datetime


@dataclass(slots=True, kw_only=True)
class Thread:
    """A conversation. `messages` holds what the API shows, ordered by `inserted_at`, oldest first."""

    id: str
    title: str
    provider: str
    property_id: str
    number: int
    """Unique in the world; breaks ties between threads of the same instant."""
    inserted_at: datetime
    updated_at: datetime
    last_message_received_at: datetime
    booking_id: str | None = None
    channel_id: str = ""
    is_closed: bool = False
    key: str = ""
    """Name in the script, or empty."""
    ota_message_thread_id: str | None = None
    """Shown when not None."""
    meta: Mapping[str, Any] | None = None
    """Shown when not None."""
    property_title: str | None = None
    """Shown inside the property relationship when not None."""
    messages: list[Message] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    raw: bytes | None = None
    """The JSON, until something changes."""


@dataclass(slots=True, kw_only=True)
class Attachment:
    """A file that was uploaded."""

    id: str
    file_name: str
    file_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened in the world: for webhooks, scripted guests and live displays."""

    number: int
    at: datetime
    kind: str
    """guest_wrote, host_wrote, system_wrote, inquiry, reply_arrived, marked, closed, reopened,
    booking_assigned, resolved or fault."""
    thread: Thread | None = None
    message: Message | None = None
    note: str = ""
    """Further words, such as the kind of a fault."""


def is_inquiry_card(message: Message) -> bool:
    """Whether this is the system message that opens an inquiry."""
    return message.origin is Origin.SYSTEM and message.meta is not None and "booking_details" in message.meta
