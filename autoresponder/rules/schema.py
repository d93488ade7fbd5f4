"""JSON Schemas (draft 2020-12) of rule files and topic files; every key with description and examples."""

from __future__ import annotations

from typing import Any, Final

from autoresponder.decision import ActionKind
from autoresponder.rules.conditions import CONDITIONS

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
NAME: Final = "^[A-Za-z0-9][A-Za-z0-9_-]*$"
ACTIONS: Final = tuple(kind.value for kind in ActionKind if kind is not ActionKind.REPLY)

_RULE: Final[dict[str, Any]] = {
    "type": "object",
    "description": "Conditions, and what to do when they hold.",
    "properties": {
        "id": {
            "description": "Unique name of the rule: letters, digits, - and _.",
            "type": "string",
            "pattern": NAME,
            "maxLength": 80,
            "examples": ["early-check-in"],
        },
        "title": {
            "description": "Name for people, shown in every report.",
            "type": "string",
            "minLength": 1,
            "examples": ["Early check-in"],
        },
        "enabled": {
            "description": "false keeps the rule without using it.",
            "type": "boolean",
            "default": True,
            "examples": [False],
        },
        "when": {"$ref": "#/$defs/when"},
        "reply": {
            "description": "Name of the template to answer with, without language and ending.",
            "type": "string",
            "minLength": 1,
            "examples": ["early-check-in"],
        },
        "text": {
            "description": "The answer itself, instead of a template.",
            "type": "string",
            "minLength": 1,
            "examples": ["Hello {{ guest.first_name }}, check-in is from 15:00."],
        },
        "attach": {
            "description": "A file of the folder files/ (or several) that goes out after the answer.",
            "type": ["string", "array"],
            "minLength": 1,
            "maxLength": 200,
            "items": {"type": "string", "minLength": 1, "maxLength": 200},
            "minItems": 1,
            "maxItems": 3,
            "uniqueItems": True,
            "examples": ["parking-map.jpg", ["parking-map.jpg", "entrance.jpg"]],
        },
        "then": {
            "description": "What else to do: preapprove, no_reply_needed, close, escalate or hold.",
            "type": "array",
            "items": {"type": "string", "enum": list(ACTIONS)},
            "minItems": 1,
            "uniqueItems": True,
            "examples": [["escalate"], ["no_reply_needed"]],
        },
        "cooldown": {
            "description": "The rule answers once per thread in this time: a number with s, m, h or d.",
            "type": "string",
            "pattern": "^[0-9]{1,6}[smhd]$",
            "examples": ["24h", "30m"],
        },
    },
    "required": ["id"],
    "additionalProperties": False,
    "examples": [{"id": "wifi", "when": {"topics": {"any": ["wifi"]}}, "reply": "wifi"}],
}

_WHEN: Final[dict[str, Any]] = {
    "type": "object",
    "description": "Every line must hold; empty or missing means always.",
    "properties": {name: dict(kind.schema) for name, kind in CONDITIONS.items()},
    "additionalProperties": False,
    "examples": [{"topics": {"any": ["wifi"]}, "booking": "confirmed"}],
}

RULES_SCHEMA: Final[dict[str, Any]] = {
    "$schema": DRAFT,
    "title": "Rules",
    "description": "A file of rules: what to answer to whom, and when.",
    "type": "object",
    "properties": {
        "rules": {
            "description": "The rules, in order.",
            "type": "array",
            "items": {"$ref": "#/$defs/rule"},
            "examples": [[{"id": "wifi", "when": {"topics": {"any": ["wifi"]}}, "reply": "wifi"}]],
        }
    },
    "required": ["rules"],
    "additionalProperties": False,
    "$defs": {"rule": _RULE, "when": _WHEN},
}
"""Schema of `rules/*.yaml`."""


def _phrases(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "type": "array",
        "items": {"type": "string", "minLength": 1, "examples": ["check in"]},
        "minItems": 1,
        "examples": [["wifi", "internet", "network ... password"]],
    }


TOPICS_SCHEMA: Final[dict[str, Any]] = {
    "$schema": DRAFT,
    "title": "Topics",
    "description": "A file of topics: what guests say about something, in one language.",
    "type": "object",
    "properties": {
        "language": {
            "description": "Language of the phrases in this file, two letters.",
            "type": "string",
            "pattern": "^[a-z]{2}$",
            "examples": ["en"],
        },
        "topics": {
            "description": "The topics by name; entries for the same name in several files add up.",
            "type": "object",
            "propertyNames": {"pattern": NAME, "maxLength": 80},
            "additionalProperties": {
                "type": "object",
                "description": "One topic.",
                "properties": {
                    "title": {
                        "description": "Name for people.",
                        "type": "string",
                        "minLength": 1,
                        "examples": ["Wi-Fi"],
                    },
                    "any": _phrases("Any of these phrases in a sentence says it."),
                    "all": _phrases("All of these must be in the same sentence as well."),
                    "none": _phrases("Any of these in the same sentence cancels it."),
                    "asked": {
                        "description": "Replies about it answer only what is asked, not what is told.",
                        "type": "boolean",
                        "examples": [True],
                    },
                    "told": {
                        "description": "Only a sentence that tells something has it, and none that asks.",
                        "type": "boolean",
                        "examples": [True],
                    },
                },
                "additionalProperties": False,
                "minProperties": 1,
                "examples": [{"title": "Wi-Fi", "any": ["wifi", "internet"]}],
            },
            "examples": [{"wifi": {"title": "Wi-Fi", "any": ["wifi", "internet"]}}],
        },
    },
    "required": ["topics"],
    "additionalProperties": False,
}
"""Schema of `rules/topics/*.yaml`."""
