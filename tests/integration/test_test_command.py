"""`autoresponder test` as a manager uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autoresponder import cli

MINE = """\
tests:
  - name: parking
    message: Is there parking?
    expect: {rule: RULE}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "rentals"
    assert cli.execute(["init", str(place)]) == 0
    return place


def test_a_fresh_folder_is_green(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert cli.execute(["test", "-C", str(folder)]) == 0
    assert "3 passed" in capsys.readouterr().out


def test_a_failure_names_the_rule_that_took_the_message(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "tests" / "mine.test.yaml").write_text(MINE.replace("RULE", "wifi"), encoding="utf-8")
    capsys.readouterr()
    assert cli.execute(["test", "-C", str(folder)]) == 1
    shown = capsys.readouterr().out
    assert "expected rule wifi, got rule parking" in shown
    assert "tests/mine.test.yaml:2" in shown
    assert cli.execute(["test", "-C", str(folder), "--format", "json"]) == 1
    json.loads(capsys.readouterr().out)
    report = folder / "report.xml"
    assert cli.execute(["test", "-C", str(folder), "--junit", str(report)]) == 1
    assert 'failures="1"' in report.read_text("utf-8")


def test_an_unknown_rule_is_a_mistake_in_the_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "tests" / "mine.test.yaml").write_text(MINE.replace("RULE", "parkng"), encoding="utf-8")
    capsys.readouterr()
    assert cli.execute(["test", "-C", str(folder)]) == 2
    captured = capsys.readouterr()
    assert "did you mean 'parking'" in captured.out + captured.err


def test_no_test_at_all_is_no_success(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in (folder / "tests").iterdir():
        file.unlink()
    assert cli.execute(["test", "-C", str(folder)]) == 2
    capsys.readouterr()


def test_a_gap_that_is_closed_must_be_taken_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = MINE.replace("RULE", "parking") + "    known_gap: not yet understood\n"
    (folder / "tests" / "mine.test.yaml").write_text(text, encoding="utf-8")
    assert cli.execute(["test", "-C", str(folder)]) == 1
    assert "known_gap" in capsys.readouterr().out


def test_coverage_names_rules_without_a_test(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert cli.execute(["test", "-C", str(folder), "--coverage"]) == 0
    assert "no test" in capsys.readouterr().out
    assert cli.execute(["test", "-C", str(folder), "--coverage-threshold", "90"]) == 1
