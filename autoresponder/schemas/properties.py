"""JSON Schema (draft 2020-12) of properties.yaml."""

from __future__ import annotations

from typing import Any

from autoresponder.durations import DURATION

Schema = dict[str, Any]

FACT_NAME = "^[a-z][a-z0-9_]{0,59}$"
KEY = "^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$"

_RELEASE: Schema = {
    "description": "When a guest with a confirmed booking may be told.",
    "type": "object",
    "properties": {
        "before_arrival": {
            "description": "So long before check-in; 24h when left out.",
            "type": "string",
            "pattern": DURATION,
            "errorMessage": "needs a length of time: a number with s, m, h or d, such as 48h",
            "examples": ["48h"],
        },
        "after_departure": {
            "description": "So long after the end of the day of departure; 0h when left out.",
            "type": "string",
            "pattern": DURATION,
            "errorMessage": "needs a length of time: a number with s, m, h or d, such as 0h",
            "examples": ["0h"],
        },
    },
    "additionalProperties": False,
    "examples": [{"before_arrival": "48h", "after_departure": "0h"}],
}
_SECRET: Schema = {
    "description": "A text, or settings with one of value, from_env and from_file.",
    "type": ["string", "number", "object"],
    "minLength": 1,
    "properties": {
        "value": {
            "description": "The secret itself.",
            "type": ["string", "number"],
            "minLength": 1,
            "examples": ["blue-lemon-42"],
        },
        "from_env": {
            "description": "Name of the environment variable that holds it.",
            "type": "string",
            "pattern": "^[A-Za-z_][A-Za-z0-9_]*$",
            "examples": ["SEAVIEW_DOOR_CODE"],
        },
        "from_file": {
            "description": "File that holds it and nothing else.",
            "type": "string",
            "minLength": 1,
            "examples": ["/run/secrets/seaview_door_code"],
        },
        "release": {"$ref": "#/$defs/release"},
    },
    "additionalProperties": False,
    "examples": ["4711#", {"from_env": "SEAVIEW_DOOR_CODE", "release": {"before_arrival": "24h"}}],
}
_SIMPLE = ["string", "number", "boolean", "null"]
_FACTS: Schema = {
    "description": "What is true of the property; templates name it as property.NAME.",
    "type": "object",
    "propertyNames": {
        "pattern": FACT_NAME,
        "errorMessage": "the name of a fact has small letters, digits and _ only, and starts with a letter",
    },
    "additionalProperties": {
        "description": "A text, a number, true or false, a list, or a text for each language.",
        "type": [*_SIMPLE, "array", "object"],
        "items": {"type": ["string", "number"]},
        "maxLength": 4000,
        "maxItems": 100,
        "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 4000},
    },
    "examples": [{"wifi_name": "Seaview-Guest", "parking": {"en": "in the yard", "de": "im Hof"}}],
}
_SECRETS: Schema = {
    "description": "Facts that only guests with a confirmed booking may be told, around their stay.",
    "type": "object",
    "propertyNames": {
        "pattern": FACT_NAME,
        "errorMessage": "the name of a secret has small letters, digits and _ only, and starts with a letter",
    },
    "additionalProperties": {"$ref": "#/$defs/secret"},
    "examples": [{"door_code": {"value": "4711#", "release": {"before_arrival": "24h"}}}],
}
_COMMON: Schema = {
    "timezone": {
        "description": "Time zone, by the name of a city in it.",
        "type": "string",
        "minLength": 1,
        "examples": ["Europe/Lisbon"],
    },
    "language": {
        "description": "Language to answer in when the guest's is not known.",
        "type": "string",
        "minLength": 1,
        "examples": ["en"],
    },
    "facts": {"$ref": "#/$defs/facts"},
    "secrets": {"$ref": "#/$defs/secrets"},
}


def _names(about: str, entry: str, example: dict[str, Any]) -> Schema:
    return {
        "description": about,
        "type": "object",
        "propertyNames": {
            "pattern": KEY,
            "errorMessage": "a name here has letters, digits, - and _ only, such as old-town",
        },
        "additionalProperties": {"$ref": f"#/$defs/{entry}"},
        "examples": [example],
    }


PROPERTIES_SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "properties.yaml",
    "description": "Properties with what is true of them.",
    "type": "object",
    "properties": {
        "defaults": {
            "description": "What holds where neither a property nor its groups say otherwise.",
            "type": "object",
            "properties": _COMMON,
            "additionalProperties": False,
            "examples": [{"language": "en", "timezone": "Europe/Lisbon"}],
        },
        "groups": _names(
            "What properties have in common, by group.", "group", {"old-town": {"timezone": "Europe/Lisbon"}}
        ),
        "properties": _names(
            "The properties, by the name that rules use.",
            "property",
            {"seaview": {"name": "Seaview Apartments", "facts": {"wifi_name": "Seaview-Guest"}}},
        ),
    },
    "additionalProperties": False,
    "$defs": {
        "facts": _FACTS,
        "secrets": _SECRETS,
        "secret": _SECRET,
        "release": _RELEASE,
        "group": {
            "description": "What the properties of a group have in common.",
            "type": "object",
            "properties": _COMMON,
            "additionalProperties": False,
            "examples": [{"timezone": "Europe/Lisbon", "facts": {"parking": "in the yard"}}],
        },
        "property": {
            "description": "One property.",
            "type": "object",
            "properties": {
                "channex_id": {
                    "description": "Its id in Channex. It stands in the address line when you edit the property.",
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 100,
                    "examples": ["5ea51e30-0001-4a00-8000-000000000001"],
                },
                "name": {
                    "description": "Its name for guests; Channex's title when left out.",
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 200,
                    "examples": ["Seaview Apartments"],
                },
                "groups": {
                    "description": "Groups it belongs to; what a later one says wins.",
                    "type": "array",
                    "items": {"type": "string"},
                    "uniqueItems": True,
                    "examples": [["old-town"]],
                },
                **_COMMON,
            },
            "additionalProperties": False,
            "examples": [{"name": "Seaview Apartments", "facts": {"wifi_name": "Seaview-Guest"}}],
        },
    },
}
