"""Commands as people type them: output, exit codes, and no traceback for anybody's mistake."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autoresponder.cli import execute
from autoresponder.sandbox.entities import Origin
from autoresponder.sandbox.entities import Property as SandboxProperty
from autoresponder.sandbox.faults import Fault, FaultKind
from tests.support.account import KEY, Account, account
from tests.support.small_workspace import PLACE, write_workspace


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_workspace(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def channex(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with account() as running:
        monkeypatch.setenv("CHANNEX_BASE_URL", running.server.base_url)
        monkeypatch.setenv("CHANNEX_API_KEY", KEY)
        yield running


def test_explain_says_why_for_every_rule(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["explain", "--text", "What's the wifi? And can we park?"]) == 0
    out = capsys.readouterr().out
    assert "→ reply  [wifi, parking]" in out
    assert "Parking: in the yard" in out
    for rule in ("gas", "wifi", "parking", "courtesy"):
        assert rule in out


def test_a_message_needs_no_option(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["explain", "wifi", "please", "--format", "json"]) == 0
    without = json.loads(capsys.readouterr().out)
    assert execute(["explain", "--text", "wifi please", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == without
    assert without["decision"]["outcome"] == "reply"


def test_explain_json_is_one_document(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["explain", "--text", "wifi please", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["decision"]["outcome"] == "reply"
    assert answer["reply"]["text"] == "The network is called Seaview-Guest."


def test_explain_reads_a_file_of_messages(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"id": "a", "text": "wifi?"},
        {"id": "b", "text": "Thanks, great!", "provider": "airbnb", "booking": "none"},
        {"id": "c", "text": "There is a smell of gas", "lang": "en", "booking": {"stay": "in_stay"}},
        {"id": "d", "text": "Do you have a helicopter?"},
    ]
    file = folder / "messages.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert execute(["explain", "--messages", str(file), "--format", "jsonl"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(a["id"], a["outcome"], a["rules"]) for a in answers] == [
        ("a", "reply", ["wifi"]),
        ("b", "silent", ["courtesy"]),
        ("c", "escalate", ["gas"]),
        ("d", "hold", []),
    ]
    assert set(answers[0]) == {"id", "outcome", "rules", "topics", "language", "partial", "notify"}


def test_a_broken_line_in_a_file_of_messages_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "m.jsonl").write_text('{"id": 1, "text": "hi"}\n{oops\n', encoding="utf-8")
    assert execute(["explain", "--messages", "m.jsonl"]) == 2
    assert "m.jsonl:2" in capsys.readouterr().err


def test_preview_shows_the_guest_the_rule_and_the_reply_and_sends_nothing(
    folder: Path, channex: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    thread = channex.guest("Hello, what's the wifi?")
    channex.guest("Smell of gas!", name="Bob Low")
    channex.guest("Evil \x1b[31mred\x1b[0m \u202etxt wifi", name="Eve")
    assert execute(["preview"]) == 0
    said = capsys.readouterr()
    assert "what's the wifi?" in said.out
    assert "[wifi]" in said.out
    assert "The network is called Seaview-Guest." in said.out
    assert "a person is called at once" in said.out
    assert "3 open threads" in said.out
    assert "\x1b[31m" not in said.out
    assert "\u202e" not in said.out
    assert KEY not in said.out + said.err
    assert [m for m in thread.messages if m.origin is Origin.API] == []


def test_preview_as_json_lines(folder: Path, channex: Account, capsys: pytest.CaptureFixture[str]) -> None:
    channex.guest("wifi?")
    assert execute(["preview", "--format", "jsonl"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(r["outcome"], r["rules"], r["reply"]) for r in rows] == [
        ("reply", ["wifi"], "The network is called Seaview-Guest.")
    ]


def test_a_real_run_answers_and_leaves_a_trail(
    folder: Path, channex: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    thread = channex.guest("wifi?")
    channex.guest("Smell of gas!", name="Bob Low")
    assert execute(["run", "--once"]) == 0
    assert [m.text for m in thread.messages if m.origin is Origin.API] == [
        "The network is called Seaview-Guest."
    ]
    capsys.readouterr()
    assert execute(["inbox"]) == 0
    inbox = capsys.readouterr().out
    assert "Bob Low" in inbox
    assert "Smell of gas!" in inbox
    assert re.search(r"waits \d+ min$", inbox, re.MULTILINE)
    assert "Anna" not in inbox
    named = re.search(r"autoresponder why (\S+)$", inbox, re.MULTILINE)
    assert named is not None
    assert execute(["why", named[1]]) == 0
    assert "Smell of gas!" in capsys.readouterr().out
    assert execute(["inbox", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["guest"] for row in rows] == ["Bob Low"]
    assert execute(["why", thread.messages[0].id]) == 0
    why = capsys.readouterr().out
    assert "Outcome: reply" in why
    assert "reply: sent, confirmed by Channex" in why
    assert rows[0]["message_id"] == named[1]
    assert execute(["inbox", "--done", rows[0]["thread_id"]]) == 0
    capsys.readouterr()
    assert execute(["inbox"]) == 0
    assert "Nobody waits" in capsys.readouterr().out
    assert execute(["why", "no-such-message"]) == 1


def test_why_lists_every_rule_and_after_a_change_counts_those_about_other_words(
    folder: Path, channex: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    message = channex.guest("wifi?").messages[0].id
    assert execute(["run", "--once"]) == 0
    rules = folder / "rules" / "rules.yaml"
    ids = re.findall(r"- id: (\S+)", rules.read_text(encoding="utf-8"))
    capsys.readouterr()
    assert execute(["why", message]) == 0
    said = capsys.readouterr().out
    assert all(re.search(rf"^ *\d+ {name} ", said, re.MULTILINE) for name in ids)
    assert "more, about words" not in said
    with rules.open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert execute(["why", message]) == 0
    said = capsys.readouterr().out
    told = [name for name in ids if re.search(rf"^ *\d+ {name} ", said, re.MULTILINE)]
    assert "wifi" in told
    left = len(ids) - len(told)
    assert left > 0
    assert f"{left} rule{'' if left == 1 else 's'} more, about words that this message does not have" in said


def test_why_tells_how_far_a_reply_has_come_that_is_not_out_yet(
    folder: Path, channex: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    thread = channex.guest("wifi?")
    channex.server.faults.replace([Fault(kind=FaultKind.STATUS, operation="send_to_thread", status=401)])
    assert execute(["run", "--once"]) == 0
    capsys.readouterr()
    assert execute(["why", thread.messages[0].id]) == 0
    assert re.search(
        r"^reply: not yet, and tried again from .* UTC on: ", capsys.readouterr().out, re.MULTILINE
    )
    assert execute(["inbox", "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["message_id"], row["reason"]) == (thread.messages[0].id, "key_refused")


def test_a_dry_run_shows_what_would_go_out_and_leaves_no_trace(
    folder: Path, channex: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    thread = channex.guest("wifi?")
    assert execute(["run", "--once", "--dry-run"]) == 0
    said = capsys.readouterr()
    assert "no way to send" in said.err
    assert "The network is called Seaview-Guest." in said.out
    assert [m for m in thread.messages if m.origin is Origin.API] == []
    assert not list(folder.glob("*.db"))


def test_pausing_and_resuming(folder: Path, channex: Account, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["pause", "--property", "seaview"]) == 0
    thread = channex.guest("wifi?")
    assert execute(["run", "--once"]) == 0
    assert [m for m in thread.messages if m.origin is Origin.API] == []
    assert execute(["resume", "--property", "seaview"]) == 0
    other = channex.guest("wifi?", name="Bob Low")
    assert execute(["run", "--once"]) == 0
    assert len([m for m in other.messages if m.origin is Origin.API]) == 1


def test_a_pause_names_something_real_and_is_not_forgotten(
    folder: Path, channex: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["pause", "--property", "seaveiw"]) == 2
    assert "did you mean 'seaview'?" in capsys.readouterr().err
    assert execute(["pause", "--thread", "Anna Berg"]) == 2
    assert "is no thread's id" in capsys.readouterr().err
    thread = channex.guest("wifi?")
    assert execute(["pause", "--property", PLACE.upper()]) == 0
    assert execute(["pause", "--thread", thread.id]) == 0
    capsys.readouterr()
    assert execute(["resume"]) == 0
    assert f"Still off: for seaview, in thread {thread.id}." in capsys.readouterr().out
    assert execute(["doctor"]) == 0
    assert f"switched off for seaview, in thread {thread.id}" in capsys.readouterr().out
    assert execute(["run", "--once"]) == 0
    said = capsys.readouterr().err
    assert '"action": "switched_off"' in said
    assert f'"where": "for seaview, in thread {thread.id}"' in said


@pytest.mark.parametrize(("status", "remedy"), [(503, "try again in some minutes"), (404, "base_url")])
def test_doctor_knows_whether_channex_or_its_address_is_the_trouble(
    folder: Path, channex: Account, capsys: pytest.CaptureFixture[str], status: int, remedy: str
) -> None:
    fault = Fault(kind=FaultKind.STATUS, operation="list_properties", status=status)
    channex.server.faults.replace([fault])
    assert execute(["doctor"]) == 1
    assert remedy in " ".join(capsys.readouterr().out.split())


def test_doctor_finds_a_missing_app_and_a_wrong_key(
    folder: Path, channex: Account, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert execute(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "works; 1 property" in said
    assert "nothing can be kept" not in said
    monkeypatch.setenv("AUTORESPONDER_STATE", "nowhere")
    assert execute(["doctor"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "goes unnoticed" in said
    assert "set AUTORESPONDER_STATE to a folder" in said
    monkeypatch.delenv("AUTORESPONDER_STATE")
    channex.server.world.properties[PLACE].messages_app = False
    assert execute(["doctor"]) == 1
    assert "not installed on Seaview" in capsys.readouterr().out
    world = channex.server.world
    world.properties[PLACE].messages_app = True
    world.add_property(SandboxProperty(id=world.new_id(), title="Loft", messages_app=False))
    world.refuse_mixed_lists = True
    assert execute(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "not installed on Loft" in said
    assert "readable" in said
    monkeypatch.setenv("CHANNEX_API_KEY", "wrong")
    assert execute(["doctor"]) == 1
    said = capsys.readouterr()
    assert "API key" in said.out
    assert "wrong" not in said.out.replace("API key is wrong", "")


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (["prevew"], 2, "Did you mean 'preview'"),
        (["preview"], 2, "There is no Channex API key"),
        (["explain"], 2, "Give a message"),
        (["explain", "--text", "x", "--rule", "wfii"], 2, "Did you mean 'wifi'"),
        (["explain", "--text", "x", "--at", "noon"], 2, "is not a time"),
        (["explain", "--text", "x", "--property", "nowhere"], 2, "There is no property 'nowhere'"),
        (["check", "no/such/folder"], 2, "There is no folder"),
        (["run", "--folder", "no/such/folder"], 2, "There is no folder"),
        (["sandbox", "--fault", "meteor"], 2, "There is no fault 'meteor'"),
        (["why", "x", "--folder", "no/such"], 2, "There is no folder"),
    ],
)
def test_mistakes_are_explained(
    folder: Path, capsys: pytest.CaptureFixture[str], args: list[str], code: int, says: str
) -> None:
    assert execute(args) == code
    assert says in capsys.readouterr().err.replace("\n", " ")


def test_a_broken_rule_stops_every_command_with_its_place(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = folder / "rules" / "rules.yaml"
    rules.write_text(rules.read_text().replace("reply: wifi", "repyl: wifi"), encoding="utf-8")
    assert execute(["check"]) == 1
    said = capsys.readouterr().out
    assert "rules/rules.yaml:9:5" in said
    assert "did you mean 'reply'" in said
    assert execute(["explain", "--text", "wifi"]) == 1
    assert "rules/rules.yaml:9:5" in capsys.readouterr().err


def test_a_service_does_not_start_on_rules_that_check_finds_fault_with(
    folder: Path, channex: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    thread = channex.guest("wifi?")
    (folder / "templates" / "wifi.en.j2").unlink()
    assert execute(["run", "--once"]) == 1
    said = capsys.readouterr().err
    assert "rules/rules.yaml:9:12" in said
    assert "wifi" in said
    assert [m for m in thread.messages if m.origin is Origin.API] == []
    (folder / "templates" / "wifi.en.j2").write_text("It is Seaview-Guest.", encoding="utf-8")
    assert execute(["run", "--once"]) == 0
    assert len([m for m in thread.messages if m.origin is Origin.API]) == 1


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["--help"]) == 0
    out = capsys.readouterr().out
    for name in ("init", "demo", "run", "preview", "check", "sandbox", "doctor", "explain"):
        assert f"  {name}" in out
        assert execute([name, "--help"]) == 0


def test_an_unreachable_store_is_a_plain_error(
    folder: Path, channex: Account, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTORESPONDER_STORE", "redis://:hunter2@127.0.0.1:1/0")
    assert execute(["run", "--once"]) == 3
    said = capsys.readouterr()
    assert "error:" in said.err
    assert "Traceback" not in said.err
    assert "hunter2" not in said.err


@pytest.mark.parametrize(
    ("shell", "environ", "code", "says"),
    [
        ('"$@" init /proc/x', {}, 3, "error: /proc/x: "),
        ('"$@" schema rules >/dev/full', {}, 3, "error: no space left on device"),
        ('"$@" explain --text wifi >&-', {}, 0, ""),
        ('"$@" explain --text "Größe?" 2>&1', {"PYTHONIOENCODING": "ascii"}, 0, "?Gr??e?"),
        ('"$@" explain --text "$(printf "gr\\374n")" 2>&1', {}, 0, "gr n"),
    ],
)
def test_odd_surroundings_give_no_traceback(
    folder: Path, shell: str, environ: dict[str, str], code: int, says: str
) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", shell, "sh", sys.executable, "-m", "autoresponder"],
        cwd=folder,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=60,
        check=False,
    )
    assert done.returncode == code
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
