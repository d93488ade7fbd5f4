"""properties.yaml → a book of properties, or everything that is wrong with it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from autoresponder.problems import Problem, Severity
from autoresponder.properties import PropertyBook, Translated, load_properties
from autoresponder.schemas.properties import PROPERTIES_SCHEMA

ID = "5ea51e30-0001-4a00-8000-00000000000"


def no_file(name: str) -> str:
    raise FileNotFoundError(2, "No such file or directory", name)


def book_of(text: str | None, *, warnings: int = 0, **kwargs: Any) -> PropertyBook:
    values = {"environ": {}, "read_file": no_file, **kwargs}
    book, problems = load_properties(text, "properties.yaml", **values)
    assert [p for p in problems if p.severity is Severity.ERROR] == []
    assert len(problems) == warnings, problems
    assert book is not None
    return book


def problems_of(text: str, **environ: str) -> list[Problem]:
    return load_properties(text, "properties.yaml", environ, no_file)[1]


def in_property(lines: str) -> str:
    indented = "".join(f"    {line}\n" for line in lines.split("\n"))
    return f"properties:\n  seaview:\n    channex_id: {ID}1\n{indented}"


def test_no_file_is_an_empty_book() -> None:
    assert book_of(None).keys() == ()
    assert book_of("").keys() == ()


def test_facts_of_every_kind() -> None:
    (facts,) = book_of(
        in_property(
            "name: Sea\nfacts:\n  text: a\n  number: 3\n  price: 12.50\n  pets: true\n  unknown:\n"
            "  list: [sauna, 2, 1.50]\n  words: {en: yes, de: ja, pt-BR: sim}\n  check_in_from: 15:00"
        )
    ).all()
    assert facts.facts == {
        "text": "a",
        "number": 3,
        "price": Decimal("12.50"),
        "pets": True,
        "unknown": None,
        "list": ("sauna", 2, Decimal("1.50")),
        "words": Translated({"en": "yes", "de": "ja", "pt-BR": "sim"}),
        "check_in_from": "15:00",
    }
    assert str(facts.facts["price"]) == "12.50"


def test_secrets_from_the_file_the_environment_and_other_files() -> None:
    text = in_property(
        "secrets:\n  plain: abc\n  digits: 0123\n  number: 4711\n  long: {value: 12.50}\n"
        "  env: {from_env: DOOR}\n  file: {from_file: /run/door}"
    )
    (facts,) = book_of(text, environ={"DOOR": " 99\n"}, read_file={"/run/door": "77\n"}.__getitem__).all()
    values = {name: secret.value.reveal() for name, secret in facts.secrets.items() if secret.value}
    assert values == {
        "plain": "abc",
        "digits": "0123",
        "number": "4711",
        "long": "12.50",
        "env": "99",
        "file": "77",
    }
    assert not any(value in repr(facts) for value in ("abc", "0123", "4711", "12.50", "99'"))


def test_a_secret_that_cannot_be_had_is_a_warning_and_has_no_value() -> None:
    text = in_property("secrets:\n  env: {from_env: DOOR}\n  file: {from_file: /run/door}")
    (facts,) = book_of(text, warnings=2).all()
    assert [secret.value for secret in facts.secrets.values()] == [None, None]


@pytest.mark.parametrize("content", ["", " \n", "x" * 3000])
def test_a_secret_file_with_nothing_useful(content: str) -> None:
    text = in_property("secrets: {file: {from_file: f}}")
    (facts,) = book_of(text, warnings=1, read_file=lambda name: content).all()
    assert facts.secrets["file"].value is None


@pytest.mark.parametrize(
    ("lines", "line", "column", "code", "message"),
    [
        ("timezone: Lisboa", 4, 15, "P004", "there is no time zone 'Lisboa'"),
        ("timezone: ../../etc/passwd", 4, 15, "P004", "there is no time zone"),
        ("timezone: Europe", 4, 15, "P004", "there is no time zone 'Europe'"),
        ("language: gb", 4, 15, "P005", "'gb' is no language code"),
        ("language: EN", 4, 15, "P005", "'EN' is no language code"),
        ("groups: [old]", 4, 14, "P003", "there is no group 'old'"),
        ("facts: {pool: {en: a, prize: b}}", 4, 27, "P005", "'prize' is no language code"),
        ("facts: {Pool: a}", 4, 13, "S001", "the name of a fact has small letters"),
        ("facts: {name: a}", 4, 13, "P006", "'name' cannot be a fact"),
        ("facts: {pool: {en: [a]}}", 4, 24, "S006", "'en' needs a text, got a list"),
        ("fact: {a: b}", 4, 5, "S001", "unknown setting 'fact'"),
        ("secrets: {door: {value: 1, from_env: A}}", 4, 15, "P008", "needs one of"),
        ("secrets: {door: {}}", 4, 15, "P008", "needs one of"),
        ("secrets: {door: {vlaue: 1}}", 4, 22, "S001", "unknown setting 'vlaue'"),
        ("secrets: {door: [1]}", 4, 21, "S006", "'door' needs a text, a number or settings of its own"),
        ("secrets: {d: {value: 1, release: {before_arrival: 2}}}", 4, 55, "S006", "needs a length of time"),
        ("facts: {door: a}\nsecrets: {door: b}", 4, 13, "P011", "'door' is a secret (line 5)"),
        ("name: ''", 4, 11, "S004", "'name' must not be empty"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(
    lines: str, line: int, column: int, code: str, message: str
) -> None:
    (problem,) = problems_of(in_property(lines))
    assert (problem.line, problem.column, problem.code) == (line, column, code)
    assert message in problem.message
    assert problem.rule == "seaview"
    assert problem.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("properties: {a: {}}\n", "P001"),
        ("properties: {a: {channex_id: short}}\n", "P002"),
        (f"properties: {{a: {{channex_id: {ID}1, facts: {{check_in_from: 3 pm}}}}}}\n", "P007"),
    ],
)
def test_what_is_only_odd_is_a_warning(text: str, code: str) -> None:
    book, problems = load_properties(text, "properties.yaml", {}, no_file)
    assert book is not None
    assert [(p.code, p.severity) for p in problems] == [(code, Severity.WARNING)]


def test_two_properties_with_one_channex_id() -> None:
    text = f"properties:\n  a: {{channex_id: {ID}a}}\n  b: {{channex_id: {ID.upper()}A}}\n"
    (problem,) = problems_of(text)
    assert (problem.line, problem.code) == (3, "P010")
    assert "'a' has the same channex_id" in problem.message


def test_a_secret_of_a_group_is_no_open_fact_of_a_property() -> None:
    text = f"groups: {{g: {{secrets: {{door: a}}}}}}\nproperties: {{a: {{channex_id: {ID}a, facts: {{door: b}}}}}}\n"
    assert [p.code for p in problems_of(text)] == ["P011"]


def test_many_mistakes_in_one_run_each_told_once() -> None:
    found = problems_of(in_property("timezone: x\nlanguage: y\nfacts: {A: 1}\nsecrets: {d: {}}\nz: 1"))
    assert [(p.line, p.code) for p in found] == [
        (4, "P004"),
        (5, "P005"),
        (6, "S001"),
        (7, "P008"),
        (8, "S001"),
    ]


@pytest.mark.parametrize(
    ("code", "hint"),
    [("gb", "'en'"), ("DE", "'de'"), ("pt_br", "'pt-BR'"), ("english", "'en'"), ("x", "two small letters")],
)
def test_the_right_language_code_is_offered(code: str, hint: str) -> None:
    (problem,) = problems_of(in_property(f"language: {code}"))
    assert hint in problem.remedy


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(PROPERTIES_SCHEMA)
