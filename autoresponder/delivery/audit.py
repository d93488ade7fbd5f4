"""Counts afterwards: does every text that we recorded as sent stand in its thread exactly once?

The proof of the guarantee is elsewhere (docs/delivery.md); this is the watchman who looks whether it holds
on this account, today, and who notices a second program that answers with the same API key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from autoresponder.channex.interface import ChannexReader
from autoresponder.decision import SkipReason
from autoresponder.delivery.matching import CLOCK_BAND, body_hash
from autoresponder.errors import ChannexError, ChannexNotFound
from autoresponder.model import Message, Sender, ThreadId
from autoresponder.records import Delivery, DeliveryState, JournalEntry, PartKind, Via


class Kind(StrEnum):
    """What is wrong with a text."""

    DUPLICATE = "duplicate"
    """It stands in the thread more often than it was sent."""
    MISSING = "missing"
    """It is recorded as sent and does not stand there."""
    STRANGER = "stranger"
    """It already stood there before this program sent anything: somebody else answers with the same words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One text that is not there exactly once."""

    kind: Kind
    thread_id: str
    trigger_id: str
    """The guest's message that it answers."""
    copies: int
    """How many messages of the property hold it."""
    explanation: str
    """One sentence for people, without any guest's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an audit saw."""

    threads: int
    texts: int
    """Texts recorded as sent."""
    found: int
    """Of these, how many stand in their threads."""
    findings: tuple[Finding, ...] = ()
    unread: tuple[str, ...] = ()
    """Threads that could not be read: nothing is known about them."""

    @property
    def alarming(self) -> bool:
        """Whether sending should stop: a text went out twice, or somebody else answers as well.

        A single text of a stranger may be this program's own from before its store lost the last second.
        """
        kinds = [finding.kind for finding in self.findings]
        return Kind.DUPLICATE in kinds or kinds.count(Kind.STRANGER) > 1


@dataclass(frozen=True, slots=True)
class _Sent:
    entry: JournalEntry
    delivery: Delivery

    @property
    def surely(self) -> bool:
        return self.delivery.state is DeliveryState.SENT


async def audit(
    reader: ChannexReader,
    entries: Iterable[JournalEntry],
    *,
    activated_at: datetime,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Report:
    """Read the threads of some decisions and count our texts in them.

    Args:
        reader: For the threads.
        entries: Decisions; those that sent nothing cost nothing.
        activated_at: When this store was first used: what is older is nobody's second instance.
        progress: Told how many threads of how many were read.

    Raises:
        ChannexError: The account cannot be read at all.
    """
    by_thread = _by_thread(entries)
    findings: list[Finding] = []
    unread: list[str] = []
    texts = found = 0
    for number, (thread_id, sent) in enumerate(sorted(by_thread.items()), start=1):
        oldest = frozenset(sent[0].entry.message_ids[:1])
        try:
            messages = await reader.all_thread_messages(ThreadId(thread_id), until=oldest)
        except ChannexNotFound:
            unread.append(thread_id)
        except ChannexError as error:
            if number == 1:
                raise
            unread.append(f"{thread_id} ({error})")
        else:
            seen = judge(messages, sent, activated_at=activated_at)
            texts += sum(one.surely for one in sent)
            found += sum(one.surely for one in sent) - sum(f.kind is Kind.MISSING for f in seen)
            findings += seen
        progress(number, len(by_thread))
    return Report(
        threads=len(by_thread), texts=texts, found=found, findings=tuple(findings), unread=tuple(unread)
    )


def _by_thread(entries: Iterable[JournalEntry]) -> dict[str, list[_Sent]]:
    """Texts that stand, or may stand, in each thread, the oldest first."""
    found: dict[str, list[_Sent]] = defaultdict(list)
    for entry in sorted(entries, key=lambda e: e.at):
        for delivery in entry.deliveries:
            uncertain = delivery.reason is SkipReason.DELIVERY_UNCERTAIN
            if delivery.kind is PartKind.TEXT and (delivery.state is DeliveryState.SENT or uncertain):
                found[entry.thread_id].append(_Sent(entry, delivery))
    return found


def judge(messages: Sequence[Message], sent: Sequence[_Sent], *, activated_at: datetime) -> list[Finding]:
    """Hold the texts of one thread against its messages.

    Args:
        messages: The thread, complete back to the first message that was answered.
        sent: Its texts, the oldest first.
        activated_at: See `audit`.
    """
    ours = [m for m in messages if m.sender is Sender.PROPERTY]
    groups: dict[str, list[_Sent]] = defaultdict(list)
    for one in sent:
        groups[body_hash(one.delivery.body)].append(one)
    findings: list[Finding] = []
    for wanted, group in groups.items():
        first = group[0]
        since = min((m.at for m in first.entry.messages), default=first.entry.at) - CLOCK_BAND
        named = {one.delivery.remote_id for one in group if one.delivery.remote_id}
        copies = [
            m
            for m in ours
            if m.id in named
            or (
                m.id not in first.delivery.baseline and m.inserted_at >= since and body_hash(m.text) == wanted
            )
        ]
        findings += _counted(group, copies)
        findings += _strangers(group, copies, activated_at)
    return findings


def _counted(group: Sequence[_Sent], copies: Sequence[Message]) -> list[Finding]:
    surely = [one for one in group if one.surely]
    last = group[-1].entry
    if len(copies) > len(group):
        text = f"a text that was sent {_times(len(group))} stands in the thread {_times(len(copies))}"
        return [_finding(Kind.DUPLICATE, last, copies, text)]
    lacking = surely[len(copies) :]
    text = "a text is recorded as sent and does not stand in the thread"
    return [_finding(Kind.MISSING, one.entry, copies, text) for one in lacking]


def _strangers(group: Sequence[_Sent], copies: Sequence[Message], activated_at: datetime) -> list[Finding]:
    """Texts that were there although no attempt was ever made to send them."""
    stamps: dict[str, datetime] = {m.id: m.inserted_at for m in copies}
    text = (
        "the same words stood in the thread before they were sent: another program answers with this API key, "
        "or the store lost its last moments"
    )
    return [
        _finding(Kind.STRANGER, one.entry, copies, text)
        for one in group
        if one.delivery.via is Via.PRECONDITION
        and one.delivery.attempt == 0
        and stamps.get(one.delivery.remote_id or "", activated_at) > activated_at
    ]


def _finding(kind: Kind, entry: JournalEntry, copies: Sequence[Message], text: str) -> Finding:
    return Finding(
        kind=kind,
        thread_id=entry.thread_id,
        trigger_id=entry.trigger_id,
        copies=len(copies),
        explanation=text,
    )


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
