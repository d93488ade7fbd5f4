"""Schema errors in plain words, at their places."""

from __future__ import annotations

from typing import Any

import pytest

from autoresponder.yamltext import Source, parse, validate
from autoresponder.yamltext.validation import nearest

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["rules"],
    "properties": {"rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}, "minItems": 1}},
    "$defs": {
        "provider": {"type": "string", "enum": ["booking_com", "airbnb"]},
        "rule": {
            "type": "object",
            "additionalProperties": False,
            "required": ["id", "template"],
            "properties": {
                "id": {"type": "string", "pattern": "^[a-z]+$", "errorMessage": "needs small letters"},
                "template": {"type": "string", "minLength": 1, "description": "What to answer. At once."},
                "most": {"type": "integer", "minimum": 1, "maximum": 9},
                "on": {"type": "boolean"},
                "names": {"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}},
                "secrets": {"type": "object", "additionalProperties": {"type": "integer"}},
                "provider": {
                    "anyOf": [
                        {"$ref": "#/$defs/provider"},
                        {"type": "array", "items": {"$ref": "#/$defs/provider"}, "minItems": 1},
                    ]
                },
            },
        },
    },
}


def source_of(text: str) -> Source:
    source, problems = parse(text, "a.yaml")
    assert source is not None
    assert problems == []
    return source


def told(rule: str) -> list[tuple[int, str, str, str]]:
    """Column, code, message and remedy of every finding in a rule written on one line."""
    source = source_of(f"rules: [{rule}]\n")
    return [(p.column, p.code, p.message, p.remedy) for p in validate(source, SCHEMA)]


def test_what_is_right_has_no_problem() -> None:
    assert told("{id: a, template: b, most: 3, on: true, provider: [airbnb]}") == []


@pytest.mark.parametrize(
    ("rule", "finding"),
    [
        (
            "{id: a, tempalte: b}",
            [(17, "S001", "unknown setting 'tempalte'", "did you mean 'template'?")],
        ),
        (
            "{id: a, template: b, xyzzy: 1}",
            [
                (
                    30,
                    "S001",
                    "unknown setting 'xyzzy'",
                    "possible here: id, template, most, on, names, secrets, provider",
                )
            ],
        ),
        ("{id: a}", [(9, "S002", "'template' is missing", "add  template: …   (What to answer)")]),
        (
            "{id: a, template: b, most: lots}",
            [(36, "S006", "'most' needs a whole number, got the text 'lots'", "")],
        ),
        (
            '{id: a, template: b, most: "5"}',
            [(36, "S006", "'most' needs a whole number, got the text '5'", "write it without quotes:  5")],
        ),
        (
            "{id: a, template: b, most: 0}",
            [(36, "S004", "'most' needs a number of at least 1, the number 0 is too small", "")],
        ),
        (
            "{id: a, template: 1.10}",
            [(27, "S006", "'template' needs a text, got the number 1.10", 'put quotes around it:  "1.10"')],
        ),
        (
            "{id: a, template: b, on: yes}",
            [(34, "S006", "'on' needs true or false, got the text 'yes'", "write  true")],
        ),
        ('{id: a, template: ""}', [(27, "S004", "'template' must not be empty", "")]),
        (
            "{id: a, template: }",
            [
                (
                    17,
                    "S006",
                    "'template' needs a text, but nothing stands here",
                    "write it behind the ':', in quotes when it starts with #",
                )
            ],
        ),
        (
            "{id: a, template: null}",
            [
                (
                    27,
                    "S006",
                    "'template' needs a text, but nothing stands here",
                    'put quotes around it:  "null"',
                )
            ],
        ),
        ("{id: A1, template: b}", [(14, "S005", "'id' needs small letters", "")]),
        ("{id: [a], template: b}", [(14, "S006", "'id' needs small letters", "")]),
        (
            "{id: a, template: b, provider: airbnbb}",
            [(40, "S003", "the text 'airbnbb' is not possible here", "did you mean 'airbnb'?")],
        ),
        (
            "{id: a, template: b, provider: [expedia]}",
            [(41, "S003", "the text 'expedia' is not possible here", "possible: booking_com, airbnb")],
        ),
        (
            "{id: a, template: b, provider: {x: 1}}",
            [(40, "S006", "'provider' needs a text or a list, got settings of its own", "")],
        ),
        (
            "{id: a, template: b, provider: []}",
            [(40, "S004", "'provider' needs at least 1 in the list", "")],
        ),
        (
            "{id: a, template: b, names: {A: 1}}",
            [(38, "S001", "'A' cannot be used as a name here", "write  a")],
        ),
        (
            "{id: a, template: b, secrets: {door: hunter2}}",
            [(46, "S006", "'door' needs a whole number, got a text", "")],
        ),
        (
            "7",
            [
                (
                    9,
                    "S006",
                    "'rules' needs settings of its own, got the number 7",
                    "possible below it: id, template, most, on, names, secrets, provider",
                )
            ],
        ),
    ],
)
def test_findings_in_plain_words(rule: str, finding: list[tuple[int, str, str, str]]) -> None:
    assert told(rule) == finding


def test_everything_is_told_in_one_run_in_the_files_order() -> None:
    source = source_of("rules:\n  - idd: a\n    most: x\n  - id: 7\n    template: b\nruls: 1\n")
    found = [(p.line, p.column, p.code) for p in validate(source, SCHEMA)]
    assert found == [(2, 5, "S001"), (2, 5, "S002"), (3, 11, "S006"), (4, 9, "S006"), (6, 1, "S001")]


def test_the_owner_is_named() -> None:
    source = source_of("rules:\n  - id: wifi\n    tempalte: b\n")

    def owner(way: tuple[str | int, ...]) -> str:
        return str(source.data["rules"][way[1]]["id"]) if len(way) > 1 else ""

    assert [p.rule for p in validate(source, SCHEMA, owner=owner)] == ["wifi"]


def test_an_empty_file_is_not_complained_about() -> None:
    assert validate(source_of("# later\n"), SCHEMA) == []


def test_a_secret_is_neither_quoted_nor_shown() -> None:
    source = source_of("rules:\n  - id: a\n    template: b\n    secrets:\n      door: hunter2\n")
    (problem,) = validate(source, SCHEMA)
    assert "hunter2" not in repr(problem)
    assert problem.excerpt == "      door: *******"


def test_thousands_of_problems_are_cut() -> None:
    text = "rules:\n" + "  - 5\n" * 3000
    assert len(validate(source_of(text), SCHEMA)) <= 200


def test_the_nearest_word() -> None:
    assert nearest("Bookng_com", ("booking_com", "airbnb")) == "booking_com"
    assert nearest("xyz", ("booking_com", "airbnb")) is None
