"""`status` beside a real service: what it says, and with which exit code."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from aiohttp import web

from autoresponder.cli import execute
from autoresponder.sandbox.entities import Origin
from autoresponder.service.health import ask_readiness
from tests.acceptance.test_run_process import free_port, get, service, wait_for
from tests.support.account import Account, account
from tests.support.small_workspace import write_workspace

BROKEN = "rules:\n  - id: wifi\n    titel: Wi-Fi\n"


def status(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    code = execute(["status", "-C", str(folder), "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    execute(["status", "-C", str(folder)])
    return capsys.readouterr().out


@contextmanager
def at_work(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Account, subprocess.Popen[str]]]:
    port = free_port()
    monkeypatch.setenv("AUTORESPONDER_LISTEN", f"127.0.0.1:{port}")
    with account() as channex, service(folder, channex, port) as process:
        wait_for("ready", lambda: get(f"http://127.0.0.1:{port}/readyz")[0] == 200)
        yield channex, process


def test_a_folder_that_never_ran(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTORESPONDER_LISTEN", "off")
    folder = write_workspace(tmp_path)
    code, said = status(folder, capsys)
    assert code == 1
    assert said["needs_a_person"] is True
    assert said["service"] == {"running": False, "last_sign_of_life": None, "address": None, "answer": None}
    text = shown(folder, capsys)
    assert "none has ever run with this store" in text
    assert "autoresponder run" in text


@pytest.mark.slow
def test_a_day_with_a_service(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_workspace(tmp_path)
    with at_work(folder, monkeypatch) as (channex, process):
        thread = channex.guest("wifi?", minutes_ago=0.1)
        wait_for("a reply", lambda: any(m.origin is Origin.API for m in thread.messages))
        wait_for("it is counted", lambda: "1 reply" in shown(folder, capsys))
        code, said = status(folder, capsys)
        assert code == 0, said
        files = said["files"]
        assert isinstance(files, dict)
        assert files["in_force"] == files["in_folder"]
        since = files["in_force_since"]
        assert since

        text = shown(folder, capsys)
        assert "service    runs (last sign of life " in text
        assert f"these are in force: {files['in_force'][:12]} since 20" in text
        assert "nobody waits" in text

        rules = folder / "rules" / "rules.yaml"
        good = rules.read_text(encoding="utf-8")
        rules.write_text(BROKEN, encoding="utf-8")
        capsys.readouterr()
        execute(["check", str(folder)])
        complaint = capsys.readouterr().out
        code, said = status(folder, capsys)
        refused = said["files"]
        assert isinstance(refused, dict)
        assert (code, refused["refused"]) == (1, True)
        assert (refused["in_force"], refused["in_force_since"]) == (files["in_force"], since)
        first = complaint.split("\n\n")[0]
        assert "titel" in first
        assert first in shown(folder, capsys)
        assert first in str(refused["report"])

        rules.write_text(good + "# mended\n", encoding="utf-8")
        wait_for("the new files are in force", lambda: "these are in force" in shown(folder, capsys))
        assert "since" in shown(folder, capsys)

        channex.guest("Do you have a helicopter?", name="Bo Lee", minutes_ago=0.1)
        wait_for("somebody waits", lambda: "1 guest waits for a person, since" in shown(folder, capsys))
        assert execute(["pause", "-C", str(folder), "--property", "seaview"]) == 0
        text = shown(folder, capsys)
        assert "switched off for seaview" in text
        assert "→ run: autoresponder inbox" in text
        code, said = status(folder, capsys)
        assert code == 1
        assert said["waiting"]["threads"] == 1  # type: ignore[index]
        assert "helicopter" not in json.dumps(said)

        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    code, said = status(folder, capsys)
    assert code == 1
    assert said["service"]["answer"] is None  # type: ignore[index]
    assert said["service"]["last_sign_of_life"]  # type: ignore[index]


@asynccontextmanager
async def stranger(body: bytes) -> AsyncIterator[str]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body)

    app = web.Application()
    app.router.add_get("/readyz", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/readyz"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    "body",
    [b"<html>hello</html>", b"[1]", b'{"ready": "yes"}', b"\xff\xfe", b"{" * 70_000],
)
async def test_a_stranger_on_the_port_is_no_service(
    body: bytes,
) -> None:
    async with stranger(body) as address:
        assert await ask_readiness(address) is None


def test_a_store_that_cannot_be_reached_is_a_line_without_its_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTORESPONDER_LISTEN", "off")
    monkeypatch.setenv("AUTORESPONDER_STORE", "redis://:hunter2@127.0.0.1:1/0")
    folder = write_workspace(tmp_path)
    code, said = status(folder, capsys)
    assert code == 1
    assert "127.0.0.1:1" in said["store"]["problem"]  # type: ignore[index]
    text = shown(folder, capsys)
    assert "✗ store" in text
    assert "hunter2" not in text + json.dumps(said)
