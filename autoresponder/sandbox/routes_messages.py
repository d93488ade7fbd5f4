"""Message threads and messages (API document, Messages Collection)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from aiohttp import web

from autoresponder.sandbox import answers
from autoresponder.sandbox.activity import ActivityIndex
from autoresponder.sandbox.answers import Refusal, invalid
from autoresponder.sandbox.endpoint import Call, Operation
from autoresponder.sandbox.entities import Booking, Message, Origin, Thread
from autoresponder.sandbox.listing import (
    Field,
    Filter,
    Listing,
    as_bool,
    as_id,
    as_text,
    as_time,
    order_field,
    page_meta,
    predicate,
    read_value,
    select,
)
from autoresponder.sandbox.render import message_data, message_json, thread_json
from autoresponder.sandbox.world import AIRBNB, BOOKING_COM, EXPEDIA, World

_WITH_MESSAGES = frozenset({BOOKING_COM, AIRBNB, EXPEDIA})

_THREAD_FIELDS: dict[str, Field[Thread]] = {
    "last_message_received_at": Field(lambda t: t.last_message_received_at, as_time),
    "updated_at": Field(lambda t: t.updated_at, as_time),
    "inserted_at": Field(lambda t: t.inserted_at, as_time),
    "property_id": Field(lambda t: t.property_id, as_id),
    "booking_id": Field(lambda t: t.booking_id, as_id),
    "channel_id": Field(lambda t: t.channel_id, as_id),
    "id": Field(lambda t: t.id, as_id),
    "is_closed": Field(lambda t: t.is_closed, as_bool),
    "provider": Field(lambda t: t.provider, as_text),
    "title": Field(lambda t: t.title, as_text),
    "message_count": Field(lambda t: len(t.messages), int),
}
_MESSAGE_FIELDS: dict[str, Field[Message]] = {
    "inserted_at": Field(lambda m: m.inserted_at, as_time),
    "updated_at": Field(lambda m: m.updated_at, as_time),
    "sender": Field(lambda m: m.sender, as_text),
    "id": Field(lambda m: m.id, as_id),
}
_BY_ACTIVITY = "last_message_received_at"
_BY_TIME = "inserted_at"


async def list_threads(call: Call) -> web.Response:
    """Get Message Threads: 200, 401, 403."""
    world, listing = call.world, call.listing
    if world.ignore_order:
        listing = replace(listing, order_by="inserted_at", descending=True)
    order_field(listing, _THREAD_FIELDS, _BY_ACTIVITY)
    index, filters = _candidates(world, listing.filters)
    shown = None if index is not world.activity else _shown_properties(world)
    if listing.order_by not in (None, _BY_ACTIVITY):
        threads = (t for t in index.ordered(descending=False) if shown is None or t.property_id in shown)
        items, meta = select(threads, listing, _THREAD_FIELDS, default_order=_BY_ACTIVITY)
        return answers.page([thread_json(thread) for thread in items], meta)
    descending = listing.descending if listing.order_by else True
    stop = listing.start + listing.limit
    if not filters and (shown is None or len(shown) == len(world.properties)):
        items, total = index.slice(listing.start, stop, descending=descending), len(index)
    else:
        test = predicate(filters, _THREAD_FIELDS)
        kept = [
            thread
            for thread in index.ordered(descending=descending)
            if (shown is None or thread.property_id in shown) and test(thread)
        ]
        items, total = kept[listing.start : stop], len(kept)
    meta = page_meta(listing, _BY_ACTIVITY, total, descending=descending)
    return answers.page([thread_json(thread) for thread in items], meta)


def _candidates(world: World, filters: tuple[Filter, ...]) -> tuple[ActivityIndex, tuple[Filter, ...]]:
    """Where to look, and the filters that are left: a filter for one property is answered by its index."""
    for entry in filters:
        if entry.field == "property_id" and entry.operator in ("in", "eq") and "," not in entry.value:
            wanted = read_value(entry, _THREAD_FIELDS["property_id"])
            if wanted in world.properties:
                _require_app(world, wanted)
            left = tuple(other for other in filters if other is not entry)
            return world.activity_of.get(wanted) or ActivityIndex(), left
    return world.activity, filters


def _shown_properties(world: World) -> set[str]:
    """Properties whose threads a list over all of them shows.

    How Channex answers when only some have the Messages app is not documented: here the others are left
    out, and 403 is the answer when none has it, or with `refuse_mixed_lists` when one has it not.
    """
    mine = [entry for entry in world.properties.values() if not entry.foreign]
    shown = {entry.id for entry in mine if entry.messages_app}
    if mine and (not shown or (world.refuse_mixed_lists and len(shown) < len(mine))):
        raise Refusal("forbidden")
    return shown


async def get_thread(call: Call) -> web.Response:
    """Get Message Thread by ID: 200, 401, 403, 404."""
    return answers.data(thread_json(_thread(call)))


async def thread_messages(call: Call) -> web.Response:
    """Get Message for Message Thread: 200, 401, 403, 404."""
    return _messages(_thread(call).messages, call.listing)


async def send_to_thread(call: Call) -> web.Response:
    """Send Message to Message Thread: 200, 401, 403, 404, 422."""
    thread = _thread(call)
    return await _send(call, lambda: thread)


async def close_thread(call: Call) -> web.Response:
    """Close Message Thread: 200, 401, 404. The payload is empty; whatever comes is ignored."""
    thread = _thread(call)
    call.world.close(thread)
    return answers.data(thread_json(thread))


async def no_reply_needed(call: Call) -> web.Response:
    """Mark Thread as No Reply needed: Booking.com only, elsewhere 422 (undocumented, so the strictest)."""
    thread = _thread(call)
    if thread.provider != BOOKING_COM:
        raise Refusal("not_supported")
    call.world.mark_no_reply_needed(thread)
    return answers.data(thread_json(thread))


async def booking_messages(call: Call) -> web.Response:
    """Get Messages per Booking: 200, 401, 403, 404, 422 not_supported."""
    booking = _booking(call)
    thread = call.world.threads.get(booking.thread_id or "")
    return _messages([] if thread is None else thread.messages, call.listing)


async def send_to_booking(call: Call) -> web.Response:
    """Send Message to Booking: 200, 401, 403, 404, 422; opens a thread when there is none."""
    booking = _booking(call)
    world = call.world

    def place() -> Thread:
        return world.threads.get(booking.thread_id or "") or world.add_thread(
            property_id=booking.property_id,
            provider=booking.ota_name,
            title=f"{booking.guest.name} {booking.guest.surname}".strip(),
            booking=booking,
        )

    return await _send(call, place)


def _messages(messages: list[Message], listing: Listing) -> web.Response:
    if listing.filters or listing.order_by not in (None, _BY_TIME):
        items, meta = select(messages, listing, _MESSAGE_FIELDS, default_order=_BY_TIME)
    else:
        descending = listing.descending if listing.order_by else True
        ordered = messages[::-1] if descending else messages
        items = ordered[listing.start : listing.start + listing.limit]
        meta = page_meta(listing, _BY_TIME, len(messages), descending=descending)
    return answers.page([message_json(message) for message in items], meta)


async def _send(call: Call, place: Callable[[], Thread]) -> web.Response:
    """Validate, then write; `place` is asked only for a message that is taken."""
    text, attachments = _content(call.world, await call.body("message"))
    message = call.world.write(
        place(),
        text,
        origin=Origin.API,
        attachments=attachments,
        later=call.later,
        accepted=call.accepted,
    )
    shown = message_data(message)
    if call.world.threads[message.thread_id].provider == AIRBNB and call.world.extras:
        # Observed live: answers to Airbnb sends name neither thread nor user.
        del shown["relationships"]
    return answers.data(shown)


def _content(world: World, entity: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """What is sent: the text, or one attachment. Beside a text the attachment is ignored (current page)."""
    unknown = entity.keys() - {"message", "attachment_id"}
    if unknown:
        raise invalid({name: ["is unknown"] for name in sorted(unknown)})
    nulls = [name for name, value in entity.items() if value is None]
    if nulls:
        raise invalid({name: ["should be a non null value or not existed field"] for name in nulls})
    if "message" in entity:
        text = entity["message"]
        if not isinstance(text, str):
            raise invalid({"message": ["is invalid"]})
        if not text.strip():
            raise invalid({"message": ["can't be blank"]})
        return text, ()
    if "attachment_id" not in entity:
        raise invalid({"message": ["can't be blank"]})
    wanted = entity["attachment_id"]
    attachment = world.attachments.get(wanted) if isinstance(wanted, str) else None
    if attachment is None:
        raise invalid({"attachment_id": ["is invalid"]})
    return "", (f"attachments/{attachment.id}/{quote(attachment.file_name)}",)


def _thread(call: Call) -> Thread:
    thread = call.world.threads.get(call.id)
    if thread is None:
        raise Refusal("resource_not_found")
    _require_app(call.world, thread.property_id)
    return thread


def _booking(call: Call) -> Booking:
    booking = call.world.bookings.get(call.id)
    if booking is None:
        raise Refusal("resource_not_found")
    _require_app(call.world, booking.property_id)
    if not booking.messaging or booking.ota_name not in _WITH_MESSAGES:
        raise Refusal("not_supported")
    return booking


def _require_app(world: World, property_id: str) -> None:
    owner = world.properties[property_id]
    if owner.foreign:
        raise Refusal("unauthorized")
    if not owner.messages_app:
        raise Refusal("forbidden")


OPERATIONS: tuple[tuple[str, str, str, Operation], ...] = (
    ("list_threads", "GET", "/message_threads", list_threads),
    ("get_thread", "GET", "/message_threads/{id}", get_thread),
    ("thread_messages", "GET", "/message_threads/{id}/messages", thread_messages),
    ("send_to_thread", "POST", "/message_threads/{id}/messages", send_to_thread),
    ("close_thread", "POST", "/message_threads/{id}/close", close_thread),
    ("no_reply_needed", "POST", "/message_threads/{id}/no_reply_needed", no_reply_needed),
    ("booking_messages", "GET", "/bookings/{id}/messages", booking_messages),
    ("send_to_booking", "POST", "/bookings/{id}/messages", send_to_booking),
)
"""Name for fault switches, method, path, operation."""
