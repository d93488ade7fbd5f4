"""What is remembered about a thread: one record per thread, written as one document.

A record is a frozen value; a step makes a new one (`msgspec.structs.replace`). `delivery.machine` alone
changes a delivery's state.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from autoresponder.circumstances import Circumstances
from autoresponder.decision import Outcome, SkipReason
from autoresponder.model import Event
from autoresponder.parts import Attached, Delivery, DeliveryState, PartKind, Via

__all__ = [
    "Attached",
    "Delivery",
    "DeliveryState",
    "JournalEntry",
    "JournalMessage",
    "PartKind",
    "RecordError",
    "ReplyMark",
    "ThreadRecord",
    "TurnRecord",
    "Via",
    "Waiting",
    "decode_entry",
    "decode_record",
    "encode_entry",
    "encode_record",
    "encoded",
]

VERSION = 1
"""Layout of a stored record; a reader refuses a newer one."""

_KEEP_HANDLED = 400
_KEEP_OURS = 200
_KEEP_REPLIES = 60


class TurnRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What is known and decided about one turn."""

    trigger_id: str
    message_ids: tuple[str, ...]
    """Every guest message (and inquiry card) that this turn covers."""
    event: Event = Event.MESSAGE
    first_at: datetime
    """Time of the oldest message."""
    last_at: datetime
    """Time of the trigger."""
    decided_at: datetime | None = None
    """None while the turn waits (guest still typing, quiet hours)."""
    done_at: datetime | None = None
    outcome: Outcome | None = None
    reason: SkipReason | None = None
    rules: tuple[str, ...] = ()
    explanation: str = ""
    language: str | None = None
    partial: bool = False
    notify: bool = False
    workspace: str = ""
    """Version of the rules that decided."""
    wait_until: datetime | None = None
    wait_reason: SkipReason | None = None
    deliveries: tuple[Delivery, ...] = ()

    def delivery(self, part: str) -> Delivery | None:
        """The delivery of this part, if there is one."""
        return next((d for d in self.deliveries if d.part == part), None)

    def with_delivery(self, delivery: Delivery) -> TurnRecord:
        """This turn with one delivery exchanged or added."""
        others = [delivery if d.part == delivery.part else d for d in self.deliveries]
        if self.delivery(delivery.part) is None:
            others.append(delivery)
        return replace(self, deliveries=tuple(others))


class ReplyMark(msgspec.Struct, frozen=True, kw_only=True):
    """That a rule answered, for cooldowns, caps and loop detection."""

    rules: tuple[str, ...]
    at: datetime
    body_hash: str
    trigger_id: str


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Why a person is needed in a thread."""

    since: datetime
    reason: SkipReason | None
    outcome: Outcome
    explanation: str
    trigger_id: str
    deadline: datetime | None = None


class ThreadRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Everything remembered about one thread."""

    thread_id: str
    version: int = VERSION
    property_id: str | None = None
    booking_id: str | None = None
    provider: str = ""
    fingerprint: str = ""
    """The thread's list entry when it was last fully handled."""
    turn: TurnRecord | None = None
    """The turn under way."""
    last: TurnRecord | None = None
    """The turn before."""
    handled: tuple[str, ...] = ()
    """Guest messages and inquiry cards with a final decision, oldest first."""
    ours: tuple[str, ...] = ()
    """Property messages that we sent."""
    replies: tuple[ReplyMark, ...] = ()
    waiting: Waiting | None = None
    due_at: datetime | None = None
    failures: int = 0
    """How often in a row handling broke off with an unexpected error."""

    def finish(self, turn: TurnRecord) -> ThreadRecord:
        """This record with `turn` closed and its messages marked as handled."""
        known = set(self.handled)
        fresh = tuple(m for m in turn.message_ids if m not in known)
        sent = tuple(d.remote_id for d in turn.deliveries if d.remote_id)
        ours = tuple(dict.fromkeys((*self.ours, *sent)))
        return replace(
            self,
            turn=None,
            last=turn,
            handled=(*self.handled, *fresh)[-_KEEP_HANDLED:],
            ours=ours[-_KEEP_OURS:],
            due_at=None,
            failures=0,
        )

    def with_reply(self, mark: ReplyMark) -> ThreadRecord:
        """This record with one more reply counted (once per turn)."""
        if any(r.trigger_id == mark.trigger_id and r.body_hash == mark.body_hash for r in self.replies):
            return self
        return replace(self, replies=(*self.replies, mark)[-_KEEP_REPLIES:])


class RecordError(ValueError):
    """A stored record cannot be read: damaged, or written by a newer version."""


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(ThreadRecord)


def encode_record(record: ThreadRecord) -> bytes:
    """The record as it is stored."""
    return _encoder.encode(record)


def decode_record(data: bytes) -> ThreadRecord:
    """Read a stored record.

    Raises:
        RecordError: Damaged, or a newer layout.
    """
    try:
        record = _decoder.decode(data)
    except msgspec.DecodeError as error:
        raise RecordError(f"a stored thread record is damaged: {error}") from error
    if record.version > VERSION:
        raise RecordError(
            f"a stored thread record has layout {record.version}, newer than this program's {VERSION}; "
            "use the newer autoresponder, or another store"
        )
    return record


class JournalMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A guest's message as the journal keeps it (purged after the retention time)."""

    id: str
    at: datetime
    text: str


class JournalEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A turn's decision with everything that explains it; what `why` and `inbox` show."""

    thread_id: str
    trigger_id: str
    message_ids: tuple[str, ...]
    at: datetime
    property_id: str | None
    property_name: str
    provider: str
    guest: str
    booking_id: str | None
    messages: tuple[JournalMessage, ...]
    outcome: Outcome
    reason: SkipReason | None
    rules: tuple[str, ...]
    topics: tuple[str, ...]
    language: str | None
    partial: bool
    notify: bool
    explanation: str
    workspace: str
    reply: str = ""
    """The rendered reply, also when it was not sent in the end."""
    deliveries: tuple[Delivery, ...] = ()
    trace: Any = None
    """The decision's trace: as plain data when it was read, encoded when it is about to be written."""
    circumstances: Circumstances | None = None
    """What the rules were asked; None when a guard came before them."""


_entry_decoder = msgspec.json.Decoder(JournalEntry)


def encoded(value: object) -> msgspec.Raw:
    """A part of an entry as it is stored: an entry is written several times, and this part only once."""
    return msgspec.Raw(_encoder.encode(value))


def encode_entry(entry: JournalEntry) -> bytes:
    """The entry as it is stored."""
    return _encoder.encode(entry)


def decode_entry(data: bytes) -> JournalEntry:
    """Read a stored entry.

    Raises:
        RecordError: Damaged.
    """
    try:
        return _entry_decoder.decode(data)
    except msgspec.DecodeError as error:
        raise RecordError(f"a stored decision is damaged: {error}") from error
