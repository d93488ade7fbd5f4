"""A short campaign with real processes; `bench/chaos --real` is the long one."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from rich.console import Console

from autoresponder.decision import Outcome
from autoresponder.records import Delivery, DeliveryState, JournalEntry, PartKind, Via
from bench.measure import real_judge
from bench.measure.real import play
from bench.measure.real_services import KEY, log_findings
from bench.measure.real_site import Plan, Times
from tests.support.redis_server import require_redis_server

S = DeliveryState
SHORT = Times(quarantine=8, grace=1, timeout=2, lease=3, idle=1.0, late=1.0, hidden=0.5, gap=2.0)


@pytest.mark.slow
@pytest.mark.parametrize("plan", [Plan("sqlite", 1), Plan("redis-everysec", 3)], ids=str)
def test_nobody_is_answered_twice_or_forgotten(plan: Plan, tmp_path: Path) -> None:
    require_redis_server()
    console = Console(file=StringIO())
    (result,) = play(
        kills=6, turns=100, seed=3, console=console, times=SHORT, plans=[plan], keep=tmp_path / "kept"
    )
    assert result.violations == [], f"see {tmp_path}"
    assert result.audit["guest_messages"] >= 100
    assert result.audit["replies_sent"] >= 50
    # How much breaks on the wire meanwhile depends on how busy the machine is: the long campaign counts it.
    assert result.kills.total() >= 6


def test_times_that_promise_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 12"):
        Times(quarantine=10, grace=2, timeout=3, lease=6, idle=2.0, late=3.0, hidden=1.0)


def _entry(*deliveries: Delivery, outcome: Outcome = Outcome.REPLY) -> JournalEntry:
    return JournalEntry(
        thread_id="t1",
        trigger_id="g1",
        message_ids=("g1",),
        at=datetime(2026, 5, 1, tzinfo=UTC),
        property_id=None,
        property_name="",
        provider="booking_com",
        guest="Anna Berg",
        booking_id=None,
        messages=(),
        outcome=outcome,
        reason=None,
        rules=("wifi",),
        topics=(),
        language="en",
        partial=False,
        notify=False,
        explanation="",
        workspace="",
        deliveries=deliveries,
    )


TEXT = Delivery(
    part="text", kind=PartKind.TEXT, state=S.SENT, fence=1, body="Hello", remote_id="m1", via=Via.ACK
)
HELLO = {"id": "m1", "thread": "t1", "origin": "api", "text": "Hello", "at": 2}


def test_a_text_that_is_not_there_was_not_sent() -> None:
    assert real_judge.false_sent([_entry(TEXT)], [HELLO]) == []
    assert real_judge.false_sent([_entry(TEXT)], [{**HELLO, "thread": "t2"}]) == [
        "t1: recorded as sent, and not there"
    ]
    assert real_judge.false_sent([_entry(TEXT)], [{**HELLO, "text": "Bye"}]) == [
        "t1: another text was taken for ours"
    ]


def test_what_was_open_in_a_lost_journal_counts_only_if_it_stands_in_the_thread() -> None:
    opened = _entry(replace(TEXT, state=S.INTENT, remote_id=None, via=None))
    later = _entry(outcome=Outcome.SILENT)

    def outcomes(
        lost: list[JournalEntry], messages: list[dict[str, Any]], *marks: tuple[str, int]
    ) -> list[object]:
        return [row["outcome"] for row in real_judge.ledger([later], lost, messages, marks)]

    assert outcomes([opened], [HELLO]) == ["reply", "silent"]
    assert outcomes([opened], []) == ["silent"]
    assert outcomes([_entry(TEXT)], []) == ["reply", "silent"]
    # Decided a second time after another loss: one text answers for one decision.
    assert outcomes([opened, replace(opened, message_ids=("g1", "g2"))], [HELLO]) == ["reply", "silent"]
    mark = Delivery(part="no_reply_needed", kind=PartKind.NO_REPLY_NEEDED, state=S.CLAIMED, fence=1)
    courtesy = _entry(mark, outcome=Outcome.NO_REPLY_NEEDED)
    guest = {"id": "g1", "thread": "t1", "origin": "guest", "text": "Thanks", "at": 1}
    assert outcomes([courtesy], [guest]) == ["silent"]
    assert outcomes([courtesy], [guest], ("t2", 2), ("t1", 0)) == ["silent"]
    assert outcomes([courtesy], [guest], ("t1", 2)) == ["no_reply_needed", "silent"]


def test_a_text_too_many_is_found_whatever_the_journal_says() -> None:
    guest = {"id": "g1", "thread": "t1", "origin": "guest", "text": "wifi?"}
    other = {**guest, "thread": "t2"}
    bye = {**HELLO, "text": "Bye"}
    assert real_judge.doubled([guest, HELLO, other, guest, HELLO]) == []
    assert real_judge.doubled([guest, guest, HELLO, bye]) == []
    assert real_judge.doubled([guest, guest, HELLO, HELLO]) == ["t1: the same words twice"]
    assert real_judge.doubled([guest, HELLO, other, bye]) == ["t1: more texts than messages of the guest"]


def test_a_log_with_the_key_or_a_guests_words_is_found(tmp_path: Path) -> None:
    log = tmp_path / "replica-1.log"
    log.write_text('{"action": "turn_done"}\n{"action": "thread_failed", "mess', encoding="utf-8")
    assert log_findings(log, (KEY,)) == []
    log.write_text(
        f'{{"action": "thread_failed", "message": "thread failed"}}\nTraceback\n{KEY}\n', encoding="utf-8"
    )
    found = log_findings(log, (KEY,))
    assert len(found) == 3
    assert not any(KEY in text for text in found)
