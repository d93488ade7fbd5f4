"""docs/authoring.md is followed step by step: what it shows is what happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from autoresponder.cli import execute
from tests.test_docs import assert_shown

TEXT = (Path(__file__).resolve().parent.parent / "docs" / "authoring.md").read_text("utf-8")
RULE, CASE = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
STEPS = [
    (block.splitlines()[0].removeprefix("$ "), block.splitlines()[1:])
    for block in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
]


def test_the_loop_goes_as_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "my-rentals"
    assert execute(["init", str(folder)]) == 0
    monkeypatch.chdir(folder)
    capsys.readouterr()
    rule, properties = folder / "rules" / "50-bicycles.yaml", folder / "properties.yaml"

    def step(number: int, code: int) -> None:
        command, lines = STEPS[number]
        assert lines, command
        assert execute(shlex.split(command)[1:]) == code
        assert_shown(lines, capsys.readouterr().out)

    rule.write_text(RULE, encoding="utf-8")
    step(0, 1)
    rule.write_text(RULE.replace("property.bicycle ", "property.bicycles "), encoding="utf-8")
    written = properties.read_text("utf-8").replace("  facts:\n", "  facts:\n    bicycles: 4\n", 1)
    properties.write_text(written, encoding="utf-8")
    step(1, 0)
    (folder / "tests" / "bicycles.test.yaml").write_text(CASE, encoding="utf-8")
    step(2, 1)
    spelt = '["bike*", "bicycle*", "bycicle*"]'
    assert f"`{spelt}`" in TEXT
    rule.write_text(rule.read_text("utf-8").replace('["bike*", "bicycle*"]', spelt), encoding="utf-8")
    step(3, 0)
    assert execute(["test"]) == 0
    assert execute(["check", "--strict"]) == 0


def test_every_command_that_is_named_exists(capsys: pytest.CaptureFixture[str]) -> None:
    assert STEPS[4][0] == "autoresponder preview --watch"
    for name in set(re.findall(r"autoresponder ([a-z]+)", TEXT)):
        assert execute([name, "--help"]) == 0
        assert capsys.readouterr().out
