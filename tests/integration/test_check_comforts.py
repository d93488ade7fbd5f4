"""Comforts of `check` as a manager meets them, in a folder as `init` makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoresponder.cli import execute
from autoresponder.cli.watching import again_on_change


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    place = tmp_path / "rentals"
    assert execute(["init", str(place)]) == 0
    capsys.readouterr()
    return place


ALLOWED = "{# check: allow L002 until 2999-12-31 because it waits for the summer #}\n"


def test_a_warning_can_be_allowed_with_a_reason(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template = folder / "templates" / "sauna.en.j2"
    template.write_text("The sauna is open.\n", encoding="utf-8")
    assert execute(["check", "-C", str(folder), "--strict"]) == 1
    assert "L002" in capsys.readouterr().out
    template.write_text(ALLOWED + "The sauna is open.\n", encoding="utf-8")
    assert execute(["check", "-C", str(folder), "--strict"]) == 0
    template.write_text(ALLOWED.replace("2999", "2025") + "The sauna is open.\n", encoding="utf-8")
    assert execute(["check", "-C", str(folder), "--strict"]) == 1
    shown = capsys.readouterr().out
    assert "L002" in shown
    assert "A003" in shown


def test_a_code_of_the_output_is_explained(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "templates" / "sauna.en.j2").write_text("The sauna is open.\n", encoding="utf-8")
    execute(["check", "-C", str(folder)])
    assert "L002" in capsys.readouterr().out
    assert execute(["explain-code", "L002"]) == 0
    assert "No rule replies with this template." in capsys.readouterr().out


BROKEN = """\
rules:
  - id: sauna
    tilte: Sauna
    when: {topics: {any: [wiffi]}, property: chalet}
    enabled: yes
    text: {{ property.name }} has a sauna.
"""


def test_fix_shows_repairs_and_writes_them_when_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = folder / "rules" / "90-mine.yaml"
    rules.write_text(BROKEN, encoding="utf-8")
    assert execute(["check", "-C", str(folder), "--fix"]) == 1
    shown = capsys.readouterr()
    assert "-    tilte: Sauna\n" in shown.out
    assert "+    title: Sauna\n" in shown.out
    assert "add --yes to write" in shown.err
    assert rules.read_text(encoding="utf-8") == BROKEN
    execute(["check", "-C", str(folder), "--fix", "--yes"])
    repaired = rules.read_text(encoding="utf-8")
    assert "title: Sauna" in repaired
    assert "any: [wifi]" in repaired
    assert "enabled: true" in repaired
    assert 'text: "{{ property.name }} has a sauna."' in repaired
    assert "property: chalet}" in repaired  # no property is so near that it must be meant


def test_fix_leaves_alone_what_it_would_not_make_better(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert execute(["check", "-C", str(folder), "--fix", "--yes"]) == 0
    assert "Nothing here can be repaired" in capsys.readouterr().err


def test_fix_keeps_line_ends_and_tabs_become_spaces(folder: Path) -> None:
    rules = folder / "rules" / "90-mine.yaml"
    rules.write_bytes(
        b"rules:\r\n  - id: sauna\r\n\ttitle: Sauna\r\n    when: {topics: {any: [wifi]}}\r\n    then: [hold]\r\n"
    )
    execute(["check", "-C", str(folder), "--fix", "--yes"])
    assert b"\t" not in rules.read_bytes()
    assert rules.read_bytes().count(b"\r\n") == 5


def test_watch_acts_when_two_looks_have_seen_the_same() -> None:
    seen = iter(["a", "a", "b", "c", "c", "c", "a", "a"])
    done: list[str] = []
    looks: list[str] = []

    def look() -> str:
        looks.append(next(seen, "end"))
        if looks[-1] == "end":
            raise KeyboardInterrupt
        return looks[-1]

    with pytest.raises(KeyboardInterrupt):
        again_on_change(look, lambda: done.append(looks[-1]), pause=lambda _seconds: None)
    assert done == ["a", "c", "a"]


def test_watch_is_for_people(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["check", "-C", str(folder), "--watch", "--format", "json"]) == 2
    assert "--watch" in capsys.readouterr().err


def test_the_documentation_shows_what_happens(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "checking.md").read_text(encoding="utf-8")
    monkeypatch.chdir(folder)
    Path("rules/90-mine.yaml").write_text(page.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert execute(["check"]) == 1
    assert capsys.readouterr().out == page.split("$ autoresponder check\n")[1].split("```")[0]
    assert execute(["explain-code", "S006"]) == 0
    assert capsys.readouterr().out == page.split("$ autoresponder explain-code S006\n")[1].split("```")[0]
    execute(["check", "--fix"])
    assert capsys.readouterr().out.startswith(page.split("```diff\n")[1].split("```")[0])
