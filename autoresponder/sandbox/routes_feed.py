"""The live feed and its answers (Airbnb API page, Booking Requests)."""

from __future__ import annotations

from aiohttp import web

from autoresponder.sandbox import answers
from autoresponder.sandbox.answers import Refusal, invalid
from autoresponder.sandbox.endpoint import Call, Operation
from autoresponder.sandbox.feed import RESOLVABLE, BadResolution, FeedEvent, resolve
from autoresponder.sandbox.listing import Field, as_id, as_text, as_time, select
from autoresponder.sandbox.render import feed_event_data

_FIELDS: dict[str, Field[FeedEvent]] = {
    "inserted_at": Field(lambda e: e.inserted_at, as_time),
    "event": Field(lambda e: e.event, as_text),
    "property_id": Field(lambda e: e.property_id, as_id),
    "channel_id": Field(lambda e: e.channel_id, as_id),
    "group_id": Field(lambda _: None, as_id),
}


async def live_feed(call: Call) -> web.Response:
    """Events, newest first."""
    world = call.world
    # Sorting is stable: fed oldest first, events of one instant come out in order of arrival.
    events = reversed(list(world.feed.newest_first()))
    mine = (event for event in events if not world.properties[event.property_id].foreign)
    items, meta = select(mine, call.listing, _FIELDS, default_order="inserted_at")
    return answers.page([feed_event_data(event) for event in items], meta)


async def feed_event(call: Call) -> web.Response:
    """One event."""
    return answers.data(feed_event_data(_event(call)))


async def resolve_feed_event(call: Call) -> web.Response:
    """Answer an inquiry or request: 200 with the event, 401, 404, 422. Answering twice changes nothing."""
    event = _event(call)
    resolution = await call.body("resolution")
    if event.event not in RESOLVABLE:
        raise Refusal("not_supported")
    try:
        changed = resolve(event, resolution)
    except BadResolution as problem:
        raise invalid(problem.details) from problem
    if changed:
        thread = call.world.threads.get(str(event.payload.get("message_thread_id")))
        call.world.happen("resolved", thread=thread, note=event.event)
    return answers.data(feed_event_data(event))


def _event(call: Call) -> FeedEvent:
    event = call.world.feed.get(call.id)
    if event is None:
        raise Refusal("resource_not_found")
    if call.world.properties[event.property_id].foreign:
        raise Refusal("unauthorized")
    return event


OPERATIONS: tuple[tuple[str, str, str, Operation], ...] = (
    ("live_feed", "GET", "/live_feed", live_feed),
    ("feed_event", "GET", "/live_feed/{id}", feed_event),
    ("resolve_feed_event", "POST", "/live_feed/{id}/resolve", resolve_feed_event),
)
"""Name for fault switches, method, path, operation."""
