"""Comments that allow a warning."""

from __future__ import annotations

from datetime import date

import pytest

from autoresponder.lint.allowing import without_allowed
from autoresponder.problems import Problem, Severity

TODAY = date(2026, 5, 1)
FILE = "rules/a.yaml"


def warning(line: int, code: str = "L009", *, severity: Severity = Severity.WARNING) -> Problem:
    return Problem(file=FILE, line=line, code=code, message="odd", severity=severity)


def left(text: str, *problems: Problem) -> list[tuple[int, int, str]]:
    found = without_allowed(problems, {FILE: text}, TODAY)
    return sorted((p.line, p.column, p.code) for p in found)


def test_a_comment_alone_is_about_the_next_line_that_is_none() -> None:
    text = "rules:\n  # check: allow L009 because the owner wants it\n  # another remark\n\n  - id: wifi\n"
    assert left(text, warning(5)) == []
    assert left(text, warning(4)) == [(2, 3, "A004"), (4, 1, "L009")]


def test_a_comment_behind_something_is_about_its_own_line() -> None:
    text = "  - id: wifi  # check: allow L009, l010 until 2026-05-01 because it is mended soon\n"
    assert left(text, warning(1), warning(1, "L010")) == []
    assert left(text, warning(1)) == [(1, 15, "A004")]


def test_what_is_about_the_whole_file_is_allowed_in_its_first_line() -> None:
    text = "# check: allow L009 because it will be filled\n- id: wifi\n"
    assert left(text, warning(1)) == []


def test_a_template_says_it_in_its_own_way() -> None:
    text = "{# check: allow T011 because the code comes on the day #}\nThe code is {{ property.code }}\n"
    assert left(text, warning(2, "T011")) == []


@pytest.mark.parametrize(
    ("comment", "code", "said"),
    [
        ("# check: allow", "A001", "CODE until 2027-01-31 because"),
        ("# check: allow L009", "A001", "# check: allow L009 because"),
        ("# check: allow L009 because", "A001", "does not say why"),
        ("# check: allow L009 for the owner", "A001", "CODE until"),
        ("# check: allow L0009 because of the owner", "A002", "did you mean 'L009'?"),
        ("# check: allow L009 until 2026-04-30 because of the owner", "A003", "2026-04-30"),
        ("# check: allow L009 until tomorrow because of the owner", "A003", "no such day: tomorrow"),
    ],
)
def test_a_comment_that_does_not_hold_says_what_to_write(comment: str, code: str, said: str) -> None:
    found = without_allowed([warning(2)], {FILE: f"{comment}\n- id: wifi\n"}, TODAY)
    assert {p.code for p in found} == {code, "L009"}
    (told,) = [p for p in found if p.code == code]
    assert told.severity is Severity.WARNING
    assert said in f"{told.message} {told.remedy}"


def test_an_error_is_not_allowed() -> None:
    text = "# check: allow S001 because I want it\n- id: wifi\n"
    assert left(text, warning(2, "S001", severity=Severity.ERROR)) == [(1, 1, "A005"), (2, 1, "S001")]


def test_a_text_that_only_looks_like_one_is_none() -> None:
    assert left('text: "see#check: allow L009 because"\n', warning(1)) == [(1, 1, "L009")]
