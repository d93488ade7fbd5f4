"""Files after a reply, over real HTTP: uploaded once, sent once, told apart from the text."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from msgspec.structs import replace

from autoresponder.attachments import AttachedFile, attached_file
from autoresponder.channex.client import Client
from autoresponder.config import DeliverySettings, Secret
from autoresponder.decision import Outcome, SkipReason
from autoresponder.delivery import machine
from autoresponder.delivery.courier import Courier
from autoresponder.ledger import HeldThread
from autoresponder.records import Attached, Delivery, DeliveryState, PartKind, TurnRecord, Via
from autoresponder.sandbox.entities import Message, Origin
from autoresponder.sandbox.faults import Fault, FaultKind
from autoresponder.service.closing import ended
from autoresponder.turns import foreign_messages
from tests.integration.test_courier import BODY, NOON, Stage
from tests.integration.test_courier import stage as plain_stage
from tests.support.small_workspace import MAP

S = DeliveryState
FILE = attached_file("map.png", MAP)


@asynccontextmanager
async def stage(files: dict[str, AttachedFile], attempts: int = 5) -> AsyncIterator[Stage]:
    settings = DeliverySettings(attempts=attempts)
    async with (
        plain_stage(settings) as s,
        Client(base_url=s.sandbox.base_url, api_key=Secret("sandbox"), timeout=5.0) as client,
    ):

        async def switches() -> object:
            return s.switches[-1]

        s.courier = Courier(
            client,
            s.ledger,
            s.clock,
            settings,
            reader=client,
            max_age=timedelta(hours=24),
            switches=switches,  # type: ignore[arg-type]
            rand=lambda: 0.5,
            gate=s.gate,
            files=lambda: files,
        )
        yield s


async def decided(s: Stage, *files: AttachedFile) -> HeldThread:
    """The thread with a decided reply and its files."""
    held = await s.take()
    parts = [machine.begin(part="text", kind=PartKind.TEXT, fence=held.fence, body=BODY)]
    for number, file in enumerate(files, 1):
        attached = Attached(path=file.path, digest=file.digest)
        kind = PartKind.ATTACHMENT
        parts.append(
            machine.begin(part=f"attachment {number}", kind=kind, fence=held.fence, attached=attached)
        )
    turn = TurnRecord(
        trigger_id=s.question.id,
        message_ids=(s.question.id,),
        first_at=NOON,
        last_at=NOON,
        decided_at=NOON,
        outcome=Outcome.REPLY,
        rules=("way",),
        explanation="answered by rule Way",
        deliveries=tuple(parts),
    )
    return await s.ledger.commit(held, replace(held.record, turn=turn))


def file_of(held: HeldThread, number: int = 1) -> Delivery:
    assert held.record.turn is not None
    found = held.record.turn.delivery(f"attachment {number}")
    assert found is not None
    return found


def turn_of(held: HeldThread) -> TurnRecord:
    assert held.record.turn is not None
    return ended(held.record.turn)


def sent(s: Stage) -> list[Message]:
    s.sandbox.world.settle()
    return [m for m in s.thread.messages if m.origin is Origin.API]


def fail(s: Stage, operation: str, kind: FaultKind, **more: object) -> None:
    s.sandbox.faults.replace([Fault(kind=kind, operation=operation, times=1, **more)])


async def test_a_file_follows_the_text_and_is_uploaded_once_for_all_threads() -> None:
    async with stage({"map.png": FILE}) as s:
        held = await s.courier.deliver(await decided(s, FILE))
        text, file = sent(s)
        assert (text.text, text.attachments) == (BODY, ())
        assert file.text == ""
        assert file.attachments[0].endswith("/map.png")
        assert file_of(held).state is S.SENT
        assert file_of(held).remote_id == file.id
        assert held.record.ours == (text.id, file.id)
        assert len(held.record.replies) == 1
        uploaded = list(s.sandbox.world.attachments.values())
        assert [(a.content, a.file_type) for a in uploaded] == [(MAP, "image/png")]
        await s.ledger.commit(held, held.record.finish(turn_of(held)), release=True)
        s.question = s.sandbox.world.write(s.thread, "and again?", origin=Origin.GUEST)
        held = await s.courier.deliver(await decided(s, FILE))
        assert file_of(held).state is S.SENT
        assert len(s.sandbox.world.attachments) == 1


async def test_a_file_that_channex_forgot_is_uploaded_again_and_sent_once() -> None:
    async with stage({"map.png": FILE}) as s:
        await s.ledger.remember_upload(FILE.digest, "c40a00f9-d3d3-4809-8d46-adc378c95f20")
        held = await s.courier.deliver(await decided(s, FILE))
        assert file_of(held).state is S.SENT
        assert file_of(held).attempt == 2
        assert [bool(m.attachments) for m in sent(s)] == [False, True]
        assert await s.ledger.uploaded(FILE.digest) in s.sandbox.world.attachments


async def test_a_file_that_is_refused_after_it_was_just_uploaded_is_held_and_the_guest_keeps_the_text() -> (
    None
):
    async with stage({"map.png": FILE}) as s:
        s.sandbox.faults.replace(
            [Fault(kind=FaultKind.STATUS, operation="send_to_thread", status=422, nth=2)]
        )
        held = await s.courier.deliver(await decided(s, FILE))
        assert file_of(held).state is S.HELD
        assert [m.text for m in sent(s)] == [BODY]
        turn = turn_of(held)
        assert (turn.outcome, turn.notify) == (Outcome.REPLY, True)
        assert "map.png did not go out" in turn.explanation


@pytest.mark.parametrize("kind", [FaultKind.DROP_AFTER, FaultKind.DROP_BEFORE])
async def test_an_upload_that_breaks_off_is_simply_made_again(kind: FaultKind) -> None:
    async with stage({"map.png": FILE}) as s:
        fail(s, "create_attachment", kind)
        held = await s.courier.deliver(await decided(s, FILE))
        assert (file_of(held).state, file_of(held).attempt) == (S.CLAIMED, 0)
        assert held.record.due_at is not None
        assert [m.text for m in sent(s)] == [BODY]
        s.clock.advance(60)
        held = await s.again(held)
        assert file_of(held).state is S.SENT
        assert len(sent(s)) == 2


async def test_uploads_that_never_work_end_with_a_person() -> None:
    async with stage({"map.png": FILE}, attempts=3) as s:
        s.sandbox.faults.replace([Fault(kind=FaultKind.STATUS, operation="create_attachment", status=503)])
        held = await s.courier.deliver(await decided(s, FILE))
        for _ in range(2):
            s.clock.advance(600)
            held = await s.again(held)
        assert file_of(held).state is S.HELD
        assert file_of(held).reason is SkipReason.ATTEMPTS_EXHAUSTED
        assert len(sent(s)) == 1


async def test_a_file_that_was_exchanged_after_the_decision_is_not_sent() -> None:
    async with stage({"map.png": attached_file("map.png", MAP + b"other")}) as s:
        held = await s.courier.deliver(await decided(s, FILE))
        assert file_of(held).reason is SkipReason.MISSING_VALUE
        assert len(sent(s)) == 1


async def test_an_unknown_outcome_is_settled_by_the_thread_and_never_repeated() -> None:
    async with stage({"map.png": FILE}) as s:
        fault = Fault(kind=FaultKind.DROP_AFTER, operation="send_to_thread", nth=2)
        s.sandbox.faults.replace([fault])
        held = await s.courier.deliver(await decided(s, FILE))
        assert file_of(held).state is S.INTENT
        s.clock.advance(5)
        held = await s.again(held)
        assert (file_of(held).state, file_of(held).via) == (S.SENT, Via.READBACK)
        assert [bool(m.attachments) for m in sent(s)] == [False, True]


async def test_the_text_and_a_strangers_picture_are_not_taken_for_the_file() -> None:
    async with stage({"map.png": FILE}) as s:
        fault = Fault(kind=FaultKind.DROP_BEFORE, operation="send_to_thread", nth=2)
        s.sandbox.faults.replace([fault])
        held = await s.courier.deliver(await decided(s, FILE))
        s.sandbox.world.write(s.thread, "", origin=Origin.HOST, attachments=("attachments/77/cat.png",))
        s.clock.advance(5)
        held = await s.again(held)
        assert file_of(held).state is S.HELD
        assert file_of(held).reason is SkipReason.DELIVERY_UNCERTAIN
        assert len(sent(s)) == 1


async def test_what_the_guest_writes_in_between_does_not_keep_the_promised_file_back() -> None:
    async with stage({"map.png": FILE}) as s:
        fail(s, "create_attachment", FaultKind.DROP_BEFORE)
        held = await s.courier.deliver(await decided(s, FILE))
        s.clock.advance(60)
        s.sandbox.world.write(s.thread, "thank you!", origin=Origin.GUEST)
        held = await s.again(held)
        assert file_of(held).state is S.SENT


async def test_a_person_who_wrote_in_between_keeps_the_file_back() -> None:
    async with stage({"map.png": FILE}) as s:
        fail(s, "create_attachment", FaultKind.DROP_BEFORE)
        held = await s.courier.deliver(await decided(s, FILE))
        s.clock.advance(60)
        s.sandbox.world.write(s.thread, "I will fetch you.", origin=Origin.HOST)
        held = await s.again(held)
        assert (file_of(held).state, file_of(held).reason) == (S.SUPPRESSED, SkipReason.ANSWERED)
        turn = turn_of(held)
        assert (turn.outcome, turn.notify) == (Outcome.REPLY, False)


async def test_a_file_of_ours_is_nobody_elses_answer_even_when_its_id_was_never_learned() -> None:
    async with stage({"map.png": FILE}) as s:
        held = await s.courier.deliver(await decided(s, FILE))
        messages = await s.courier._reader.all_thread_messages(s.thread.id)  # type: ignore[arg-type]
        forgotten = replace(held.record, ours=())
        assert foreign_messages(messages, forgotten) == ()
        assert len(foreign_messages(messages, replace(forgotten, turn=None))) == 1
