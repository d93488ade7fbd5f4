"""The delivery guarantee over real HTTP: the courier, the client and the sandbox with its faults."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from msgspec.structs import replace

from autoresponder.channex.client import Client
from autoresponder.clock import ManualClock
from autoresponder.config import DeliverySettings, OnAmbiguous, Secret
from autoresponder.decision import Outcome, SkipReason
from autoresponder.delivery import machine
from autoresponder.delivery.courier import Courier, TurnChanged
from autoresponder.delivery.gate import SendGate
from autoresponder.guards import Switches
from autoresponder.ledger import HeldThread, Ledger
from autoresponder.records import Delivery, DeliveryState, PartKind, TurnRecord, Via
from autoresponder.sandbox.entities import Message, Origin, Property, Thread
from autoresponder.sandbox.faults import Fault, FaultKind
from autoresponder.sandbox.server import SandboxServer
from autoresponder.store import open_store

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
BODY = "Hello Anna,\n\nthe Wi-Fi is called Seaview-Guest.\n\nBest regards"
PLACE = "71d34923-a8be-4682-9625-e4a2f080df92"
S = DeliveryState


@dataclass
class Stage:
    """Everything one delivery needs, and a guest who waits for an answer."""

    sandbox: SandboxServer
    clock: ManualClock
    ledger: Ledger
    courier: Courier
    thread: Thread
    question: Message
    switches: list[Switches]
    gate: SendGate

    async def take(self) -> HeldThread:
        held = await self.ledger.take(self.thread.id)
        assert held is not None
        return held

    async def decided(self, kind: PartKind = PartKind.TEXT) -> HeldThread:
        """The thread with a decided turn whose delivery is claimed."""
        held = await self.take()
        part = machine.begin(part=kind.value, kind=kind, fence=held.fence, body=BODY)
        turn = TurnRecord(
            trigger_id=self.question.id,
            message_ids=(self.question.id,),
            first_at=NOON,
            last_at=NOON,
            decided_at=NOON,
            outcome=Outcome.REPLY,
            rules=("wifi",),
            deliveries=(part,),
        )
        return await self.ledger.commit(held, replace(held.record, turn=turn))

    async def again(self, held: HeldThread) -> HeldThread:
        """Another worker takes over: the lease is given back and taken anew."""
        await self.ledger.release(held)
        return await self.courier.deliver(await self.take())

    @property
    def copies(self) -> list[Message]:
        """What the guest received from us."""
        self.sandbox.world.settle()
        return [m for m in self.thread.messages if m.origin is Origin.API]

    def fail(self, kind: FaultKind, **more: object) -> None:
        self.sandbox.faults.replace([Fault(kind=kind, operation="send_to_thread", times=1, **more)])


@asynccontextmanager
async def stage(settings: DeliverySettings | None = None, patience: float = 5.0) -> AsyncIterator[Stage]:
    clock = ManualClock(NOON)
    numbers = count()
    switches = [Switches()]

    async def now_switched() -> Switches:
        return switches[-1]

    async with SandboxServer(None, clock=clock) as sandbox:
        world = sandbox.world
        world.add_property(Property(id=PLACE, title="Seaview"))
        thread = world.add_thread(property_id=PLACE, provider="BookingCom", title="Anna Berg")
        question = world.write(thread, "wifi?", origin=Origin.GUEST)
        clock.advance(60)
        store = open_store("memory://", now=clock.now)
        await store.open()
        ledger = Ledger(store, owner=lambda: f"w{next(numbers)}", lease=120)
        gate = SendGate(clock.monotonic)
        async with Client(base_url=sandbox.base_url, api_key=Secret("sandbox"), timeout=patience) as client:
            courier = Courier(
                client,
                ledger,
                clock,
                settings or DeliverySettings(),
                reader=client,
                max_age=timedelta(hours=24),
                switches=now_switched,
                rand=lambda: 0.5,
                gate=gate,
            )
            yield Stage(sandbox, clock, ledger, courier, thread, question, switches, gate)
        await store.close()


def delivery(held: HeldThread) -> Delivery:
    assert held.record.turn is not None
    return held.record.turn.deliveries[0]


async def test_a_reply_is_sent_once_and_remembered() -> None:
    async with stage() as s:
        held = await s.courier.deliver(await s.decided())
        done = delivery(held)
        assert (done.state, done.via) == (S.SENT, Via.ACK)
        assert [m.id for m in s.copies] == [done.remote_id]
        assert s.copies[0].text == BODY
        assert held.record.ours == (done.remote_id,)
        assert held.record.replies[0].rules == ("wifi",)
        again = await s.again(await s.ledger.commit(held, held.record))
        assert delivery(again) == done
        assert len(s.copies) == 1


async def test_a_worker_that_dies_before_it_closes_the_turn_leaves_an_intent_that_is_found_in_the_thread() -> (
    None
):
    async with stage() as s:
        held = await s.courier.deliver(await s.decided())
        assert delivery(held).state is S.SENT
        again = await s.again(held)
        assert (delivery(again).state, delivery(again).via) == (S.SENT, Via.READBACK)
        assert len(s.copies) == 1


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (FaultKind.STATUS_AFTER, {"status": 502}),
        (FaultKind.STATUS_AFTER, {"status": 503}),
        (FaultKind.DROP_AFTER, {}),
        (FaultKind.TIMEOUT_AFTER, {"seconds": 2.0}),
        (FaultKind.TRUNCATED, {}),
        (FaultKind.CUT, {}),
        (FaultKind.GARBAGE, {"body": "html"}),
        (FaultKind.GARBAGE, {"body": "null"}),
        (FaultKind.GARBAGE, {"body": "no_data"}),
    ],
    ids=lambda v: str(v),
)
async def test_an_unknown_outcome_is_read_back_and_never_repeated(kind: FaultKind, more: dict) -> None:
    async with stage(patience=0.3) as s:
        s.fail(kind, **more)
        held = await s.courier.deliver(await s.decided())
        assert delivery(held).state is S.INTENT
        assert held.record.due_at is not None
        s.clock.advance(5)
        held = await s.again(held)
        assert (delivery(held).state, delivery(held).via) == (S.SENT, Via.READBACK)
        assert len(s.copies) == 1


async def test_absence_is_believed_only_after_the_quarantine_and_once() -> None:
    async with stage() as s:
        s.fail(FaultKind.DROP_BEFORE)
        held = await s.courier.deliver(await s.decided())
        for wait in (3, 60, 530):
            assert delivery(held).state is S.INTENT
            s.clock.advance(wait)
            held = await s.again(held)
        assert s.copies == []
        s.clock.advance(10)
        held = await s.again(held)
        assert delivery(held).state is S.SENT
        assert delivery(held).unproven == 1
        assert len(s.copies) == 1


async def test_a_second_unknown_outcome_is_left_to_a_person() -> None:
    async with stage() as s:
        s.sandbox.faults.replace([Fault(kind=FaultKind.DROP_BEFORE, operation="send_to_thread", times=2)])
        held = await s.courier.deliver(await s.decided())
        s.clock.advance(601)
        held = await s.again(held)
        assert (delivery(held).state, delivery(held).unproven) == (S.INTENT, 1)
        s.clock.advance(601)
        held = await s.again(held)
        s.clock.advance(601)
        held = await s.again(held)
        assert (delivery(held).state, delivery(held).reason) == (S.HELD, SkipReason.DELIVERY_UNCERTAIN)
        assert s.copies == []


async def test_a_message_applied_late_is_found_within_the_quarantine() -> None:
    async with stage() as s:
        s.fail(FaultKind.LATE, seconds=300.0, status=0)
        held = await s.courier.deliver(await s.decided())
        s.clock.advance(200)
        held = await s.again(held)
        assert delivery(held).state is S.INTENT
        s.clock.advance(200)
        held = await s.again(held)
        assert (delivery(held).state, delivery(held).via) == (S.SENT, Via.READBACK)
        assert len(s.copies) == 1


async def test_strict_at_most_once_never_tries_again() -> None:
    async with stage(DeliverySettings(on_ambiguous=OnAmbiguous.HOLD)) as s:
        s.fail(FaultKind.DROP_BEFORE)
        held = await s.courier.deliver(await s.decided())
        s.clock.advance(1)
        held = await s.again(held)
        s.clock.advance(601)
        held = await s.again(held)
        assert (delivery(held).state, delivery(held).reason) == (S.HELD, SkipReason.DELIVERY_UNCERTAIN)
        assert s.copies == []


@pytest.mark.parametrize(
    ("status", "more", "least"),
    [(429, {"retry_after": 40.0}, 40), (401, {}, 300), (403, {}, 300)],
)
async def test_a_definite_refusal_is_tried_again_in_time(status: int, more: dict, least: int) -> None:
    async with stage() as s:
        s.fail(FaultKind.STATUS, status=status, **more)
        held = await s.courier.deliver(await s.decided())
        waiting = delivery(held)
        assert waiting.state is S.RETRY
        assert waiting.not_before is not None
        assert waiting.not_before >= s.clock.now() + timedelta(seconds=least)
        early = await s.again(held)
        assert delivery(early).state is S.RETRY
        assert s.copies == []
        s.clock.advance(least + 60)
        held = await s.again(early)
        assert delivery(held).state is S.SENT
        assert len(s.copies) == 1


@pytest.mark.parametrize("status", [400, 404, 413, 422])
async def test_a_refusal_for_good_is_held(status: int) -> None:
    async with stage() as s:
        s.fail(FaultKind.STATUS, status=status)
        held = await s.courier.deliver(await s.decided())
        assert (delivery(held).state, delivery(held).reason) == (S.HELD, SkipReason.REJECTED)
        assert s.copies == []


async def test_somebody_who_answers_first_has_the_last_word() -> None:
    async with stage() as s:
        held = await s.decided()
        s.sandbox.world.write(s.thread, "It is on the fridge!", origin=Origin.HOST)
        held = await s.courier.deliver(held)
        assert (delivery(held).state, delivery(held).reason) == (S.SUPPRESSED, SkipReason.ANSWERED)
        assert s.copies == []


async def test_a_guest_who_writes_on_is_decided_anew() -> None:
    async with stage() as s:
        held = await s.decided()
        s.sandbox.world.write(s.thread, "and is there parking?", origin=Origin.GUEST)
        with pytest.raises(TurnChanged) as change:
            await s.courier.deliver(held)
        assert change.value.held.record.turn is None
        assert s.copies == []


async def test_the_same_text_already_in_the_thread_is_not_sent_again() -> None:
    async with stage() as s:
        s.sandbox.world.write(s.thread, BODY, origin=Origin.API)
        held = await s.courier.deliver(await s.decided())
        assert (delivery(held).state, delivery(held).via) == (S.SENT, Via.PRECONDITION)
        assert len(s.copies) == 1


async def test_the_kill_switch_stops_even_a_decided_reply() -> None:
    async with stage() as s:
        held = await s.decided()
        s.switches.append(Switches(kill=True))
        held = await s.courier.deliver(held)
        assert (delivery(held).state, delivery(held).reason) == (S.SUPPRESSED, SkipReason.KILL_SWITCH)
        assert s.copies == []


async def test_a_reply_that_comes_too_late_expires() -> None:
    async with stage() as s:
        held = await s.decided()
        s.clock.advance(24 * 3600)
        held = await s.courier.deliver(held)
        assert delivery(held).state is S.EXPIRED
        assert s.copies == []


async def test_a_process_that_stood_still_after_its_intent_does_not_write() -> None:
    async with stage(DeliverySettings(grace=-1.0)) as s:
        held = await s.courier.deliver(await s.decided())
        assert delivery(held).state is S.RETRY
        assert s.copies == []


async def test_marking_is_repeated_until_it_is_known_to_have_worked() -> None:
    async with stage() as s:
        s.sandbox.faults.replace([Fault(kind=FaultKind.DROP_AFTER, operation="no_reply_needed", times=1)])
        held = await s.courier.deliver(await s.decided(PartKind.NO_REPLY_NEEDED))
        assert delivery(held).state is S.RETRY
        s.clock.advance(30)
        held = await s.again(held)
        assert delivery(held).state is S.SENT
        assert len(s.thread.marks) >= 1
        assert s.copies == []


async def test_nothing_leaves_while_the_gate_is_closed() -> None:
    async with stage() as s:
        s.gate.close_for(600, "the store lost its memory")
        held = await s.courier.deliver(await s.decided())
        assert (delivery(held).state, s.copies) == (S.CLAIMED, [])
        assert held.record.due_at == s.clock.now() + timedelta(seconds=600)
        s.clock.advance(599)
        held = await s.again(held)
        assert s.copies == []
        s.clock.advance(2)
        held = await s.again(held)
        assert delivery(held).state is S.SENT
        assert len(s.copies) == 1
