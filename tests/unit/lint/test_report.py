"""How findings are shown."""

from __future__ import annotations

import json

from autoresponder.lint.report import render_human, render_json
from autoresponder.problems import Problem, Severity


def problem(**changes: object) -> Problem:
    values: dict[str, object] = {
        "file": "rules/a.yaml",
        "line": 8,
        "column": 13,
        "length": 8,
        "code": "S001",
        "message": "unknown setting 'tempalte'",
        "remedy": "did you mean 'template'?",
        "rule": "checkout",
        "excerpt": "    reply: {tempalte: checkout.j2}",
    }
    return Problem(**{**values, **changes})  # type: ignore[arg-type]


def test_a_problem_has_place_excerpt_caret_and_remedy() -> None:
    assert render_human([problem()]) == (
        "rules/a.yaml:8:13  ERROR S001  unknown setting 'tempalte'   “checkout”\n"
        "  |\n"
        "8 |     reply: {tempalte: checkout.j2}\n"
        "  |             ^^^^^^^^  did you mean 'template'?\n"
        "\n"
        "1 error in 1 file."
    )


def test_nothing_wrong_is_said_in_one_line() -> None:
    assert render_human([]) == "No problems found."


def test_without_a_source_line_the_remedy_stands_below() -> None:
    shown = render_human([problem(excerpt="", rule="", severity=Severity.WARNING)])
    assert shown.split("\n")[:2] == [
        "rules/a.yaml:8:13  WARN S001  unknown setting 'tempalte'",
        "  did you mean 'template'?",
    ]


def test_order_and_counts() -> None:
    shown = render_human(
        [
            problem(line=9, code="B"),
            problem(line=2, code="A"),
            problem(file="a.yaml", severity=Severity.WARNING, code="C"),
        ]
    )
    assert [line.split()[0] for line in shown.split("\n") if "ERROR" in line or "WARN" in line] == [
        "a.yaml:8:13",
        "rules/a.yaml:2:13",
        "rules/a.yaml:9:13",
    ]
    assert shown.endswith("2 errors, 1 warning in 2 files.")


def test_the_same_finding_many_times_is_told_once_with_a_count() -> None:
    shown = render_human([problem(line=n) for n in range(1, 12)])
    assert "[+10 more]" in shown
    assert shown.count("ERROR") == 1
    assert shown.endswith("11 errors in 1 file.")


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "x" * 500 + "WRONG" + "y" * 500
    block = render_human([problem(excerpt=line, column=501, length=5)]).split("\n")
    shown, caret = block[2], block[3]
    start = caret.index("^")
    assert shown[start : start + 5] == "WRONG"
    assert len(shown) < 120
    assert shown.count("…") == 2


def test_wide_characters_do_not_move_the_caret_away() -> None:
    block = render_human([problem(excerpt='any: [停车场, "x"]', column=12, length=3, remedy="")]).split("\n")
    assert block[3] == "  | " + " " * (len("any: [停车场, ") + 3) + "^^^"


def test_nothing_in_a_file_can_play_tricks_on_the_terminal() -> None:
    shown = render_human([problem(excerpt="a\x1b[2Jb\u202ec\td", message="got \x1b]0;x\x07", column=1)])
    assert not any(c in shown for c in "\x1b\x07\u202e\t")


def test_colours_only_when_asked_for() -> None:
    assert "\x1b[" not in render_human([problem()])
    assert "\x1b[" in render_human([problem()], colour=True)


def test_json_has_everything() -> None:
    answer = json.loads(render_json([problem(), problem(severity=Severity.WARNING, line=1)]))
    assert (answer["errors"], answer["warnings"]) == (1, 1)
    assert answer["problems"][1] == {
        "file": "rules/a.yaml",
        "line": 8,
        "column": 13,
        "length": 8,
        "severity": "error",
        "code": "S001",
        "message": "unknown setting 'tempalte'",
        "remedy": "did you mean 'template'?",
        "rule": "checkout",
        "excerpt": "    reply: {tempalte: checkout.j2}",
    }
