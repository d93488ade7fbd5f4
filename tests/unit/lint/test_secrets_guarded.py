"""Replies that name a secret to guests who may not be told it are found; guarded ones are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoresponder.lint.linter import check_folder
from autoresponder.problems import Problem

NAMED = "The code is {{ property.door_code }}."
GUARDED = '{% if released("door_code") %}' + NAMED + "{% else %}Later.{% endif %}"
EVERYBODY = "be told only to guests with a booking, around the stay: others get"


def check(
    place: Path, when: str, text: str, *, release: str = "{before_arrival: 24h}", more: str = ""
) -> list[Problem]:
    files = {
        "properties.yaml": "properties:\n  seaview:\n    name: Seaview\n"
        "    channex_id: 5ea51e30-0001-4a00-8000-000000000001\n    secrets:\n"
        f"      door_code: {{from_env: DOOR_CODE, release: {release}}}\n      gate: '471100'\n",
        "rules/a.yaml": f"rules:\n  - id: door\n    when: {{text: {{any: [door]}}{when}}}\n    reply: door\n{more}",
        "templates/door.en.j2": text + "\n",
    }
    for name, content in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(content, encoding="utf-8")
    return [p for p in check_folder(place, {"DOOR_CODE": "4711"}) if p.code in ("L017", "L024")]


@pytest.mark.parametrize(
    ("when", "release", "who"),
    [
        ("", "{}", EVERYBODY),
        (
            ", booking: confirmed",
            "{}",
            "not be told to guests more than 24 h before check-in or after the stay: they get",
        ),
        (
            ", stay: [before_arrival, cancelled]",
            "{before_arrival: 3d}",
            "not be told to guests who cancelled or more than 3 days",
        ),
        (
            ", booking: confirmed, stay: arrival_day",
            "{before_arrival: 2h}",
            "not be told to guests more than 2 h before check-in",
        ),
        (
            ", booking: confirmed, stay: [in_stay, after_stay]",
            "{after_departure: 2h}",
            "not be told to guests more than 2 h after",
        ),
        (
            ", booking: confirmed, stay: before_arrival, stay_details: {arrival_date: {within_days: 2}}",
            "{}",
            "not be told to guests more",
        ),
        (
            ", booking: [none, confirmed], stay: [inquiry, in_stay]",
            "{}",
            "not be told to guests without a booking: they",
        ),
        (
            ", booking: confirmed, stay: [before_arrival, arrival_day]",
            "{before_arrival: 0h}",
            "not be told to guests before check-in",
        ),
    ],
)
def test_those_who_would_get_no_answer_are_named(tmp_path: Path, when: str, release: str, who: str) -> None:
    (problem,) = check(tmp_path, when, NAMED, release=release)
    assert (problem.code, problem.severity.value) == ("L024", "warning")
    assert (problem.file, problem.line, problem.column) == ("templates/door.en.j2", 1, 25)
    assert problem.message.startswith(f"the secret 'door_code' may {who}")
    assert '{% if released("door_code") %}' in problem.remedy


@pytest.mark.parametrize(
    ("when", "release", "text"),
    [
        ("", "{}", GUARDED),
        (
            "",
            "{}",
            "{% if booking.status == 'confirmed' and released('door_code') %}"
            + NAMED
            + "{% else %}No.{% endif %}",
        ),
        (", booking: confirmed, stay: [arrival_day, in_stay, departure_day]", "{}", NAMED),
        (", booking: confirmed, stay: [in_stay, departure_day]", "{before_arrival: 0h}", NAMED),
        (
            ", booking: confirmed, stay: [before_arrival], stay_details: {arrival_date: {within_days: 2}}",
            "{before_arrival: 3d}",
            NAMED,
        ),
        (", booking: confirmed", "{}", GUARDED.replace('"', "'")),
    ],
)
def test_a_reply_that_minds_the_window_is_left_alone(
    tmp_path: Path, when: str, release: str, text: str
) -> None:
    assert check(tmp_path, when, text, release=release) == []


def test_a_window_that_no_guest_of_the_rule_is_in_is_another_finding(tmp_path: Path) -> None:
    assert [p.code for p in check(tmp_path, ", booking: none", NAMED)] == ["L017"]


def test_each_secret_of_a_text_is_told_once_and_the_rules_are_counted(tmp_path: Path) -> None:
    more = "  - id: gate\n    when: {text: {any: [gate]}, booking: confirmed}\n    reply: door\n"
    problems = check(tmp_path, ", booking: confirmed", NAMED + " {{ property.gate }}", more=more)
    assert [(p.message.split("'")[1], p.rule) for p in problems] == [
        ("door_code", "door and 1 more"),
        ("gate", "door and 1 more"),
    ]


def test_a_rule_s_own_text_is_pointed_into(tmp_path: Path) -> None:
    more = "  - id: gate\n    when: {text: {any: [gate]}, booking: confirmed}\n    text: Type {{ property.gate }}.\n"
    (problem,) = check(tmp_path, "", GUARDED, more=more)
    assert (problem.file, problem.line, problem.column) == ("rules/a.yaml", 7, 28)
    assert "471100" not in repr(problem)


def test_one_language_without_the_question_is_found(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/door.de.j2").write_text("Der Code: {{ property.door_code }}\n", encoding="utf-8")
    problems = check(tmp_path, "", GUARDED)
    assert [p.file for p in problems] == ["templates/door.de.j2"]
