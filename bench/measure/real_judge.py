"""What became of every guest, by the sandbox's oracle and by what the service says of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from autoresponder.decision import Outcome, SkipReason
from autoresponder.delivery.matching import comparable
from autoresponder.records import Delivery, DeliveryState, JournalEntry, PartKind, ThreadRecord

_MINE = "api"


def ledger(
    present: Sequence[JournalEntry],
    lost: Sequence[JournalEntry],
    messages: Sequence[dict[str, Any]],
    marks: Sequence[tuple[str, int]],
) -> list[dict[str, object]]:
    """The rows that the oracle holds against what it saw.

    Of a journal that was destroyed the finished decisions count. What was still open then counts only if its
    text stands in the thread, or its mark was set, and no other decision answers for it: the service had to
    find out.

    Args:
        present: The journal.
        lost: What stood in memories that were destroyed, the oldest first.
        messages: What stands in the sandbox's threads.
        marks: Threads and places at which they were marked.
    """
    there = {(m["thread"], comparable(m["text"])) for m in messages if m["origin"] == _MINE}
    places = {m["id"]: m["at"] for m in messages}
    ended = [entry for entry in (*lost, *present) if all(d.terminal for d in entry.deliveries)]
    answered = {i for entry in ended if entry.outcome is Outcome.REPLY for i in entry.message_ids}

    def happened(entry: JournalEntry) -> bool:
        if entry.outcome is Outcome.NO_REPLY_NEEDED:
            last = max(places.get(i, 0) for i in entry.message_ids)
            return any(thread == entry.thread_id and at > last for thread, at in marks)
        return any((entry.thread_id, comparable(d.body)) in there for d in _texts(entry))

    rows = []
    for entry in reversed(lost):
        if entry in ended:
            rows.append(_row(entry, entry.outcome.value))
        elif answered.isdisjoint(entry.message_ids) and happened(entry):
            # An earlier decision about the same messages came to nothing, or this one would not have been made.
            outcome = Outcome.REPLY if _texts(entry) else Outcome.NO_REPLY_NEEDED
            rows.append(_row(entry, outcome.value))
            if outcome is Outcome.REPLY:
                answered.update(entry.message_ids)
    rows.reverse()  # the oracle lets what was decided later join what was decided earlier
    return rows + [_row(entry, entry.outcome.value) for entry in present]


def _row(entry: JournalEntry, outcome: str) -> dict[str, object]:
    return {
        "thread_id": entry.thread_id,
        "message_ids": list(entry.message_ids),
        "outcome": outcome,
        "parts": len(_texts(entry)) or 1,
    }


def _texts(entry: JournalEntry) -> list[Delivery]:
    return [d for d in entry.deliveries if d.kind is PartKind.TEXT]


def false_sent(entries: Iterable[JournalEntry], messages: Sequence[dict[str, Any]]) -> list[str]:
    """Texts that are recorded as sent and do not stand in their thread."""
    there = {(m["thread"], m["id"]): m["text"] for m in messages if m["origin"] == _MINE}
    found = []
    for entry in entries:
        for delivery in _texts(entry):
            if delivery.state is not DeliveryState.SENT:
                continue
            text = there.get((entry.thread_id, delivery.remote_id))
            if text is None:
                found.append(f"{entry.thread_id}: recorded as sent, and not there")
            elif comparable(text) != comparable(delivery.body):
                found.append(f"{entry.thread_id}: another text was taken for ours")
    return found


def doubled(messages: Sequence[dict[str, Any]]) -> list[str]:
    """Threads that show by themselves, whatever the journal says, that we wrote too often.

    Every text of ours needs a message of the guest's before it that no earlier one answered, and the same words
    twice need a word of the guest's in between. (A guest may write on while the first text is on its way; then
    two different ones follow each other.)
    """
    balance: Counter[str] = Counter()
    said: dict[str, set[str]] = {}
    found = []
    for message in messages:
        thread, words = message["thread"], comparable(message["text"])
        if message["origin"] != _MINE:
            balance[thread] += 1
            said[thread] = set()
            continue
        balance[thread] -= 1
        if balance[thread] < 0:
            found.append(f"{thread}: more texts than messages of the guest")
        if words in said.setdefault(thread, set()):
            found.append(f"{thread}: the same words twice")
        said[thread].add(words)
    return found


def unrest(records: Iterable[ThreadRecord]) -> list[str]:
    """Threads that have not come to their end."""
    return [
        f"{record.thread_id}: not at rest ({'a turn is open' if record.turn else 'it is due'})"
        for record in records
        if record.turn is not None or record.due_at is not None
    ]


def unsettled(entries: Iterable[JournalEntry]) -> list[str]:
    """Decisions of which the journal does not tell how they ended; one that was overtaken has no end of its own."""
    return [
        f"{entry.thread_id}: the journal leaves a text {delivery.state.value} ({entry.outcome.value})"
        for entry in entries
        for delivery in entry.deliveries
        if not delivery.terminal and entry.reason is not SkipReason.SETTLING
    ]


def ends(entries: Iterable[JournalEntry]) -> Counter[str]:
    """How texts ended and how that became known."""
    count: Counter[str] = Counter()
    for entry in entries:
        for delivery in _texts(entry):
            if entry.reason is SkipReason.SETTLING:
                count["overtaken by the guest"] += 1
                continue
            via = f", known by {delivery.via.value}" if delivery.via is not None else ""
            reason = f", {delivery.reason.value}" if delivery.reason is not None else ""
            count[f"{delivery.state.value}{via}{reason}"] += 1
    return count
