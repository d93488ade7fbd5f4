"""Made-up turns and properties for the template tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from autoresponder.config import ReplySettings, Secret
from autoresponder.decision import Decision, Outcome, Section
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
from autoresponder.properties import PropertyFacts, SecretFact, Translated
from autoresponder.templating import Held, Reply, Templates, render_reply

LISBON = ZoneInfo("Europe/Lisbon")
DOOR_CODE = "X7-4711"
ON_ARRIVAL_DAY = datetime(2026, 3, 14, 12, tzinfo=UTC)
LONG_BEFORE = datetime(2026, 3, 1, 12, tzinfo=UTC)

FACTS = PropertyFacts(
    key="seaview",
    name="Seaview Apartments",
    timezone=LISBON,
    language="en",
    facts={
        "wifi_name": "Seaview-Guest",
        "check_in_from": "15:00",
        "parking": Translated({"en": "in the yard", "de": "im Hof"}),
        "parking_fee": 12,
        "currency": "EUR",
        "towels": True,
        "nearby": ("a bakery", "a park", "the beach"),
        "blank": "   ",
        "filler": "TBD",
        "pool": None,
    },
    secrets={
        "door_code": SecretFact(name="door_code", value=Secret(DOOR_CODE), zone=LISBON),
        "safe_code": SecretFact(name="safe_code", value=None, zone=LISBON),
    },
)
BOOKING = Booking(
    id=BookingId("b1"),
    property_id=PropertyId("p1"),
    status=BookingStatus.CONFIRMED,
    arrival_date=date(2026, 3, 14),
    departure_date=date(2026, 3, 18),
    arrival_hour="18:00",
    ota_reservation_code="4242",
    ota_name="Booking.com",
    currency="EUR",
    amount=Decimal("420.50"),
    guest_name="Anna",
    guest_surname="Berg",
    guest_language="de",
    adults=2,
    children=1,
)
INQUIRY = Inquiry(
    status="active",
    checkin_date=date(2026, 4, 2),
    checkout_date=date(2026, 4, 5),
    nights=3,
    currency="EUR",
    payout=Decimal(300),
    guest_name="Bob Stone",
    number_of_guests=2,
    number_of_pets=0,
)


def turn(
    *,
    booking: Booking | None = BOOKING,
    inquiry: Inquiry | None = None,
    text: str = "Hello",
    title: str = "Berg Anna",
    provider: Provider = Provider.BOOKING_COM,
) -> Turn:
    thread = MessageThread(
        id=ThreadId("t1"),
        title=title,
        provider=provider,
        provider_name=provider.value,
        is_closed=False,
        message_count=1,
        property_id=PropertyId("p1"),
        booking_id=booking.id if booking else None,
    )
    message = Message(
        id=MessageId("m1"), thread_id=thread.id, sender=Sender.GUEST, text=text, inserted_at=LONG_BEFORE
    )
    return Turn(
        event=Event.INQUIRY if inquiry else Event.MESSAGE,
        thread=thread,
        trigger=message,
        messages=(message,),
        booking=booking,
        inquiry=inquiry,
    )


def load(**files: str) -> Templates:
    """Templates from keyword arguments: `wifi_en="…"`; every one must be right."""
    templates, problems = Templates.load(
        {name.replace("__", ".") + ".j2": text for name, text in files.items()}
    )
    assert problems == []
    return templates


def render(
    source: str,
    *,
    at: datetime = ON_ARRIVAL_DAY,
    of: Turn | None = None,
    facts: PropertyFacts = FACTS,
    language: str = "en",
    settings: ReplySettings | None = None,
    macros: str = "",
) -> Reply | Held:
    """Render one template without frame. A template with problems is loaded all the same."""
    files = {f"x.{language}.j2": source}
    if macros:
        files["_macros.j2"] = macros
    templates, _ = Templates.load(files)
    decision = Decision(
        outcome=Outcome.REPLY,
        sections=(Section(rule_id="x", title="X", template="x"),),
        language=language,
    )
    return render_reply(decision, of or turn(), facts, at, templates, settings or ReplySettings())


def text(source: str, **how: object) -> str:
    """The rendered text; it must not be held."""
    result = render(source, **how)  # type: ignore[arg-type]
    assert isinstance(result, Reply), result
    return result.text


def held(source: str, **how: object) -> Held:
    """The reason; it must not be rendered."""
    result = render(source, **how)  # type: ignore[arg-type]
    assert isinstance(result, Held), result
    return result


def without_name() -> Turn:
    return turn(booking=replace(BOOKING, guest_name="", guest_surname=""), title="")
