"""`run` as a process: probes, logs, signals."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autoresponder.sandbox.entities import Origin
from autoresponder.sandbox.faults import Fault, FaultKind
from tests.integration.test_cli import KEY, Account, account
from tests.support.small_workspace import write_workspace

pytestmark = pytest.mark.slow

WORDS = "a very private sentence about wifi"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def wait_for(what: str, test: object, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not test():  # type: ignore[operator]
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.05)


@contextmanager
def service(folder: Path, channex: Account, port: int) -> Iterator[subprocess.Popen[str]]:
    settings = "guards: {settle: 0s}\npoll: {every: 1s}\n"
    (folder / "autoresponder.yaml").write_text(settings, encoding="utf-8")
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("CHANNEX_", "AUTORESPONDER_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "autoresponder", "run", "--folder", str(folder)],
        env={
            **environ,
            "CHANNEX_API_KEY": KEY,
            "CHANNEX_BASE_URL": channex.server.base_url,
            "AUTORESPONDER_LISTEN": f"127.0.0.1:{port}",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_service_tells_how_it_is_and_stops_in_order(tmp_path: Path) -> None:
    folder, port = write_workspace(tmp_path), free_port()
    base = f"http://127.0.0.1:{port}"
    with account() as channex, service(folder, channex, port) as process:
        wait_for("ready", lambda: get(f"{base}/readyz")[0] == 200)
        assert json.loads(get(f"{base}/healthz")[1]) == {"alive": True}
        thread = channex.guest(WORDS, minutes_ago=0.1)
        wait_for("a reply", lambda: any(m.origin is Origin.API for m in thread.messages))
        wait_for(
            "a count",
            lambda: re.search(
                r'autoresponder_turns_total\{outcome="reply",provider="booking_com",reason=""\} 1\.0',
                get(f"{base}/metrics")[1],
            ),
        )
        ready = json.loads(get(f"{base}/readyz")[1])
        assert ready["store"] == ready["channex"] == "ok"
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
        assert process.returncode == 0
        assert "Traceback" not in err
        assert WORDS not in out + err
        assert KEY not in out + err
        rows = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
        assert {"started", "turn_done", "stopping"} <= {row.get("action") for row in rows}
        assert all({"time", "level", "logger", "message"} <= set(row) for row in rows)


def test_a_service_without_channex_is_alive_but_not_ready(tmp_path: Path) -> None:
    folder, port = write_workspace(tmp_path), free_port()
    base = f"http://127.0.0.1:{port}"
    with account() as channex:
        refused = Fault(kind=FaultKind.STATUS, operation="list_threads", status=401)
        channex.server.faults.replace([refused])
        with service(folder, channex, port) as process:
            wait_for("alive", lambda: get(f"{base}/healthz")[0] == 200)
            wait_for("an answer", lambda: channex.server.faults.struck > 0)
            status, body = get(f"{base}/readyz")
            assert status == 503
            assert json.loads(body)["ready"] is False
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)
            assert process.returncode == 0


def test_rules_are_exchanged_while_it_runs_and_bad_ones_never(tmp_path: Path) -> None:
    folder, port = write_workspace(tmp_path), free_port()
    rules, reply = folder / "rules" / "rules.yaml", folder / "templates" / "wifi.en.j2"
    sound = rules.read_text(encoding="utf-8")
    url = f"http://127.0.0.1:{port}/readyz"

    def files() -> str:
        return str(json.loads(get(url)[1] or "{}").get("files"))

    with account() as channex:
        with service(folder, channex, port) as process:
            wait_for("ready", lambda: get(url)[0] == 200)
            rules.write_text(sound.replace("title: Wi-Fi", "titel: Wi-Fi"), encoding="utf-8")
            wait_for("a refusal", lambda: "rules/rules.yaml:" in files())
            rules.write_text(sound, encoding="utf-8")
            wait_for("a recovery", lambda: files() == "ok")
            reply.write_text("New words: {{ property.wifi_name }}.\n", encoding="utf-8")
            wait_for("a reload", lambda: 'result="live"} 1.0' in get(url.replace("readyz", "metrics"))[1])
            thread = channex.guest(WORDS, minutes_ago=0.1)
            wait_for("a reply", lambda: any(m.origin is Origin.API for m in thread.messages))
            assert [m.text for m in thread.messages if m.origin is Origin.API] == [
                "New words: Seaview-Guest."
            ]
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=30)
            rows = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
            refused = next(row for row in rows if row.get("action") == "rules_refused")
            assert "did you mean 'title'" in refused["report"]
        rules.write_text(sound.replace("title: Wi-Fi", "titel: Wi-Fi"), encoding="utf-8")
        with service(folder, channex, port) as process:  # a restart over broken files goes on as before
            wait_for("ready", lambda: get(url)[0] == 200)
            assert "the rules from before stay in force" in files()
            thread = channex.guest(WORDS, minutes_ago=0.1)
            wait_for("a reply", lambda: any(m.origin is Origin.API for m in thread.messages))
            assert [m.text for m in thread.messages if m.origin is Origin.API] == [
                "New words: Seaview-Guest."
            ]
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=30)
            assert "THE FILES IN THIS FOLDER HAVE ERRORS" in err


def test_a_first_start_over_broken_files_is_refused(tmp_path: Path) -> None:
    folder, port = write_workspace(tmp_path), free_port()
    rules = folder / "rules" / "rules.yaml"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace("title: Wi-Fi", "titel: Wi-Fi"), encoding="utf-8"
    )
    with account() as channex, service(folder, channex, port) as process:
        _, err = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "did you mean 'title'" in err
