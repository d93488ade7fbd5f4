"""The live feed: what happened, newest first, and how inquiries and requests are answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from autoresponder.sandbox.entities import Message, Thread
from autoresponder.sandbox.stamps import stamp

_KEPT = 5000
"""Channex forgets after a month; the sandbox after so many events."""

_RESERVATION_REASONS = frozenset(
    {"dates_not_available", "not_a_good_fit", "waiting_for_better_reservation", "not_comfortable"}
)
RESOLVABLE = frozenset({"inquiry", "reservation_request", "alteration_request"})


class BadResolution(Exception):
    """The resolution's fields are not what this kind of event takes.

    Attributes:
        details: Field to messages, as in a validation error.
    """

    def __init__(self, details: Mapping[str, list[str]]) -> None:
        super().__init__("validation error")
        self.details = dict(details)


@dataclass(slots=True, kw_only=True)
class FeedEvent:
    """An event of the live feed."""

    id: str
    event: str
    property_id: str
    channel_id: str
    inserted_at: datetime
    payload: dict[str, Any]


class Feed:
    """The live feed, bounded."""

    def __init__(self) -> None:
        self._events: dict[str, FeedEvent] = {}

    def add(self, event: FeedEvent) -> None:
        """Add the newest event; the oldest one goes when there are too many."""
        self._events[event.id] = event
        if len(self._events) > _KEPT:
            del self._events[next(iter(self._events))]

    def get(self, event_id: str) -> FeedEvent | None:
        """The event with this id."""
        return self._events.get(event_id)

    def newest_first(self) -> Iterator[FeedEvent]:
        """All events."""
        return reversed(self._events.values())

    def __len__(self) -> int:
        return len(self._events)


def message_payload(thread: Thread, message: Message) -> dict[str, Any]:
    """What a `message` event carries, in the live feed and to webhooks alike."""
    return {
        "id": message.id,
        "message": message.text,
        "meta": None if message.meta is None else dict(message.meta),
        "sender": message.sender,
        "property_id": thread.property_id,
        "booking_id": thread.booking_id,
        "message_thread_id": thread.id,
        "attachments": list(message.attachments),
        "have_attachment": bool(message.attachments),
        "ota_message_id": str(900_000_000 + message.sequence),
        "inserted_at": stamp(message.inserted_at),
    }


def inquiry_payload(thread: Thread, message: Message) -> dict[str, Any]:
    """What an `inquiry` event carries: the card's details and where to find the thread."""
    card = message.meta or {}
    return {
        "status": card.get("status", "active"),
        "property_id": thread.property_id,
        "message_thread_id": thread.id,
        "booking_details": dict(card.get("booking_details") or {}),
        "resolved": False,
    }


def resolve(event: FeedEvent, resolution: Mapping[str, Any]) -> bool:
    """Answer an event in place; an event that was answered before stays as it is.

    Args:
        event: Of a resolvable kind.
        resolution: The body's `resolution` object; foreign fields are ignored.

    Returns:
        Whether anything changed.

    Raises:
        BadResolution: A field is missing or has a value that is not taken.
    """
    if event.payload.get("resolved"):
        return False
    known = _READERS[event.event](resolution)
    event.payload["resolved"] = True
    event.payload.update(known)
    return True


def _inquiry(resolution: Mapping[str, Any]) -> dict[str, Any]:
    kind = resolution.get("type")
    if kind == "preapproval":
        block = resolution.get("block_instant_booking", False)
        if not isinstance(block, bool):
            raise BadResolution({"block_instant_booking": ["is invalid"]})
        return {
            "status": "preapproval",
            "resolution": {"type": "preapproval", "block_instant_booking": block},
        }
    if kind == "special_offer":
        price = resolution.get("total_price")
        if isinstance(price, bool) or not isinstance(price, int) or price <= 0:
            raise BadResolution({"total_price": ["is invalid"]})
        return {"status": "special_offer", "resolution": {"type": "special_offer", "total_price": price}}
    raise BadResolution({"type": ["is invalid"]})


def _reservation_request(resolution: Mapping[str, Any]) -> dict[str, Any]:
    accept = resolution.get("accept")
    if accept is True:
        return {"resolution": "accepted"}
    if accept is not False:
        raise BadResolution({"accept": ["is invalid"]})
    reason = resolution.get("reason", "not_comfortable")
    if not isinstance(reason, str) or reason not in _RESERVATION_REASONS:
        raise BadResolution({"reason": ["is invalid"]})
    return {"resolution": "declined"}


def _alteration_request(resolution: Mapping[str, Any]) -> dict[str, Any]:
    accept = resolution.get("accept")
    outcome = {"accept": "ACCEPTED", "decline": "DECLINED", "cancel": "CANCELED"}
    if not isinstance(accept, str) or accept not in outcome:
        raise BadResolution({"accept": ["is invalid"]})
    return {"resolution": accept, "status": outcome[accept]}


_READERS = {
    "inquiry": _inquiry,
    "reservation_request": _reservation_request,
    "alteration_request": _alteration_request,
}
