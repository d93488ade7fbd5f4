"""How a decided turn is written down, and what it means for people when it ends; pure but for the log."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from msgspec.structs import replace

from autoresponder.brain import Resolution, plan
from autoresponder.decision import Outcome, SkipReason
from autoresponder.model import MessageThread, Sender
from autoresponder.records import Delivery, DeliveryState, PartKind, ThreadRecord, TurnRecord, Waiting
from autoresponder.turns import Reading

log = logging.getLogger(__name__)

TELL_AFTER = 8
"""Failed reads in a row after which a person is told; reading goes on."""

POISON_AFTER = 3
"""Unexpected errors in a row after which a thread is set aside for a person."""


class Undecidable(Exception):
    """Deciding broke off with an unexpected error, which is the cause."""

    def __init__(self, reading: Reading) -> None:
        super().__init__("the turn could not be decided")
        self.reading = reading


def typing_until(thread: MessageThread | None, *, settle: timedelta, now: datetime) -> datetime | None:
    """Until when the list alone says that the guest may still be typing; None when it does not."""
    last = None if thread is None else thread.last_message
    if last is None or last.sender is not Sender.GUEST or last.inserted_at is None:
        return None
    until = min(last.inserted_at, now) + settle
    return until if until > now else None


def person_needed(turn: TurnRecord) -> bool:
    """Whether somebody has to look at a turn that ended."""
    return turn.notify or turn.outcome in {Outcome.HOLD, Outcome.ESCALATE}


def waiting_for(turn: TurnRecord, before: Waiting | None) -> Waiting:
    """The inbox entry of a turn; a guest who waited already goes on waiting since then."""
    assert turn.outcome is not None
    return Waiting(
        since=before.since if before is not None else turn.last_at,
        reason=turn.reason,
        outcome=turn.outcome,
        explanation=turn.explanation,
        trigger_id=turn.trigger_id,
        deadline=turn.first_at + timedelta(hours=24),
    )


def still_waiting(turn: TurnRecord, before: Waiting | None) -> Waiting | None:
    """Who is left in the inbox when a turn ends without a person: nobody that only Channex kept waiting."""
    passed = before is not None and before.reason in {SkipReason.UNREADABLE, SkipReason.KEY_REFUSED}
    return None if passed and turn.outcome in {Outcome.REPLY, Outcome.NO_REPLY_NEEDED} else before


def poisoned(record: ThreadRecord, explanation: str, now: datetime) -> Waiting:
    """The inbox entry of a thread that could not even be read."""
    return Waiting(
        since=now,
        reason=SkipReason.POISON,
        outcome=Outcome.HOLD,
        explanation=explanation,
        trigger_id=record.turn.trigger_id if record.turn else "",
    )


def unreadable(record: ThreadRecord, problem: str, now: datetime) -> Waiting:
    """The inbox entry of a thread that Channex does not let us read, again and again."""
    return Waiting(
        since=record.waiting.since if record.waiting is not None else now,
        reason=SkipReason.UNREADABLE,
        outcome=Outcome.HOLD,
        explanation=f"the thread cannot be read: {problem}",
        trigger_id=record.turn.trigger_id if record.turn else "",
    )


def poison_turn(reading: Reading, explanation: str, version: str, *, now: datetime) -> TurnRecord:
    """A turn that deciding fails on again and again: set aside for a person."""
    turn = reading.turn
    assert turn is not None
    return TurnRecord(
        trigger_id=turn.trigger.id,
        message_ids=tuple(m.id for m in reading.covered),
        event=turn.event,
        first_at=reading.covered[0].inserted_at,
        last_at=turn.trigger.inserted_at,
        decided_at=now,
        outcome=Outcome.HOLD,
        reason=SkipReason.POISON,
        explanation=explanation,
        notify=True,
        workspace=version,
    )


def overtaken(turn: TurnRecord, *, now: datetime) -> TurnRecord:
    """A decision that nothing came of, because the guest wrote on; the next one covers these messages too."""
    return replace(
        turn,
        outcome=Outcome.SILENT,
        reason=SkipReason.SETTLING,
        explanation="the guest wrote more before anything was sent: decided anew together with that",
        notify=False,
        done_at=now,
    )


def no_longer_waiting(record: ThreadRecord, reading: Reading) -> ThreadRecord:
    """A person wrote after the guest's open message: nobody has to look any more."""
    waiting = record.waiting
    if waiting is None or reading.human_at is None or reading.human_at <= waiting.since:
        return record
    return replace(record, waiting=None)


def turn_record(
    reading: Reading, resolution: Resolution, version: str, *, fence: int, now: datetime
) -> TurnRecord:
    """A freshly decided turn, with its deliveries planned."""
    turn = reading.turn
    assert turn is not None
    decision = resolution.decision
    return TurnRecord(
        trigger_id=turn.trigger.id,
        message_ids=tuple(m.id for m in reading.covered),
        event=turn.event,
        first_at=reading.covered[0].inserted_at,
        last_at=turn.trigger.inserted_at,
        decided_at=now,
        outcome=decision.outcome,
        reason=decision.reason,
        rules=decision.rules,
        explanation=decision.explanation,
        language=decision.language,
        partial=decision.partial,
        notify=decision.notify,
        workspace=version,
        deliveries=plan(resolution, turn, fence=fence),
    )


def log_end(thread_id: str, turn: TurnRecord, *, needed: bool) -> None:
    """One line for each turn; ids and names of rules, never a guest's words."""
    if not needed and not log.isEnabledFor(logging.INFO):
        return
    fields = {
        "action": "turn_done",
        "thread_id": thread_id,
        "trigger_id": turn.trigger_id,
        "outcome": turn.outcome.value if turn.outcome is not None else None,
        "reason": turn.reason.value if turn.reason is not None else None,
        "rules": ",".join(turn.rules),
    }
    if needed:
        log.warning("a person is needed", extra=fields)
    else:
        log.info("turn done", extra=fields)


def taken_over(thread_id: str) -> None:
    """Another worker owns the thread now and goes on from the record."""
    log.info("thread taken over", extra={"action": "lease_lost", "thread_id": thread_id})


def _without_file(turn: TurnRecord, failed: Delivery, path: str) -> TurnRecord:
    """The guest has the text and not the file."""
    if failed.state is DeliveryState.SUPPRESSED and failed.reason is SkipReason.ANSWERED:
        text = f"{turn.explanation}; {path} was not sent any more: somebody wrote"
        return replace(turn, explanation=text)
    why = failed.detail or (failed.reason.value if failed.reason is not None else "")
    return replace(turn, explanation=f"{turn.explanation}; {path} did not go out: {why}", notify=True)


def ended(turn: TurnRecord) -> TurnRecord:
    """What a turn ended with, given how its deliveries ended: the truth, not the plan."""
    failed = next(
        (d for d in turn.deliveries if d.state is not DeliveryState.SENT and d.kind is not PartKind.CLOSE),
        None,
    )
    if failed is None or not failed.terminal:
        return turn
    if failed.attached is not None and any(
        d.kind is PartKind.TEXT and d.state is DeliveryState.SENT for d in turn.deliveries
    ):
        return _without_file(turn, failed, failed.attached.path)
    if failed.state is DeliveryState.SUPPRESSED and failed.reason is SkipReason.ANSWERED:
        return replace(
            turn, outcome=Outcome.SILENT, reason=failed.reason, explanation="somebody has already answered"
        )
    explanation = failed.detail or turn.explanation
    return replace(turn, outcome=Outcome.HOLD, reason=failed.reason, explanation=explanation, notify=True)
