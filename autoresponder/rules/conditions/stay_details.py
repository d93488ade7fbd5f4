"""`stay_details`: fields of the booking.

Numbers: nights, adults, children, infants, guests (adults and children), amount, lead_days (days from booking
to arrival). Dates: arrival_date, departure_date. Texts: arrival_hour, currency, country, ota_name,
payment_collect (property or ota), services.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from autoresponder.model import Booking
from autoresponder.rules.comparisons import (
    Comparison,
    any_test,
    date_schema,
    date_test,
    number_schema,
    number_test,
    text_schema,
    text_test,
)
from autoresponder.rules.conditions.base import Condition, ConditionKind, Path, Workbench
from autoresponder.rules.conditions.fields import FieldsCondition, Maker, compile_fields
from autoresponder.rules.situation import Situation

_NUMBERS: Final = {
    "nights": "Nights of the stay.",
    "adults": "Adults.",
    "children": "Children.",
    "infants": "Infants.",
    "guests": "Adults and children together.",
    "amount": "Price of the booking, in its currency.",
    "lead_days": "Days from the booking to the arrival.",
}
_DATES: Final = {"arrival_date": "Day of arrival.", "departure_date": "Day of departure."}
_TEXTS: Final = {
    "arrival_hour": "Hour of arrival that the guest announced, as HH:MM.",
    "currency": "Currency of the booking.",
    "country": "Country of the guest, two letters.",
    "ota_name": "The OTA as Channex spells it.",
    "payment_collect": "Who collects the payment: property or ota.",
    "services": "Extra services that were booked.",
}
_MAKERS: Final[dict[str, Maker]] = {
    **dict.fromkeys(_NUMBERS, number_test),
    **dict.fromkeys(_DATES, date_test),
    **dict.fromkeys(_TEXTS, text_test),
}

SCHEMA: Final[dict[str, Any]] = {
    "description": "Fields of the booking. All of them must hold; a field that is missing does not.",
    "type": "object",
    "properties": {
        **{name: number_schema(text, [2, {"at_least": 2}]) for name, text in _NUMBERS.items()},
        **{name: date_schema(text, ["2026-05-01", {"within_days": 3}]) for name, text in _DATES.items()},
        **{name: text_schema(text, ["property"]) for name, text in _TEXTS.items()},
    },
    "additionalProperties": False,
    "minProperties": 1,
    "examples": [{"nights": {"at_least": 2}, "arrival_date": {"within_days": 3}}],
}


def _guests(booking: Booking) -> int | None:
    return None if booking.adults is None else booking.adults + (booking.children or 0)


_COMPUTED: Final[dict[str, Callable[[Booking], Any]]] = {
    "guests": _guests,
    "country": lambda booking: booking.guest_country,
    "services": lambda booking: booking.services or None,
}


class StayDetailsCondition(FieldsCondition):
    """The booking's fields pass."""

    def __init__(self, tests: dict[str, Comparison]) -> None:
        super().__init__("stay_details", tests)

    def value(self, situation: Situation, field: str) -> Any:
        """See `FieldsCondition.value`."""
        booking = situation.turn.booking
        if booking is None:
            return None
        if field == "lead_days":
            return _lead_days(booking, situation)
        if field in _COMPUTED:
            return _COMPUTED[field](booking)
        return getattr(booking, field)

    def actual(self, situation: Situation) -> str:
        """See `Condition.actual`."""
        return "there is no booking" if situation.turn.booking is None else super().actual(situation)


def _lead_days(booking: Booking, situation: Situation) -> int | None:
    if booking.inserted_at is None or booking.arrival_date is None:
        return None
    booked = booking.inserted_at.astimezone(situation.surroundings.zone).date()
    return (booking.arrival_date - booked).days


def build(value: Any, path: Path, bench: Workbench) -> Condition | None:
    """Compile `stay_details`."""
    tests = compile_fields(value, path, bench, _MAKERS, any_test)
    return None if tests is None else StayDetailsCondition(tests)


KIND: Final[ConditionKind] = ConditionKind(name="stay_details", schema=SCHEMA, compile=build)
