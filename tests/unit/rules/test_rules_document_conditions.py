"""Every example of a condition in docs/rules.md holds where the document says so, and not elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace as changed

from autoresponder.model import BookingStatus, Provider, Turn
from autoresponder.rules import load_rules
from autoresponder.rules.conditions import CONDITIONS
from tests.unit.rules.builders import BOOKING, HOME, INQUIRY, NOW, turn

DOCUMENT = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLES = [
    block
    for block in re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
    if block.split(":", 1)[0] in CONDITIONS and "\ntopics:" not in block
]
TOPICS = "language: en\ntopics:\n" + "".join(
    f"  {name}: {{any: [{words}]}}\n"
    for name, words in (
        ("wifi", "wifi"),
        ("parking", "parking"),
        ("complaint", "broken"),
        ("courtesy", "thanks"),
    )
)
Case = tuple[Turn, dict[str, Any], datetime]


def at(day: int, hour: int) -> datetime:
    """An hour in Lisbon, which is one ahead of UTC in May 2026; the 1st is a Friday."""
    return datetime(2026, 5, day, hour - 1, 0, tzinfo=UTC)


def case(*texts: str, now: datetime = NOW, around: dict[str, Any] | None = None, **about: Any) -> Case:
    return turn(*(texts or ("Hello",)), **about), around or {}, now


def booked(**changes: Any) -> Case:
    return case(booking=changed(BOOKING, **changes))


def card(*texts: str, **changes: Any) -> Case:
    return turn(*texts, booking=None, inquiry=changed(INQUIRY, **changes)), {}, NOW


NOTHING = case(booking=None)
CASES: list[tuple[list[Case], list[Case]]] = [
    ([case("Hello")], [card()]),  # event
    (
        [case("Is there wifi?"), case("The lamp is broken. Is there parking?")],
        [case("Is the wifi broken?"), case("Hello"), case("We don't have wifi")],
    ),  # topics: any and none
    (
        [case("Thanks!"), case("Hello, thanks")],
        [case("Thanks, is there wifi?"), case("Hello")],
    ),  # topics: only
    (
        [case("Early check-in?"), case("May we arrive a bit before noon?")],
        [case("No need for an early check-in"), case("check-in")],
    ),  # text
    ([case(), case(provider=Provider.AIRBNB)], [case(provider=Provider.EXPEDIA)]),  # provider
    (
        [case(), case(around={"property_key": "harbour-3"})],
        [case(around={"property_key": "hillside"}), case(around={"property_key": None})],
    ),  # property
    ([case()], [case(around={"groups": ("new-town",)}), case(around={"groups": ()})]),  # group
    ([case()], [booked(status=BookingStatus.CANCELLED), NOTHING]),  # booking
    ([case(), case(now=at(3, 12))], [case(now=at(4, 12)), case(now=at(9, 12))]),  # stay
    (
        [case("Is there wifi?"), booked(guest_language="de")],
        [booked(guest_language="fr"), case("Hello")],
    ),  # language
    (
        [card("Hello")],
        [
            card("Hello", nights=2),
            card("Hello", number_of_pets=1),
            card("Hello", checkin_date=date(2026, 5, 20)),
            card("Hello", nights=None),
            case(),
        ],
    ),  # inquiry
    (
        [case()],
        [
            booked(adults=5),
            booked(arrival_date=date(2026, 5, 5)),
            booked(departure_date=date(2026, 5, 4)),
            NOTHING,
        ],
    ),  # stay_details
    (
        [case()],
        [
            case(around={"first_contact": False}),
            case(thread={"message_count": 6}),
            case(files=("https://files.example/a.jpg",)),
        ],
    ),  # thread
    (
        [case(now=at(1, 22)), case(now=at(2, 3)), case(now=at(3, 3)), case(now=at(1, 21))],
        [case(now=at(1, 3)), case(now=at(1, 20)), case(now=at(2, 7)), case(now=at(3, 22))],
    ),  # time
    (
        [case(provider=Provider.AIRBNB), case("Is there wifi?", now=at(4, 12))],
        [case("Is there wifi?"), case(now=at(4, 12))],
    ),  # any
    ([case()], [case(now=at(9, 12)), NOTHING]),  # all
    ([case()], [case(provider=Provider.EXPEDIA)]),  # none
]


def test_every_condition_is_tried() -> None:
    assert len(CASES) == len(EXAMPLES)
    assert {block.split(":", 1)[0] for block in EXAMPLES} == set(CONDITIONS)


@pytest.mark.parametrize(
    ("block", "cases"), list(zip(EXAMPLES, CASES, strict=False)), ids=[e.strip() for e in EXAMPLES]
)
def test_an_example_holds_where_it_should_and_not_elsewhere(
    block: str, cases: tuple[list[Case], list[Case]]
) -> None:
    entry = {"id": "example", "when": yaml.safe_load(block), "reply": "x"}
    loaded, problems = load_rules(
        {"rules/a.yaml": yaml.safe_dump({"rules": [entry]}), "rules/topics/en.yaml": TOPICS}
    )
    assert loaded is not None, problems
    for wanted, some in zip((True, False), cases, strict=True):
        for number, (about, around, now) in enumerate(some):
            matching = loaded.matching(about, replace(HOME, **around), now)
            assert bool(matching) is wanted, f"{'holds' if wanted else 'does not hold'}: case {number}"
