"""Test files of managers: what is read out of them, and what is said about their mistakes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from autoresponder.cases.reading import Known, load_cases
from autoresponder.cases.spec import Case, Side
from autoresponder.lint.report import render_human
from autoresponder.model import Provider, StayStage
from autoresponder.problems import Problem

KNOWN = Known(rules=["wifi", "parking", "late-checkout"], properties=["seaview", "harbour-loft"])


def read(text: str, known: Known = KNOWN) -> tuple[list[Case], list[Problem]]:
    return load_cases({"tests/a.yaml": text}, known)


def one(text: str) -> Case:
    cases, problems = read(text)
    assert not problems, render_human(problems)
    (case,) = cases
    return case


def test_a_test_is_read_with_its_place() -> None:
    case = one(
        """\
# a comment
tests:
  - name: wifi
    message: What's the wifi?
    expect: {rule: wifi}
"""
    )
    assert (case.file, case.line, case.name) == ("tests/a.yaml", 3, "wifi")
    assert [(line.side, line.text) for line in case.lines] == [(Side.GUEST, "What's the wifi?")]
    assert case.expected.rules == {"wifi"}
    assert case.stay is StayStage.BEFORE_ARRIVAL
    assert case.provider is Provider.BOOKING_COM


def test_defaults_hold_where_a_test_is_silent() -> None:
    cases, problems = read(
        """\
defaults: {property: seaview, stay: in_stay, provider: expedia, booking: {adults: 3, country: de}}
tests:
  - {name: a, message: hi, expect: {rule: none}}
  - {name: b, message: hi, stay: after_stay, booking: {adults: 1}, expect: {rule: none}}
"""
    )
    assert not problems
    first, second = cases
    assert (first.place, first.stay, first.provider) == ("seaview", StayStage.IN_STAY, Provider.EXPEDIA)
    assert first.expected.rules == frozenset()
    assert second.stay is StayStage.AFTER_STAY
    assert (second.booking.adults, second.booking.country) == (1, "de")


def test_times_are_days_with_hours_or_hours_alone() -> None:
    assert one(
        'tests: [{name: a, message: x, at: "22:10", expect: {rule: none}}]'
    ).at == datetime.fromisoformat("2026-06-03T22:10")
    assert one(
        "tests: [{name: a, message: x, at: 2026-05-01 07:05, expect: {rule: none}}]"
    ).at == datetime.fromisoformat("2026-05-01T07:05")


def test_the_days_of_a_booking_tell_the_stay() -> None:
    case = one(
        """\
tests:
  - name: a
    message: x
    at: 2026-05-04T09:00
    booking: {arrival: 2026-05-01, departure: 2026-05-04}
    expect: {rule: none}
"""
    )
    assert case.stay is StayStage.DEPARTURE_DAY
    assert case.booking.arrival == date(2026, 5, 1)


def test_a_conversation_keeps_its_times() -> None:
    case = one(
        """\
tests:
  - name: a
    conversation:
      - {guest: one, before: 2h}
      - {autoresponder: two, rule: wifi}
      - {guest: three, attachment: true}
      - guest: four
    expect: {rule: none}
