"""From the journal back to a turn: what the rules were asked, to ask other rules the same; pure."""

from __future__ import annotations

from dataclasses import dataclass

from autoresponder.circumstances import Circumstances
from autoresponder.model import (
    BookingId,
    Message,
    MessageId,
    MessageThread,
    PropertyId,
    Provider,
    Sender,
    ThreadId,
    Turn,
)
from autoresponder.records import JournalEntry

_FILE = ("file",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """A turn as it was decided, and what the rules said to it."""

    turn: Turn
    then: Circumstances


def recall(entry: JournalEntry) -> Recalled | None:
    """The turn of a journal entry; None when its rules were never asked, or an older version did not keep enough."""
    then = entry.circumstances
    if then is None:
        return None
    judged = set(then.judged)
    thread_id = ThreadId(entry.thread_id)
    messages = [
        Message(id=MessageId(m.id), thread_id=thread_id, sender=Sender.GUEST, text=m.text, inserted_at=m.at)
        for m in entry.messages
        if m.id in judged
    ]
    if len(messages) < len(judged):
        return None
    if then.attachments and messages:
        last = messages[-1]
        messages[-1] = Message(
            id=last.id,
            thread_id=thread_id,
            sender=Sender.GUEST,
            text=last.text,
            inserted_at=last.inserted_at,
            attachments=_FILE,
        )
    trigger = next((m for m in messages if m.id == entry.trigger_id), None)
    if trigger is None:
        trigger = Message(
            id=MessageId(entry.trigger_id),
            thread_id=thread_id,
            sender=Sender.SYSTEM,
            text="",
            inserted_at=entry.at,
            inquiry=then.inquiry,
        )
    thread = MessageThread(
        id=thread_id,
        title=entry.guest,
        provider=Provider(entry.provider),
        provider_name=entry.provider,
        is_closed=False,
        message_count=then.message_count,
        property_id=None if entry.property_id is None else PropertyId(entry.property_id),
        booking_id=None if entry.booking_id is None else BookingId(entry.booking_id),
    )
    turn = Turn(
        event=then.event,
        thread=thread,
        trigger=trigger,
        messages=tuple(messages),
        booking=then.booking,
        property=then.property,
        inquiry=then.inquiry,
    )
    return Recalled(turn=turn, then=then)
