"""Recorded replies (`snapshot: true`), and what `check` says about test files."""

from __future__ import annotations

import sys
from io import StringIO
from pathlib import Path

import pytest

from autoresponder import cli
from autoresponder.lint.linter import check_folder
from autoresponder.problems import Severity
from autoresponder.reload import errors_in
from tests.support.small_workspace import settings_for, write_workspace

CASE = """\
tests:
  - name: Wi-Fi, in whole
    message: what is the wifi?
    property: seaview
    expect: {rule: wifi, reply: {snapshot: true}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CI", raising=False)
    place = write_workspace(tmp_path / "small")
    write(place, CASE)
    return place


def write(folder: Path, text: str) -> None:
    (folder / "tests").mkdir(exist_ok=True)
    (folder / "tests" / "a.test.yaml").write_text(text, encoding="utf-8")


def test(folder: Path, *more: str) -> int:
    return cli.execute(["test", "-C", str(folder), *more])


test.__test__ = False  # type: ignore[attr-defined]


def recorded(folder: Path) -> list[Path]:
    return sorted((folder / "tests" / "snapshots").rglob("*.txt"))


def answer(folder: Path, text: str) -> None:
    (folder / "templates" / "wifi.en.j2").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("ci", [False, True])
def test_a_reply_that_was_never_recorded_fails(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, ci: bool
) -> None:
    if ci:
        monkeypatch.setenv("CI", "true")
    assert test(folder) == 1
    shown = capsys.readouterr()
    assert "the reply was never recorded" in shown.out
    assert "--update" in shown.out
    assert not recorded(folder), "a run without --update records nothing"


def test_an_automatic_build_does_not_record(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    assert test(folder, "--update", "--yes") == 2
    assert "at your desk" in capsys.readouterr().err
    assert not recorded(folder)


def test_a_recorded_reply_holds_until_it_changes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert test(folder, "--update", "--yes") == 0
    (file,) = recorded(folder)
    assert "Seaview-Guest" in file.read_text("utf-8")
    assert "(new)" in capsys.readouterr().err
    assert test(folder) == 0
    answer(folder, "The net is called {{ property.wifi_name }}.\n")
    capsys.readouterr()
    assert test(folder) == 1
    shown = capsys.readouterr().out
    assert "- The network is called Seaview-Guest." in shown
    assert "+ The net is called Seaview-Guest." in shown
    before = file.read_bytes()
    assert test(folder) == 1
    assert file.read_bytes() == before
    assert test(folder, "--update", "--yes") == 0
    assert "The net is called" in file.read_text("utf-8")
    capsys.readouterr()
    assert test(folder, "--update", "--yes") == 0
    assert "Every recorded reply is as it should be." in capsys.readouterr().err


class Terminal(StringIO):
    """Somebody at a keyboard."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("said", "written"), [("y\n", 1), ("n\n", 0)])
def test_recording_is_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, said: str, written: int
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(said))
    assert test(folder, "--update") == (0 if written else 1)
    assert len(recorded(folder)) == written


def test_the_reply_of_a_test_that_is_wrong_otherwise_is_not_recorded(folder: Path) -> None:
    write(folder, CASE.replace("rule: wifi", "rule: parking"))
    assert test(folder, "--update", "--yes") == 1
    assert not recorded(folder)


def test_a_recorded_reply_without_a_test_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert test(folder, "--update", "--yes") == 0
    write(folder, CASE.replace("in whole", "altogether"))
    capsys.readouterr()
    assert test(folder) == 1
    assert "belongs to no test any more" in capsys.readouterr().err


def test_line_ends_of_another_system_do_not_count(folder: Path) -> None:
    assert test(folder, "--update", "--yes") == 0
    (file,) = recorded(folder)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert test(folder) == 0


def test_nothing_is_recorded_outside_of_the_folder(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "tests" / "snapshots").symlink_to(elsewhere)
    assert test(folder, "--update", "--yes") in (1, 2, 3)
    assert not list(elsewhere.iterdir())
    assert capsys.readouterr().err


MISTAKES = [
    ("expect: {rule: wfi}", "wfi", "did you mean 'wifi'?"),
    ("expect: {rule: wifi}, stray: 1", "stray", ""),
    ("expect: {rule: wifi}, propery: seaview", "propery", "did you mean 'property'?"),
    ("expect: {rule: wifi}, property: seavew", "seavew", "did you mean 'seaview'?"),
    ("expect: {rule: wifi}, at: 2026-02-30T10:00", "2026-02-30T10:00", ""),
    ("expect: {rule: wifi}, booking: {arrival: 2026-13-01}", "2026-13-01", ""),
]


@pytest.mark.parametrize(("entry", "word", "remedy"), MISTAKES)
def test_check_points_at_the_mistake_in_a_test_file(folder: Path, entry: str, word: str, remedy: str) -> None:
    line = f"  - {{name: a, message: wifi, {entry}}}"
    write(folder, f"tests:\n{line}\n")
    (problem,) = [p for p in check_folder(folder, {}) if p.file.startswith("tests/")]
    assert (problem.file, problem.line) == ("tests/a.test.yaml", 2)
    assert line[problem.column - 1 :].startswith(word)
    assert remedy in problem.remedy
    assert problem.severity is Severity.ERROR
    assert cli.execute(["check", str(folder)]) == 1


def test_a_mistake_in_a_test_file_keeps_no_rules_from_guests(folder: Path) -> None:
    write(folder, "tests: [{name: a}]\n")
    assert check_folder(folder, {})
    assert errors_in(settings_for(folder, "http://127.0.0.1:1"), {}) == []


def test_names_are_not_called_unknown_when_the_rules_are_broken(folder: Path) -> None:
    (folder / "rules" / "rules.yaml").write_text("rules: [{id: x, whn: 1}]\n", encoding="utf-8")
    assert {p.file for p in check_folder(folder, {})} == {"rules/rules.yaml"}
