"""What is asked of the API, as plain values: one function per operation, no I/O.

Sources: the API document (paths and bodies) and its general pages (`pagination[...]`, `order[...]`,
`filter[...]`). The API key is not in here: the client adds it at the last moment.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Literal

import msgspec

from autoresponder.channex.query import MAX_LIMIT, Query, encoded, filtering, order, paging, segment
from autoresponder.errors import ChannexRejected

MAX_ATTACHMENT = 7_000_000
"""Bytes of a file; in base64 it stays below the API's 10 MB of JSON."""

COMMON_HEADERS: Mapping[str, str] = {"Accept": "application/json"}
"""Headers of every request."""

_NO_HEADERS: Mapping[str, str] = {}
_JSON_HEADERS: Mapping[str, str] = {"Content-Type": "application/json"}


class Kind(Enum):
    """How an answer, or its absence, is to be understood."""

    READ = "read"
    CREATE = "create"
    """A write that is known to have happened only when the answer names what was made."""
    MARK = "mark"
    """A write that may be repeated: any 2xx is success, whatever the body says."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request, without host and key."""

    what: str
    """What is being done, for people: `reading thread 4e16…`."""
    method: Literal["GET", "POST"]
    path: str
    """Percent-encoded, from the base URL on, with a leading slash."""
    query: Query = ()
    body: bytes | None = None
    """JSON. Not in the repr: it holds what is written to a guest."""
    kind: Kind = Kind.READ
    messages_app: bool = False
    """Whether a 403 means that the Messages app is missing on the property."""

    def __repr__(self) -> str:
        return f"Request({self.method} {self.target}, {self.what})"

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of this request beside those of every request (`COMMON_HEADERS` and the key)."""
        return _NO_HEADERS if self.body is None else _JSON_HEADERS

    @property
    def target(self) -> str:
        """Path and query, as they go on the wire."""
        return f"{self.path}?{encoded(self.query)}" if self.query else self.path


@lru_cache(maxsize=256)
def _newest_first(page: int, limit: int) -> Query:
    return (*paging(page, limit), *order("inserted_at", descending=True))


def message_threads(
    *,
    page: int = 1,
    limit: int = MAX_LIMIT,
    order_by: str | None = None,
    descending: bool = True,
    filters: Mapping[str, str] | None = None,
) -> Request:
    """API document, Get Message Threads."""
    wanted = () if order_by is None else order(order_by, descending=descending)
    return Request(
        what="listing message threads",
        method="GET",
        path="/message_threads",
        query=(*paging(page, limit), *wanted, *filtering(filters)),
        messages_app=True,
    )


def message_thread(thread_id: str) -> Request:
    """API document, Get Message Thread by ID."""
    path = f"/message_threads/{segment(thread_id, 'thread')}"
    return Request(what=f"reading thread {thread_id}", method="GET", path=path, messages_app=True)


def thread_messages(thread_id: str, *, page: int = 1, limit: int = MAX_LIMIT) -> Request:
    """API document, Get Message for Message Thread."""
    return Request(
        what=f"reading the messages of thread {thread_id}",
        method="GET",
        path=f"/message_threads/{segment(thread_id, 'thread')}/messages",
        query=_newest_first(page, limit),
        messages_app=True,
    )


def booking_messages(booking_id: str, *, page: int = 1, limit: int = MAX_LIMIT) -> Request:
    """API document, Get Messages per Booking."""
    return Request(
        what=f"reading the messages of booking {booking_id}",
        method="GET",
        path=f"/bookings/{segment(booking_id, 'booking')}/messages",
        query=_newest_first(page, limit),
        messages_app=True,
    )


def booking(booking_id: str) -> Request:
    """GET bookings/:id."""
    path = f"/bookings/{segment(booking_id, 'booking')}"
    return Request(what=f"reading booking {booking_id}", method="GET", path=path)


def properties(*, page: int = 1, limit: int = MAX_LIMIT) -> Request:
    """GET properties."""
    return Request(what="listing properties", method="GET", path="/properties", query=paging(page, limit))


def property_(property_id: str) -> Request:
    """GET properties/:id."""
    path = f"/properties/{segment(property_id, 'property')}"
    return Request(what=f"reading property {property_id}", method="GET", path=path)


def installed_applications(*, page: int = 1, limit: int = MAX_LIMIT) -> Request:
    """GET applications/installed."""
    return Request(
        what="listing installed applications",
        method="GET",
        path="/applications/installed",
        query=paging(page, limit),
    )


def live_feed(*, page: int = 1, limit: int = MAX_LIMIT, filters: Mapping[str, str] | None = None) -> Request:
    """GET live_feed."""
    return Request(
        what="listing the live feed",
        method="GET",
        path="/live_feed",
        query=(*paging(page, limit), *order("inserted_at", descending=True), *filtering(filters)),
    )


def send_to_thread(thread_id: str, *, text: str | None, attachment_id: str | None) -> Request:
    """API document, Send Message to Message Thread."""
    return Request(
        what=f"sending to thread {thread_id}",
        method="POST",
        path=f"/message_threads/{segment(thread_id, 'thread')}/messages",
        body=_message(text, attachment_id),
        kind=Kind.CREATE,
        messages_app=True,
    )


def send_to_booking(booking_id: str, *, text: str | None, attachment_id: str | None) -> Request:
    """API document, Send Message to Booking, and Send attachment."""
    return Request(
        what=f"sending to booking {booking_id}",
        method="POST",
        path=f"/bookings/{segment(booking_id, 'booking')}/messages",
        body=_message(text, attachment_id),
        kind=Kind.CREATE,
        messages_app=True,
    )


def upload_attachment(content: bytes, *, file_name: str, file_type: str) -> Request:
    """API document, Send Attachment to Booking: the upload.

    Raises:
        ChannexRejected: The file is empty or too large for the API; nothing was sent.
    """
    if not content:
        raise ChannexRejected("uploading an attachment: the file is empty")
    if len(content) > MAX_ATTACHMENT:
        raise ChannexRejected(
            f"uploading an attachment: the file has {len(content) / 1e6:.1f} MB; "
            f"the API takes {MAX_ATTACHMENT / 1e6:.0f} MB: send a smaller one"
        )
    file = base64.b64encode(content).decode("ascii")
    body = {"attachment": {"file": file, "file_name": file_name, "file_type": file_type}}
    return Request(
        what="uploading an attachment",
        method="POST",
        path="/attachments",
        body=_json(body),
        kind=Kind.CREATE,
        messages_app=True,
    )


def close_thread(thread_id: str) -> Request:
    """API document, Close Message Thread: no payload."""
    return Request(
        what=f"closing thread {thread_id}",
        method="POST",
        path=f"/message_threads/{segment(thread_id, 'thread')}/close",
        kind=Kind.MARK,
        messages_app=True,
    )


def no_reply_needed(thread_id: str) -> Request:
    """API document, Mark Thread as No Reply needed: payload is empty; what it answers is not documented."""
    return Request(
        what=f"marking thread {thread_id} as needing no reply",
        method="POST",
        path=f"/message_threads/{segment(thread_id, 'thread')}/no_reply_needed",
        kind=Kind.MARK,
        messages_app=True,
    )


def resolve_live_feed_event(event_id: str, resolution: Mapping[str, object]) -> Request:
    """POST live_feed/:id/resolve. A resolved event is returned unchanged, so repeating is harmless."""
    return Request(
        what=f"resolving live feed event {event_id}",
        method="POST",
        path=f"/live_feed/{segment(event_id, 'live feed event')}/resolve",
        body=_json({"resolution": dict(resolution)}),
        kind=Kind.MARK,
    )


def _message(text: str | None, attachment_id: str | None) -> bytes:
    """`{"message": {...}}`: one of the two, because the API ignores the file when a text stands beside it."""
    if (text is None) == (attachment_id is None):
        raise ChannexRejected("a message is either a text or an attachment: send them one after the other")
    if text is None:
        return _json({"message": {"attachment_id": attachment_id}})
    if not text.strip():
        raise ChannexRejected("an empty text is not sent: the API refuses it")
    return _json({"message": {"message": text}})


def _json(value: object) -> bytes:
    try:
        return msgspec.json.encode(value)
    except (UnicodeEncodeError, TypeError) as error:
        raise ChannexRejected(f"cannot be sent as JSON: {type(error).__name__}") from None
