"""The last look before an Airbnb inquiry is pre-approved: what does Channex's live feed say about it?

Resolving an event twice changes nothing (Channex, live feed). Even so it is asked for only while the feed shows the
inquiry unanswered, and only for events of kind `inquiry`: never for a request to book.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from autoresponder.channex.interface import ChannexReader
from autoresponder.decision import SkipReason
from autoresponder.delivery import machine
from autoresponder.model import LiveFeedEvent
from autoresponder.records import Delivery, ThreadRecord, Via

INQUIRY = "inquiry"
PREAPPROVAL = "preapproval"
_PAGES = 5
"""Pages of inquiries that are looked through, the newest first; an inquiry is answered within a day."""


async def prepare(reader: ChannexReader, delivery: Delivery, record: ThreadRecord, *, fence: int) -> Delivery:
    """Look the inquiry up.

    Args:
        reader: For the live feed.
        delivery: Claimed; its body is the event's id where the thread named one.
        record: Of the thread.
        fence: Of the lease.

    Returns:
        The delivery with the event's id as its body; or at its end, because the inquiry was answered or is not to
        be found.

    Raises:
        ChannexError: The feed cannot be read; nothing was done.
    """
    event = await _find(reader, delivery.body, record)
    if event is None:
        text = "Channex's live feed shows no inquiry for this thread, so it was not pre-approved"
        return machine.hold(delivery, fence=fence, reason=SkipReason.NOT_PREAPPROVED, detail=text)
    answer = _answer(event)
    if answer == PREAPPROVAL:
        via = Via.READBACK if delivery.attempt else Via.PRECONDITION
        return machine.sent(replace(delivery, body=event.id), fence=fence, remote_id=None, via=via)
    if answer:
        text = "somebody has answered the inquiry in another way"
        return machine.suppress(delivery, fence=fence, reason=SkipReason.ANSWERED, detail=text)
    return replace(delivery, body=event.id)


async def _find(reader: ChannexReader, event_id: str, record: ThreadRecord) -> LiveFeedEvent | None:
    filters = {"event": INQUIRY}
    if record.property_id is not None:
        filters["property_id"] = record.property_id
    for number in range(1, _PAGES + 1):
        page = await reader.live_feed(page=number, filters=filters)
        for event in page.items:
            thread = event.payload.get("message_thread_id")
            if event.event != INQUIRY or thread not in (None, record.thread_id):
                continue
            if event.id == event_id or (not event_id and thread == record.thread_id):
                return event
        if not page.has_more(news=bool(page.items)):
            break
    return None


def _answer(event: LiveFeedEvent) -> str:
    """How the inquiry was answered; empty while it was not."""
    resolution = event.payload.get("resolution")
    kind = resolution.get("type") if isinstance(resolution, Mapping) else None
    status = event.payload.get("status")
    if kind is None and status in (PREAPPROVAL, "special_offer"):
        kind = status
    if kind is not None:
        return str(kind)
    return "resolved" if event.payload.get("resolved") else ""
