"""From a thread snapshot and its record to the turn that wants a decision; pure."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from autoresponder.delivery.matching import body_hash, carries
from autoresponder.model import Event, Message, Sender, Snapshot, Turn
from autoresponder.records import Attached, ThreadRecord


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a look at a thread says."""

    turn: Turn | None
    """What wants a decision, or None."""
    covered: tuple[Message, ...] = ()
    """Every unhandled guest message and inquiry card, oldest first; a decision closes them all."""
    answer: Message | None = None
    """A property message that is not ours and newer than the trigger."""
    human_at: datetime | None = None
    """When somebody else last wrote for the property."""

    def completed(self, snapshot: Snapshot) -> Reading:
        """The same look at the same messages, with the snapshot's booking and property."""
        if self.turn is None:
            return self
        turn = replace(
            self.turn, thread=snapshot.thread, booking=snapshot.booking, property=snapshot.property
        )
        return replace(self, turn=turn)


def read_turn(snapshot: Snapshot, record: ThreadRecord, *, horizon: datetime) -> Reading:
    """Find the turn in a thread.

    Messages before the last property message of somebody else count as answered by it, and messages
    before `horizon` are history; both are covered by the turn's decision but not judged again.

    Args:
        snapshot: The thread as it was read.
        record: What is remembered about it.
        horizon: Now less the greatest age that is answered.
    """
    handled = set(record.handled)
    foreign = foreign_messages(snapshot.messages, record)
    human_at = max((m.inserted_at for m in foreign), default=None)
    covered = tuple(
        [m for m in snapshot.messages if m.id not in handled and (m.from_guest or is_inquiry_card(m))]
    )
    if not covered:
        return Reading(turn=None, human_at=human_at)
    trigger, answer = covered[-1], None
    recent = tuple([m for m in covered if m.inserted_at >= horizon])
    if foreign:
        position = {m.id: n for n, m in enumerate(snapshot.messages)}
        last_foreign = max(position[m.id] for m in foreign)
        answer = next((m for m in reversed(foreign) if position[m.id] > position[trigger.id]), None)
        recent = tuple(m for m in recent if position[m.id] > last_foreign)
    judged = recent or (trigger,)
    card = next((m for m in reversed(judged) if is_inquiry_card(m)), None)
    inquiry = next((m.inquiry for m in reversed(snapshot.messages) if m.inquiry is not None), None)
    turn = Turn(
        event=Event.INQUIRY if card is not None else Event.MESSAGE,
        thread=snapshot.thread,
        trigger=trigger,
        messages=tuple([m for m in judged if m.from_guest]),
        history=snapshot.messages,
        booking=snapshot.booking,
        property=snapshot.property,
        inquiry=inquiry,
    )
    return Reading(turn=turn, covered=covered, answer=answer, human_at=human_at)


def is_inquiry_card(message: Message) -> bool:
    """Whether this is the system message that opens an inquiry."""
    return message.sender is Sender.SYSTEM and message.inquiry is not None


def foreign_messages(messages: tuple[Message, ...], record: ThreadRecord) -> tuple[Message, ...]:
    """Property messages that we did not send, as far as the record knows, oldest first."""
    written = [m for m in messages if m.sender is Sender.PROPERTY]
    if not written:
        return ()
    ours = set(record.ours)
    bodies = {mark.body_hash for mark in record.replies}
    files = _files(record)
    return tuple(
        m
        for m in written
        if m.id not in ours
        and not (bodies and body_hash(m.text) in bodies)
        and not (files and any(carries(m, file) for file in files))
    )


def _files(record: ThreadRecord) -> tuple[Attached, ...]:
    """Files that we sent, or may have sent, in this turn and the one before."""
    turns = (record.turn, record.last)
    return tuple(d.attached for t in turns if t is not None for d in t.deliveries if d.attached and d.attempt)


def property_ids(messages: tuple[Message, ...]) -> tuple[str, ...]:
    """Ids of all property messages: the baseline against which a copy of ours is recognised."""
    return tuple(m.id for m in messages if m.sender is Sender.PROPERTY)
