"""Small turns, surroundings and rule sets for tests of the rule engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from autoresponder.decision import Decision
from autoresponder.model import (
    Booking,
    BookingId,
    BookingStatus,
    Event,
    Inquiry,
    Message,
    MessageId,
    MessageThread,
    PropertyId,
    Provider,
    Sender,
    ThreadId,
    Turn,
)
from autoresponder.rules import RuleSet, Surroundings, load_rules

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
HOME = Surroundings(
    property_key="seaview",
    property_name="Seaview Rooms",
    groups=("old-town",),
    zone=ZoneInfo("Europe/Lisbon"),
    first_contact=True,
)
BOOKING = Booking(
    id=BookingId("b1"),
    property_id=PropertyId("p1"),
    status=BookingStatus.CONFIRMED,
    arrival_date=date(2026, 5, 3),
    departure_date=date(2026, 5, 6),
    adults=2,
    children=1,
    guest_name="Ana",
    guest_surname="Silva",
    inserted_at=datetime(2026, 4, 23, 23, 30, tzinfo=UTC),
)
INQUIRY = Inquiry(
    nights=4,
    number_of_pets=0,
    checkin_date=date(2026, 5, 10),
    checkout_date=date(2026, 5, 14),
    guest_name="Andrew",
    details={"special_offer": "none", "instant": True, "number_of_beds": 3},
)


def message(text: str, number: int = 1, **changes: Any) -> Message:
    values: dict[str, Any] = {
        "id": MessageId(f"m{number}"),
        "thread_id": ThreadId("t1"),
        "sender": Sender.GUEST,
        "text": text,
        "inserted_at": NOW,
    }
    return Message(**{**values, **changes})


def turn(
    *texts: str,
    provider: Provider = Provider.BOOKING_COM,
    booking: Booking | None = BOOKING,
    inquiry: Inquiry | None = None,
    files: tuple[str, ...] = (),
    thread: dict[str, Any] | None = None,
) -> Turn:
    """A turn; with an inquiry it is about the inquiry's card."""
    values: dict[str, Any] = {
        "id": ThreadId("t1"),
        "title": "Ana Silva",
        "provider": provider,
        "provider_name": provider.value,
        "is_closed": False,
        "message_count": 3,
        "property_id": PropertyId("p1"),
        "booking_id": booking.id if booking else None,
    }
    messages = tuple(message(text, number, attachments=files) for number, text in enumerate(texts, start=1))
    card = message("", 9, sender=Sender.SYSTEM, inquiry=inquiry)
    return Turn(
        event=Event.INQUIRY if inquiry else Event.MESSAGE,
        thread=MessageThread(**{**values, **(thread or {})}),
        trigger=messages[-1] if messages else card,
        messages=messages,
        history=messages,
        booking=booking,
        inquiry=inquiry,
    )


def ruleset(rules: str, topics: str = "") -> RuleSet:
    files = {"rules/rules.yaml": rules}
    if topics:
        files["rules/topics/topics.yaml"] = topics
    loaded, problems = load_rules(files)
    assert loaded is not None, problems
    return loaded


def decide(rules: RuleSet, about: Turn, now: datetime = NOW, **surroundings: Any) -> Decision:
    return rules.decide(about, replace(HOME, **surroundings), now)
