"""What the checks find between the parts of a folder, and what they rightly leave alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoresponder.lint.linter import check_folder
from autoresponder.problems import Problem

RULE = "  - id: {name}\n    when: {{{when}text: {{any: [{name}]}}}}\n    reply: {name}\n"
PROPERTIES = """\
groups: {old: {}}
properties:
  seaview:
    channex_id: 5ea51e30-0001-4a00-8000-000000000001
    name: Seaview
    groups: [old]
    facts: {wifi_name: Guest, pool: on the roof, words: {en: hello, de: hallo}}
    secrets: {door_code: "471100"}
  harbour:
    channex_id: 4a4b0430-0002-4a00-8000-000000000002
    name: Harbour
    facts: {wifi_name: Loft, words: {en: hello, de: hallo}}
"""


def rule(name: str, when: str = "") -> str:
    return RULE.format(name=name, when=when)


def check(place: Path, files: dict[str, str]) -> list[Problem]:
    whole = {"properties.yaml": PROPERTIES, **files}
    for name, text in whole.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return check_folder(place, {})


def codes(problems: list[Problem]) -> list[tuple[str, int, str]]:
    return [(p.file, p.line, p.code) for p in problems]


def test_nothing_wrong_gives_nothing(tmp_path: Path) -> None:
    problems = check(
        tmp_path,
        {
            "autoresponder.yaml": "workers: 2\n",
            "rules/a.yaml": "rules:\n"
            + rule("wifi", "property: [sea*, HARBOUR], ")
            + rule("pool", "group: old, ")
            + rule("door", "booking: confirmed, property: 5ea51e30-0001-4a00-8000-000000000001, ")
            + "  - id: thanks\n    when: {provider: [booking_com, airbnb], text: {any: [thanks]}}\n"
            + "    then: [no_reply_needed]\n"
            + "  - id: note\n    when: {text: {any: [note]}}\n    text: |\n      Hello\n"
            + "      {% if guest.first_name %}{{ guest.first_name }}{% endif %}, {{ property.wifi_name }}\n",
            "templates/_reply.en.j2": "Hello!\n{{ body }}\n",
            "templates/_reply.de.j2": "Hallo!\n{{ body }}\n",
            "templates/wifi.en.j2": "It is {{ property.wifi_name }}. {{ property.words }}\n",
            "templates/wifi.de.j2": "Es ist {{ property.wifi_name }}. {{ property.words }}\n",
            "templates/pool.en.j2": "The pool is {{ property.pool }}.\n",
            "templates/pool.de.j2": "Der Pool: {{ property.pool }}.\n",
            "templates/door.en.j2": "{% if released('door_code') %}{{ property.door_code }}{% else %}Later.{% endif %}\n",
            "templates/door.de.j2": "{% if released('door_code') %}{{ property.door_code }}{% else %}Bald.{% endif %}\n",
        },
    )
    assert problems == []


def test_a_fact_that_a_text_can_do_without_need_not_exist(tmp_path: Path) -> None:
    problems = check(
        tmp_path,
        {
            "rules/a.yaml": "rules:\n" + rule("wifi"),
            "templates/wifi.en.j2": "{{ property.wifi_name }}.{% if property.sauna %} Sauna: {{ property.sauna }}.{% endif %}"
            "{{ property.pool | default('No pool.') }}\n",
        },
    )
    assert problems == []


def test_a_misspelt_fact_in_a_question_is_told(tmp_path: Path) -> None:
    text = "Hello.{% if property.wifi_nme %} {{ property.wifi_nme }}{% endif %}\n"
    problems = check(tmp_path, {"rules/a.yaml": "rules:\n" + rule("wifi"), "templates/wifi.en.j2": text})
    assert [(p.code, p.severity.value, p.column) for p in problems] == [("L003", "warning", 22)]


def test_a_rule_is_judged_by_its_own_properties(tmp_path: Path) -> None:
    files = {"templates/pool.en.j2": "The pool is {{ property.pool }}.\n"}
    everywhere = check(tmp_path / "a", {**files, "rules/a.yaml": "rules:\n" + rule("pool")})
    assert [p.message for p in everywhere] == ["'harbour' has no fact 'pool'"]
    there = check(
        tmp_path / "b", {**files, "rules/a.yaml": "rules:\n" + rule("pool", "property: [seaview], ")}
    )
    assert there == []


def test_a_fact_in_a_frame_counts(tmp_path: Path) -> None:
    problems = check(
        tmp_path,
        {
            "rules/a.yaml": "rules:\n" + rule("wifi"),
            "templates/_reply.en.j2": "{{ body }}\n{{ property.signature }}\n",
            "templates/wifi.en.j2": "Yes.\n",
        },
    )
    assert codes(problems) == [("templates/_reply.en.j2", 2, "L003")]


def test_facts_in_a_rules_own_text(tmp_path: Path) -> None:
    text = (
        "rules:\n  - id: a\n    when: {text: {any: [a]}}\n    text: |\n      One\n      {{ property.wfi_name }}\n"
        '  - id: b\n    when: {text: {any: [b]}}\n    text: "{{ property.pool }}"\n'
    )
    problems = check(tmp_path, {"rules/a.yaml": text})
    assert [(p.line, p.column, p.code, p.rule) for p in problems] == [
        (6, 19, "L003", "a"),
        (9, 24, "L004", "b"),
    ]


def test_a_template_that_others_include_is_used(tmp_path: Path) -> None:
    problems = check(
        tmp_path,
        {
            "rules/a.yaml": "rules:\n" + rule("wifi"),
            "templates/wifi.en.j2": "{% include 'more.en.j2' %}\n",
            "templates/more.en.j2": "More.\n",
            "templates/never.en.j2": "Never.\n",
        },
    )
    assert codes(problems) == [("templates/never.en.j2", 1, "L002")]


def test_a_rule_that_is_off_keeps_its_template(tmp_path: Path) -> None:
    problems = check(
        tmp_path,
        {
            "rules/a.yaml": "rules:\n" + rule("wifi") + "    enabled: false\n",
            "templates/wifi.en.j2": "{{ property.nothing_of_the_kind }}\n",
        },
    )
    assert problems == []


@pytest.mark.parametrize("file", ["templates/wifi.en.j2", "rules/a.yaml"])
def test_a_secret_in_plain_text_is_told_without_being_shown(tmp_path: Path, file: str) -> None:
    files = {"rules/a.yaml": "rules:\n" + rule("wifi"), "templates/wifi.en.j2": "Yes.\n"}
    if file == "rules/a.yaml":
        files[file] += "  - id: b\n    when: {text: {any: [b]}}\n    text: The door is 471100.\n"
    else:
        files[file] = "The door is 471100.\n"
    problems = check(tmp_path, files)
    assert [(p.file, p.code, p.severity.value) for p in problems] == [(file, "L008", "error")]
    assert "471100" not in repr(problems)


def test_a_secret_that_is_a_link_is_not_shown_when_the_ota_would_refuse_it(tmp_path: Path) -> None:
    link = "https://locks.example/471100"
    problems = check(
        tmp_path,
        {
            "properties.yaml": PROPERTIES.replace('"471100"', f'"{link}"'),
            "rules/a.yaml": "rules:\n" + rule("door", "property: seaview, provider: booking_com, "),
            "templates/door.en.j2": '{% if released("door_code") %}Open it with {{ property.door_code }}{% else %}Later{% endif %}\n',
        },
    )
    assert [p.code for p in problems] == ["L011"]
    assert "locks.example" not in repr(problems)


def test_a_link_that_the_extranet_approved_may_go_to_booking_com(tmp_path: Path) -> None:
    files = {
        "rules/a.yaml": "rules:\n" + rule("map", "provider: booking_com, "),
        "templates/map.en.j2": "See https://www.seaview.example/map\n",
    }
    unknown = check(tmp_path / "a", files)
    assert [p.code for p in unknown] == ["L011"]
    assert "approved_links" in unknown[0].remedy
    approved = check(
        tmp_path / "b",
        {**files, "autoresponder.yaml": "replies: {approved_links: [seaview.example]}\n"},
    )
    assert approved == []


def test_contact_data_is_fine_once_the_booking_is_confirmed(tmp_path: Path) -> None:
    files = {"templates/call.en.j2": "Call +351 912 345 678.\n"}
    unsure = check(tmp_path / "a", {**files, "rules/a.yaml": "rules:\n" + rule("call")})
    assert {p.code for p in unsure} == {"L011"}
    confirmed = check(
        tmp_path / "b", {**files, "rules/a.yaml": "rules:\n" + rule("call", "booking: confirmed, ")}
    )
    assert confirmed == []


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("provider: [airbnb, expedia], ", True),
        ("provider: airbnb, ", True),
        ("event: inquiry, ", True),
        ("provider: [airbnb, booking_com], ", False),
        ("", False),
    ],
)
def test_no_reply_needed_only_where_it_exists(tmp_path: Path, when: str, found: bool) -> None:
    text = "rules:\n" + rule("thanks", when).replace("reply: thanks", "then: [no_reply_needed]")
    problems = check(tmp_path, {"rules/a.yaml": text})
    assert [p.code for p in problems] == (["L007"] if found else [])


def test_a_group_that_is_named_where_there_are_none(tmp_path: Path) -> None:
    problems = check(
        tmp_path,
        {
            "properties.yaml": "properties:\n  a: {channex_id: 5ea51e30-0001-4a00-8000-000000000001}\n",
            "rules/a.yaml": "rules:\n" + rule("wifi", "group: old, "),
            "templates/wifi.en.j2": "Yes.\n",
        },
    )
    assert [(p.line, p.code, p.remedy) for p in problems] == [
        (3, "L010", "there are none yet; add it under groups:")
    ]


def test_unknown_places_also_inside_of_nested_conditions(tmp_path: Path) -> None:
    problems = check(
        tmp_path,
        {
            "rules/a.yaml": "rules:\n"
            + rule("wifi", "any: [{property: harbor}, {all: [{group: [old, odl]}]}], "),
            "templates/wifi.en.j2": "Yes.\n",
        },
    )
    assert [(p.line, p.code, p.remedy) for p in problems] == [
        (3, "L010", "did you mean 'harbour'?"),
        (3, "L010", "did you mean 'old'?"),
    ]


def test_broken_settings_do_not_hide_what_is_wrong_elsewhere(tmp_path: Path) -> None:
    problems = check(
        tmp_path,
        {
            "autoresponder.yaml": "workers: x\n",
            "rules/a.yaml": "rules:\n" + rule("wifi"),
            "templates/wifi.en.j2": "{{ nothing }}\n",
        },
    )
    assert codes(problems) == [("autoresponder.yaml", 1, "S006"), ("templates/wifi.en.j2", 1, "T003")]
