"""The demo, as a stranger runs it: sandbox, guests and the real service as a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autoresponder.app import opened_ledger
from autoresponder.config import Secret, Settings
from autoresponder.demo import all_entries
from tests.support.redis_server import redis_server

pytestmark = pytest.mark.slow

COUNTS = {
    "guest_messages",
    "turns",
    "replies_sent",
    "no_reply_needed",
    "escalated",
    "held",
    "silent",
    "duplicates",
    "unaccounted",
}


def demo(folder: Path, *more: str) -> subprocess.Popen[str]:
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("CHANNEX_", "AUTORESPONDER_"))}
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "autoresponder",
            "demo",
            "--once",
            "--format",
            "json",
            "--folder",
            folder,
            *more,
        ],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def counts_of(process: subprocess.Popen[str]) -> dict[str, int]:
    out, err = process.communicate(timeout=240)
    assert out.count("\n") == 1, (out, err)
    counts = json.loads(out)
    assert set(counts) == COUNTS
    assert process.returncode == 0, (counts, err)
    return counts


def answers(folder: Path, store: str) -> dict[tuple[str, ...], tuple[str, str, tuple[str, ...]]]:
    """What was decided and said, by the guest's words."""

    async def read() -> dict[tuple[str, ...], tuple[str, str, tuple[str, ...]]]:
        settings = Settings(folder=folder, store=Secret(store))
        async with opened_ledger(settings) as ledger:
            return {
                (entry.guest, *(m.text for m in entry.messages)): (
                    entry.outcome.value,
                    entry.reply,
                    entry.rules,
                )
                for entry in await all_entries(ledger)
            }

    return asyncio.run(read())


def test_redis_and_sqlite_answer_the_same_day_identically(tmp_path: Path) -> None:
    with redis_server(appendonly=True) as url:
        days = [
            demo(tmp_path / "redis", "--speed", "600", "--store", url),
            demo(tmp_path / "sqlite", "--speed", "600"),
        ]
        first, second = (counts_of(day) for day in days)
        assert first == second
        assert first["duplicates"] == 0
        assert first["unaccounted"] == 0
        assert first["replies_sent"] >= 10
        assert first["no_reply_needed"] >= 1
        assert first["escalated"] >= 2
        assert first["held"] >= 1
        assert first["silent"] >= 1
        assert answers(tmp_path / "redis", url) == answers(tmp_path / "sqlite", "sqlite:///demo.db")


def test_a_service_killed_again_and_again_doubles_and_forgets_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "day"
    process = demo(folder, "--speed", "600")
    assert process.stderr is not None
    killed = 0
    for line in process.stderr:
        found = re.search(r"process (\d+)", line)
        if found is None:
            continue
        if killed >= 5:
            break
        wait_for_decisions(folder, 3 * (killed + 1))
        os.kill(int(found[1]), signal.SIGKILL)
        killed += 1
    counts = counts_of(process)
    assert killed == 5
    assert counts["duplicates"] == 0
    assert counts["unaccounted"] == 0
    assert counts["replies_sent"] >= 10


def wait_for_decisions(folder: Path, number: int) -> None:
    """Wait until the service is well at work."""
    end = time.monotonic() + 60
    while len(answers(folder, "sqlite:///demo.db")) < number:
        assert time.monotonic() < end, "the service decides nothing"
