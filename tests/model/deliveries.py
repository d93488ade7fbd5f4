"""The deliveries that occur in the model, each under a number, moved by the program's own state machine.

Only `autoresponder.delivery.machine` changes a state here, only the program's `look` judges a thread, and
only its `judge` says what an answer means: what is changed there is changed in the model. What no later
step asks for (who told, why, the wording) is left out of the numbered values, so that states stay few.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from msgspec.structs import replace

from autoresponder.decision import SkipReason
from autoresponder.delivery import machine
from autoresponder.delivery.outcome import Effect, Verdict, judge
from autoresponder.delivery.precondition import Finding, look, settle_finding
from autoresponder.errors import (
    ChannexError,
    ChannexRateLimited,
    ChannexRejected,
    ChannexUnavailable,
    DeliveryUnknown,
)
from autoresponder.model import Message, MessageId, Sender
from autoresponder.records import Delivery, DeliveryState, PartKind, ThreadRecord, TurnRecord, Via
from tests.model.variants import Rules

NONE = 0
"""The number that stands for no record."""

UNSEEN, PLAIN, MASKED = 0, 1, 2
"""How our text stands in the thread."""

_TEXT = "Good evening, the parking is right behind the house, number 7, and costs nothing."
_OTHER = "Hello, this is Maria, I will call you."
_BASE = datetime(2026, 1, 1, tzinfo=UTC)

ERRORS: dict[str, ChannexError | None] = {
    "acknowledged": None,
    "unknown": DeliveryUnknown("no answer in time"),
    "accepted": DeliveryUnknown("no id in the answer", status=200),
    "limited": ChannexRateLimited("too many requests"),
    "unreachable": ChannexUnavailable("connection refused"),
    "refused": ChannexRejected("not valid", status=422),
}
"""What an answer looks like to the courier, by name."""

_TOO_OLD = Verdict(effect=Effect.NOT_APPLIED, detail="stood still", counts=False)

_known: list[Delivery | None] = [None]
_numbers: dict[Delivery, int] = {}


def delivery(number: int) -> Delivery:
    """The delivery with this number."""
    found = _known[number]
    assert found is not None
    return found


def _numbered(value: Delivery) -> int:
    """The number of a delivery, with everything left out that nothing asks for later."""
    if value.terminal:
        value = Delivery(part=value.part, kind=value.kind, state=value.state)
    else:
        intent = value.state is DeliveryState.INTENT
        value = replace(
            value,
            detail="",
            not_before=None,
            baseline=value.baseline if intent else (),
            intent_at=value.intent_at if intent else None,
        )
    number = _numbers.get(value)
    if number is None:
        number = _numbers[value] = len(_known)
        _known.append(value)
    return number


@cache
def state(number: int) -> DeliveryState | None:
    """Its state; None without a record."""
    return None if number == NONE else delivery(number).state


@cache
def is_end(number: int) -> bool:
    """Whether nothing happens to it by itself any more."""
    return number != NONE and delivery(number).terminal


@cache
def fence(number: int) -> int:
    """The fence under which its state was written."""
    return 0 if number == NONE else delivery(number).fence


@cache
def attempt(number: int) -> int:
    """How often an intent was stated."""
    return 0 if number == NONE else delivery(number).attempt


@cache
def serial(number: int) -> int:
    """When its intent was stated, as a running number; 0 when none stands."""
    at = None if number == NONE else delivery(number).intent_at
    return 0 if at is None else int((at - _BASE).total_seconds())


@cache
def renamed(number: int, new_fence: int, new_serial: int) -> int:
    """The same with other running numbers."""
    value = delivery(number)
    if value.terminal:
        return number
    at = None if value.intent_at is None else _BASE + timedelta(seconds=new_serial)
    return _numbered(replace(value, fence=new_fence, intent_at=at))


@cache
def begun(under: int) -> int:
    """A decided reply."""
    return _numbered(machine.begin(part="text", kind=PartKind.TEXT, fence=under, body=_TEXT))


@cache
def claimed(number: int, under: int) -> int:
    """Taken up before an attempt."""
    return _numbered(machine.claim(delivery(number), fence=under))


@cache
def expired(number: int, under: int) -> int:
    """Too late."""
    return _numbered(machine.expire(delivery(number), fence=under, detail=""))


@cache
def dropped(number: int, under: int) -> int:
    """An intent thrown away as a queue would: not a move of the machine."""
    return _numbered(replace(delivery(number), state=DeliveryState.CLAIMED, fence=under, acknowledged=False))


@cache
def looked(number: int, under: int, copy: int, person: bool) -> int | None:
    """What the last look makes of it; None for go ahead."""
    turn = TurnRecord(
        trigger_id="guest",
        message_ids=("guest",),
        first_at=_BASE,
        last_at=_BASE,
        deliveries=(delivery(number),),
    )
    view = look(
        _thread(copy, person), turn=turn, delivery=delivery(number), record=ThreadRecord(thread_id="thread")
    )
    if view.finding is Finding.GO:
        return None
    return _numbered(settle_finding(view, delivery(number), under))


def _thread(copy: int, person: bool) -> tuple[Message, ...]:
    rows = [("guest", Sender.GUEST, "Where can we park?")]
    rows += [("other", Sender.PROPERTY, _OTHER)] if person else []
    rows += [("copy", Sender.PROPERTY, _TEXT if copy == PLAIN else _TEXT[:50] + "***")] if copy else []
    return tuple(
        Message(
            id=MessageId(name),
            thread_id=None,
            sender=sender,
            text=text,
            inserted_at=_BASE + timedelta(minutes=n),
        )
        for n, (name, sender, text) in enumerate(rows)
    )


@cache
def intended(number: int, under: int, running: int, most: int) -> int:
    """An intent is stated; attempts are counted up to `most`, from where on none makes a difference."""
    now = _BASE + timedelta(seconds=running)
    intent = machine.intend(delivery(number), fence=under, baseline=(), now=now)
    return _numbered(replace(intent, attempt=min(intent.attempt, most)))


@cache
def settled(number: int, under: int, answer: str, rules: Rules) -> int:
    """What is recorded after a write: the courier's reading of the verdict."""
    intent = delivery(number)
    if answer == "acknowledged":
        return _numbered(machine.sent(intent, fence=under, remote_id="copy", via=Via.ACK))
    error = ERRORS.get(answer)
    verdict = _TOO_OLD if error is None else judge(error)
    effect = verdict.effect
    if effect is Effect.UNKNOWN and not rules.read_back:
        effect = Effect.NOT_APPLIED
    if effect is Effect.REFUSED:
        return _numbered(machine.hold(intent, fence=under, reason=SkipReason.REJECTED, detail=""))
    if effect is Effect.NOT_APPLIED:
        if verdict.counts and intent.attempt >= rules.attempts:
            return _numbered(
                machine.hold(intent, fence=under, reason=SkipReason.ATTEMPTS_EXHAUSTED, detail="")
            )
        return _numbered(machine.retry(intent, fence=under, not_before=_BASE, detail=""))
    return _numbered(machine.acknowledge(intent) if effect is Effect.ACKNOWLEDGED else intent)


@cache
def read_back(number: int, under: int, copy: int, waited: bool, hold: bool) -> int:
    """What the reconciler makes of an intent; the same number when it has to wait on."""
    intent = delivery(number)
    if copy == PLAIN:
        return _numbered(machine.sent(intent, fence=under, remote_id="copy", via=Via.READBACK))
    if copy == UNSEEN and not waited:
        return number
    if copy == MASKED or hold or intent.acknowledged or intent.unproven:
        return _numbered(machine.hold(intent, fence=under, reason=SkipReason.DELIVERY_UNCERTAIN, detail=""))
    return _numbered(machine.absent(intent, observed_fence=intent.fence, fence=under))
