"""Source lines in reports never show what is secret."""

from __future__ import annotations

import pytest

from autoresponder.yamltext import parse
from autoresponder.yamltext.privacy import excerpt, is_private


@pytest.mark.parametrize(
    ("text", "line", "shown"),
    [
        ("channex:\n  api_key: abc", 2, "  api_key: ***"),
        ("store: redis://:hunter2@host:6379/0", 1, "store: redis://********@host:6379/0"),
        ("secrets: {door: 1234, gate: 'x y'}", 1, "secrets: {door: ****, gate: *****}"),
        ("secrets:\n  door: 1234", 2, "  door: ****"),
        ("a:\n  secrets:\n    door:\n      vlaue: 12", 4, "      vlaue: **"),
        ("secrets:\n  door: {from_env: DOOR, release: {before_arrival: 2d}}", 2, None),
        ("secrets:\n  door: |\n    12 34", 3, "    ** **"),
        ("secrets:\n  door: [12, 34]", 2, "  door: ********"),
        ("secrets:\n  door: 1\nfacts:\n  name: Sea", 4, None),
        ("wifi_password: hunter2", 1, "wifi_password: *******"),
        ("title: nothing hidden", 1, None),
    ],
)
def test_lines_are_blotted_out_and_keep_their_columns(text: str, line: int, shown: str | None) -> None:
    lines = text.split("\n")
    assert excerpt(lines, line, 1) == (lines[line - 1] if shown is None else shown)
    assert len(excerpt(lines, line, 1)) == len(lines[line - 1])


def test_a_file_that_cannot_be_read_does_not_show_its_secrets() -> None:
    for line in (
        'door: "hunter2',
        "door:hunter2",
        "door hunter2",
        "door: *hunter2",
        "door: @hunter2",
        "door = hunter2",
    ):
        _, problems = parse(
            f"properties:\n  a:\n    secrets:\n      {line}\n      wifi: {{value: x}}\n", "p.yaml"
        )
        assert problems
        assert "hunter2" not in repr(problems)


def test_private_ways() -> None:
    assert is_private(("properties", "a", "secrets", "door"))
    assert is_private(("channex", "API_KEY"))
    assert not is_private(("properties", "a", "facts", "door", 0))


def test_lines_too_long_to_show() -> None:
    assert len(excerpt(["x" * 5000], 1, 1)) == 1000
    assert excerpt(["x" * 5000], 1, 3000) == ""
    assert excerpt(["x"], 7, 1) == ""


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ('      door_code: {value: "4711#", release: {before_arrival: 24h}}', "#"),
        ('      door_code: {value: "ab#cd\\"ef", release: {before_arrival: 24h}}', "cd"),
        ("      door_code: {value: ab#cd x, release: {before_arrival: 24h}}", "cd"),
        ("      door_code: 'ab#cd'", "cd"),
        ("      door_code: ab#cd  # of the front door", "cd"),
        ('api_key: "ab#cd"', "cd"),
    ],
)
def test_a_number_sign_in_a_secret_hides_nothing_less(line: str, secret: str) -> None:
    assert secret not in excerpt(["properties:", "  secrets:", line], 3, 1).partition("  # ")[0]
