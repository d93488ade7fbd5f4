"""`autoresponder test --from-message`: from a recorded message to a test that is green."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from msgspec.structs import replace

from autoresponder import cli
from autoresponder.app import opened_ledger
from autoresponder.circumstances import Circumstances
from autoresponder.cli.loading import read_settings
from autoresponder.decision import Outcome, SkipReason
from autoresponder.model import Booking, BookingId, BookingStatus
from autoresponder.records import JournalEntry, JournalMessage

AT = datetime(2026, 5, 12, 20, 10, tzinfo=UTC)
WORDS = (
    "Dear Apollonia,\nwhat is the wifi password? We came on 11 May 2026 (booking 4193207561), "
    "call +49 171 2345678 or write to inge.z@web.example.de, we live at 221 Baker Street.\nRegards,\nIngeborg Zwanziger"
)
PRIVATE = ("apollonia", "11 may", "4193207561", "2345678", "inge", "baker", "zwanziger")
ENTRY = JournalEntry(
    thread_id="t1",
    trigger_id="m2",
    message_ids=("m1", "m2"),
    at=AT,
    property_id=None,
    property_name="Seaview",
    provider="booking_com",
    guest="Ingeborg Zwanziger",
    booking_id="b1",
    messages=(JournalMessage(id="m2", at=AT, text=WORDS),),
    outcome=Outcome.REPLY,
    reason=None,
    rules=("wifi",),
    topics=("wifi",),
    language="en",
    partial=False,
    notify=False,
    explanation="",
    workspace="v",
)


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    place = tmp_path / "rentals"
    assert cli.execute(["init", str(place)]) == 0
    capsys.readouterr()
    return place


def keep(folder: Path, entry: JournalEntry) -> None:
    async def commit() -> None:
        async with opened_ledger(read_settings(folder)) as ledger:
            held = await ledger.take(entry.thread_id)
            assert held is not None
            await ledger.commit(held, held.record, entry=entry, release=True)

    asyncio.run(commit())


def made(folder: Path) -> list[Path]:
    return sorted((folder / "tests").glob("from-message-*"))


@pytest.mark.parametrize("message_id", ["m1", "m2"])
def test_a_message_becomes_a_green_test_that_names_nobody(
    folder: Path, capsys: pytest.CaptureFixture[str], message_id: str
) -> None:
    keep(folder, ENTRY)
    assert cli.execute(["test", "-C", str(folder), "--from-message", message_id, "--yes"]) == 0
    shown = capsys.readouterr()
    (file,) = made(folder)
    text = file.read_text("utf-8")
    assert shown.out.startswith(text), "it is shown as it is written"
    assert "1 passed" in shown.out
    assert "READ IT" in shown.err
    assert "wifi password" in text
    assert "rule: wifi" in text
    for private in PRIVATE:
        assert private not in (text + shown.out + shown.err).casefold(), private
    assert cli.execute(["test", "-C", str(folder)]) == 0
    assert cli.execute(["check", str(folder)]) == 0


def test_the_stage_of_the_stay_is_the_recorded_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    booking = Booking(
        id=BookingId("b1"),
        property_id=None,
        status=BookingStatus.CONFIRMED,
        arrival_date=date(2026, 5, 9),
        departure_date=date(2026, 5, 12),
    )
    then = Circumstances(outcome=Outcome.REPLY, rules=("wifi",), judged=("m2",), booking=booking)
    keep(folder, replace(ENTRY, circumstances=then))
    assert cli.execute(["test", "-C", str(folder), "--from-message", "m2", "--yes"]) == 0
    (file,) = made(folder)
    assert "stay: departure_day" in file.read_text("utf-8")
    assert "guess" not in capsys.readouterr().err


def test_without_anybody_to_ask_nothing_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(folder, ENTRY)
    assert cli.execute(["test", "-C", str(folder), "--from-message", "m2"]) == 0
    assert "wifi password" in capsys.readouterr().out
    assert not made(folder)


class Terminal(StringIO):
    """Somebody at a keyboard."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "written"), [("y\n", 1), ("n\n", 0), ("\n", 0)])
def test_it_is_written_when_the_manager_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str, written: int
) -> None:
    keep(folder, ENTRY)
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    assert cli.execute(["test", "-C", str(folder), "--from-message", "m2"]) == 0
    assert len(made(folder)) == written


def test_what_the_rules_would_no_longer_do_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(folder, replace(ENTRY, rules=("parking",)))
    assert cli.execute(["test", "-C", str(folder), "--from-message", "m2", "--yes"]) == 1
    shown = capsys.readouterr()
    assert "expected rule parking, got rule wifi" in shown.out
    assert "Today the guest would get: reply (wifi)" in shown.err


def test_what_only_the_moment_decided_is_not_expected(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(
        folder,
        replace(
            ENTRY,
            outcome=Outcome.HOLD,
            rules=(),
            reason=SkipReason.COOLDOWN,
            explanation="answered only recently",
        ),
    )
    assert cli.execute(["test", "-C", str(folder), "--from-message", "m2", "--yes"]) == 0
    shown = capsys.readouterr()
    assert "cannot be repeated in a test" in shown.err
    assert "1 passed" in shown.out


def test_a_test_is_made_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(folder, ENTRY)
    assert cli.execute(["test", "-C", str(folder), "--from-message", "m1", "--yes"]) == 0
    assert cli.execute(["test", "-C", str(folder), "--from-message", "m2", "--yes"]) == 2
    assert "already a test" in capsys.readouterr().err
    assert len(made(folder)) == 1


def test_an_inquiry_without_words_becomes_a_test(folder: Path) -> None:
    entry = replace(
        ENTRY,
        provider="airbnb",
        message_ids=("card",),
        trigger_id="card",
        messages=(),
        booking_id=None,
        rules=("airbnb-inquiry",),
    )
    keep(folder, entry)
    assert cli.execute(["test", "-C", str(folder), "--from-message", "card", "--yes"]) in (0, 1)
    (file,) = made(folder)
    assert "inquiry: {}" in file.read_text("utf-8")


def test_what_cannot_be_a_test_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["test", "-C", str(folder), "--from-message", "m9"]) == 3
    assert "nothing is recorded about message 'm9'" in capsys.readouterr().err
    keep(folder, replace(ENTRY, messages=(), message_ids=("m2",)))
    assert cli.execute(["test", "-C", str(folder), "--from-message", "m2"]) == 3
    assert "not recorded" in capsys.readouterr().err
    assert cli.execute(["test", "-C", str(folder), "--from-message", "m2", "--update"]) == 2
    assert not made(folder)


def test_hostile_words_stay_words(folder: Path) -> None:
    words = "wifi?\u202e \x1b[31m\x00 'x': {{ secret.door_code }}\n# tests: []\n- \"a\\\": |-\n\ttab\r\nend"
    keep(folder, replace(ENTRY, messages=(JournalMessage(id="m2", at=AT + timedelta(hours=3), text=words),)))
    assert cli.execute(["test", "-C", str(folder), "--from-message", "m2", "--yes"]) in (0, 1)
    (file,) = made(folder)
    assert "\x1b" not in file.read_text("utf-8")
    assert cli.execute(["check", str(folder)]) == 0
