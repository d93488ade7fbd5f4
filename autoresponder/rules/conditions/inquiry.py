"""`inquiry`: fields of an Airbnb inquiry, as its card carries them.

Numbers: nights, number_of_guests, number_of_adults, number_of_children, number_of_infants, number_of_pets,
payout. Dates: checkin_date, checkout_date. Texts: status, currency, listing_id, listing_name, guest_name,
property_id, room_type_id. Any further field of the card's booking_details can be named, too.
"""

from __future__ import annotations

import difflib
from typing import Any, Final

from autoresponder.problems import Severity
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
    "nights": "Nights wished.",
    "number_of_guests": "Guests in all.",
    "number_of_adults": "Adults.",
    "number_of_children": "Children.",
    "number_of_infants": "Infants.",
    "number_of_pets": "Pets.",
    "payout": "What the host would receive, in the inquiry's currency.",
}
_DATES: Final = {"checkin_date": "Wished day of arrival.", "checkout_date": "Wished day of departure."}
_TEXTS: Final = {
    "status": "State of the inquiry, such as active.",
    "currency": "Currency of the payout.",
    "listing_id": "Airbnb's number of the listing.",
    "listing_name": "Airbnb's name of the listing.",
    "guest_name": "Name of the guest.",
    "property_id": "Channex id of the property.",
    "room_type_id": "Channex id of the room type.",
}
_RENAMED: Final = {"payout_amount": "payout", "expected_payout_amount_accurate": "payout"}
_MAKERS: Final[dict[str, Maker]] = {
    **dict.fromkeys(_NUMBERS, number_test),
    **dict.fromkeys(_DATES, date_test),
    **dict.fromkeys(_TEXTS, text_test),
    **dict.fromkeys(_RENAMED, number_test),
}

SCHEMA: Final[dict[str, Any]] = {
    "description": "Fields of an Airbnb inquiry. All of them must hold; a field that is missing does not.",
    "type": "object",
    "properties": {
        **{name: number_schema(text, [2, {"at_least": 2}]) for name, text in _NUMBERS.items()},
        **{name: date_schema(text, ["2026-05-01", {"within_days": 14}]) for name, text in _DATES.items()},
        **{name: text_schema(text, ["active"]) for name, text in _TEXTS.items()},
    },
    "additionalProperties": {"type": ["string", "number", "boolean", "array", "object"]},
    "minProperties": 1,
    "examples": [{"nights": {"at_least": 3}, "number_of_pets": 0}],
}


class InquiryCondition(FieldsCondition):
    """The inquiry's fields pass."""

    def __init__(self, tests: dict[str, Comparison]) -> None:
        super().__init__("inquiry", tests)

    def value(self, situation: Situation, field: str) -> Any:
        """See `FieldsCondition.value`."""
        inquiry = situation.turn.inquiry
        if inquiry is None:
            return None
        name = _RENAMED.get(field, field)
        if name in _MAKERS:
            return getattr(inquiry, name)
        return inquiry.details.get(field)

    def actual(self, situation: Situation) -> str:
        """See `Condition.actual`."""
        return "there is no inquiry" if situation.turn.inquiry is None else super().actual(situation)


def build(value: Any, path: Path, bench: Workbench) -> Condition | None:
    """Compile `inquiry`."""
    for field in value:
        if field not in _MAKERS:
            near = difflib.get_close_matches(field, _MAKERS, n=1)
            remedy = f"did you mean '{near[0]}'?" if near else "known fields: " + ", ".join(sorted(_MAKERS))
            bench.problem(
                (*path, field),
                "R010",
                f"'{field}' is no field of an inquiry that we know; it is compared with what the card carries",
                remedy,
                severity=Severity.WARNING,
                on_key=True,
            )
    tests = compile_fields(value, path, bench, _MAKERS, any_test)
    return None if tests is None else InquiryCondition(tests)


KIND: Final[ConditionKind] = ConditionKind(name="inquiry", schema=SCHEMA, compile=build)
