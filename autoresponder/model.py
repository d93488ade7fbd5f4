"""The domain: what Channex tells us, as frozen values.

Every datetime is aware and in UTC. Texts that guests wrote are plain data: never a template, never logged at INFO.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import Any, NewType

import msgspec

PropertyId = NewType("PropertyId", str)
ThreadId = NewType("ThreadId", str)
MessageId = NewType("MessageId", str)
BookingId = NewType("BookingId", str)
_FILES = attrgetter("attachments")


def _require_aware(owner: object, *stamps: datetime | None) -> None:
    """Refuse a datetime without zone: it would silently mean another instant on another machine."""
    for stamp in stamps:
        if stamp is not None and stamp.tzinfo is None:
            raise ValueError(f"{type(owner).__name__}: a datetime without time zone")


_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _micros(stamp: datetime | None) -> int | None:
    """As a number: writing a stamp out costs ten times as much."""
    return None if stamp is None else (stamp - _START) // _MICROSECOND


class Provider(StrEnum):
    """The OTA a thread belongs to, normalised from Channex's spellings (`AirBNB`, `BookingCom` …)."""

    BOOKING_COM = "booking_com"
    AIRBNB = "airbnb"
    EXPEDIA = "expedia"
    OTHER = "other"
    """Anything else; the spelling is kept in `MessageThread.provider_name`."""


class Sender(StrEnum):
    """Who wrote a message."""

    GUEST = "guest"
    PROPERTY = "property"
    """The property: a person in an OTA app or the extranet, another program, or us."""
    SYSTEM = "system"
    """A card from the channel, such as an Airbnb inquiry."""
    OTHER = "other"
    """A value the API document does not name (Airbnb support, say). Never answered."""


class BookingStatus(StrEnum):
    """State of a booking as rules see it; Channex's `new` and `modified` are both confirmed."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    """A status we do not know: never treated as confirmed."""


class StayStage(StrEnum):
    """Where the guest is in the stay, by the property's local date."""

    INQUIRY = "inquiry"
    """No booking."""
    BEFORE_ARRIVAL = "before_arrival"
    ARRIVAL_DAY = "arrival_day"
    IN_STAY = "in_stay"
    DEPARTURE_DAY = "departure_day"
    AFTER_STAY = "after_stay"
    CANCELLED = "cancelled"


class Inquiry(msgspec.Struct, frozen=True, kw_only=True):
    """What an Airbnb inquiry's system message carries in `meta`; anything may be missing."""

    status: str | None = None
    """`active`, `accepted`, `preapproval` …: an open set."""
    live_feed_event_id: str | None = None
    checkin_date: date | None = None
    checkout_date: date | None = None
    nights: int | None = None
    currency: str | None = None
    payout: Decimal | None = None
    """`expected_payout_amount_accurate` or, in newer answers, `payout_amount`."""
    guest_name: str | None = None
    listing_id: str | None = None
    listing_name: str | None = None
    number_of_adults: int | None = None
    number_of_children: int | None = None
    number_of_infants: int | None = None
    number_of_pets: int | None = None
    number_of_guests: int | None = None
    property_id: str | None = None
    room_type_id: str | None = None
    non_response_at: datetime | None = None
    """When the inquiry starts to count as unanswered; None when no answer is required."""
    details: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """`booking_details` as received, unknown fields included."""

    def __post_init__(self) -> None:
        _require_aware(self, self.non_response_at)


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a thread."""

    id: MessageId
    thread_id: ThreadId | None
    """None when the answer named no thread (Airbnb sends)."""
    sender: Sender
    text: str
    """May be empty when there are attachments."""
    inserted_at: datetime
    """OTA time, often with seconds only; can be earlier than the moment Channex shows the message."""
    updated_at: datetime | None = None
    attachments: tuple[str, ...] = ()
    sender_name: str = ""
    """The sender as Channex spelt it."""
    role: str | None = None
    """`meta.role` where given (`GUEST`, `COHOST`)."""
    inquiry: Inquiry | None = None
    """Set on a system message that opens an inquiry."""
    meta: Mapping[str, Any] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        _require_aware(self, self.inserted_at, self.updated_at)

    @property
    def from_guest(self) -> bool:
        """Whether this is guest input: sent by the guest and, where a role is given, as GUEST."""
        return self.sender is Sender.GUEST and (self.role is None or self.role.upper() == "GUEST")


class LastMessage(msgspec.Struct, frozen=True, kw_only=True):
    """The message preview inside a thread of a list; it has no id and may hide earlier ones."""

    sender: Sender
    text: str
    inserted_at: datetime | None
    attachments: tuple[str, ...] = ()


class MessageThread(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation with one guest about one booking or inquiry."""

    id: ThreadId
    title: str
    """Usually the guest's name; may be a first name only, or empty."""
    provider: Provider
    provider_name: str
    is_closed: bool
    message_count: int
    property_id: PropertyId | None
    booking_id: BookingId | None
    """None for inquiries, and for some real stays that predate the Channex connection."""
    channel_id: str | None = None
    last_message: LastMessage | None = None
    last_message_received_at: datetime | None = None
    """Moves on our own messages too: no proof of a guest message."""
    inserted_at: datetime | None = None
    updated_at: datetime | None = None
    ota_message_thread_id: str | None = None
    meta: Mapping[str, Any] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        _require_aware(self, self.last_message_received_at, self.inserted_at, self.updated_at)

    @property
    def fingerprint(self) -> str:
        """A text that changes whenever the list shows any activity in the thread."""
        stamps = f"{_micros(self.last_message_received_at)}|{_micros(self.updated_at)}"
        return f"{self.message_count}|{stamps}|{self.is_closed}|{self.booking_id}"


