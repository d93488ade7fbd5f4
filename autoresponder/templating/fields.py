"""Every name that a template may use, in one place: what `check` knows and what the manual lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    WORD = "word"
    """One of a few fixed words, for conditions; never printed."""
    NUMBER = "number"
    AMOUNT = "amount"
    """A sum of money with its currency."""
    DATE = "date"
    TIME = "time"
    """A moment: date and time in the property's time zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a variable."""

    kind: Kind
    about: str
    """What it is, for people."""
    values: tuple[str, ...] = ()
    """The words a WORD field can hold."""


def _text(about: str) -> Field:
    return Field(kind=Kind.TEXT, about=about)


def _number(about: str) -> Field:
    return Field(kind=Kind.NUMBER, about=about)


def _date(about: str) -> Field:
    return Field(kind=Kind.DATE, about=about)


def _word(about: str, *values: str) -> Field:
    return Field(kind=Kind.WORD, about=about, values=values)


GUEST = {
    "first_name": _text("first name"),
    "last_name": _text("family name"),
    "full_name": _text("both names"),
    "language": _word("two-letter language of the guest, from the booking"),
    "country": _word("two-letter country of the guest, capital letters"),
}
BOOKING = {
    "code": _text("reservation number, as the guest knows it"),
    "arrival": _date("day of arrival"),
    "departure": _date("day of departure"),
    "arrival_hour": _text("the hour of arrival that the guest announced, like 18:00"),
    "nights": _number("nights between arrival and departure"),
    "adults": _number("number of adults"),
    "children": _number("number of children"),
    "infants": _number("number of infants"),
    "guests": _number("adults and children together"),
    "status": _word("state of the booking", "confirmed", "cancelled", "unknown", "none"),
    "channel": _text("where it was booked, like Booking.com"),
    "total": Field(kind=Kind.AMOUNT, about="price of the whole booking"),
}
PROPERTY = {
    "key": _text("its name in properties.yaml"),
    "name": _text("its name for guests"),
    "city": _text("city"),
    "address": _text("street address"),
    "country": _word("two-letter country, capital letters"),
    "timezone": _text("time zone, like Europe/Lisbon"),
    "phone": _text("telephone number in Channex"),
    "email": _text("e-mail address in Channex"),
}
INQUIRY = {
    "checkin": _date("wished day of arrival"),
    "checkout": _date("wished day of departure"),
    "nights": _number("wished nights"),
    "guests": _number("number of guests"),
    "adults": _number("number of adults"),
    "children": _number("number of children"),
    "infants": _number("number of infants"),
    "pets": _number("number of pets"),
    "listing": _text("name of the listing"),
    "payout": Field(kind=Kind.AMOUNT, about="what Airbnb would pay out"),
    "status": _word("state of the inquiry, as Airbnb says it"),
}
THREAD = {
    "provider": _word("where the guest writes", "booking_com", "airbnb", "expedia", "other"),
    "provider_label": _text("the same for people, like Booking.com"),
}
MESSAGE = {"text": _text("what the guest wrote")}
STAY = {
    "stage": _word(
        "where the guest is in the stay",
        "inquiry",
        "before_arrival",
        "arrival_day",
        "in_stay",
        "departure_day",
        "after_stay",
        "cancelled",
    ),
    "days_until_arrival": _number("days from today to arrival; 0 on the day, below 0 afterwards"),
    "nights": _number("nights, of the booking or the inquiry"),
}

VARIABLES: Mapping[str, Mapping[str, Field]] = {
    "guest": GUEST,
    "booking": BOOKING,
    "property": PROPERTY,
    "inquiry": INQUIRY,
    "thread": THREAD,
    "message": MESSAGE,
    "stay": STAY,
}
"""Variables with fields. `property` has the facts and secrets of properties.yaml besides these."""

OPEN = frozenset({"property"})
"""Variables whose further fields depend on properties.yaml."""

