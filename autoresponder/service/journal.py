"""Builds the journal entry of a turn: what was said, decided and done, for people to read later."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from autoresponder.brain import Resolution
from autoresponder.decision import Outcome, SkipReason
from autoresponder.model import Turn
from autoresponder.records import JournalEntry, JournalMessage, TurnRecord, encoded
from autoresponder.turns import Reading

_TEXT_LIMIT = 20_000
"""Characters kept of a guest's message: enough for every real one, a bound for hostile ones."""


def journal_entry(
    turn: Turn, reading: Reading, resolution: Resolution, record: TurnRecord, *, at: datetime
) -> JournalEntry:
    """The entry as it stands when the turn is decided."""
    decision = resolution.decision
    thread = turn.thread
    return JournalEntry(
        thread_id=thread.id,
        trigger_id=turn.trigger.id,
        message_ids=record.message_ids,
        at=at,
        property_id=thread.property_id,
        property_name=resolution.facts.name,
        provider=thread.provider.value,
        guest=thread.title,
        booking_id=thread.booking_id,
        messages=_messages(reading),
        outcome=decision.outcome,
        reason=decision.reason,
        rules=decision.rules,
        topics=decision.topics,
        language=decision.language,
        partial=decision.partial,
        notify=decision.notify,
        explanation=decision.explanation,
        workspace=record.workspace,
        reply=resolution.reply.text if resolution.reply is not None else "",
        deliveries=record.deliveries,
        trace=None if decision.trace is None else encoded(decision.trace),
        circumstances=resolution.ruled,
    )


def settled(entry: JournalEntry, record: TurnRecord) -> JournalEntry:
    """The entry as it stands when the turn is over: with what really happened."""
    return replace(
        entry,
        outcome=record.outcome or entry.outcome,
        reason=record.reason,
        notify=record.notify,
        explanation=record.explanation,
        deliveries=record.deliveries,
    )


def poison_entry(turn: Turn, record: TurnRecord, reading: Reading, *, at: datetime) -> JournalEntry:
    """The entry of a turn that could not be decided: what was said, and that a person must look."""
    thread = turn.thread
    return JournalEntry(
        thread_id=thread.id,
        trigger_id=turn.trigger.id,
        message_ids=record.message_ids,
        at=at,
        property_id=thread.property_id,
        property_name=turn.property.title if turn.property is not None else "",
        provider=thread.provider.value,
        guest=thread.title,
        booking_id=thread.booking_id,
        messages=_messages(reading),
        outcome=Outcome.HOLD,
        reason=SkipReason.POISON,
        rules=(),
        topics=(),
        language=None,
        partial=False,
        notify=True,
        explanation=record.explanation,
        workspace=record.workspace,
    )


def _messages(reading: Reading) -> tuple[JournalMessage, ...]:
    return tuple(
        JournalMessage(id=m.id, at=m.inserted_at, text=m.text[:_TEXT_LIMIT])
        for m in reading.covered
        if m.from_guest
    )
