"""Comforts of `check` as a manager meets them, in a folder as `init` makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoresponder.cli import execute


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
