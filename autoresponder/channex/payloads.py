"""Channex's messages and threads → the model. Tolerant of everything that is not needed.

Fields may be missing, null or of another type, and there may be unknown ones. A message needs an id and
a stamp, a thread an id; without them the entry is `Unreadable`, and in a list only that entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from autoresponder.channex import fields
from autoresponder.channex.interface import Page
from autoresponder.channex.responses import Envelope
from autoresponder.model import (
    BookingId,
    Inquiry,
    LastMessage,
    Message,
    MessageId,
    MessageThread,
    PropertyId,
    Provider,
    Sender,
    ThreadId,
)

T = TypeVar("T")

MAX_TEXT = 50_000
"""Characters of a message that are kept; OTAs allow a tenth of it."""

_MAX_ATTACHMENTS = 100
_NOT_LETTERS = re.compile(r"[\W_]+")
_PROVIDERS = {
    "bookingcom": Provider.BOOKING_COM,
    "booking": Provider.BOOKING_COM,
    "airbnb": Provider.AIRBNB,
    "expedia": Provider.EXPEDIA,
    "aexpedia": Provider.EXPEDIA,
}
_SENDERS = {sender.value: sender for sender in (Sender.GUEST, Sender.PROPERTY, Sender.SYSTEM)}


class Unreadable(ValueError):
    """An entry lacks what is needed; the text says what, without guest text."""


@lru_cache(maxsize=256)
def provider(name: str) -> Provider:
    """The OTA by its spelling: `AirBNB`, `Airbnb`, `BookingCom`, `Booking.com`, `A-Expedia` and so on."""
    return _PROVIDERS.get(_NOT_LETTERS.sub("", name).lower(), Provider.OTHER)


def sender(name: str) -> Sender:
    """Who wrote; what the API document does not name is OTHER and never answered."""
    return _SENDERS.get(name.strip().lower(), Sender.OTHER)


def message(value: object, *, fallback: datetime | None = None) -> Message:
    """One message.

    Args:
        value: The entry.
        fallback: Stamp for a message that was just sent and whose answer names none.

    Raises:
        Unreadable: It has no id, or no stamp.
    """
    entry, attributes = opened(value)
    found = entry_id(entry, attributes)
    updated = fields.stamp(attributes.get("updated_at"))
    inserted = fields.stamp(attributes.get("inserted_at")) or updated or fallback
    if inserted is None:
        raise Unreadable(f"{found}: no readable inserted_at")
    name = fields.text(attributes.get("sender"), 100)
    words = fields.text(attributes.get("message"), MAX_TEXT)
    meta = fields.mapping(attributes.get("meta"))
    who = sender(name)
    thread_id = fields.related(entry, attributes, "message_thread")
    return Message(
        id=MessageId(found),
        thread_id=None if thread_id is None else ThreadId(thread_id),
        sender=who,
        text=words,
        inserted_at=inserted,
        updated_at=updated,
        attachments=_attachments(attributes.get("attachments")),
        sender_name=name,
        role=fields.optional(meta.get("role"), 100),
        inquiry=inquiry(meta) if _opens_inquiry(who, words, meta) else None,
        meta=meta,
    )


def inquiry(meta: Mapping[str, Any]) -> Inquiry:
    """The card of an Airbnb inquiry (API document, Threads without bookings)."""
    details = fields.mapping(meta.get("booking_details"))
    payout = fields.decimal(details.get("expected_payout_amount_accurate"))
    return Inquiry(
        status=fields.optional(meta.get("status"), 100),
        live_feed_event_id=fields.identifier(meta.get("live_feed_event_id")),
        checkin_date=fields.day(details.get("checkin_date")),
        checkout_date=fields.day(details.get("checkout_date")),
        nights=fields.count(details.get("nights")),
        currency=fields.optional(details.get("currency"), 10),
        payout=payout if payout is not None else fields.decimal(details.get("payout_amount")),
        guest_name=fields.optional(details.get("guest_name")),
        listing_id=fields.optional(details.get("listing_id"), 200),
        listing_name=fields.optional(details.get("listing_name")),
        number_of_adults=fields.count(details.get("number_of_adults")),
        number_of_children=fields.count(details.get("number_of_children")),
        number_of_infants=fields.count(details.get("number_of_infants")),
        number_of_pets=fields.count(details.get("number_of_pets")),
        number_of_guests=fields.count(details.get("number_of_guests")),
        property_id=fields.identifier(details.get("property_id")),
        room_type_id=fields.identifier(details.get("room_type_id")),
        non_response_at=fields.stamp(details.get("non_response_at")),
        details=details,
    )


def message_thread(value: object) -> MessageThread:
    """One thread.

    Raises:
        Unreadable: It has no id.
    """
    entry, attributes = opened(value)
    found = entry_id(entry, attributes)
    name = fields.text(attributes.get("provider"), 100)
    booking_id = fields.related(entry, attributes, "booking")
    property_id = fields.related(entry, attributes, "property")
    return MessageThread(
        id=ThreadId(found),
        title=fields.text(attributes.get("title")).strip(),
        provider=provider(name),
        provider_name=name,
        is_closed=fields.flag(attributes.get("is_closed"), default=False),
        message_count=fields.count(attributes.get("message_count")) or 0,
        property_id=None if property_id is None else PropertyId(property_id),
        booking_id=None if booking_id is None else BookingId(booking_id),
        channel_id=fields.related(entry, attributes, "channel"),
        last_message=_last_message(attributes.get("last_message")),
        last_message_received_at=fields.stamp(attributes.get("last_message_received_at")),
        inserted_at=fields.stamp(attributes.get("inserted_at")),
        updated_at=fields.stamp(attributes.get("updated_at")),
        ota_message_thread_id=fields.identifier(attributes.get("ota_message_thread_id")),
        meta=fields.mapping(attributes.get("meta")),
    )


def page(envelope: Envelope, read: Callable[[object], T], *, page: int, limit: int) -> Page[T]:
    """A list's page; entries that cannot be read are named, the others stand.

    Args:
        envelope: The answer; its `data` should be a list.
        read: Reads one entry.
        page: The number that was asked for.
        limit: The page size that was asked for.

    Raises:
        Unreadable: `data` is no list, or the server answered with another page than asked for: reading
            on would go round in circles.
    """
    if not isinstance(envelope.data, list):
        raise Unreadable("the answer is not a list")
    items: list[T] = []
    problems: list[str] = []
    for number, entry in enumerate(envelope.data, start=1):
        try:
            items.append(read(entry))
        except Unreadable as error:
            problems.append(f"entry {number} of page {page}: {error}")
    meta = envelope.meta
    echoed = fields.count(meta.get("page"))
    if echoed is not None and echoed != page:
        raise Unreadable(f"page {page} was asked for and page {echoed} came")
    return Page(
        items=tuple(items),
        page=page,
        limit=fields.count(meta.get("limit")) or limit,
        total=fields.count(meta.get("total")),
        order_by=fields.optional(meta.get("order_by"), 100),
        order_direction=fields.optional(meta.get("order_direction"), 100),
        unreadable=tuple(problems),
    )


def created_id(value: object) -> str:
    """Id of an object that was just made (API document, Send Attachment to Booking).

    Raises:
        Unreadable: There is none.
    """
    entry, attributes = opened(value)
    return entry_id(entry, attributes)


def opened(value: object) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """An entry and its attributes; a flat object is its own attributes.

    Raises:
        Unreadable: It is no object.
    """
    if not isinstance(value, dict):
        raise Unreadable("not an object")
    attributes = value.get("attributes")
    return value, attributes if isinstance(attributes, dict) else value


def entry_id(entry: Mapping[str, Any], attributes: Mapping[str, Any]) -> str:
    """The entry's id, which may also stand among its attributes.

    Raises:
        Unreadable: There is none, or it is not usable as one.
    """
    found = fields.identifier(entry.get("id")) or fields.identifier(attributes.get("id"))
    if found is None:
        raise Unreadable("no readable id")
    return found


def _opens_inquiry(who: Sender, words: str, meta: Mapping[str, Any]) -> bool:
    """A system card whose text is literally `inquiry`, or a wordless one with `booking_details`."""
    if who is not Sender.SYSTEM:
        return False
    title = words.strip().lower()
    return title == "inquiry" or (not title and isinstance(meta.get("booking_details"), dict))


def _last_message(value: object) -> LastMessage | None:
    if not isinstance(value, dict) or not value:
        return None
    return LastMessage(
        sender=sender(fields.text(value.get("sender"), 100)),
        text=fields.text(value.get("message"), MAX_TEXT),
        inserted_at=fields.stamp(value.get("inserted_at")),
        attachments=_attachments(value.get("attachments")),
    )


def _attachments(value: object) -> tuple[str, ...]:
    """Links as received (relative to the API, or absolute), as texts or as objects with a link."""
    if not isinstance(value, list):
        return ()
    links = []
    for entry in value[:_MAX_ATTACHMENTS]:
        if isinstance(entry, dict):
            link = next((entry[k] for k in ("url", "href", "link", "path") if entry.get(k)), None)
            found = fields.optional(link, 2000) or fields.identifier(entry.get("id"))
        else:
            found = fields.optional(entry, 2000)
        if found:
            links.append(found)
    return tuple(links)