class Booking(msgspec.Struct, frozen=True, kw_only=True):
    """A booking; nearly everything may be missing, and it may vanish months after checkout."""

    id: BookingId
    property_id: PropertyId | None
    status: BookingStatus
    arrival_date: date | None = None
    departure_date: date | None = None
    arrival_hour: str | None = None
    """`HH:MM` as the guest announced it."""
    unique_id: str | None = None
    ota_reservation_code: str | None = None
    ota_name: str | None = None
    currency: str | None = None
    amount: Decimal | None = None
    payment_collect: str | None = None
    """`property` or `ota`."""
    guest_name: str = ""
    guest_surname: str = ""
    guest_language: str | None = None
    """Two-letter code, lower case."""
    guest_country: str | None = None
    adults: int | None = None
    children: int | None = None
    infants: int | None = None
    thread_id: ThreadId | None = None
    inserted_at: datetime | None = None
    """When the booking was made, as far as Channex knows."""
    notes: str = ""
    services: tuple[str, ...] = ()

    @property
    def nights(self) -> int | None:
        """Nights between arrival and departure, or None when a date is missing."""
        if self.arrival_date is None or self.departure_date is None:
            return None
        return (self.departure_date - self.arrival_date).days


class Property(msgspec.Struct, frozen=True, kw_only=True):
    """A property as Channex describes it; its time zone is an IANA name."""

    id: PropertyId
    title: str
    timezone: str | None = None
    currency: str | None = None
    country: str | None = None
    city: str | None = None
    address: str | None = None
    email: str | None = None
    phone: str | None = None
    is_active: bool = True


class InstalledApplication(msgspec.Struct, frozen=True, kw_only=True):
    """An application installed on a property; messaging needs `channex_messages`."""

    code: str
    property_id: PropertyId | None
    is_active: bool = True


class LiveFeedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event of the live feed, such as an inquiry that can be pre-approved."""

    id: str
    event: str
    property_id: PropertyId | None
    inserted_at: datetime | None
    payload: Mapping[str, Any] = msgspec.field(default_factory=dict)


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A thread with all that is needed to decide, read at one moment."""

    thread: MessageThread
    messages: tuple[Message, ...]
    """Oldest first; complete back to the last handled message, often the whole thread."""
    booking: Booking | None = None
    property: Property | None = None


class Event(StrEnum):
    """What a turn is about."""

    MESSAGE = "message"
    INQUIRY = "inquiry"
    """A new Airbnb inquiry card, with or without words of the guest."""


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """The guest's messages since the property last spoke: what gets one decision."""

    event: Event
    thread: MessageThread
    trigger: Message
    """The newest message of the turn; its id names the turn."""
    messages: tuple[Message, ...]
    """The guest's messages of this turn, oldest first; empty for an inquiry without words."""
    history: tuple[Message, ...] = ()
    """Every known message of the thread, oldest first."""
    booking: Booking | None = None
    property: Property | None = None
    inquiry: Inquiry | None = None

    @builtins.property
    def text(self) -> str:
        """All words of the turn, messages separated by a blank line."""
        return "\n\n".join(m.text for m in self.messages if m.text.strip())

    @builtins.property
    def has_attachments(self) -> bool:
        """Whether the guest sent any file in this turn."""
        return any(map(_FILES, self.messages))
