"""May we act? Every guard, its limits, and their order."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from autoresponder.config import GuardSettings, QuietHours
from autoresponder.decision import Outcome, SkipReason
from autoresponder.delivery.matching import body_hash
from autoresponder.guards import (
    Stop,
    Switches,
    before_rules,
    before_sending,
    cooling_rules,
    quiet_until,
    reply_mark,
)
from autoresponder.model import Provider
from autoresponder.records import ReplyMark, ThreadRecord
from autoresponder.turns import Reading, read_turn
from tests.unit.core.builders import NOON, at, booking, host, message, snapshot, thread

SETTINGS = GuardSettings()
LISBON = ZoneInfo("Europe/Lisbon")
RECORD = ThreadRecord(thread_id="t1")


def reading(*messages, record=RECORD, **more) -> Reading:
    return read_turn(snapshot(*messages, **more), record, horizon=at(-24 * 60))


def guard(look: Reading, *, now: datetime, record: ThreadRecord = RECORD, **more) -> Stop | None:
    values = {"switches": Switches(), "settings": SETTINGS, "activated_at": at(-60)}
    return before_rules(look, record, now=now, **{**values, **more})


def test_a_settled_fresh_message_passes() -> None:
    assert guard(reading(message("g1", 0)), now=at(1)) is None


@pytest.mark.parametrize(
    ("switches", "reason"),
    [
        (Switches(kill=True), SkipReason.KILL_SWITCH),
        (Switches(paused_threads=frozenset({"t1"})), SkipReason.PAUSED_THREAD),
        (Switches(paused_properties=frozenset({"p1"})), SkipReason.PAUSED_PROPERTY),
    ],
)
def test_switches_leave_the_guest_to_a_person(switches: Switches, reason: SkipReason) -> None:
    stop = guard(reading(message("g1", 0)), now=at(1), switches=switches)
    assert stop is not None
    assert (stop.reason, stop.outcome) == (reason, Outcome.HOLD)


def test_history_from_before_the_first_start_is_silent_but_a_missed_message_is_not() -> None:
    look = reading(message("g1", 0))
    late = at(25 * 60)
    before = guard(look, now=late, activated_at=at(1))
    missed = guard(look, now=late, activated_at=at(-1))
    assert before is not None
    assert (before.reason, before.outcome) == (SkipReason.TOO_OLD, Outcome.SILENT)
    assert missed is not None
    assert (missed.reason, missed.outcome) == (SkipReason.TOO_OLD, Outcome.HOLD)
    assert guard(look, now=at(24 * 60)) is None


def test_closed_answered_and_hand_over() -> None:
    closed = guard(reading(message("g1", 0), thread=thread(is_closed=True)), now=at(1))
    answered = guard(reading(message("g1", 0), host("h1", 1)), now=at(2))
    handed = guard(reading(host("h1", -60), message("g1", 0)), now=at(1))
    released = guard(reading(host("h1", -13 * 60), message("g1", 0)), now=at(1))
    assert [s.reason if s else None for s in (closed, answered, handed, released)] == [
        SkipReason.CLOSED_THREAD,
        SkipReason.ANSWERED,
        SkipReason.HUMAN_HANDOVER,
        None,
    ]


def test_nobody_is_called_for_what_is_history_or_answered() -> None:
    closed = thread(is_closed=True)
    history = guard(reading(message("g1", 0), thread=closed), now=at(25 * 60), activated_at=at(1))
    answered = guard(reading(message("g1", 0), host("h1", 1), thread=closed), now=at(2))
    paused = guard(reading(message("g1", 0), host("h1", 1)), now=at(2), switches=Switches(kill=True))
    assert [(s.reason, s.outcome) if s else None for s in (history, answered, paused)] == [
        (SkipReason.TOO_OLD, Outcome.SILENT),
        (SkipReason.ANSWERED, Outcome.SILENT),
        (SkipReason.ANSWERED, Outcome.SILENT),
    ]


def test_settling_restarts_with_each_message_and_has_a_limit() -> None:
    one = guard(reading(message("g1", 0)), now=at(0.5))
    assert one is not None
    assert one.reason is SkipReason.SETTLING
    assert one.until == at(0.75)
    two = guard(reading(message("g1", 0), message("g2", 0.7)), now=at(0.8))
    assert two is not None
    assert two.until == at(1.45)
    chatter = [message(f"g{n}", n * 0.5) for n in range(22)]
    assert guard(reading(*chatter), now=at(10.6)) is None


def test_a_message_from_the_future_does_not_wait_for_ever() -> None:
    stop = guard(reading(message("g1", 600)), now=at(0))
    assert stop is not None
    assert stop.until == at(0.75)


def test_another_responder_is_recognised_by_its_echo_and_by_its_speed() -> None:
    mark = reply_mark("g0", ("wifi",), "The password is blue.", at(-1))
    echo = guard(
        reading(message("g1", 0, "The  password is blue.")),
        record=replace(RECORD, replies=(mark,)),
        now=at(1),
    )
    assert echo is not None
    assert (echo.reason, echo.outcome) == (SkipReason.LOOP, Outcome.HOLD)
    marks = tuple(
        ReplyMark(rules=("r",), at=at(-n), body_hash=body_hash(f"b{n}"), trigger_id=f"g{n}")
        for n in (3, 2, 1)
    )
    quick = [message(f"q{n}", -n + 0.1, f"auto {n}") for n in (3, 2, 1)]
    record = replace(RECORD, replies=marks, handled=("q3", "q2"))
    fast = guard(reading(*quick, record=record), record=record, now=at(1))
    assert fast is not None
    assert fast.reason is SkipReason.LOOP


def test_the_reply_cap_counts_turns_within_a_day() -> None:
    marks = tuple(ReplyMark(rules=("r",), at=at(-n), body_hash="x", trigger_id=f"g{n}") for n in range(1, 9))
    look = reading(message("g1", 0))
    assert look.turn is not None
    full = before_sending(
        look.turn, replace(RECORD, replies=marks), settings=SETTINGS, zone=LISBON, now=at(1)
    )
    assert full is not None
    assert full.reason is SkipReason.REPLY_CAP
    room = replace(RECORD, replies=marks[1:])
    assert before_sending(look.turn, room, settings=SETTINGS, zone=LISBON, now=at(1)) is None


def test_booking_com_takes_messages_until_a_week_after_checkout_or_two_after_a_message() -> None:
    gone = booking(departure_date=(NOON - timedelta(days=10)).date())
    look = reading(message("g1", 0), booking=gone)
    assert look.turn is not None
    now = NOON + timedelta(days=15)
    closed = before_sending(look.turn, RECORD, settings=SETTINGS, zone=LISBON, now=now)
    assert closed is not None
    assert closed.reason is SkipReason.OTA_WINDOW
    assert before_sending(look.turn, RECORD, settings=SETTINGS, zone=LISBON, now=at(60)) is None
    airbnb = reading(message("g1", 0), booking=gone, thread=thread(provider=Provider.AIRBNB))
    assert airbnb.turn is not None
    assert before_sending(airbnb.turn, RECORD, settings=SETTINGS, zone=LISBON, now=now) is None


def test_cooldown_is_per_rule_with_its_own_length() -> None:
    mark = ReplyMark(rules=("wifi", "parking"), at=at(-120), body_hash="x", trigger_id="g0")
    record = replace(RECORD, replies=(mark,))
    cooling = cooling_rules(
        record, cooldowns={"wifi": None, "parking": 3600.0, "pool": None}, settings=SETTINGS, now=NOON
    )
    assert cooling == {"wifi"}


NIGHT = QuietHours(start=time(22), end=time(7))


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-05-01T22:00+01:00", "2026-05-02T07:00+01:00"),
        ("2026-05-02T06:59+01:00", "2026-05-02T07:00+01:00"),
        ("2026-05-02T07:00+01:00", None),
        ("2026-05-01T21:59+01:00", None),
        # clocks go forward at 01:00 UTC: the night is an hour shorter
        ("2026-03-28T23:00+00:00", "2026-03-29T07:00+01:00"),
        # clocks go back: the night is an hour longer
        ("2026-10-24T23:00+01:00", "2026-10-25T07:00+00:00"),
    ],
)
def test_quiet_hours_end_at_the_property_s_morning(now: str, until: str | None) -> None:
    moment = datetime.fromisoformat(now).astimezone(UTC)
    expected = None if until is None else datetime.fromisoformat(until).astimezone(UTC)
    assert quiet_until(NIGHT, LISBON, moment) == expected


def test_quiet_hours_postpone_a_reply() -> None:
    settings = GuardSettings(quiet_hours=NIGHT)
    look = reading(message("g1", 0))
    assert look.turn is not None
    night = datetime(2026, 5, 1, 22, 30, tzinfo=UTC)
    stop = before_sending(look.turn, RECORD, settings=settings, zone=LISBON, now=night)
    assert stop is not None
    assert stop.reason is SkipReason.QUIET_HOURS
    assert stop.until == datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
