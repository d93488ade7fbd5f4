"""The world as JSON, field by field as the API document's samples show it."""

from __future__ import annotations

from typing import Any

import msgspec

from autoresponder.sandbox.entities import Booking, Message, Property, Thread
from autoresponder.sandbox.feed import FeedEvent
from autoresponder.sandbox.stamps import stamp
from autoresponder.sandbox.world import AIRBNB, BOOKING_COM, EXPEDIA

_PREFIXES = {BOOKING_COM: "BDC", AIRBNB: "ABB", EXPEDIA: "EXP"}


def encode(value: Any) -> bytes:
    """Plain data as JSON."""
    return msgspec.json.encode(value)


def message_json(message: Message) -> msgspec.Raw:
    """A message (API document, Get Messages for Message Thread); rendered once."""
    if message.raw is None:
        message.raw = encode(message_data(message))
    return msgspec.Raw(message.raw)


def message_data(message: Message) -> dict[str, Any]:
    """A message as plain data."""
    attributes: dict[str, Any] = {
        "message": message.text,
        "attachments": list(message.attachments),
        "sender": message.sender,
        "inserted_at": stamp(message.inserted_at),
        "updated_at": stamp(message.updated_at),
    }
    if message.meta is not None:
        attributes["meta"] = dict(message.meta)
    if message.have_attachment is not None:
        attributes["have_attachment"] = message.have_attachment
    relationships = {"message_thread": _link("message_thread", message.thread_id)}
    if message.user_id is not None:
        relationships["user"] = _link("user", message.user_id)
    return {
        "id": message.id,
        "type": "message",
        "attributes": attributes,
        "relationships": relationships,
    }


def thread_json(thread: Thread) -> msgspec.Raw:
    """A thread (API document, Get Message Thread by ID); rendered again only after a change."""
    if thread.raw is None:
        thread.raw = encode(_thread_data(thread))
    return msgspec.Raw(thread.raw)


def _thread_data(thread: Thread) -> dict[str, Any]:
    last = thread.messages[-1] if thread.messages else None
    attributes: dict[str, Any] = {
        "title": thread.title,
        "is_closed": thread.is_closed,
        "provider": thread.provider,
        "message_count": len(thread.messages),
        "last_message": None if last is None else _preview(last),
        "last_message_received_at": stamp(thread.last_message_received_at),
        "inserted_at": stamp(thread.inserted_at),
        "updated_at": stamp(thread.updated_at),
    }
    if thread.ota_message_thread_id is not None:
        attributes["ota_message_thread_id"] = thread.ota_message_thread_id
    if thread.meta is not None:
        attributes["meta"] = dict(thread.meta)
    owner = _link("property", thread.property_id)
    if thread.property_title is not None:
        owner["data"]["title"] = thread.property_title
    relationships = {"property": owner, "channel": _link("channel", thread.channel_id)}
    if thread.booking_id is not None:
        relationships["booking"] = _link("booking", thread.booking_id)
    return {
        "id": thread.id,
        "type": "message_thread",
        "attributes": attributes,
        "relationships": relationships,
    }


def _preview(message: Message) -> dict[str, Any]:
    return {
        "message": message.text,
        "sender": message.sender,
        "inserted_at": stamp(message.inserted_at),
        "attachments": list(message.attachments),
    }


def _link(kind: str, identity: str) -> dict[str, dict[str, str]]:
    return {"data": {"id": identity, "type": kind}}


def booking_data(booking: Booking) -> dict[str, Any]:
    """A booking, with what reads of current answers have."""
    attributes = {
        "id": booking.id,
        "revision_id": booking.id[:-1] + ("0" if booking.id[-1] != "0" else "1"),
        "property_id": booking.property_id,
        "unique_id": f"{_PREFIXES.get(booking.ota_name, 'OFL')}-{booking.ota_reservation_code}",
        "ota_reservation_code": booking.ota_reservation_code,
        "ota_name": booking.ota_name,
        "status": booking.status,
        "arrival_date": booking.arrival_date.isoformat(),
        "departure_date": booking.departure_date.isoformat(),
        "arrival_hour": booking.arrival_hour,
        "amount": booking.amount,
        "currency": booking.currency,
        "ota_commission": None,
        "payment_collect": booking.payment_collect,
        "payment_type": None,
        "notes": booking.notes,
        "occupancy": {
            "adults": booking.adults,
            "children": booking.children,
            "infants": booking.infants,
        },
        "customer": _customer(booking),
        "rooms": [_room(booking)],
        "services": [
            {"type": name, "total_price": "0.00", "price_per_unit": "0.00", "nights": 1, "persons": 1}
            for name in booking.services
        ],
        "guarantee": None,
        "deposits": [],
        "agent": None,
        "meta": {},
        "channel_id": booking.channel_id,
        "secondary_ota": None,
        "acknowledge_status": "acknowledged",
        "is_crs_revision": False,
        "inserted_at": stamp(booking.inserted_at),
    }
    relationships = {"property": _link("property", booking.property_id)}
    if booking.thread_id is not None:
        relationships["message_thread"] = _link("message_thread", booking.thread_id)
    return {"id": booking.id, "type": "booking", "attributes": attributes, "relationships": relationships}


def _customer(booking: Booking) -> dict[str, Any]:
    guest = booking.guest
    if booking.ota_name == EXPEDIA:
        # Expedia tells no more than the name.
        return {"name": guest.name, "surname": guest.surname}
    customer: dict[str, Any] = {
        "name": guest.name,
        "surname": guest.surname,
        "mail": guest.mail,
        "phone": guest.phone,
        "country": guest.country,
        "city": None,
        "address": None,
        "zip": None,
    }
    if booking.ota_name != AIRBNB:
        # Airbnb's answers have no such key.
        customer["language"] = guest.language
    return customer


def _room(booking: Booking) -> dict[str, Any]:
    return {
        "checkin_date": booking.arrival_date.isoformat(),
        "checkout_date": booking.departure_date.isoformat(),
        "room_type_id": None,
        "rate_plan_id": None,
        "occupancy": {
            "adults": booking.adults,
            "children": booking.children,
            "infants": booking.infants,
        },
        "amount": booking.amount,
        "guests": None,
        "is_cancelled": booking.status == "cancelled",
    }


def property_data(entry: Property) -> dict[str, Any]:
    """A property, with the attributes of recorded answers."""
    attributes: dict[str, Any] = {
        "id": entry.id,
        "title": entry.title,
        "currency": entry.currency,
        "timezone": entry.timezone,
        "email": entry.email,
        "phone": entry.phone,
        "website": None,
        "country": entry.country,
        "state": None,
        "city": entry.city,
        "address": entry.address,
        "zip_code": entry.zip_code,
        "latitude": None,
        "longitude": None,
        "property_type": "apartment",
        "is_active": True,
        "logo_url": None,
        "content": {"description": None, "important_information": None, "photos": []},
    }
    return {"id": entry.id, "type": "property", "attributes": attributes, "relationships": {}}


def feed_event_data(event: FeedEvent) -> dict[str, Any]:
    """An event of the live feed."""
    return {
        "id": event.id,
        "type": "live_feed_event",
        "attributes": {
            "id": event.id,
            "event": event.event,
            "property_id": event.property_id,
            "inserted_at": stamp(event.inserted_at),
            "payload": event.payload,
        },
    }