"""
    )
    assert [line.before for line in case.lines] == [
        timedelta(hours=2),
        timedelta(minutes=2),
        timedelta(minutes=1),
        timedelta(0),
    ]
    assert case.lines[1].rule == "wifi"
    assert case.lines[2].attachment


WRONG = [
    ("message: x, expect: {rule: wfi}", "wfi", "K001", "did you mean 'wifi'?"),
    ("message: x, expect: {rules: [wifi, parkin]}", "parkin", "K001", "did you mean 'parking'?"),
    (
        "message: x, expect: {not_rules: [late-chekout]}",
        "late-chekout",
        "K001",
        "did you mean 'late-checkout'?",
    ),
    ("message: x, property: sea-view, expect: {rule: wifi}", "sea-view", "K002", "did you mean 'seaview'?"),
    ("expect: {rule: wifi}", "n1", "K003", "message"),
    ("message: x, messages: [y], expect: {rule: wifi}", "messages", "K003", "keep one"),
    ("conversation: [{property: y}], expect: {rule: wifi}", "conversation", "K003", "guest"),
    (
        "conversation: [{guest: y}, {autoresponder: z}], expect: {rule: wifi}",
        "conversation",
        "K003",
        "guest writes then",
    ),
    ("message: x, at: 2026-02-30T10:00, expect: {rule: wifi}", "2026-02-30T10:00", "K005", ""),
    ("message: x, at: tomorrow, expect: {rule: wifi}", "tomorrow", "S005", ""),
    ("message: x, booking: {arrival: 2026-02-30}, expect: {rule: wifi}", "2026-02-30", "K005", ""),
    (
        "message: x, booking: {arrival: 2026-06-02, departure: 2026-06-01}, expect: {rule: wifi}",
        "2026-06-01",
        "K006",
        "",
    ),
    (
        "message: x, stay: after_stay, booking: {arrival: 2026-07-02}, expect: {rule: wifi}",
        "after_stay",
        "K006",
        "",
    ),
    ("inquiry: {}, stay: in_stay, expect: {rule: wifi}", "in_stay", "K006", ""),
    ("message: x, expect: {rule: wifi, rules: [wifi]}", "rules", "K009", "keep one"),
    ("message: x, expect: {rule: wifi, not_rules: [wifi]}", "not_rules", "K009", ""),
    ("message: x, expect: {outcome: hold, reply: {contains: [x]}}", "reply", "K009", ""),
    ("message: x, language: german, expect: {rule: wifi}", "german", "K010", "de"),
    (
        "conversation: [{guest: x, before: 1h}, {guest: y, before: 2h}, {guest: z}], expect: {rule: none}",
        "1h",
        "K011",
        "",
    ),
    ("mesage: x, expect: {rule: wifi}", "mesage", "S001", "did you mean 'message'?"),
    ("message: x, expect: {outcome: reply_now}", "reply_now", "S003", "did you mean"),
    ("message: x, stay: in-stay, expect: {rule: wifi}", "in-stay", "S003", "did you mean 'in_stay'?"),
]


@pytest.mark.parametrize(("entry", "word", "code", "remedy"), WRONG)
def test_a_mistake_is_told_where_it_stands(entry: str, word: str, code: str, remedy: str) -> None:
    line = f"  - {{name: n1, {entry}}}"
    text = f"tests:\n{line}\n  - {{name: n2, message: x, expect: {{rule: wifi}}}}\n"
    cases, problems = read(text)
    assert [case.name for case in cases] == ["n2"], "the other test is kept"
    (problem,) = problems
    assert problem.code == code
    assert problem.line == 2
    assert line[problem.column - 1 :].startswith(word), line[problem.column - 1 :]
    assert remedy in problem.remedy
    assert problem.rule == "n1"
    assert problem.excerpt == line


def test_a_mistake_in_the_defaults_is_told_there() -> None:
    text = "defaults: {property: sea}\ntests:\n  - {name: a, message: x, expect: {rule: wifi}}\n"
    cases, problems = read(text)
    assert not cases
    assert {(p.code, p.line, p.column) for p in problems} == {("K002", 1, 22)}


def test_one_name_is_for_one_test() -> None:
    text = (
        "tests:\n"
        "  - {name: Some  wifi, message: x, expect: {rule: wifi}}\n  - {name: some wifi, message: y, expect: {rule: wifi}}\n"
    )
    _, problems = read(text)
    (problem,) = problems
    assert (problem.code, problem.line) == ("K004", 3)
    assert "line 2" in problem.message


@pytest.mark.parametrize("text", ["", "# nothing\n", "tests: []\n", "tests:\n"])
def test_a_file_without_a_test_is_a_mistake(text: str) -> None:
    cases, problems = read(text)
    assert not cases
    assert len(problems) == 1


def test_a_broken_file_takes_nothing_from_another() -> None:
    good = "tests: [{name: a, message: x, expect: {rule: wifi}}]"
    cases, problems = load_cases({"tests/bad.yaml": "tests:\n\t- x", "tests/good.yaml": good}, KNOWN)
    assert [case.file for case in cases] == ["tests/good.yaml"]
    assert [(p.file, p.line) for p in problems] == [("tests/bad.yaml", 2)]


def test_names_are_not_judged_when_the_rules_could_not_be_read() -> None:
    cases, problems = read("tests: [{name: a, message: x, property: b, expect: {rule: c}}]", Known())
    assert cases
    assert not problems
