"""Pre-approving Airbnb inquiries, over real HTTP and by the whole service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from autoresponder.app import opened_service
from autoresponder.clock import ManualClock
from autoresponder.config import GuardSettings, Settings
from autoresponder.decision import Outcome, SkipReason
from autoresponder.records import DeliveryState, JournalEntry, PartKind, Via
from autoresponder.sandbox.entities import Message, Origin, Property, Thread
from autoresponder.sandbox.faults import Fault, FaultKind
from autoresponder.sandbox.feed import FeedEvent, resolve
from autoresponder.sandbox.server import SandboxServer
from autoresponder.service.reports import TurnReport
from tests.support.small_workspace import PLACE, settings_for, workspace_of, write_workspace

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
RULES = """\
rules:
  - id: welcome
    when: {event: inquiry, inquiry: {number_of_pets: 0}}
    text: "You are welcome to book."
    then: [preapprove]
"""


@dataclass
class Scene:
    """A sandbox, a folder with a rule that pre-approves, and what the service said."""

    sandbox: SandboxServer
    clock: ManualClock
    settings: Settings
    entries: list[JournalEntry]
    thread: Thread

    def inquire(self, *, named: bool = True, **details: Any) -> str:
        """An inquiry comes in; the id of its event, named by the card or not."""
        world = self.sandbox.world
        card: dict[str, Any] = {
            "status": "active",
            "booking_details": {"nights": 3, "number_of_pets": 0, **details},
        }
        if named:
            card["live_feed_event_id"] = world.new_id()
        world.write(self.thread, "inquiry", origin=Origin.SYSTEM, meta=card)
        return next(e.id for e in world.feed.newest_first() if e.event == "inquiry")

    def event(self, event_id: str) -> FeedEvent:
        found = self.sandbox.world.feed.get(event_id)
        assert found is not None
        return found

    async def served(self, *, dry_run: bool = False) -> JournalEntry:
        """The service looks once, a minute later; what it decided last."""
        self.clock.advance(60)

        def watch(report: TurnReport) -> None:
            self.entries.append(report.entry)

        async with opened_service(
            self.settings,
            lambda: workspace_of(self.settings),
            clock=self.clock,
            dry_run=dry_run,
            watch=watch,
            rand=lambda: 0.5,
        ) as running:
            if self.entries == []:
                await running.ledger.activated_at(NOON)
            await running.service.once()
        return self.entries[-1]

    @property
    def replies(self) -> list[Message]:
        return [m for m in self.thread.messages if m.origin is Origin.API]


@asynccontextmanager
async def scene(folder: Path, *, allowed: bool = True) -> AsyncIterator[Scene]:
    write_workspace(folder)
    (folder / "rules" / "welcome.yaml").write_text(RULES)
    clock = ManualClock(NOON)
    async with SandboxServer(None, clock=clock) as sandbox:
        sandbox.world.add_property(Property(id=PLACE, title="Seaview"))
        thread = sandbox.world.add_thread(property_id=PLACE, provider="AirBNB", title="Anna")
        guards = GuardSettings(preapprove=allowed)
        settings = settings_for(folder, sandbox.base_url, guards=guards)
        s = Scene(sandbox, clock, settings, [], thread)
        async with opened_service(settings, lambda: workspace_of(settings), clock=clock) as running:
            await running.service.once()
        yield s


@pytest.mark.parametrize("named", [True, False])
async def test_an_inquiry_is_preapproved_and_then_answered(tmp_path: Path, named: bool) -> None:
    async with scene(tmp_path) as s:
        event = s.inquire(named=named)
        entry = await s.served()
        assert entry.outcome is Outcome.REPLY
        assert [(d.kind, d.state) for d in entry.deliveries] == [
            (PartKind.PREAPPROVE, DeliveryState.SENT),
            (PartKind.TEXT, DeliveryState.SENT),
        ]
        assert entry.deliveries[0].body == event
        assert s.event(event).payload["resolution"]["type"] == "preapproval"
        assert [m.text for m in s.replies] == ["You are welcome to book."]


async def test_nothing_is_preapproved_unless_it_is_allowed(tmp_path: Path) -> None:
    async with scene(tmp_path, allowed=False) as s:
        event = s.inquire()
        entry = await s.served()
        assert (entry.outcome, entry.reason) == (Outcome.HOLD, SkipReason.NOT_PREAPPROVED)
        assert not s.event(event).payload["resolved"]
        assert s.replies == []


async def test_a_request_to_book_is_never_preapproved(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        event = s.inquire()
        s.event(event).event = "reservation_request"
        entry = await s.served()
        assert (entry.outcome, entry.reason) == (Outcome.HOLD, SkipReason.NOT_PREAPPROVED)
        assert entry.deliveries[0].state is DeliveryState.HELD
        assert not s.event(event).payload["resolved"]
        assert s.replies == []


async def test_an_inquiry_with_a_question_that_no_rule_covers_is_left_to_a_person(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        event = s.inquire()
        s.sandbox.world.write(s.thread, "May we bring a grand piano?", origin=Origin.GUEST)
        entry = await s.served()
        assert (entry.outcome, entry.reason) == (Outcome.HOLD, SkipReason.PARTIAL)
        assert not s.event(event).payload["resolved"]


async def test_a_dry_run_shows_it_and_cannot_do_it(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        event = s.inquire()
        entry = await s.served(dry_run=True)
        assert [d.kind for d in entry.deliveries] == [PartKind.PREAPPROVE, PartKind.TEXT]
        assert not s.event(event).payload["resolved"]
        assert s.replies == []


async def test_what_a_person_preapproved_is_not_preapproved_again(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        event = s.inquire()
        resolve(s.event(event), {"type": "preapproval"})
        entry = await s.served()
        assert (entry.deliveries[0].state, entry.deliveries[0].via) == (DeliveryState.SENT, Via.PRECONDITION)
        assert len(s.replies) == 1
        assert [h for h in s.sandbox.world.happenings if h.kind == "resolved"] == []


async def test_a_person_who_made_an_offer_has_answered(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        resolve(s.event(s.inquire()), {"type": "special_offer", "total_price": 300})
        entry = await s.served()
        assert (entry.outcome, entry.reason) == (Outcome.SILENT, SkipReason.ANSWERED)
        assert s.replies == []


async def test_after_an_unknown_outcome_the_feed_tells(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        event = s.inquire()
        fault = Fault(kind=FaultKind.DROP_AFTER, operation="resolve_feed_event", times=1)
        s.sandbox.faults.replace([fault])
        await s.served()
        assert s.event(event).payload["resolved"]
        entry = await s.served()
        assert (entry.deliveries[0].state, entry.deliveries[0].via) == (DeliveryState.SENT, Via.READBACK)
        assert len(s.replies) == 1
        assert len([h for h in s.sandbox.world.happenings if h.kind == "resolved"]) == 1


async def test_a_guest_with_a_booking_is_not_preapproved(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        event = s.inquire()
        s.thread.provider, s.thread.raw = "BookingCom", None
        entry = await s.served()
        assert (entry.outcome, entry.reason) == (Outcome.HOLD, SkipReason.NOT_PREAPPROVED)
        assert not s.event(event).payload["resolved"]


async def test_a_rule_within_its_cooldown_takes_its_preapproval_with_it(tmp_path: Path) -> None:
    async with scene(tmp_path) as s:
        s.inquire()
        await s.served()
        s.settings = replace(s.settings, guards=replace(s.settings.guards, preapprove=False))
        second = s.inquire()
        s.sandbox.world.write(s.thread, "what's the wifi?", origin=Origin.GUEST)
        entry = await s.served()
        assert entry.outcome is Outcome.REPLY
        assert [d.kind for d in entry.deliveries] == [PartKind.TEXT]
        assert not s.event(second).payload["resolved"]
