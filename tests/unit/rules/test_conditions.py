"""Every condition, met and not met."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from msgspec.structs import replace

from autoresponder.decision import Outcome
from autoresponder.model import BookingStatus, Provider, Turn
from tests.unit.rules.builders import BOOKING, HOME, INQUIRY, NOW, decide, ruleset, turn

TOPICS = """
language: en
topics:
  wifi: {any: [wifi, internet]}
  complaint: {any: [broken]}
  courtesy: {any: [thanks, ok]}
"""
HELLO = turn("Hello")
CARD = turn(inquiry=INQUIRY, booking=None, provider=Provider.AIRBNB)


def holds(when: dict[str, Any], about: Turn = HELLO, now: datetime = NOW, **surroundings: Any) -> bool:
    rules = yaml.safe_dump({"rules": [{"id": "r", "when": when, "then": ["hold"]}]}, allow_unicode=True)
    return decide(ruleset(rules, TOPICS), about, now, **surroundings).rules == ("r",)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({}, True),
        ({"event": "message"}, True),
        ({"event": "inquiry"}, False),
        ({"event": ["message", "inquiry"]}, True),
        ({"provider": "booking_com"}, True),
        ({"provider": ["airbnb", "expedia", "other"]}, False),
        ({"property": "seaview"}, True),
        ({"property": ["harbour-*", "SEA*"]}, True),
        ({"property": "p1"}, True),
        ({"property": ["*view*", "x"]}, True),
        ({"property": "sea"}, False),
        ({"group": "old-*"}, True),
        ({"group": ["new-town"]}, False),
        ({"booking": "confirmed"}, True),
        ({"booking": ["cancelled", "none"]}, False),
        ({"booking": "any"}, True),
        ({"stay": "before_arrival"}, True),
        ({"stay": ["in_stay", "arrival_day"]}, False),
        ({"language": "en"}, False),
        ({"thread": {"first_contact": True}}, True),
        ({"thread": {"first_contact": False}}, False),
        ({"thread": {"message_count": 3}}, True),
        ({"thread": {"message_count": {"at_most": 2}}}, False),
        ({"thread": {"has_attachment": False}}, True),
        ({"inquiry": {"nights": 4}}, False),
        ({"stay_details": {"nights": 3}}, True),
        ({"stay_details": {"nights": {"at_least": 2, "less_than": 3}}}, False),
        ({"stay_details": {"guests": 3, "adults": {"not": 3}}}, True),
        ({"stay_details": {"infants": 0}}, False),
        ({"stay_details": {"infants": {"not": 5}}}, False),
        ({"stay_details": {"arrival_date": "2026-05-03"}}, True),
        ({"stay_details": {"arrival_date": {"within_days": 2}}}, True),
        ({"stay_details": {"arrival_date": {"within_days": 1}}}, False),
        ({"stay_details": {"departure_date": {"after": "2026-05-05", "on_or_before": "2026-05-06"}}}, True),
        ({"stay_details": {"departure_date": {"before": "2026-05-06"}}}, False),
        # Booked at 23:30 UTC on the 23rd, which is the 24th in Lisbon: nine days ahead.
        ({"stay_details": {"lead_days": 9}}, True),
        ({"any": [{"provider": "airbnb"}, {"booking": "confirmed"}]}, True),
        ({"any": [{"provider": "airbnb"}, {"booking": "none"}]}, False),
        ({"all": [{"provider": "booking_com"}, {"booking": "confirmed"}]}, True),
        ({"all": [{"provider": "booking_com", "booking": "none"}]}, False),
        ({"none": [{"provider": "airbnb"}, {"booking": "none"}]}, True),
        ({"none": [{"provider": "booking_com"}]}, False),
        ({"none": [{"none": [{"any": [{"provider": "booking_com"}]}]}]}, True),
        ({"text": {"any": ["hello", "goodbye"]}}, True),
        ({"text": {"none": ["goodbye"]}}, True),
        ({"text": {"none": ["hello"]}}, False),
        ({"topics": {"none": ["wifi"]}}, True),
        ({"topics": {"any": ["wifi"]}}, False),
    ],
)
def test_conditions_on_a_plain_message(when: dict[str, Any], *, expected: bool) -> None:
    assert holds(when) is expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"event": "inquiry"}, True),
        ({}, False),
        ({"event": "message"}, False),
        ({"event": "inquiry", "inquiry": {"nights": {"at_least": 3}, "number_of_pets": 0}}, True),
        ({"event": "inquiry", "inquiry": {"nights": 5}}, False),
        ({"event": "inquiry", "inquiry": {"checkin_date": {"within_days": 9}}}, True),
        ({"event": "inquiry", "inquiry": {"checkin_date": {"within_days": 8}}}, False),
        ({"event": "inquiry", "inquiry": {"guest_name": ["and*", "x"]}}, True),
        ({"event": "inquiry", "inquiry": {"payout": {"at_least": 1}}}, False),
        ({"event": "inquiry", "inquiry": {"special_offer": "NONE"}}, True),
        ({"event": "inquiry", "inquiry": {"instant": True, "number_of_beds": {"more_than": 2}}}, True),
        ({"event": "inquiry", "stay": "inquiry", "booking": "none"}, True),
        ({"any": [{"event": "inquiry"}, {"text": {"any": ["x"]}}]}, True),
    ],
)
def test_conditions_on_an_inquiry_s_card(when: dict[str, Any], *, expected: bool) -> None:
    assert holds(when, CARD) is expected


def test_rules_that_say_the_same_about_events_mean_the_same() -> None:
    when = '{any: [{event: inquiry}, {text: {any: ["x"]}}]}'
    both = ruleset(f"rules: [{{id: a, when: {when}, then: [hold]}}, {{id: b, when: {when}, then: [hold]}}]")
    assert both.matching(CARD, HOME, NOW) == ("a", "b")


def test_words_that_come_with_a_card_are_a_message_too() -> None:
    about = turn("is there wifi", inquiry=INQUIRY, booking=None)
    assert holds({"topics": {"any": ["wifi"]}}, about)
    assert holds({"event": "inquiry"}, about)


@pytest.mark.parametrize(
    ("when", "text", "expected"),
    [
        ({"text": {"all": ["hello", "wifi"]}}, "Hello wifi", True),
        ({"text": {"all": ["hello", "wifi"]}}, "Hello. wifi", False),
        ({"text": {"any": ["wifi"], "none": ["no need"]}}, "no need for a bus. wifi?", True),
        ({"text": {"any": ["wifi"], "none": ["no need"]}}, "no need for wifi", False),
        ({"text": {"none": ["bus"]}}, "wifi. bus.", False),
        ({"topics": {"any": ["wifi"], "none": ["complaint"]}}, "The wifi is broken", False),
        ({"topics": {"any": ["wifi"], "none": ["complaint"]}}, "The lamp is broken. Wifi?", True),
        ({"topics": {"all": ["wifi", "complaint"]}}, "broken internet", True),
        ({"topics": {"none": ["complaint"]}}, "wifi? The lamp is broken", False),
        ({"topics": {"only": ["courtesy"]}}, "Ok, thanks Ana! 👍", True),
        (
            {"topics": {"only": ["courtesy"]}},
            "Dear Seaview Rooms team\nmany thanks for your help\nBest regards\nAna Silva",
            True,
        ),
        ({"topics": {"only": ["courtesy"]}}, "Thanks, see you at the station", False),
        ({"topics": {"only": ["courtesy"]}}, "Thanks?", False),
        ({"topics": {"only": ["courtesy"]}}, "Thanks 😡", False),
        ({"topics": {"only": ["courtesy"]}}, "Hello", False),
        ({"topics": {"only": ["courtesy"]}}, "Ok thanks. Help", False),
        ({"topics": {"only": ["courtesy"], "none": ["wifi"]}}, "thanks ok", True),
        ({"language": "en"}, "wifi", True),
        ({"language": ["de", "fr"]}, "wifi", False),
        ({"any": [{"topics": {"any": ["wifi"]}}, {"text": {"any": ["lamp"]}}]}, "lamp", True),
        ({"any": [{"topics": {"any": ["wifi"]}}, {"text": {"any": ["lamp"]}}]}, "sofa", False),
    ],
)
def test_conditions_on_words(when: dict[str, Any], text: str, *, expected: bool) -> None:
    assert holds(when, turn(text)) is expected


def test_courtesy_with_a_file_is_not_only_courtesy() -> None:
    assert not holds(
        {"topics": {"only": ["courtesy"]}}, turn("thanks", files=("https://files.example/1.jpg",))
    )
    assert holds({"thread": {"has_attachment": True}}, turn("", files=("https://files.example/1.jpg",)))


@pytest.mark.parametrize(
    ("local", "between", "days", "expected"),
    [
        ("2026-05-01T21:00", ("21:00", "07:00"), None, True),
        ("2026-05-01T20:59", ("21:00", "07:00"), None, False),
        ("2026-05-01T06:59", ("21:00", "07:00"), None, True),
        ("2026-05-01T07:00", ("21:00", "07:00"), None, False),
        ("2026-05-01T09:00", ("09:00", "17:00"), None, True),
        ("2026-05-01T17:00", ("09:00", "17:00"), None, False),
        ("2026-05-01T12:00", None, ["fri"], True),
        ("2026-05-01T12:00", None, ["sat"], False),
        # 1 May 2026 is a Friday; its small hours belong to Thursday's night.
        ("2026-05-01T03:00", ("21:00", "07:00"), ["fri"], False),
        ("2026-05-02T03:00", ("21:00", "07:00"), ["fri"], True),
        ("2026-05-01T23:00", ("21:00", "07:00"), ["fri"], True),
    ],
)
def test_time_is_the_property_s(
    local: str, between: tuple[str, str] | None, days: list[str] | None, *, expected: bool
) -> None:
    zone = ZoneInfo("America/New_York")
    when: dict[str, Any] = {}
    if between:
        when["between"] = list(between)
    if days:
        when["days"] = days
    now = datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)
    assert holds({"time": when}, now=now, zone=zone) is expected


def test_a_booking_that_could_not_be_read_is_in_no_known_state() -> None:
    unread = turn("hi", booking=None, thread={"booking_id": "b1"})
    assert not holds({"booking": ["none", "confirmed", "cancelled"]}, unread)
    assert not holds({"stay": "inquiry"}, unread)
    unknown = turn("hi", booking=replace(BOOKING, status=BookingStatus.UNKNOWN))
    assert not holds({"booking": ["none", "confirmed", "cancelled"]}, unknown)


def test_nothing_holds_when_there_is_nothing_to_compare() -> None:
    bare = turn("hi", booking=None, thread={"property_id": None})
    for when in (
        {"property": "*"},
        {"group": "*"},
        {"stay_details": {"nights": {"not": 99}}},
        {"inquiry": {"nights": {"not": 99}}},
        {"language": "en"},
    ):
        assert not holds(when, bare, property_key=None, groups=()), when


def test_the_outcome_of_the_helper_rule_is_what_the_tests_think_it_is() -> None:
    rules = ruleset("rules: [{id: r, then: [hold]}]")
    assert decide(rules, HELLO).outcome is Outcome.HOLD
