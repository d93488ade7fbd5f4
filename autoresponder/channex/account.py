"""Channex's bookings, properties, applications and feed events → the model, as tolerant as `payloads`."""

from __future__ import annotations

from typing import Any

from autoresponder.channex import fields
from autoresponder.channex.payloads import Unreadable, entry_id, opened
from autoresponder.model import (
    Booking,
    BookingId,
    BookingStatus,
    InstalledApplication,
    LiveFeedEvent,
    Property,
    PropertyId,
    ThreadId,
)

_STATUS = {
    "new": BookingStatus.CONFIRMED,
    "modified": BookingStatus.CONFIRMED,
    "cancelled": BookingStatus.CANCELLED,
    "canceled": BookingStatus.CANCELLED,
}
_MAX_NOTES = 20_000
_MAX_SERVICES = 100


def booking(value: object) -> Booking:
    """One booking; `customer` and every field of it may be null.

    Raises:
        Unreadable: It has no id.
    """
    entry, attributes = opened(value)
    customer = fields.mapping(attributes.get("customer"))
    occupancy = fields.mapping(attributes.get("occupancy"))
    thread_id = fields.related(entry, attributes, "message_thread")
    collect = fields.optional(attributes.get("payment_collect"), 50)
    return Booking(
        id=BookingId(entry_id(entry, attributes)),
        property_id=_property_id(entry, attributes),
        status=_STATUS.get(fields.text(attributes.get("status"), 50).strip().lower(), BookingStatus.UNKNOWN),
        arrival_date=fields.day(attributes.get("arrival_date")),
        departure_date=fields.day(attributes.get("departure_date")),
        arrival_hour=fields.hour(attributes.get("arrival_hour")),
        unique_id=fields.optional(attributes.get("unique_id"), 200),
        ota_reservation_code=fields.optional(attributes.get("ota_reservation_code"), 200),
        ota_name=fields.optional(attributes.get("ota_name"), 100),
        currency=fields.optional(attributes.get("currency"), 10),
        amount=fields.decimal(attributes.get("amount")),
        payment_collect=None if collect is None else collect.lower(),
        guest_name=fields.text(customer.get("name")).strip(),
        guest_surname=fields.text(customer.get("surname")).strip(),
        guest_language=fields.language(customer.get("language")),
        guest_country=fields.optional(customer.get("country"), 100),
        adults=fields.count(occupancy.get("adults")),
        children=fields.count(occupancy.get("children")),
        infants=fields.count(occupancy.get("infants")),
        thread_id=None if thread_id is None else ThreadId(thread_id),
        inserted_at=fields.stamp(attributes.get("inserted_at")),
        notes=fields.text(attributes.get("notes"), _MAX_NOTES),
        services=_services(attributes.get("services")),
    )


def property_(value: object) -> Property:
    """One property.

    Raises:
        Unreadable: It has no id.
    """
    entry, attributes = opened(value)
    found = entry_id(entry, attributes)
    return Property(
        id=PropertyId(found),
        title=fields.text(attributes.get("title")).strip() or found,
        timezone=fields.optional(attributes.get("timezone"), 100),
        currency=fields.optional(attributes.get("currency"), 10),
        country=fields.optional(attributes.get("country"), 100),
        city=fields.optional(attributes.get("city")),
        address=fields.optional(attributes.get("address")),
        email=fields.optional(attributes.get("email")),
        phone=fields.optional(attributes.get("phone"), 100),
        is_active=fields.flag(attributes.get("is_active"), default=True),
    )


def application(value: object) -> InstalledApplication:
    """One installed application; live answers lack `is_active`.

    Raises:
        Unreadable: It has no code.
    """
    entry, attributes = opened(value)
    nested = fields.mapping(attributes.get("application"))
    code = fields.optional(attributes.get("application_code"), 200) or fields.optional(
        nested.get("code"), 200
    )
    if code is None:
        raise Unreadable("an application without application_code")
    return InstalledApplication(
        code=code,
        property_id=_property_id(entry, attributes),
        is_active=fields.flag(attributes.get("is_active"), default=True),
    )


def live_feed_event(value: object) -> LiveFeedEvent:
    """One event of the live feed.

    Raises:
        Unreadable: It has no id.
    """
    entry, attributes = opened(value)
    return LiveFeedEvent(
        id=entry_id(entry, attributes),
        event=fields.text(attributes.get("event"), 100),
        property_id=_property_id(entry, attributes),
        inserted_at=fields.stamp(attributes.get("inserted_at")),
        payload=fields.mapping(attributes.get("payload")),
    )


def _property_id(entry: Any, attributes: Any) -> PropertyId | None:
    found = fields.related(entry, attributes, "property")
    return None if found is None else PropertyId(found)


def _services(value: object) -> tuple[str, ...]:
    """Names of extras; an entry is a text or an object with `name` or `type`."""
    if not isinstance(value, list):
        return ()
    names = []
    for entry in value[:_MAX_SERVICES]:
        wanted = entry.get("name") or entry.get("type") if isinstance(entry, dict) else entry
        name = fields.optional(wanted, 200)
        if name:
            names.append(name)
    return tuple(names)
