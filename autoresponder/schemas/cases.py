"""JSON Schema (draft 2020-12) of the files in `tests/`: what guests write, and what must happen."""

from __future__ import annotations

from typing import Any

from autoresponder.decision import Outcome, SkipReason
from autoresponder.durations import DURATION
from autoresponder.model import Provider, StayStage

Schema = dict[str, Any]

WAIT = "wait"
"""The outcome of a turn that is only postponed (quiet hours)."""
NONE = "none"
"""What stands for "no rule" in `rule`."""

_LONGEST_TEXT = 20_000
_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
_AT = f"^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ])?{_CLOCK}$"


def _text(about: str, example: str, *, longest: int = 200) -> Schema:
    return {
        "description": about,
        "type": "string",
        "minLength": 1,
        "maxLength": longest,
        "examples": [example],
    }


def _date(about: str, example: str) -> Schema:
    return {
        "description": about,
        "type": "string",
        "pattern": _DATE,
        "errorMessage": "needs a day such as 2026-06-05",
        "examples": [example],
    }


def _count(about: str, example: int) -> Schema:
    return {"description": about, "type": "integer", "minimum": 0, "maximum": 1000, "examples": [example]}


def _texts(about: str, example: str) -> Schema:
    return {
        "description": about,
        "type": "array",
        "items": {"type": "string", "minLength": 1, "maxLength": _LONGEST_TEXT},
        "minItems": 1,
        "maxItems": 100,
        "examples": [[example]],
    }


