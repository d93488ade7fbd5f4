"""From a turn and a property to what a template sees: frozen values, missing ones named."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from autoresponder.model import Booking, Inquiry, Property, Provider, Turn
from autoresponder.properties import PropertyFacts
from autoresponder.stay import known_stay_stage
from autoresponder.templating.filters import locale_for
from autoresponder.templating.hygiene import cleaned, person_name
from autoresponder.templating.property_fields import may_tell, property_fields, release_day
from autoresponder.templating.state import STATE, State
from autoresponder.templating.values import Amount, Fields, Word

_LABELS = {
    Provider.BOOKING_COM: "Booking.com",
    Provider.AIRBNB: "Airbnb",
    Provider.EXPEDIA: "Expedia",
}
_LONGEST_MESSAGE = 2000


def build_context(turn: Turn, facts: PropertyFacts, now: datetime, language: str) -> dict[str, object]:
    """Everything that a template may use, under its name.

    Args:
        turn: What is answered.
        facts: What is true of the property.
        now: The present, aware.
        language: Language of the reply: facts that are written in several come out in it.
    """
    booking, inquiry = turn.booking, turn.inquiry
    guest_country = booking.guest_country if booking else None
    property_country = turn.property.country if turn.property else None
    state = State(
        locale=locale_for(language, guest_country, property_country),
        zone=facts.timezone,
        currency=_currency(facts, turn.property),
        released=lambda name: may_tell(facts, turn, name, now),
        release_day=lambda name: release_day(facts, turn, name),
    )
    return {
        STATE: state,
        "guest": _guest(turn),
        "booking": _booking(booking, turn.thread.provider),
        "property": property_fields(turn, facts, now, language),
        "inquiry": _NO_INQUIRY if inquiry is None else _inquiry(inquiry),
        "thread": Fields(
            "thread",
            lambda: {
                "provider": Word(turn.thread.provider.value),
                "provider_label": _LABELS.get(turn.thread.provider, cleaned(turn.thread.provider_name)),
            },
            absent="the thread's {field} is not known",
        ),
        "message": Fields(
            "message",
            lambda: {"text": cleaned(turn.text)[:_LONGEST_MESSAGE]},
            absent="the guest wrote no text",
        ),
        "stay": Fields(
            "stay",
            lambda: _stay(booking, inquiry, facts, now),
            absent="the stay's {field} is not known",
        ),
        "now": now.astimezone(facts.timezone),
    }


def _currency(facts: PropertyFacts, channex: Property | None) -> str | None:
    own = facts.facts.get("currency")
    if isinstance(own, str) and own.strip():
        return own.strip().upper()
    return channex.currency if channex else None


def _word(value: str | None) -> Word | None:
    return Word(value) if value else None


def _amount(value: Decimal | None, currency: str | None) -> Amount | None:
    """A sum is only a sum with its currency."""
    return None if value is None or not currency else Amount(value, currency)


def _guest(turn: Turn) -> Fields:
    first, last, full = _names(turn)
    booking = turn.booking
    return Fields(
        "guest",
        {
            "first_name": first,
            "last_name": last,
            "full_name": full,
            "language": _word(booking.guest_language if booking else None),
            "country": _word((booking.guest_country or "").upper() if booking else None),
        },
        absent="the guest's {field} is not known",
    )


def _names(turn: Turn) -> tuple[str, str, str]:
    """First, last and full name.

    A thread's title is often family name first ("Maldonado Roxy" in the API document's samples), so a first
    name is taken from it only when it is a single word. Airbnb writes first names first.
    """
    booking = turn.booking
    if booking is not None and (booking.guest_name.strip() or booking.guest_surname.strip()):
        first, last = person_name(booking.guest_name), person_name(booking.guest_surname)
        return first, last, " ".join(name for name in (first, last) if name)
    if turn.inquiry is not None and turn.inquiry.guest_name:
        full = person_name(turn.inquiry.guest_name)
        first, _, last = full.partition(" ")
        return first, last, full
    full = person_name(turn.thread.title)
    return ("", "", full) if " " in full else (full, "", full)


def _booking(booking: Booking | None, provider: Provider) -> Fields:
    if booking is None:
        return Fields(
            "booking",
            dict.fromkeys(_BOOKING_FIELDS) | {"status": Word("none")},
            absent="there is no booking, so booking.{field} is not known",
            exists=False,
        )
    return Fields(
        "booking",
        lambda: _booked(booking, provider),
        absent="the booking's {field} is not known",
    )


def _booked(booking: Booking, provider: Provider) -> dict[str, object]:
    return {
        "code": booking.ota_reservation_code or booking.unique_id,
        "arrival": booking.arrival_date,
        "departure": booking.departure_date,
        "arrival_hour": booking.arrival_hour,
        "nights": booking.nights,
        "adults": booking.adults,
        "children": booking.children,
        "infants": booking.infants,
        "guests": None if booking.adults is None else booking.adults + (booking.children or 0),
        "status": Word(booking.status.value),
        "channel": _LABELS.get(provider) or booking.ota_name,
        "total": _amount(booking.amount, booking.currency),
    }


_BOOKING_FIELDS = (
    "code",
    "arrival",
    "departure",
    "arrival_hour",
    "nights",
    "adults",
    "children",
    "infants",
    "guests",
    "channel",
    "total",
)


def _inquiry(known: Inquiry, *, exists: bool = True) -> Fields:
    return Fields(
        "inquiry",
        {
            "checkin": known.checkin_date,
            "checkout": known.checkout_date,
            "nights": known.nights,
            "guests": known.number_of_guests,
            "adults": known.number_of_adults,
            "children": known.number_of_children,
            "infants": known.number_of_infants,
            "pets": known.number_of_pets,
            "listing": cleaned(known.listing_name or ""),
            "payout": _amount(known.payout, known.currency),
            "status": _word(known.status),
        },
        absent="the inquiry's {field} is not known"
        if exists
        else "there is no inquiry, so inquiry.{field} is not known",
        exists=exists,
    )


_NO_INQUIRY = _inquiry(Inquiry(), exists=False)


def _stay(
    booking: Booking | None, inquiry: Inquiry | None, facts: PropertyFacts, now: datetime
) -> dict[str, object]:
    arrival: date | None = None
    nights: int | None = None
    if booking is not None:
        arrival, nights = booking.arrival_date, booking.nights
    elif inquiry is not None:
        arrival, nights = inquiry.checkin_date, inquiry.nights
    today = now.astimezone(facts.timezone).date()
    stage = known_stay_stage(booking, facts.timezone, now)
    return {
        "stage": Word(stage.value) if stage else None,
        "days_until_arrival": (arrival - today).days if arrival else None,
        "nights": nights,
    }
