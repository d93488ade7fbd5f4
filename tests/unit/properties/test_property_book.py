"""Who wins: property, groups, defaults, Channex. And when a secret may be told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoresponder.config import Secret
from autoresponder.model import Booking, BookingId, BookingStatus, Property, PropertyId
from autoresponder.properties import PropertyBook, Release, SecretFact, load_properties

SEAVIEW = PropertyId("5ea51e30-0001-4a00-8000-000000000001")
OTHER = PropertyId("00000000-0000-4000-8000-000000000000")

TEXT = f"""\
defaults:
  language: pt
  timezone: Europe/Lisbon
  facts: {{check_in_from: "16:00", pets: none, lift: none}}
  secrets: {{wifi_password: from-defaults, safe: "1"}}
groups:
  old: {{facts: {{pets: old, lift: old, bus: old}}, language: fr}}
  new: {{facts: {{lift: new}}, timezone: Europe/Paris}}
properties:
  seaview:
    channex_id: {SEAVIEW}
    name: Seaview Apartments
    groups: [old, new]
    facts: {{bus: own}}
    secrets: {{wifi_password: {{value: own, release: {{before_arrival: 48h, after_departure: 2h}}}}}}
"""


@pytest.fixture(name="book")
def _book() -> PropertyBook:
    book, problems = load_properties(TEXT, "properties.yaml", {}, str)
    assert problems == []
    assert book is not None
    return book


def channex(**changes: str | None) -> Property:
    values = {"id": OTHER, "title": "From Channex", "timezone": "Asia/Tokyo", **changes}
    return Property(**values)  # type: ignore[arg-type]


def test_the_property_wins_then_the_later_group_then_the_defaults(book: PropertyBook) -> None:
    facts = book.find(SEAVIEW, channex())
    assert (facts.key, facts.name, facts.groups) == ("seaview", "Seaview Apartments", ("old", "new"))
    assert facts.facts == {"check_in_from": "16:00", "pets": "old", "lift": "new", "bus": "own"}
    assert (facts.language, facts.timezone) == ("fr", ZoneInfo("Europe/Paris"))
    wifi, safe = facts.secrets["wifi_password"], facts.secrets["safe"]
    assert (wifi.value, safe.value) == (Secret("own"), Secret("1"))
    assert (wifi.release.before_arrival, safe.release.before_arrival) == (
        timedelta(hours=48),
        timedelta(hours=24),
    )
    assert (wifi.check_in, wifi.zone) == (time(16), ZoneInfo("Europe/Paris"))


def test_a_property_is_found_by_id_in_any_case_or_by_name(book: PropertyBook) -> None:
    assert book.find(PropertyId(SEAVIEW.upper()), None).key == "seaview"
    assert book.find(PropertyId("seaview"), None).key == "seaview"
    assert book.find(None, channex(id=SEAVIEW)).key == "seaview"
    assert book.channex_id("seaview") == book.channex_id(SEAVIEW) == SEAVIEW
    assert book.channex_id("nowhere") is None
    assert (book.keys(), book.groups()) == (("seaview",), ("old", "new"))


def test_a_property_that_is_not_in_the_file_is_told_nothing_of_others(
    book: PropertyBook,
) -> None:
    facts = book.find(OTHER, channex())
    assert (facts.key, facts.name) == (OTHER, "From Channex")
    assert (facts.language, facts.timezone) == ("pt", ZoneInfo("Asia/Tokyo"))
    assert (facts.listed, facts.facts, facts.secrets) == (False, {}, {})
    assert book.find(PropertyId("seaview"), None).listed
    unknown = book.find(None, None)
    assert (unknown.name, unknown.timezone) == ("", ZoneInfo("Europe/Lisbon"))


@pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "../etc/passwd"])
def test_without_any_good_time_zone_it_is_utc(zone: str | None) -> None:
    assert PropertyBook().find(OTHER, channex(timezone=zone)).timezone == ZoneInfo("UTC")


def test_all_names_of_facts_and_secrets(book: PropertyBook) -> None:
    assert book.fact_names() == {"check_in_from", "pets", "lift", "bus", "wifi_password", "safe"}


def secret(zone: str = "Europe/Lisbon", **release: timedelta) -> SecretFact:
    return SecretFact(name="door", value=Secret("1"), release=Release(**release), zone=ZoneInfo(zone))


def booking(
    arrival: date | None,
    departure: date | None,
    status: BookingStatus = BookingStatus.CONFIRMED,
) -> Booking:
    return Booking(
        id=BookingId("b"), property_id=SEAVIEW, status=status, arrival_date=arrival, departure_date=departure
    )


STAY = booking(date(2026, 7, 10), date(2026, 7, 12))


def test_by_default_from_a_day_before_check_in_to_the_end_of_the_day_of_departure() -> None:
    assert secret().window(STAY) == (
        datetime(2026, 7, 9, 14, tzinfo=UTC),  # 15:00 in Lisbon in summer
        datetime(2026, 7, 12, 23, tzinfo=UTC),  # midnight in Lisbon
    )


def test_the_window_can_be_set() -> None:
    window = secret(before_arrival=timedelta(hours=48), after_departure=timedelta(hours=2)).window(STAY)
    assert window == (datetime(2026, 7, 8, 14, tzinfo=UTC), datetime(2026, 7, 13, 1, tzinfo=UTC))


def test_the_window_follows_the_propertys_clock_through_its_changes() -> None:
    stay = booking(date(2026, 3, 28), date(2026, 3, 29))  # the clock goes forward in the night to the 29th
    assert secret("Europe/Berlin").window(stay) == (
        datetime(2026, 3, 27, 14, tzinfo=UTC),
        datetime(2026, 3, 29, 22, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("moment", "released"),
    [
        (datetime(2026, 7, 9, 13, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 7, 9, 14, tzinfo=UTC), True),
        (datetime(2026, 7, 11, 3, tzinfo=UTC), True),
        (datetime(2026, 7, 12, 22, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 7, 12, 23, tzinfo=UTC), False),
    ],
)
def test_the_edges_of_the_window(moment: datetime, released: bool) -> None:
    assert secret().released(STAY, moment) is released


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        booking(date(2026, 7, 10), date(2026, 7, 12), BookingStatus.CANCELLED),
        booking(date(2026, 7, 10), date(2026, 7, 12), BookingStatus.UNKNOWN),
        booking(None, date(2026, 7, 12)),
        booking(date(2026, 7, 10), None),
        booking(date(2026, 7, 12), date(2026, 7, 10)),
    ],
)
def test_without_a_confirmed_booking_and_its_dates_nothing_is_told(wrong: Booking | None) -> None:
    assert not secret(before_arrival=timedelta(days=9999)).released(wrong, datetime(2026, 7, 11, tzinfo=UTC))


@given(
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.integers(0, 60),
    st.sampled_from(["Europe/Lisbon", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu"]),
    st.integers(1546300800, 2082758400).map(lambda stamp: datetime.fromtimestamp(stamp, UTC)),
)
def test_never_outside_the_days_around_the_stay(arrival: date, nights: int, zone: str, now: datetime) -> None:
    departure = arrival + timedelta(days=nights)
    if secret(zone).released(booking(arrival, departure), now):
        today = now.astimezone(ZoneInfo(zone)).date()
        assert arrival - timedelta(days=1) <= today <= departure


@pytest.mark.parametrize(
    ("written", "expected"),
    [("9:30", time(9, 30)), ("15:00", time(15)), ("soon", time(15)), (None, time(15))],
)
def test_the_fact_check_in_from_moves_the_window(written: str | None, expected: time) -> None:
    fact = "null" if written is None else f'"{written}"'
    text = f"properties: {{home: {{facts: {{check_in_from: {fact}}}, secrets: {{door: a}}}}}}\n"
    book, _ = load_properties(text, "properties.yaml", {}, str)
    assert book is not None
    assert book.find(PropertyId("home"), None).secrets["door"].check_in == expected