_BOOKING: Schema = {
    "description": "What the booking says, where it matters; the rest is as for any guest. A day tells more than `stay` does.",
    "type": "object",
    "properties": {
        "arrival": _date("Day of arrival.", "2026-06-05"),
        "departure": _date("Day of departure.", "2026-06-08"),
        "arrival_hour": {
            "description": "When the guest said to arrive.",
            "type": "string",
            "pattern": f"^{_CLOCK}$",
            "errorMessage": 'needs a time of day in quotes, such as "21:30"',
            "examples": ["21:30"],
        },
        "adults": _count("Adults.", 2),
        "children": _count("Children.", 1),
        "infants": _count("Infants.", 0),
        "amount": {
            "description": "Price of the stay.",
            "type": "number",
            "minimum": 0,
            "maximum": 10_000_000,
            "examples": [420],
        },
        "currency": _text("Currency of the price.", "EUR", longest=3),
        "code": _text("The reservation's number at the OTA.", "1234567890"),
        "country": _text("Country of the guest, two letters.", "de", longest=2),
    },
    "additionalProperties": False,
    "minProperties": 1,
    "examples": [{"arrival": "2026-06-05", "departure": "2026-06-08"}],
}
_INQUIRY: Schema = {
    "description": "Opens the thread with an Airbnb inquiry's card, and says what is on it; {} for any card.",
    "type": "object",
    "properties": {
        "nights": _count("Nights wished.", 3),
        "number_of_guests": _count("Guests in all.", 2),
        "number_of_adults": _count("Adults.", 2),
        "number_of_children": _count("Children.", 0),
        "number_of_infants": _count("Infants.", 0),
        "number_of_pets": _count("Pets.", 1),
        "payout": {
            "description": "What you would receive.",
            "type": "number",
            "minimum": 0,
            "maximum": 10_000_000,
            "examples": [400],
        },
        "currency": _text("Currency of the payout.", "EUR", longest=3),
        "checkin_date": _date("Wished day of arrival.", "2026-06-20"),
        "checkout_date": _date("Wished day of departure.", "2026-06-23"),
        "status": _text("State of the inquiry.", "active"),
        "listing_id": _text("Airbnb's number of the listing.", "12345678"),
        "listing_name": _text("Airbnb's name of the listing.", "Loft by the harbour"),
    },
    "additionalProperties": {"type": ["string", "number", "boolean"]},
    "examples": [{"nights": 3, "number_of_pets": 1}],
}
_LINE: Schema = {
    "description": "One message of the conversation.",
    "type": "object",
    "properties": {
        "guest": _text("What the guest wrote.", "Is there parking?", longest=_LONGEST_TEXT),
        "property": _text("What a person wrote for the property.", "Yes, there is.", longest=_LONGEST_TEXT),
        "autoresponder": _text("What autoresponder answered.", "Hello Anna, …", longest=_LONGEST_TEXT),
        "rule": _text("The rule by which autoresponder answered.", "parking", longest=80),
        "before": {
            "description": "How long before the last message; a minute before the next one when left out.",
            "type": "string",
            "pattern": DURATION,
            "errorMessage": "needs a length of time: a number with s, m, h or d, such as 2h",
            "examples": ["2h"],
        },
        "attachment": {
            "description": "Whether a file came with the message.",
            "type": "boolean",
            "examples": [True],
        },
    },
    "additionalProperties": False,
    "minProperties": 1,
    "examples": [{"guest": "Is there parking?", "before": "2h"}],
}
_REPLY: Schema = {
    "description": "What the reply must say.",
    "type": "object",
    "properties": {
        "contains": _texts("Words that must stand in the reply.", "Seaview-Guest"),
        "not_contains": _texts("Words that must not stand in the reply.", "door code"),
        "snapshot": {
            "description": "true: the reply must be letter for letter the one that `autoresponder test --update` recorded.",
            "type": "boolean",
            "examples": [True],
        },
        "language": _text("Language of the reply, two letters.", "de", longest=10),
        "files": _texts("The files that go out after it, all of them.", "parking-map.jpg"),
        "preapproves": {
            "description": "Whether the inquiry is pre-approved with it.",
            "type": "boolean",
            "examples": [True],
        },
    },
    "additionalProperties": False,
    "minProperties": 1,
    "examples": [{"contains": ["Seaview-Guest"]}],
}
_EXPECT: Schema = {
    "description": "What must happen. What you do not name may be anything.",
    "type": "object",
    "properties": {
        "rule": _text("The one rule that decides; none for no rule.", "wifi", longest=80),
        "rules": _texts("The rules that decide together, all of them, in any order.", "wifi"),
        "not_rules": _texts("Rules that must not decide.", "parking"),
        "outcome": {
            "description": "What the guest gets.",
            "type": "string",
            "enum": [*(outcome.value for outcome in Outcome), WAIT],
            "examples": ["reply", "hold"],
        },
        "reason": {
            "description": "Why there is no reply, or not yet.",
            "type": "string",
            "enum": [reason.value for reason in SkipReason],
            "examples": ["missing_value"],
        },
        "person_told": {
            "description": "Whether a person is told.",
            "type": "boolean",
            "examples": [True],
        },
        "unanswered": {
            "description": "Whether the guest asks something, too, that no rule is about.",
            "type": "boolean",
            "examples": [False],
        },
        "reply": {"$ref": "#/$defs/reply"},
    },
    "additionalProperties": False,
    "minProperties": 1,
    "examples": [{"rule": "wifi", "outcome": "reply"}],
}
_SITUATION: Schema = {
    "provider": {
        "description": "Where the guest booked; booking_com when left out, airbnb for an inquiry.",
        "type": "string",
        "enum": [provider.value for provider in Provider],
        "examples": ["airbnb"],
    },
    "property": _text(
        "A name in properties.yaml; the first one there when left out.", "seaview", longest=100
    ),
    "stay": {
        "description": "Where the guest is in the stay; before_arrival when left out.",
        "type": "string",
        "enum": [stage.value for stage in StayStage],
        "examples": ["in_stay"],
    },
    "at": {
        "description": "When the guest writes, by the property's clock; noon of 2026-06-03 when left out.",
        "type": "string",
        "pattern": _AT,
        "errorMessage": 'needs a time such as 2026-06-03T22:10, or "22:10"',
        "examples": ["2026-06-03T22:10", "22:10"],
    },
    "language": _text("Language of the booking, as the OTA gives it.", "de", longest=10),
    "guest": _text("The guest's name.", "Anna Berg"),
    "booking": {"$ref": "#/$defs/booking"},
}
_CASE: Schema = {
    "description": "One test: what a guest writes, and what must happen.",
    "type": "object",
    "properties": {
        "name": _text("What is tried, in your words.", "a guest asks for the Wi-Fi password"),
        "message": _text("What the guest writes.", "What is the wifi password?", longest=_LONGEST_TEXT),
        "messages": _texts("Several messages in a row, oldest first.", "Hello!"),
        "conversation": {
            "description": "What guest and property wrote, oldest first.",
            "type": "array",
            "items": {"$ref": "#/$defs/line"},
            "minItems": 1,
            "maxItems": 200,
            "examples": [[{"guest": "Is there parking?"}, {"property": "Yes."}, {"guest": "And wifi?"}]],
        },
        **_SITUATION,
        "inquiry": {"$ref": "#/$defs/inquiry"},
        "expect": {"$ref": "#/$defs/expect"},
        "known_gap": _text(
            "Why this does not work yet. The test may fail until it works; then this line must go.",
            "the word 'wfii' is not understood",
        ),
    },
    "required": ["name", "expect"],
    "additionalProperties": False,
    "examples": [
        {
            "name": "a guest asks for the Wi-Fi password",
            "message": "What is the wifi password?",
            "stay": "in_stay",
            "expect": {"rule": "wifi", "outcome": "reply"},
        }
    ],
}

CASES_SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Tests",
    "description": "A file of tests: what guests write, and what must happen.",
    "type": "object",
    "properties": {
        "defaults": {
            "description": "What holds for every test of this file that does not say otherwise.",
            "type": "object",
            "properties": _SITUATION,
            "additionalProperties": False,
            "examples": [{"property": "seaview", "stay": "in_stay"}],
        },
        "tests": {
            "description": "The tests.",
            "type": "array",
            "items": {"$ref": "#/$defs/case"},
            "minItems": 1,
            "examples": [[{"name": "plain thanks", "message": "Thank you!", "expect": {"rule": "courtesy"}}]],
            "errorMessage": {
                "minItems": "there is no test in this list",
                "type": "needs a list of tests, each with a dash: - name: …",
            },
        },
    },
    "required": ["tests"],
    "additionalProperties": False,
    "$defs": {
        "case": _CASE,
        "line": _LINE,
        "booking": _BOOKING,
        "inquiry": _INQUIRY,
        "expect": _EXPECT,
        "reply": _REPLY,
    },
}
"""Schema of `tests/*.yaml`."""
