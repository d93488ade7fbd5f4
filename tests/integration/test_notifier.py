"""Telling a person: what is posted, when, and what happens when nobody listens."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from msgspec import structs

from autoresponder.config import Secret
from autoresponder.decision import Outcome, SkipReason
from autoresponder.records import JournalEntry, JournalMessage, TurnRecord, Waiting
from autoresponder.service.notifier import Notifier
from autoresponder.service.reports import TurnReport
from tests.unit.core.builders import NOON


@asynccontextmanager
async def listener(statuses: list[int]) -> AsyncIterator[tuple[str, list[dict]]]:
    """A chat tool that answers with these statuses, then with 200."""
    got: list[dict] = []

    async def take(request: web.Request) -> web.Response:
        got.append(json.loads(await request.text()))
        return web.Response(status=statuses.pop(0) if statuses else 200)

    app = web.Application()
    app.router.add_post("/hook/t0ken", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook/t0ken", got
    finally:
        await runner.cleanup()


def report(outcome: Outcome, *, notify: bool = False, reason: SkipReason | None = None) -> TurnReport:
    turn = TurnRecord(
        trigger_id="m1",
        message_ids=("m1",),
        first_at=NOON,
        last_at=NOON,
        done_at=NOON,
        outcome=outcome,
        reason=reason,
        notify=notify,
        rules=("gas",),
    )
    entry = JournalEntry(
        thread_id="t1",
        trigger_id="m1",
        message_ids=("m1",),
        at=NOON,
        property_id="p1",
        property_name="Seaview",
        provider="booking_com",
        guest="Anna Berg",
        booking_id=None,
        messages=(JournalMessage(id="m1", at=NOON, text="There is a smell of gas"),),
        outcome=outcome,
        reason=reason,
        rules=("gas",),
        topics=(),
        language="en",
        partial=False,
        notify=notify,
        explanation="",
        workspace="v",
    )
    return TurnReport(record=turn, entry=entry)


async def test_an_escalation_is_posted_without_the_guest_s_words_or_name() -> None:
    async with listener([]) as (url, got):
        async with Notifier(Secret(url), rand=lambda: 0.0) as notifier:
            notifier.report(report(Outcome.ESCALATE, reason=SkipReason.RULE_ESCALATES))
        assert len(got) == 1
        assert got[0]["urgent"] is True
        assert got[0]["thread_id"] == "t1"
        assert "Seaview" in got[0]["text"]
        assert "gas" not in got[0]["text"]
        assert "Anna" not in json.dumps(got)


@pytest.mark.parametrize(
    ("outcome", "notify", "posted"),
    [
        (Outcome.REPLY, False, 0),
        (Outcome.REPLY, True, 1),
        (Outcome.HOLD, False, 1),
        (Outcome.SILENT, False, 0),
        (Outcome.NO_REPLY_NEEDED, False, 0),
    ],
)
async def test_only_turns_that_need_a_person_are_posted(outcome: Outcome, notify: bool, posted: int) -> None:
    async with listener([]) as (url, got):
        async with Notifier(Secret(url), rand=lambda: 0.0) as notifier:
            notifier.report(report(outcome, notify=notify))
        assert len(got) == posted


async def test_a_guest_who_waits_although_the_turn_is_not_over_is_posted() -> None:
    waiting = Waiting(
        since=NOON,
        reason=SkipReason.KEY_REFUSED,
        outcome=Outcome.HOLD,
        explanation="forbidden",
        trigger_id="m1",
    )
    ended = report(Outcome.REPLY)
    open_turn = TurnReport(
        record=structs.replace(ended.record, done_at=None), entry=ended.entry, waiting=waiting
    )
    async with listener([]) as (url, got):
        async with Notifier(Secret(url), rand=lambda: 0.0) as notifier:
            notifier.report(open_turn)
        assert [(g["outcome"], g["reason"], g["urgent"]) for g in got] == [("hold", "key_refused", False)]
        assert "key_refused" in got[0]["text"]


async def test_a_refusal_is_tried_again_and_then_logged_without_the_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with listener([500, 302]) as (url, got):
        async with Notifier(Secret(url), rand=lambda: 0.0) as notifier:
            notifier.report(report(Outcome.HOLD))
        assert len(got) == 3
    async with Notifier(Secret(url), rand=lambda: 0.0) as notifier:
        notifier.report(report(Outcome.HOLD))
    failed = [r for r in caplog.records if getattr(r, "action", "") == "notify_failed"]
    assert len(failed) == 1
    assert "t0ken" not in str(failed[0].__dict__)
