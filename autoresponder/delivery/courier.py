"""Walks a decided turn's deliveries to their end: last look, intent, write, record; and reads back.

The order is the guarantee: the intent is durable before the first byte; an outcome that is not known for
certain leaves the intent standing; an intent is left only by what the thread shows, or by its absence
after the quarantine of that very attempt.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from msgspec.structs import replace

from autoresponder.attachments import AttachedFile
from autoresponder.channex.interface import BeforeWrite, ChannexReader, ChannexWriter
from autoresponder.clock import Clock
from autoresponder.config import DeliverySettings
from autoresponder.decision import SkipReason
from autoresponder.delivery import machine, preapproval
from autoresponder.delivery.gate import SendGate
from autoresponder.delivery.outcome import Effect, Verdict, judge, pause
from autoresponder.delivery.precondition import Finding, look, settle_finding
from autoresponder.delivery.reconciler import READ_BACK_STEPS, Reconciler
from autoresponder.delivery.uploads import Uploads
from autoresponder.delivery.writing import IntentTooOld, freshness, kept_waiting, key_refused, write
from autoresponder.errors import ChannexError
from autoresponder.guards import Switches, reply_mark
from autoresponder.ledger import HeldThread, Ledger
from autoresponder.model import Message, ThreadId
from autoresponder.parts import MESSAGES
from autoresponder.records import Delivery, DeliveryState, PartKind, TurnRecord, Via

log = logging.getLogger(__name__)


class TurnChanged(Exception):
    """The thread moved on before anything was sent; the turn must be decided anew.

    Attributes:
        held: The thread, still owned, with the turn dropped.
        turn: What was dropped.
    """

    def __init__(self, held: HeldThread, turn: TurnRecord) -> None:
        super().__init__("the thread changed")
        self.held = held
        self.turn = turn


class Courier:
    """Delivers what was decided.

    Args:
        channex: The only object in the service that can write.
        reader: For looking and reading back; may repeat a failed read.
        ledger: Where every step is recorded.
        clock: Wall time for records, monotonic time for deadlines.
        settings: Quarantine, grace, attempts.
        max_age: Guest messages older than this are not answered any more.
        switches: Reads what people have switched off, right before an intent.
        rand: Random numbers in [0, 1) for jitter.
        gate: While it is closed nothing is sent.
        files: What rules may send now, by path.
    """

    def __init__(
        self,
        channex: ChannexWriter,
        ledger: Ledger,
        clock: Clock,
        settings: DeliverySettings,
        *,
        reader: ChannexReader,
        max_age: timedelta,
        switches: Callable[[], Awaitable[Switches]],
        rand: Callable[[], float],
        gate: SendGate,
        files: Callable[[], Mapping[str, AttachedFile]] = dict,
    ) -> None:
        self._channex = channex
        self._reader = reader
        self._ledger = ledger
        self._clock = clock
        self._settings = settings
        self._max_age = max_age
        self._switches = switches
        self._rand = rand
        self._gate = gate
        self._uploads = Uploads(channex, ledger, clock, settings, files=files, rand=rand)
        self._reconciler = Reconciler(reader, clock, settings)

    async def deliver(self, held: HeldThread) -> HeldThread:
        """Move every delivery of the open turn as far as it goes now.

        Args:
            held: The thread with its open turn; a fresh decision is written with the first step.

        Returns:
            The thread, still owned. Deliveries that are not terminal have `record.due_at` set. When all are
            terminal, the last one's end is not yet written: closing the turn writes it, in one step.

        Raises:
            TurnChanged: The guest wrote more before anything was sent.
            StoreError: Nothing further was done; whoever owns the thread next goes on from the record.
            ChannexError: The last look could not be taken; nothing was sent.
        """
        stopped: Delivery | None = None
        for part in tuple(d.part for d in _turn(held).deliveries):
            delivery = _delivery(held, part)
            if stopped is not None and not delivery.terminal:
                reason = stopped.reason or SkipReason.REJECTED
                dropped = machine.suppress(delivery, fence=held.fence, reason=reason)
                held = await self._write(held, dropped)
                continue
            held = await self._advance(held, delivery)
            delivery = _delivery(held, part)
            if not delivery.terminal:
                return held
            if delivery.state is not DeliveryState.SENT:
                stopped = delivery
        return held

    async def _advance(self, held: HeldThread, delivery: Delivery) -> HeldThread:
        """Move one delivery until it is terminal or has to wait."""
        while not delivery.terminal:
            if delivery.state is DeliveryState.INTENT:
                held = await self._reconcile(held, delivery)
            elif delivery.not_before is not None and delivery.not_before > self._clock.now():
                return await self._write(held, delivery, due=delivery.not_before - self._clock.now())
            else:
                held = await self._attempt(held, delivery)
            before, delivery = delivery, _delivery(held, delivery.part)
            waits = delivery.state in {DeliveryState.INTENT, DeliveryState.RETRY}
            if waits and before.state is not DeliveryState.CLAIMED:
                return held
            if waits and held.record.due_at is not None and held.record.due_at > self._clock.now():
                return held
        return held

    async def _attempt(self, held: HeldThread, delivery: Delivery) -> HeldThread:
        """Claimed or due again: look once more, state the intent, write, and record the outcome."""
        fence = held.fence
        turn = _turn(held)
        delivery = machine.claim(delivery, fence=fence)
        if (left := self._gate.left) > 0:
            wait = self._clock.wall(left)
            return await self._write(held, replace(delivery, not_before=self._clock.now() + wait), due=wait)
        if self._clock.now() - turn.last_at > self._max_age:
            late = machine.expire(delivery, fence=fence, detail="too late to be answered automatically")
            return await self._write(held, late)
        if delivery.attached is not None or delivery.kind is PartKind.PREAPPROVE:
            delivery = await self._prepared(held, delivery)
            if delivery.terminal or delivery.not_before is not None:
                return await self._write(held, delivery)
        messages = await self._read(held)
        view = look(messages, turn=turn, delivery=delivery, record=held.record)
        if view.finding is Finding.CHANGED and not any(
            d.state is DeliveryState.SENT and d.kind is not PartKind.PREAPPROVE for d in turn.deliveries
        ):
            raise TurnChanged(HeldThread(held.lease, replace(held.record, turn=None, due_at=None)), turn)
        if view.finding is not Finding.GO:
            return await self._write(held, settle_finding(view, delivery, fence))
        stopped = _switched_off(await self._switches(), held, delivery)
        if stopped is not None:
            return await self._write(held, stopped)
        intent = machine.intend(delivery, fence=fence, baseline=view.baseline, now=self._clock.now())
        stated = self._clock.monotonic()
        held = await self._write(held, intent, live=True)
        try:
            remote_id = await write(
                self._channex,
                intent,
                held.record.thread_id,
                self._freshness(stated),
            )
        except IntentTooOld as error:
            verdict = Verdict(effect=Effect.NOT_APPLIED, detail=str(error), counts=False)
            return await self._settle_failure(held, intent, verdict)
        except ChannexError as error:
            return await self._settle_failure(held, intent, judge(error))
        done = machine.sent(intent, fence=fence, remote_id=remote_id, via=Via.ACK)
        return await self._write(held, done)

    async def _prepared(self, held: HeldThread, delivery: Delivery) -> Delivery:
        """What has to be done, or known, before the last look."""
        if delivery.attached is not None:
            return await self._uploads.prepare(delivery, fence=held.fence)
        return await preapproval.prepare(self._reader, delivery, held.record, fence=held.fence)

    def _freshness(self, stated: float) -> BeforeWrite:
        """The check right before the first byte."""
        return freshness(self._clock, stated, self._settings.grace)

    async def _settle_failure(self, held: HeldThread, intent: Delivery, verdict: Verdict) -> HeldThread:
        """Record what is known after a write that raised."""
        fence = held.fence
        harmless = intent.kind not in MESSAGES
        if verdict.effect is Effect.REFUSED and await self._uploads.unknown(intent):
            again = machine.retry(intent, fence=fence, not_before=self._clock.now(), detail=verdict.detail)
            return await self._write(held, again, due=timedelta(0))
        if verdict.effect is Effect.REFUSED:
            reason = verdict.reason or SkipReason.REJECTED
            return await self._write(
                held, machine.hold(intent, fence=fence, reason=reason, detail=verdict.detail)
            )
        if verdict.effect is Effect.NOT_APPLIED or harmless:
            if verdict.counts and intent.attempt >= self._settings.attempts:
                given_up = machine.hold(
                    intent, fence=fence, reason=SkipReason.ATTEMPTS_EXHAUSTED, detail=verdict.detail
                )
                return await self._write(held, given_up)
            wait = pause(intent.attempt, self._rand())
            delay = self._clock.wall(wait if verdict.wait is None else verdict.wait + wait * 0.1)
            until, detail = self._clock.now() + delay, verdict.detail
            again = machine.retry(intent, fence=fence, not_before=until, detail=detail, reason=verdict.reason)
            return await self._write(held, again, due=delay)
        if verdict.effect is Effect.ACKNOWLEDGED:
            intent = machine.acknowledge(intent)
        log.warning(
            "delivery outcome unknown",
            extra={"action": "delivery_unknown", "thread_id": held.record.thread_id, "part": intent.part},
        )
        self._reconciler.sight(held.record.thread_id, intent)
        return await self._write(held, intent, due=self._clock.wall(READ_BACK_STEPS[0]))

    async def _reconcile(self, held: HeldThread, intent: Delivery) -> HeldThread:
        """An intent of unknown outcome, ours or a predecessor's: let the thread tell."""
        step = await self._reconciler.look_back(held, intent)
        return await self._write(held, step.delivery, due=step.due)

    async def _read(self, held: HeldThread) -> tuple[Message, ...]:
        """The thread, fresh, back to the turn's first message."""
        thread_id = ThreadId(held.record.thread_id)
        first = frozenset(_turn(held).message_ids[:1])
        return await self._reader.all_thread_messages(thread_id, until=first)

    async def _write(
        self,
        held: HeldThread,
        delivery: Delivery,
        *,
        live: bool = False,
        due: timedelta | None = None,
    ) -> HeldThread:
        """Record a delivery's new state; an unfinished one stays scheduled, should we die."""
        now = self._clock.now()
        turn = _turn(held).with_delivery(delivery)
        record = replace(held.record, turn=turn)
        if key_refused(delivery):
            record, self._gate.refused = kept_waiting(record, turn, delivery), delivery.detail
        elif delivery.state is DeliveryState.SENT:
            self._gate.refused = ""
        if delivery.kind in MESSAGES and _may_stand_there(delivery):
            if delivery.kind is PartKind.TEXT:
                record = record.with_reply(reply_mark(turn.trigger_id, turn.rules, delivery.body, now))
            if delivery.remote_id is not None and delivery.remote_id not in record.ours:
                record = replace(record, ours=(*record.ours, delivery.remote_id))
        wait = self._clock.wall(self._settings.lease + 1) if due is None else due
        record = replace(record, due_at=now + wait)
        if all(d.terminal for d in turn.deliveries):
            return HeldThread(held.lease, record, held.entry)
        return await self._ledger.commit(held, record, live=live)


def _switched_off(switches: Switches, held: HeldThread, delivery: Delivery) -> Delivery | None:
    """The delivery, given up, when people have switched replies off."""
    record = held.record
    reason = None
    if switches.kill:
        reason = SkipReason.KILL_SWITCH
    elif record.thread_id in switches.paused_threads:
        reason = SkipReason.PAUSED_THREAD
    elif record.property_id in switches.paused_properties:
        reason = SkipReason.PAUSED_PROPERTY
    if reason is None:
        return None
    return machine.suppress(delivery, fence=held.fence, reason=reason, detail="switched off by a person")


def _may_stand_there(delivery: Delivery) -> bool:
    """Whether the guest has, or may have, read it: then the same words are not for now."""
    return delivery.state is DeliveryState.SENT or (
        delivery.state is DeliveryState.HELD and delivery.reason is SkipReason.DELIVERY_UNCERTAIN
    )


def _turn(held: HeldThread) -> TurnRecord:
    turn = held.record.turn
    assert turn is not None
    return turn


def _delivery(held: HeldThread, part: str) -> Delivery:
    delivery = _turn(held).delivery(part)
    assert delivery is not None
    return delivery
