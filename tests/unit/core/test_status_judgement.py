"""What `status` makes of what is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from autoresponder.config import ListenSettings
from autoresponder.doctor import Finding, Grade
from autoresponder.durations import spoken
from autoresponder.service.health import Readiness, readiness_address
from autoresponder.status import Files, LastDay, Memory, judge, seen_service
from autoresponder.store.interface import Health

NOW = datetime(2026, 6, 12, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
VERSION = "0123456789abcdef"
FILES = Files(version=VERSION, errors=0)
HEALTH = Health(ok=True, durable=True, detail="a file")
GOOD = Readiness(ready=True, store="ok", channex="ok", rules=VERSION[:12], sending="on")


def memory(**more: object) -> Memory:
    known = {"health": HEALTH, "alive_at": NOW - timedelta(seconds=9), "in_force": (VERSION, NOW - MINUTE)}
    return Memory(**{**known, **more})  # type: ignore[arg-type]


def lines(
    known: Memory, answer: Readiness | None = GOOD, files: Files = FILES, off: str = ""
) -> dict[str, Finding]:
    seen = seen_service(known, answer, "http://127.0.0.1:8080/readyz", now=NOW, fresh=MINUTE)
    return {finding.subject: finding for finding in judge(known, seen, files, off=off, now=NOW)}


def bad(found: dict[str, Finding]) -> set[str]:
    return {subject for subject, finding in found.items() if finding.grade is Grade.BAD}


def test_all_is_well() -> None:
    found = lines(memory())
    assert {finding.grade for finding in found.values()} == {Grade.GOOD}
    assert found["files"].text == f"these are in force: {VERSION[:12]} since 2026-06-12 11:59 UTC (1 min ago)"


@pytest.mark.parametrize(
    ("alive", "answer", "says", "needs"),
    [
        (NOW - timedelta(seconds=50), None, "127.0.0.1:8080/readyz does not answer", False),
        (NOW - timedelta(hours=3), None, "does not run: guests get no answers (last sign of life 3 h", True),
        (None, None, "none has ever run", True),
        (None, GOOD, "runs", False),
        (NOW - timedelta(hours=3), GOOD, "runs (last sign of life 3 h ago)", False),
    ],
)
def test_whether_a_service_runs(
    alive: datetime | None, answer: Readiness | None, says: str, needs: bool
) -> None:
    found = lines(memory(alive_at=alive), answer)["service"]
    assert says in found.text
    assert (found.grade is Grade.BAD) is needs


def test_a_service_that_cannot_work_or_sends_nothing_says_so() -> None:
    broken = Readiness(ready=False, store="ok", channex="the key is wrong", rules=VERSION[:12], sending="off")
    found = lines(memory(), broken)["service"]
    assert found.grade is Grade.BAD
    assert found.text == "runs, but cannot work: Channex: the key is wrong"
    dry = Readiness(ready=True, store="ok", channex="ok", rules=VERSION[:12], sending="off: a dry run")
    assert lines(memory(), dry)["service"].text == "runs; sending is off: a dry run"


def test_a_store_that_forgot_is_named_as_the_last_that_was_heard() -> None:
    found = lines(memory(alive_at=None, forgot_at=NOW - 5 * MINUTE), None)["service"]
    assert "5 min ago, that the store had lost its memory" in found.text
    assert found.grade is Grade.BAD


@pytest.mark.parametrize(
    ("files", "answer", "known", "grade", "says"),
    [
        (Files(version="f" * 16, errors=2), GOOD, {}, Grade.BAD, "2 errors (below); in force stay those"),
        (
            Files(version="f" * 16, errors=0),
            GOOD,
            {},
            Grade.WARNING,
            "other files are in force: 0123456789ab",
        ),
        (Files(version="f" * 16, errors=0), None, {"alive_at": None}, Grade.GOOD, "takes up ffffffffffff"),
        (FILES, None, {"alive_at": None, "in_force": None}, Grade.GOOD, "not in use yet"),
        (FILES, GOOD, {"in_force": ("e" * 16, NOW)}, Grade.GOOD, "these are in force: 0123456789ab"),
    ],
)
def test_which_files_are_in_force(
    files: Files, answer: Readiness | None, known: dict[str, object], grade: Grade, says: str
) -> None:
    found = lines(memory(**known), answer, files)["files"]
    assert says in found.text
    assert found.grade is grade


def test_the_time_of_other_files_is_not_told_of_these() -> None:
    assert "since" not in lines(memory(in_force=("e" * 16, NOW)))["files"].text


def test_who_waits_needs_a_person_and_a_pause_is_only_told() -> None:
    found = lines(memory(waiting=3, oldest=NOW - timedelta(hours=5)), off="everywhere")
    assert bad(found) == {"for you"}
    assert found["for you"].text == "3 guests wait for a person, the longest since 5 h"
    assert found["replies"].grade is Grade.WARNING
    assert lines(memory(waiting=1000, oldest=NOW))["for you"].text.startswith("1000 or more guests wait")


def test_the_day_is_counted_and_a_lower_bound_is_called_one() -> None:
    day = LastDay(replies=1, marked=2, left_to_a_person=3, complete=False)
    text = lines(memory(last_day=day))["last 24 h"].text
    assert (
        text == "1 reply, 2 marked as needing none, 3 left to a person (and more: not everything was counted)"
    )


def test_without_the_store_nothing_is_claimed_that_only_it_knows() -> None:
    found = lines(Memory(problem="no answer"), None)
    assert set(found) == {"service", "files", "store"}
    assert found["service"].grade is Grade.UNKNOWN
    assert bad(found) == {"store"}


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [
        ("127.0.0.1", 8080, "http://127.0.0.1:8080/readyz"),
        ("0.0.0.0", 80, "http://127.0.0.1:80/readyz"),
        ("::", 81, "http://[::1]:81/readyz"),
        ("127.0.0.1", 0, None),
    ],
)
def test_where_a_service_is_asked(host: str, port: int, address: str | None) -> None:
    assert readiness_address(ListenSettings(host=host, port=port)) == address
    assert readiness_address(ListenSettings(host=host, port=port, enabled=False)) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0 s"), (59, "59 s"), (60, "1 min"), (3600, "1 h"), (172_800, "2 days")],
)
def test_lengths_as_people_say_them(seconds: int, text: str) -> None:
    assert spoken(timedelta(seconds=seconds)) == text
