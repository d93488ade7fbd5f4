"""Managers' tests can say which files go out, and whether an inquiry is pre-approved."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoresponder.cli import execute
from tests.support.small_workspace import write_workspace

RULES = """\
rules:
  - id: welcome
    when: {event: inquiry, inquiry: {number_of_pets: 0}}
    text: "You are welcome to book."
    then: [preapprove]
"""
CASES = """\
tests:
  - name: map
    message: Can you send a map?
    expect: {rule: way, reply: {files: [FILE]}}
  - name: inquiry
    inquiry: {number_of_pets: 0}
    expect: {rule: welcome, reply: {preapproves: APPROVES}}
"""


@pytest.mark.parametrize(
    ("file", "approves", "code", "told"),
    [
        ("map.png", "true", 0, ""),
        ("other.png", "true", 1, "expected the files: other.png; got: map.png"),
        ("map.png", "false", 1, "the inquiry is pre-approved"),
    ],
)
def test_files_and_preapprovals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, approves: str, code: int, told: str
) -> None:
    write_workspace(tmp_path)
    (tmp_path / "autoresponder.yaml").write_text("guards: {preapprove: true}\n")
    (tmp_path / "rules" / "welcome.yaml").write_text(RULES)
    (tmp_path / "tests").mkdir()
    text = CASES.replace("FILE", file).replace("APPROVES", approves)
    (tmp_path / "tests" / "parts.yaml").write_text(text)
    assert execute(["test", "-C", str(tmp_path)]) == code
    shown = capsys.readouterr()
    assert told in " ".join((shown.out + shown.err).split())
