"""Stages of a stay by the property's calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from autoresponder.model import BookingStatus, StayStage
from autoresponder.stay import known_stay_stage, stay_stage
from tests.unit.rules.builders import BOOKING

LISBON = ZoneInfo("Europe/Lisbon")


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        ("Europe/Lisbon", "2026-05-02T22:59", StayStage.BEFORE_ARRIVAL),
        ("Europe/Lisbon", "2026-05-02T23:00", StayStage.ARRIVAL_DAY),
        ("Europe/Lisbon", "2026-05-03T22:59", StayStage.ARRIVAL_DAY),
        ("Europe/Lisbon", "2026-05-03T23:00", StayStage.IN_STAY),
        ("Europe/Lisbon", "2026-05-05T23:00", StayStage.DEPARTURE_DAY),
        ("Europe/Lisbon", "2026-05-06T23:00", StayStage.AFTER_STAY),
        ("Pacific/Auckland", "2026-05-02T11:59", StayStage.BEFORE_ARRIVAL),
        ("Pacific/Auckland", "2026-05-02T12:00", StayStage.ARRIVAL_DAY),
        ("America/Los_Angeles", "2026-05-03T06:59", StayStage.BEFORE_ARRIVAL),
        ("America/Los_Angeles", "2026-05-03T07:00", StayStage.ARRIVAL_DAY),
    ],
)
def test_the_property_s_date_counts(zone: str, now: str, expected: StayStage) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert stay_stage(BOOKING, ZoneInfo(zone), moment) is expected


def test_a_night_that_is_an_hour_shorter() -> None:
    # Lisbon goes to summer time on 29 March 2026 at 01:00 UTC: midnight of the 29th is 00:00 UTC, of the 30th 23:00.
    booking = replace(BOOKING, arrival_date=date(2026, 3, 29), departure_date=date(2026, 3, 30))
    assert stay_stage(booking, LISBON, datetime(2026, 3, 28, 23, 59, tzinfo=UTC)) is StayStage.BEFORE_ARRIVAL
    assert stay_stage(booking, LISBON, datetime(2026, 3, 29, 22, 59, tzinfo=UTC)) is StayStage.ARRIVAL_DAY
    assert stay_stage(booking, LISBON, datetime(2026, 3, 29, 23, 0, tzinfo=UTC)) is StayStage.DEPARTURE_DAY


def test_without_booking_and_cancelled() -> None:
    now = datetime(2026, 5, 4, tzinfo=UTC)
    assert stay_stage(None, LISBON, now) is StayStage.INQUIRY
    assert stay_stage(replace(BOOKING, status=BookingStatus.CANCELLED), LISBON, now) is StayStage.CANCELLED


@pytest.mark.parametrize(
    ("arrival", "departure", "known"),
    [
        (None, None, None),
        (date(2026, 5, 4), None, StayStage.ARRIVAL_DAY),
        (date(2026, 5, 5), None, StayStage.BEFORE_ARRIVAL),
        (date(2026, 5, 3), None, None),
        (None, date(2026, 5, 3), StayStage.AFTER_STAY),
        (None, date(2026, 5, 4), StayStage.DEPARTURE_DAY),
        (None, date(2026, 5, 5), None),
    ],
)
def test_missing_dates_release_nothing(
    arrival: date | None, departure: date | None, known: StayStage | None
) -> None:
    booking = replace(BOOKING, arrival_date=arrival, departure_date=departure)
    now = datetime(2026, 5, 4, 12, tzinfo=UTC)
    assert known_stay_stage(booking, LISBON, now) is known
    assert stay_stage(booking, LISBON, now) is (known or StayStage.BEFORE_ARRIVAL)