NOW = "now"
BODY = "body"
SECTIONS = "sections"
FRAME_ONLY = frozenset({BODY, SECTIONS})
"""Variables that exist only in the frame `_reply`."""

FUNCTIONS: Mapping[str, str] = {
    "released": 'whether a secret may be told now: released("door_code")',
    "release_day": 'the day from which it may be told: release_day("door_code") | day',
    "range": "whole numbers for a loop: range(3); at most 100",
}
MOMENT_PARTS = frozenset({"year", "month", "day", "hour", "minute"})
"""Parts of `now` and of dates that may be compared: now.hour < 12."""

LOOP_PARTS = frozenset({"index", "index0", "first", "last", "length", "revindex", "revindex0"})
FILTERS: Mapping[str, str] = {
    "date": "14 March 2026",
    "day": "Saturday 14 March",
    "time": "15:00; also from a text like 15:00",
    "datetime": "14 March 2026, 15:00",
    "money": 'an amount with its currency; property.fee | money, or | money("USD")',
    "list": "several texts as one: a, b and c",
    "default": "what to write when the value is missing",
    "upper": "CAPITALS",
    "lower": "small letters",
    "capitalize": "first letter large",
    "title": "first letter of each word large",
    "trim": "without spaces at both ends",
    "replace": 'replace("old", "new")',
    "truncate": "cut after so many characters: truncate(80)",
    "join": 'several texts with something between: join(", ")',
    "first": "the first of several",
    "last": "the last of several",
    "length": "how many",
    "round": "rounded: round(2)",
    "abs": "without minus",
    "int": "as a whole number",
}
FILTER_SHORT_NAMES: Mapping[str, str] = {"d": "default", "count": "length"}
TESTS = (
    "defined",
    "undefined",
    "in",
    "odd",
    "even",
    "divisibleby",
    "number",
    "string",
    "true",
    "false",
    "eq",
    "equalto",
    "==",
    "ne",
    "!=",
    "lt",
    "lessthan",
    "<",
    "le",
    "<=",
    "gt",
    "greaterthan",
    ">",
    "ge",
    ">=",
)


def owned_by(name: str) -> str:
    """What to write for a field or fact that is named without the thing it belongs to; empty for other words."""
    owners = [f"{owner}.{name}" for owner, fields in VARIABLES.items() if name in fields]
    if not owners and "_" in name:
        owners = [f"property.{name}"]
    return f"write  {' or '.join(owners)}" if 0 < len(owners) <= _FEW else ""


_FEW = 2

_OTHER_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("name", "guestname", "firstname"), "guest.first_name"),
    **dict.fromkeys(("surname", "lastname", "familyname"), "guest.last_name"),
    **dict.fromkeys(("fullname",), "guest.full_name"),
    **dict.fromkeys(
        ("checkin", "checkindate", "arrivaldate", "startdate", "datefrom", "begin"), "booking.arrival"
    ),
    **dict.fromkeys(
        ("checkout", "checkoutdate", "departuredate", "enddate", "dateto", "end"), "booking.departure"
    ),
    **dict.fromkeys(
        ("bookingcode", "reservationcode", "confirmationcode", "bookingnumber", "reservationnumber"),
        "booking.code",
    ),
    **dict.fromkeys(("price", "totalprice", "amount", "totalamount"), "booking.total"),
}
"""What other programs call these fields, without their signs."""


def goes_by(root: str, field: str) -> str:
    """What to write for a field that another variable has, or that has another name here; empty for other words."""
    for owner, fields in VARIABLES.items():
        if owner != root and owner in _PEOPLE_AND_STAYS and field.removeprefix(f"{owner}_") in fields:
            return f"write  {owner}.{field.removeprefix(f'{owner}_')}"
    bare = "".join(sign for sign in field.lower() if sign.isalnum())
    known = _OTHER_WORDS.get(bare) or _OTHER_WORDS.get(bare.removeprefix("guest"))
    return f"write  {known}" if known else ""


_PEOPLE_AND_STAYS = frozenset({"guest", "booking"})
