"""The service, end to end in one process: real client, real store, sandbox over HTTP, time by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autoresponder.app import Running, opened_service
from autoresponder.channex.interface import ChannexWriter
from autoresponder.clock import ManualClock
from autoresponder.config import Settings
from autoresponder.decision import Outcome, SkipReason
from autoresponder.errors import ChannexForbidden, ChannexUnauthorized
from autoresponder.records import JournalEntry
from autoresponder.sandbox.entities import Booking, Guest, Message, Origin, Property, Thread
from autoresponder.sandbox.faults import Fault, FaultKind
from autoresponder.sandbox.server import SandboxServer
from autoresponder.service.closing import TELL_AFTER
from autoresponder.service.reports import TurnReport
from tests.support.small_workspace import PLACE, settings_for, workspace_of, write_workspace

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
SAUNA = """\
rules:
  - id: sauna
    title: Sauna
    when: {text: {any: [sauna]}}
    text: "Sauna: {{ property.sauna }}"
"""


@dataclass
class Scene:
    """A sandbox, a folder, and services that can be started over them."""

    folder: Path
    sandbox: SandboxServer
    clock: ManualClock
    reports: list[TurnReport] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return settings_for(self.folder, self.sandbox.base_url)

    @asynccontextmanager
    async def service(self, *, dry_run: bool = False) -> AsyncIterator[Running]:
        settings = self.settings
        workspace = workspace_of(settings)
        async with opened_service(
            settings,
            lambda: workspace,
            clock=self.clock,
            dry_run=dry_run,
            watch=self.reports.append,
            rand=lambda: 0.5,
        ) as running:
            yield running

    def guest(
        self, *texts: str, name: str = "Anna Berg", provider: str = "BookingCom", booked: bool = True
    ) -> Thread:
        world = self.sandbox.world
        booking = None
        if booked:
            booking = world.add_booking(
                Booking(
                    id=world.new_id(),
                    property_id=PLACE,
                    guest=Guest(name=name.split(maxsplit=1)[0], surname=name.rsplit(maxsplit=1)[-1]),
                    inserted_at=self.clock.now(),
                    arrival_date=NOON.date(),
                    departure_date=NOON.date() + timedelta(days=3),
                )
            )
        thread = world.add_thread(property_id=PLACE, provider=provider, title=name, booking=booking)
        for text in texts:
            self.says(thread, text)
        return thread

    def says(self, thread: Thread, text: str) -> Message:
        return self.sandbox.world.write(thread, text, origin=Origin.GUEST)


@asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[Scene]:
    clock = ManualClock(NOON)
    async with SandboxServer(None, clock=clock) as sandbox:
        sandbox.world.add_property(Property(id=PLACE, title="Seaview"))
        write_workspace(folder)
        (folder / "rules" / "sauna.yaml").write_text(SAUNA, encoding="utf-8")
        yield Scene(folder, sandbox, clock)


def replies(thread: Thread) -> list[str]:
    return [m.text for m in thread.messages if m.origin is Origin.API]


async def decision(running: Running, message: Message) -> JournalEntry:
    entry = await running.ledger.decision(message.id)
    assert entry is not None
    return entry


async def test_a_question_is_answered_once_after_the_guest_has_finished(tmp_path: Path) -> None:
    async with scene(tmp_path) as s, s.service() as running:
        await running.service.once()
        thread = s.guest("what's the wifi?")
        await running.service.once()
        assert replies(thread) == []
        s.clock.advance(30)
        s.says(thread, "and is there a sauna?")
        s.clock.advance(30)
        await running.service.once()
        assert replies(thread) == []
        s.clock.advance(30)
        await running.service.once()
        assert replies(thread) == []  # nothing is known about a sauna: held, not half-answered
        entry = await decision(running, thread.messages[0])
        assert (entry.outcome, entry.reason) == (Outcome.HOLD, SkipReason.MISSING_VALUE)
        assert "sauna" in entry.explanation
        s.says(s.guest("Is there internet?", name="Bob"), "please")
        s.clock.advance(60)
        await running.service.once()
        s.clock.advance(60)
        await running.service.once()
        bob = s.sandbox.world.threads[list(s.sandbox.world.threads)[-1]]
        assert replies(bob) == ["The network is called Seaview-Guest."]
        counts = s.sandbox.audit([row(e) for e in await running.ledger.decisions()])
        assert (counts["duplicates"], counts["unaccounted"]) == (0, 0)


def row(entry: JournalEntry) -> dict[str, object]:
    return {
        "thread_id": entry.thread_id,
        "message_ids": list(entry.message_ids),
        "outcome": entry.outcome.value,
    }


async def test_a_restart_answers_nobody_twice_and_forgets_nobody(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        async with s.service() as running:
            await running.service.once()
            first = s.guest("wifi please")
            s.clock.advance(60)
            await running.service.once()
            waiting = s.guest("Is there internet?", name="Bob Low")
            await running.service.once()
        s.clock.advance(60)
        async with s.service() as running:
            await running.service.once()
            assert len(replies(first)) == 1
            assert len(replies(waiting)) == 1
            await running.service.once()
            assert len(replies(first)) == 1


async def test_history_from_before_the_first_start_is_recorded_and_never_answered(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        old = s.guest("what's the wifi?")
        s.clock.advance(30 * 3600)
        fresh = s.guest("what's the wifi?", name="Bob Low")
        s.clock.advance(3600)
        async with s.service() as running:
            await running.service.once()
            entries = await running.ledger.decisions()
            assert {(e.guest, e.outcome, e.reason) for e in entries} == {
                ("Anna Berg", Outcome.SILENT, SkipReason.TOO_OLD),
                ("Bob Low", Outcome.REPLY, None),
            }
            assert replies(old) == []
            assert len(replies(fresh)) == 1
            again = s.says(old, "hello? the wifi?")
            s.clock.advance(60)
            await running.service.once()
            assert len(replies(old)) == 1
            assert (await decision(running, again)).outcome is Outcome.REPLY


async def test_an_emergency_is_left_to_a_person_until_somebody_answers(tmp_path: Path) -> None:
    async with scene(tmp_path) as s, s.service() as running:
        await running.service.once()
        thread = s.guest("There is a smell of gas! And what's the wifi?")
        s.clock.advance(60)
        await running.service.once()
        assert replies(thread) == []
        waiting = await running.ledger.waiting()
        assert [(w.thread_id, w.waiting.outcome) for w in waiting if w.waiting] == [
            (thread.id, Outcome.ESCALATE)
        ]
        s.clock.advance(60)
        s.sandbox.world.write(thread, "We are on our way.", origin=Origin.HOST)
        await running.service.once()
        assert await running.ledger.waiting() == ()


async def test_thanks_are_marked_on_booking_com_and_met_with_silence_elsewhere(tmp_path: Path) -> None:
    async with scene(tmp_path) as s, s.service() as running:
        await running.service.once()
        booking = s.guest("Great, thank you!")
        airbnb = s.guest("Great, thank you!", name="Bob Low", provider="AirBNB")
        s.clock.advance(60)
        await running.service.once()
        assert (len(booking.marks), replies(booking)) == (1, [])
        assert (len(airbnb.marks), replies(airbnb)) == (0, [])
        outcomes = {e.guest: e.outcome for e in await running.ledger.decisions()}
        assert outcomes == {"Anna Berg": Outcome.NO_REPLY_NEEDED, "Bob Low": Outcome.SILENT}


async def test_a_quiet_account_costs_one_request_a_cycle_however_large_it_is(tmp_path: Path) -> None:
    async with scene(tmp_path) as s, s.service() as running:
        for number in range(450):
            s.guest("hello", name=f"Guest {number}", booked=False)
            s.clock.advance(60)
        s.clock.advance(3 * 24 * 3600)
        first = await running.service.once()
        assert first.seen == 450
        s.clock.advance(60)
        await running.service.once()
        for _ in range(3):
            s.clock.advance(60)
            quiet = await running.service.once()
            assert (quiet.requests, quiet.changed) == (1, 0)


async def test_a_list_in_another_order_is_read_to_its_end(tmp_path: Path) -> None:
    async with scene(tmp_path) as s, s.service() as running:
        threads = [s.guest("hello", name=f"Guest {n}", booked=False) for n in range(150)]
        s.clock.advance(3 * 24 * 3600)
        await running.service.once()
        s.sandbox.world.ignore_order = True
        question = s.says(threads[3], "what's the wifi?")
        s.clock.advance(60)
        cycle = await running.service.once()
        assert cycle.requests == 2
        assert (await decision(running, question)).outcome is Outcome.REPLY


async def test_a_dry_run_decides_everything_and_holds_nothing_that_can_write(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        thread = s.guest("what's the wifi?")
        s.clock.advance(60)
        async with s.service(dry_run=True) as running:
            await running.service.once()
            ended = [r for r in s.reports if r.record.done_at is not None]
            assert [r.entry.reply for r in ended] == ["The network is called Seaview-Guest."]
            assert replies(thread) == []
            assert not any(isinstance(found, ChannexWriter) for found in reachable(running))
        assert not (tmp_path / "state.db").exists()


def reachable(root: object) -> list[object]:
    """Everything that hangs on an object."""
    seen: dict[int, object] = {}
    stack = [root]
    while stack:
        value = stack.pop()
        if id(value) in seen or isinstance(value, (str, bytes, int, float, type)):
            continue
        seen[id(value)] = value
        if isinstance(value, dict):
            stack += value.values()
        elif isinstance(value, (list, tuple, set, frozenset)):
            stack += value
        else:
            stack += getattr(value, "__dict__", {}).values()
            for name in getattr(type(value), "__slots__", ()):
                stack.append(getattr(value, name, None))
    return list(seen.values())


async def test_trouble_with_the_api_loses_nothing(tmp_path: Path) -> None:
    async with scene(tmp_path) as s, s.service() as running:
        await running.service.once()
        thread = s.guest("what's the wifi?")
        s.clock.advance(60)
        s.sandbox.faults.replace([Fault(kind=FaultKind.STATUS, operation="thread_messages", status=401)])
        await running.service.once()
        assert replies(thread) == []
        s.sandbox.faults.replace([])
        s.clock.advance(600)
        await running.service.once()
        assert len(replies(thread)) == 1


@pytest.mark.parametrize("status", [401, 403])
async def test_a_key_that_may_only_read_keeps_guests_waiting_where_people_see_it(
    tmp_path: Path, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene(tmp_path) as s, s.service() as running:
        await running.service.once()
        thread = s.guest("what's the wifi?")
        s.clock.advance(60)
        s.sandbox.faults.replace([Fault(kind=FaultKind.STATUS, operation="send_to_thread", status=status)])
        with caplog.at_level("WARNING"):
            await running.service.once()
            s.clock.advance(400)
            await running.service.once()
        assert replies(thread) == []
        inbox = await running.ledger.waiting()
        assert [(w.thread_id, w.waiting.reason) for w in inbox if w.waiting] == [
            (thread.id, SkipReason.KEY_REFUSED)
        ]
        told = [r for r in s.reports if r.waiting is not None]
        assert [r.record.trigger_id for r in told] == [thread.messages[0].id]
        refused = [r for r in caplog.records if getattr(r, "action", "") == "key_refused"]
        assert {vars(r)["thread_id"] for r in refused} == {thread.id}
        assert running.service.readiness().sending.startswith("refused: ")
        s.sandbox.faults.replace([])
        s.clock.advance(400)
        await running.service.once()
        assert len(replies(thread)) == 1
        assert await running.ledger.waiting() == ()
        assert running.service.readiness().sending == "on"


async def test_a_key_that_may_never_write_leaves_the_guest_to_a_person(tmp_path: Path) -> None:
    async with scene(tmp_path) as s, s.service() as running:
        await running.service.once()
        thread = s.guest("what's the wifi?")
        s.clock.advance(60)
        s.sandbox.faults.replace([Fault(kind=FaultKind.STATUS, operation="send_to_thread", status=403)])
        await running.service.once()
        s.clock.advance((s.settings.guards.max_age + timedelta(hours=1)).total_seconds())
        await running.service.once()
        entry = await decision(running, thread.messages[0])
        assert (entry.outcome, entry.reason) == (Outcome.HOLD, SkipReason.TOO_OLD)
        (waiting,) = await running.ledger.waiting()
        assert waiting.waiting is not None
        assert waiting.waiting.since == thread.messages[0].inserted_at


async def test_a_guest_who_could_not_be_read_leaves_the_inbox_with_the_answer(tmp_path: Path) -> None:
    async with scene(tmp_path) as s, s.service() as running:
        await running.service.once()
        thread = s.guest("what's the wifi?")
        s.clock.advance(60)
        s.sandbox.faults.replace([Fault(kind=FaultKind.STATUS, operation="thread_messages", status=403)])
        for _ in range(TELL_AFTER):
            await running.service.once()
            s.clock.advance(400)
        assert [w.waiting.reason for w in await running.ledger.waiting() if w.waiting] == [
            SkipReason.UNREADABLE
        ]
        s.sandbox.faults.replace([])
        s.clock.advance(400)
        await running.service.once()
        assert len(replies(thread)) == 1
        assert await running.ledger.waiting() == ()


@pytest.mark.parametrize(("status", "error"), [(401, ChannexUnauthorized), (403, ChannexForbidden)])
async def test_a_list_that_is_refused_moves_no_cursor(tmp_path: Path, status: int, error: type) -> None:
    async with scene(tmp_path) as s, s.service() as running:
        await running.service.once()
        thread = s.guest("what's the wifi?")
        s.clock.advance(60)
        s.sandbox.faults.replace([Fault(kind=FaultKind.STATUS, operation="list_threads", status=status)])
        with pytest.raises(error):
            await running.service.once()
        s.sandbox.faults.replace([])
        await running.service.once()
        assert len(replies(thread)) == 1


async def test_a_property_without_the_messages_app_does_not_take_the_others_along(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene(tmp_path) as s, s.service() as running:
        world = s.sandbox.world
        world.add_property(Property(id=world.new_id(), title="Harbour Loft", messages_app=False))
        world.refuse_mixed_lists = True
        with caplog.at_level("WARNING"):
            await running.service.once()
            thread = s.guest("what's the wifi?")
            s.clock.advance(60)
            await running.service.once()
        assert len(replies(thread)) == 1
        told = [r for r in caplog.records if getattr(r, "action", "") == "properties_left_out"]
        assert [vars(r)["properties"] for r in told] == [["Harbour Loft"]]
        async with s.service(dry_run=True) as dry:
            assert (await dry.service.once()).seen == 1


async def test_pausing_a_property_leaves_its_guests_to_people(tmp_path: Path) -> None:
    async with scene(tmp_path) as s, s.service() as running:
        await running.service.once()
        await running.ledger.pause(on=True, property_id=PLACE)
        s.clock.advance(10)
        thread = s.guest("what's the wifi?")
        s.clock.advance(60)
        await running.service.once()
        assert replies(thread) == []
        entry = await decision(running, thread.messages[0])
        assert (entry.outcome, entry.reason) == (Outcome.HOLD, SkipReason.PAUSED_PROPERTY)
