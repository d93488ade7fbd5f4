"""Bookings, properties, applications and attachments."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from aiohttp import web

from autoresponder.sandbox import answers
from autoresponder.sandbox.answers import Refusal, invalid
from autoresponder.sandbox.endpoint import Call, Operation
from autoresponder.sandbox.entities import Booking, Property
from autoresponder.sandbox.listing import Field, as_bool, as_date, as_id, as_text, as_time, select
from autoresponder.sandbox.render import booking_data, property_data

_BOOKING_FIELDS: dict[str, Field[Booking]] = {
    "inserted_at": Field(lambda b: b.inserted_at, as_time),
    "arrival_date": Field(lambda b: b.arrival_date, as_date),
    "departure_date": Field(lambda b: b.departure_date, as_date),
    "property_id": Field(lambda b: b.property_id, as_id),
    "status": Field(lambda b: b.status, as_text),
    "ota_name": Field(lambda b: b.ota_name, as_text),
    "ota_reservation_code": Field(lambda b: b.ota_reservation_code, as_text),
    "id": Field(lambda b: b.id, as_id),
}
_PROPERTY_FIELDS: dict[str, Field[Property]] = {
    "title": Field(lambda p: p.title, as_text),
    "id": Field(lambda p: p.id, as_id),
    "currency": Field(lambda p: p.currency, as_text),
    "country": Field(lambda p: p.country, as_text),
    "is_active": Field(lambda _: True, as_bool),
}
_ATTACHMENT_KEYS = ("file", "file_name", "file_type")


async def list_bookings(call: Call) -> web.Response:
    """Bookings of the account, newest first."""
    mine = (b for b in call.world.bookings.values() if not call.world.properties[b.property_id].foreign)
    items, meta = select(mine, call.listing, _BOOKING_FIELDS, default_order="inserted_at")
    return answers.page([booking_data(booking) for booking in items], meta)


async def get_booking(call: Call) -> web.Response:
    """One booking; 404 is normal for old ones."""
    booking = call.world.bookings.get(call.id)
    if booking is None:
        raise Refusal("resource_not_found")
    if call.world.properties[booking.property_id].foreign:
        raise Refusal("unauthorized")
    return answers.data(booking_data(booking))


async def list_properties(call: Call) -> web.Response:
    """Properties of the account, by title."""
    items, meta = select(
        _mine(call), call.listing, _PROPERTY_FIELDS, default_order="title", default_descending=False
    )
    return answers.page([property_data(entry) for entry in items], meta)


async def property_options(call: Call) -> web.Response:
    """The light list without pages."""
    entries = sorted(_mine(call), key=lambda entry: entry.title)
    return answers.answer(
        {
            "data": [
                {
                    "id": entry.id,
                    "type": "property",
                    "attributes": {"id": entry.id, "title": entry.title, "currency": entry.currency},
                }
                for entry in entries
            ]
        }
    )


async def get_property(call: Call) -> web.Response:
    """One property."""
    entry = call.world.properties.get(call.id)
    if entry is None:
        raise Refusal("resource_not_found")
    if entry.foreign:
        raise Refusal("unauthorized")
    return answers.data(property_data(entry))


async def installed_applications(call: Call) -> web.Response:
    """Which properties have the Messages application."""
    installed = [entry for entry in _mine(call) if entry.messages_app]
    return answers.answer(
        {
            "data": [
                {
                    "id": _installation_id(entry.id),
                    "type": "application_installation",
                    "attributes": {
                        "id": _installation_id(entry.id),
                        "property_id": entry.id,
                        "application_code": "channex_messages",
                        "settings": {},
                    },
                }
                for entry in installed
            ]
        }
    )


async def create_attachment(call: Call) -> web.Response:
    """Create Attachment: 200, 401, 403, 422."""
    entity = await call.body("attachment")
    if not any(entry.messages_app for entry in _mine(call)):
        raise Refusal("forbidden")
    unknown = entity.keys() - set(_ATTACHMENT_KEYS)
    if unknown:
        raise invalid({name: ["is unknown"] for name in sorted(unknown)})
    missing = [key for key in _ATTACHMENT_KEYS if not isinstance(entity.get(key), str) or not entity[key]]
    if missing:
        raise invalid({name: ["can't be blank"] for name in missing})
    attachment = call.world.add_attachment(
        content=_decoded(entity), file_name=entity["file_name"], file_type=entity["file_type"]
    )
    return answers.data({"id": attachment.id, "type": "attachment"})


async def get_attachment(call: Call) -> web.Response:
    """The file itself, at the relative address that messages show."""
    attachment = call.world.attachments.get(call.id)
    if attachment is None:
        raise Refusal("resource_not_found")
    return web.Response(
        body=attachment.content,
        # Never the uploaded type: a browser must not run what somebody uploaded.
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff"},
    )


def _decoded(entity: dict[str, Any]) -> bytes:
    try:
        return base64.b64decode(entity["file"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid({"file": ["is invalid"]}) from error


def _mine(call: Call) -> list[Property]:
    return [entry for entry in call.world.properties.values() if not entry.foreign]


def _installation_id(property_id: str) -> str:
    return property_id[:14] + ("5" if property_id[14] != "5" else "6") + property_id[15:]


OPERATIONS: tuple[tuple[str, str, str, Operation], ...] = (
    ("list_bookings", "GET", "/bookings", list_bookings),
    ("get_booking", "GET", "/bookings/{id}", get_booking),
    ("list_properties", "GET", "/properties", list_properties),
    ("property_options", "GET", "/properties/options", property_options),
    ("get_property", "GET", "/properties/{id}", get_property),
    ("installed_applications", "GET", "/applications/installed", installed_applications),
    ("create_attachment", "POST", "/attachments", create_attachment),
    ("get_attachment", "GET", "/attachments/{id}/{name}", get_attachment),
)
"""Name for fault switches, method, path, operation."""
