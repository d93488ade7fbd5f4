"""The last look before an intent: does the thread, read again, still want this reply? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from autoresponder.decision import SkipReason
from autoresponder.delivery import machine
from autoresponder.delivery.matching import Strength, find_ours
from autoresponder.model import Message, Sender
from autoresponder.parts import MESSAGES
from autoresponder.records import Delivery, PartKind, ThreadRecord, TurnRecord, Via
from autoresponder.turns import foreign_messages, is_inquiry_card, property_ids


class Finding(Enum):
    """What the last look says."""

    GO = "go"
    ALREADY_THERE = "already there"
    """Our very text stands in the thread: an earlier attempt, or another instance."""
    MAYBE_THERE = "maybe there"
    """Something much like our text stands there, and we have tried before."""
    ANSWERED = "answered"
    CHANGED = "changed"
    """The guest wrote more: the turn must be decided anew."""
    GONE = "gone"
    """The message to be answered is no longer there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The finding, with what goes into the intent."""

    finding: Finding
    baseline: tuple[str, ...] = ()
    copy: Message | None = None


def look(
    messages: tuple[Message, ...], *, turn: TurnRecord, delivery: Delivery, record: ThreadRecord
) -> Look:
    """Judge a freshly read thread.

    Args:
        messages: Oldest first, complete back to the turn's first message.
        turn: The decided turn.
        delivery: What is about to be sent.
        record: Everything remembered, to tell our own messages from others'.
    """
    trigger = next((m for m in messages if m.id == turn.trigger_id), None)
    if trigger is None:
        return Look(finding=Finding.GONE)
    known = frozenset(record.ours)
    earlier = _before(messages, trigger)
    if delivery.kind in MESSAGES:
        match = find_ours(messages, delivery, baseline=known | earlier, since=trigger.inserted_at)
        if match is not None and match.strength is Strength.STRONG:
            return Look(finding=Finding.ALREADY_THERE, copy=match.message)
        if match is not None and delivery.unproven:
            return Look(finding=Finding.MAYBE_THERE, copy=match.message)
    position = {m.id: n for n, m in enumerate(messages)}
    sent_now = {d.remote_id for d in turn.deliveries if d.remote_id}
    for message in foreign_messages(messages, record):
        if message.id not in sent_now and position[message.id] > position[trigger.id]:
            return Look(finding=Finding.ANSWERED)
    if delivery.kind is PartKind.ATTACHMENT and sent_now:
        # The text that promised the file is at the guest: whatever they write on meanwhile, it belongs there.
        return Look(finding=Finding.GO, baseline=property_ids(messages))
    covered = set(turn.message_ids) | set(record.handled)
    if any(m.id not in covered and (m.from_guest or is_inquiry_card(m)) for m in messages):
        return Look(finding=Finding.CHANGED)
    return Look(finding=Finding.GO, baseline=property_ids(messages))


def settle_finding(view: Look, delivery: Delivery, fence: int) -> Delivery:
    """What the last look makes of a delivery that may not go out."""
    copy = view.copy
    match view.finding:
        case Finding.ALREADY_THERE:
            assert copy is not None
            return machine.sent(delivery, fence=fence, remote_id=copy.id, via=Via.PRECONDITION)
        case Finding.MAYBE_THERE:
            return machine.hold(
                delivery,
                fence=fence,
                reason=SkipReason.DELIVERY_UNCERTAIN,
                detail="a similar message stands in the thread; it was probably sent",
                remote_id=None if copy is None else copy.id,
            )
        case Finding.ANSWERED:
            return machine.suppress(delivery, fence=fence, reason=SkipReason.ANSWERED)
        case Finding.CHANGED:
            detail = "the guest wrote more meanwhile"
            return machine.suppress(delivery, fence=fence, reason=SkipReason.SETTLING, detail=detail)
        case _:
            return machine.suppress(delivery, fence=fence, reason=SkipReason.TRIGGER_GONE)


def _before(messages: tuple[Message, ...], trigger: Message) -> frozenset[str]:
    """Property messages that clearly stand before the trigger, so that an equal old text is no copy."""
    before = set()
    for message in messages:
        if message.id == trigger.id:
            break
        if message.sender is Sender.PROPERTY:
            before.add(message.id)
    return frozenset(before)
