"""`autoresponder replay` over what a service has recorded, and over files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autoresponder.cli import execute
from tests.integration.test_cli import KEY, Account, account
from tests.support.small_workspace import write_workspace

SAID = (
    "What's the wifi?",
    "Where can we park the car? And the wifi?",
    "Do you have a helicopter?",
    "do you have a HELICOPTER",
    "There is a smell of gas in the kitchen",
    "Thanks, great!",
    "We don't need parking, thank you",
    "\N{CLINKING BEER MUGS}",
    "Das WLAN bitte",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_workspace(tmp_path)
    (tmp_path / "autoresponder.yaml").write_text("guards: {settle: 0s}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def recorded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """A service has decided about everything in `SAID`."""
    with account() as running:
        monkeypatch.setenv("CHANNEX_BASE_URL", running.server.base_url)
        monkeypatch.setenv("CHANNEX_API_KEY", KEY)
        assert execute(["run", "--once"]) == 0
        for number, text in enumerate(SAID):
            running.guest(text, name=f"Guest {number}", minutes_ago=0)
        assert execute(["run", "--once"]) == 0
        yield running


def replayed(capsys: pytest.CaptureFixture[str], *options: str, code: int = 0) -> dict[str, object]:
    capsys.readouterr()
    assert execute(["replay", "--format", "json", *options]) == code
    answer = json.loads(capsys.readouterr().out)
    assert isinstance(answer, dict)
    return answer


def test_the_same_rules_change_nothing(
    recorded: Account, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = replayed(capsys, "--fail-on-change")
    counted = report["coverage"]
    assert isinstance(counted, dict)
    assert sum(counted.values()) == len(SAID)
    assert (report["changes"], report["not_compared"]) == ([], 0)
    assert execute(["replay"]) == 0
    shown = capsys.readouterr().out
    assert f"Replayed {len(SAID)} turns from the last 30 days" in shown
    assert "2 ×  “do you have a helicopter" in shown.casefold()
    assert "No difference to what was decided then." in shown


def test_other_rules_tell_whom_they_would_leave_without_an_answer(
    recorded: Account, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = folder / "rules" / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("[wifi]", "[gas]"), encoding="utf-8")
    capsys.readouterr()
    assert execute(["replay", "--fail-on-change"]) == 1
    shown = capsys.readouterr().out
    assert "who got an answer (wifi) would now wait for a person" in shown
    assert "“What's the wifi?”" in shown
    assert replayed(capsys)["changes"]


def test_a_file_is_compared_with_another_folder(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"id": "a", "text": "wifi?"},
        {"thread_id": "t", "messages": [
            {"from": "guest", "text": "Hello,"},
            {"from": "guest", "text": "is there parking?"},
            {"from": "property", "text": "Yes."},
            {"from": "guest", "text": "thanks!"},
        ]},
    ]  # fmt: skip
    file = folder / "said.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(folder, other, dirs_exist_ok=True)
    same = replayed(capsys, "--messages", str(file), "--against", str(other), "--fail-on-change")
    assert same["changes"] == []
    assert same["coverage"] == {"answered": 2, "person": 0, "no_reply_needed": 1, "silent": 0}
    rules = other / "rules" / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("[parking]", "[gas]"), encoding="utf-8")
    report = replayed(capsys, "--messages", str(file), "--against", str(other), "--fail-on-change", code=1)
    (change,) = report["changes"]  # type: ignore[misc]
    assert change["after"] == "reply"
    assert change["samples"][0]["text"] == "Hello,\n\nis there parking?"
    assert "changes" in replayed(capsys, "--messages", str(file))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--since", "soon"], "no length of time"),
        (["--messages", "missing.jsonl"], "cannot read missing.jsonl"),
        (["--messages", "bad.jsonl"], "bad.jsonl:2: this is no message"),
        (["--messages", "ota.jsonl"], "ota.jsonl:1: 'fax' is no provider"),
        (["--messages", "empty.jsonl"], 'empty.jsonl:1: there is no "text"'),
        (["--messages", "bad.jsonl", "--fail-on-change"], "add --against FOLDER"),
    ],
)
def test_wrong_usage_names_place_and_remedy(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    (folder / "bad.jsonl").write_text('{"text": "wifi"}\n{"text": 7}\n', encoding="utf-8")
    (folder / "empty.jsonl").write_text("{}\n", encoding="utf-8")
    (folder / "ota.jsonl").write_text('{"text": "wifi", "provider": "fax"}\n', encoding="utf-8")
    assert execute(["replay", *options]) == 2
    assert said in capsys.readouterr().err


def test_the_documentation_shows_what_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "replay.md").read_text(encoding="utf-8")
    said = page.split("```jsonl\n")[1].split("```")[0]
    shown = page.split("$ autoresponder replay --messages said.jsonl\n")[1].split("```")[0]
    assert execute(["init", str(tmp_path / "rentals")]) == 0
    monkeypatch.chdir(tmp_path / "rentals")
    Path("said.jsonl").write_text(said, encoding="utf-8")
    capsys.readouterr()
    assert execute(["replay", "--messages", "said.jsonl"]) == 0
    assert capsys.readouterr().out == shown
