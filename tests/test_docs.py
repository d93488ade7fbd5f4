"""What the README shows is what the program does: its commands are run, and their output is held against it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from autoresponder.cli import execute

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
GAP = "…"


def consoles() -> list[list[tuple[str, list[str]]]]:
    """Every console block: its commands, each with the output shown below it."""
    blocks = []
    for text in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        commands: list[tuple[str, list[str]]] = []
        for line in text.splitlines():
            if line.startswith("$ "):
                commands.append((line[2:], []))
            elif commands:
                commands[-1][1].append(line)
        blocks.append(commands)
    return blocks


def shown(command: str, *, number: int = 0) -> list[str]:
    """The output shown for a command, the n-th time it occurs with one."""
    found = [lines for block in consoles() for name, lines in block if name == command and lines]
    return found[number]


def assert_shown(lines: list[str], output: str) -> None:
    """The lines stand in the output in this order; without a gap between them unless one is shown."""
    have = [line.rstrip() for line in output.rstrip().splitlines()]
    place, gap = 0, False
    for line in lines:
        if line.strip() == GAP:
            gap = True
            continue
        wanted = line.rstrip()
        if gap:
            assert wanted in have[place:], f"not in the output: {wanted!r}\n{output}"
            place = have.index(wanted, place)
        assert place < len(have), f"missing: {wanted!r}\n{output}"
        assert have[place] == wanted, output
        place, gap = place + 1, False


@pytest.fixture
def rentals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "my-rentals"
    assert execute(["init", str(folder)]) == 0
    capsys.readouterr()
    monkeypatch.chdir(folder)
    return folder


def output_of(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    words = shlex.split(command)
    assert words[0] == "autoresponder"
    execute(words[1:])
    return capsys.readouterr().out


def test_the_first_dry_run_looks_as_shown(rentals: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check = "autoresponder check"
    assert_shown(shown(check), output_of(check, capsys))
    explain = next(n for b in consoles() for n, _ in b if n.startswith("autoresponder explain"))
    assert_shown(shown(explain), output_of(explain, capsys))


def test_the_first_rule_works_as_shown(rentals: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule = next(t for t in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if "id: bicycles" in t)
    file = rentals / "rules" / "50-bicycles.yaml"
    file.write_text(rule, encoding="utf-8")
    properties = rentals / "properties.yaml"
    fact = "  facts:\n    bicycles: 4\n"
    properties.write_text(properties.read_text("utf-8").replace("  facts:\n", fact, 1), encoding="utf-8")
    check = "autoresponder check"
    assert_shown(shown(check, number=1), output_of(check, capsys))
    explain = 'autoresponder explain --text "Do you have bikes?"'
    assert_shown(shown(explain), output_of(explain, capsys))
    file.write_text(rule.replace("title: Bicycles", "titel: Bicycles"), encoding="utf-8")
    assert_shown(shown(check, number=2), output_of(check, capsys))


def test_the_demos_day_reads_as_shown(rentals: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = next(t for t in re.findall(r"```text\n(.*?)```", README, re.DOTALL) if "reply to Andrew" in t)
    said = re.findall("“(.*)”", day)
    assert len(said) == 3
    execute(["explain", "--text", said[0], "--provider", "airbnb", "--stay", "inquiry", "--inquiry"])
    answer = capsys.readouterr().out
    written = [line.split("│", 1)[1].strip() for line in day.splitlines() if "│" in line]
    for line in filter(None, written):
        assert line.replace("Andrew", "Anna") in answer
    execute(["explain", "--text", said[1], "--stay", "after_stay"])
    assert "marked: no reply needed" in capsys.readouterr().out
    execute(["explain", "--text", said[2], "--stay", "in_stay"])
    reason = re.search(r"called at once \((.*)\)", day)
    assert reason is not None
    assert reason[1] in capsys.readouterr().out


def test_the_architecture_names_every_part() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    package = ROOT / "autoresponder"
    parts = [p.stem for p in package.glob("*.py") if not p.stem.startswith("_")]
    parts += [f"{p.parent.name}/" for p in package.glob("*/__init__.py")]
    parts += [p.stem for name in ("service", "delivery") for p in (package / name).glob("[a-z]*.py")]
    missing = [part for part in parts if f"`{part}`" not in text]
    assert not missing, f"docs/architecture.md does not name {missing}"


def test_every_command_stands_in_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["--help"]) == 0
    listed = re.findall(r"^  ([a-z]+)  ", capsys.readouterr().out, re.MULTILINE)
    assert len(listed) >= 12
    table = README[README.index("## Commands") : README.index("## Settings")]
    for name in listed:
        assert re.search(rf"`{name}[` ]", table), f"{name} is missing from the README"


def test_links_between_documents_lead_somewhere() -> None:
    for file in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).exists(), f"{file.name} links to {target}"
