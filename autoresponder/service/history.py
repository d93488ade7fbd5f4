"""First connection: old guest messages are written down with their reason, never answered."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from autoresponder.decision import Outcome, SkipReason
from autoresponder.ledger import Ledger
from autoresponder.model import MessageThread
from autoresponder.records import JournalEntry, JournalMessage

_TEXT_LIMIT = 2_000


async def record_history(ledger: Ledger, thread: MessageThread, *, now: datetime, rules: str) -> None:
    """Record a thread whose last guest message is older than what is answered.

    Args:
        ledger: Where to.
        thread: As the list shows it; nothing more is read.
        now: The present, UTC.
        rules: Version of the rules in force.
    """
    held = await ledger.take(thread.id)
    if held is None:
        return
    if held.lease.document is not None or thread.last_message is None:
        await ledger.release(held)
        return
    last = thread.last_message
    entry = JournalEntry(
        thread_id=thread.id,
        trigger_id=f"before-first-start:{thread.id}",
        message_ids=(),
        at=now,
        property_id=thread.property_id,
        property_name="",
        provider=thread.provider.value,
        guest=thread.title,
        booking_id=thread.booking_id,
        messages=(JournalMessage(id="", at=last.inserted_at or now, text=last.text[:_TEXT_LIMIT]),),
        outcome=Outcome.SILENT,
        reason=SkipReason.TOO_OLD,
        rules=(),
        topics=(),
        language=None,
        partial=False,
        notify=False,
        explanation="from before autoresponder was first started; recorded, never answered",
        workspace=rules,
    )
    record = replace(
        held.record,
        property_id=thread.property_id,
        booking_id=thread.booking_id,
        provider=thread.provider.value,
        fingerprint=thread.fingerprint,
    )
    await ledger.commit(held, record, entry=entry, release=True)
