"""JSON Schema (draft 2020-12) of autoresponder.yaml."""

from __future__ import annotations

from typing import Any

from autoresponder.durations import DURATION

Schema = dict[str, Any]

LOG_LEVELS = ("debug", "info", "warning", "error")
CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"


def _duration(about: str, example: str) -> Schema:
    return {
        "description": about,
        "type": "string",
        "pattern": DURATION,
        "errorMessage": "needs a length of time: a number with s, m, h or d, such as " + example,
        "examples": [example],
    }


def _whole(about: str, example: int, *, least: int = 1, most: int = 1_000_000) -> Schema:
    return {
        "description": about,
        "type": "integer",
        "minimum": least,
        "maximum": most,
        "examples": [example],
    }


def _choice(about: str, *words: str) -> Schema:
    return {"description": about, "type": "string", "enum": list(words), "examples": [words[0]]}


def _text(about: str, example: str) -> Schema:
    return {"description": about, "type": "string", "minLength": 1, "maxLength": 1000, "examples": [example]}


def _section(about: str, properties: dict[str, Schema]) -> Schema:
    return {
        "description": about,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "examples": [{name: schema["examples"][0] for name, schema in list(properties.items())[:2]}],
    }


_CHANNEX = _section(
    "How to reach the Channex API. The API key is not written here but given as CHANNEX_API_KEY.",
    {
        "base_url": _text("Address of the API.", "https://app.channex.io/api/v1"),
        "requests_per_minute": _whole("Most requests a minute, all programs together.", 120, most=1_000_000),
        "timeout": _duration("How long to wait for one answer.", "30s"),
        "concurrency": _whole("Requests under way at once.", 8, most=100),
    },
)
_REPLIES = _section(
    "How replies are put together.",
    {
        "answers": _choice(
            "combine: one reply answers everything that was asked. first: only the first matching rule answers.",
            "combine",
            "first",
        ),
        "partial": _choice(
            "When part of a message is covered by no rule. flag: answer the rest and tell a person. "
            "hold: leave it all to a person.",
            "flag",
            "hold",
        ),
        "max_length": _whole("Longest reply, in characters.", 2000, least=100, most=10_000),
        "fallback_language": _text("Language of last resort.", "en"),
        "approved_links": {
            "description": "Domains that you had approved in Booking.com's extranet: links to them may be sent.",
            "type": "array",
            "items": {
                "type": "string",
                "pattern": r"^(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}$",
                "errorMessage": "needs a domain without https:// and path, such as seaview.example",
                "examples": ["seaview.example"],
            },
            "maxItems": 100,
            "examples": [["seaview.example"]],
        },
    },
)
_GUARDS = _section(
    "When not to answer.",
    {
        "max_age": _duration("Messages older than this are never answered.", "24h"),
        "settle": _duration("Wait until the guest has been quiet for so long.", "45s"),
        "settle_limit": _duration("Never wait longer than this for a guest who goes on typing.", "10m"),
        "human_handover": _duration("After a person wrote, leave the thread alone for so long.", "12h"),
        "cooldown": _duration("A rule answers once per thread in this time.", "24h"),
        "replies_per_day": _whole("Most automatic replies per thread in 24 hours.", 8, most=1000),
        "preapprove": {
            "description": "Whether rules may pre-approve Airbnb inquiries (then: [preapprove]).",
            "type": "boolean",
            "examples": [True],
        },
        "quiet_hours": {
            **_section(
                "No replies in this time (property's time zone): they wait until it ends.",
                {
                    "between": {
                        "description": "From and until.",
                        "type": "array",
                        "items": {
                            "type": "string",
                            "pattern": CLOCK,
                            "errorMessage": 'needs a time of day in quotes, such as "22:00"',
                        },
                        "minItems": 2,
                        "maxItems": 2,
                        "errorMessage": 'needs two times: from and until, such as ["22:00", "07:00"]',
                        "examples": [["22:00", "07:00"]],
                    }
                },
            ),
            "required": ["between"],
        },
    },
)
_DELIVERY = _section(
    "How carefully to send.",
    {
        "quarantine": _duration(
            "After this time a message that cannot be found in the thread was certainly not delivered.", "10m"
        ),
        "grace": _duration("Longest time between the recorded intent and the sending.", "5s"),
        "lease": _duration("How long one worker owns a thread.", "120s"),
        "attempts": _whole("Most attempts of one message that certainly did not arrive.", 5, most=100),
        "on_ambiguous": _choice(
            "When it is unknown whether a message arrived. reconcile: look it up in the thread first. "
            "hold: leave it to a person.",
            "reconcile",
            "hold",
        ),
    },
)
_POLL = _section(
    "How often to look for news.",
    {
        "every": _duration("Time between two looks.", "60s"),
        "overlap": _duration("How far back each look reaches behind the newest message seen.", "15m"),
        "sweep": _duration("How often all recent threads are looked at again.", "6h"),
        "audit": _duration("How often the texts that were sent are counted in their threads.", "1h"),
    },
)
_LISTEN = _section(
    "Where health and metrics are served.",
    {
        "host": _text("Address to listen on.", "127.0.0.1"),
        "port": _whole("Port.", 8080, least=0, most=65_535),
        "enabled": {"description": "Whether to listen at all.", "type": "boolean", "examples": [True]},
    },
)

_NOTIFY = _section(
    "Whom to tell when a guest needs a person.",
    {
        "webhook": _text(
            "Address that takes a JSON POST (chat tools call it an incoming webhook).",
            "https://chat.example/hooks/abc",
        ),
    },
)

SETTINGS_SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "autoresponder.yaml",
    "description": "Settings of a working folder. Everything may be left out.",
    "type": "object",
    "properties": {
        "channex": _CHANNEX,
        "store": _text(
            "Where to remember: sqlite:///file.db or redis://host:6379/0.", "sqlite:///autoresponder.db"
        ),
        "rules": _text("Folder with the rules.", "rules"),
        "templates": _text("Folder with the reply templates.", "templates"),
        "properties": _text("File with the properties.", "properties.yaml"),
        "files": _text("Folder with the files that rules send.", "files"),
        "state": _text(
            "Folder that only this machine writes to: it notices there that the store was exchanged.", "/data"
        ),
        "replies": _REPLIES,
        "guards": _GUARDS,
        "delivery": _DELIVERY,
        "poll": _POLL,
        "listen": _LISTEN,
        "notify": _NOTIFY,
        "retention": _duration("How long texts of guests are kept.", "90d"),
        "workers": _whole("Threads handled at once.", 8, most=200),
        "log_level": _choice("How much to log.", *LOG_LEVELS),
    },
    "additionalProperties": False,
}
"""Also what `autoresponder schema settings` publishes."""
