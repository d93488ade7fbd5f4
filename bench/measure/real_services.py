"""Replicas of `autoresponder run` as processes of their own: started, killed, frozen, and started again."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.support.small_workspace import write_workspace

KEY = "campaign-key-5d1f"
_STORE_AWAY = 3
"""Exit code of a service that finds its store away when it starts; whoever runs it starts it again."""

_UNFORESEEN = ("thread_failed", "task_failed")
_STOP_WITHIN = 40.0
_STARTED = re.compile(rb'"action": ?"started"')


def write_settings(folder: Path, *, quarantine: int, lease: int, timeout: int, grace: int) -> None:
    """A workspace whose times are short, as an operator could set them."""
    write_workspace(folder)
    text = f"""\
channex: {{requests_per_minute: 60000, timeout: {timeout}s}}
delivery: {{quarantine: {quarantine}s, grace: {grace}s, lease: {lease}s}}
guards: {{settle: 0s}}
poll: {{every: 1s, overlap: 1m}}
listen: {{enabled: false}}
"""
    (folder / "autoresponder.yaml").write_text(text, encoding="utf-8")


class Replica:
    """One service that is kept running.

    Args:
        name: For people.
        folder: Its workspace.
        environ: Its environment.
        log: File for everything it says.
    """

    def __init__(self, name: str, folder: Path, environ: dict[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self.starts = 0
        self._said = 0
        """Length of the log before it was started last."""
        self.endings: list[str] = []
        """How it ended when nobody had asked it to."""
        self._folder = folder
        self._environ = environ
        self._process: subprocess.Popen[bytes] | None = None
        self._expected: subprocess.Popen[bytes] | None = None
        self._frozen = False
        self._closing = False
        self._keeper: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start it, and again whenever it ends until `stop`."""
        self._launch()
        self._keeper = asyncio.create_task(self._keep(), name=self.name)

    def kill(self) -> None:
        """SIGKILL; it is started again at once."""
        self._signal(signal.SIGKILL)
        self._expected = self._process
        self._frozen = False

    def end(self) -> None:
        """SIGTERM, as at every update; it is started again when it has ended."""
        self._signal(signal.SIGTERM)
        self._expected = self._process

    def freeze(self) -> None:
        """SIGSTOP."""
        self._frozen = True
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT."""
        self._frozen = False
        self._signal(signal.SIGCONT)

    @property
    def awake(self) -> bool:
        """Whether it runs, and has opened its store since it was started last."""
        if self._frozen or self._process is None or self._process.poll() is not None:
            return False
        with self.log.open("rb") as log:
            log.seek(self._said)
            return _STARTED.search(log.read()) is not None

    async def stop(self) -> None:
        """End it in order and for good."""
        self._closing = True
        if self._keeper is None or self._process is None:
            return
        self.go_on()
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(_STOP_WITHIN):
                await self._keeper
        except TimeoutError:
            self.endings.append(f"{self.name} did not end within {_STOP_WITHIN:.0f} s of SIGTERM")
            self._signal(signal.SIGKILL)
        code = await asyncio.to_thread(self._process.wait)
        # A process that is still being started has no handler yet, and nothing under way.
        if code not in {0, _STORE_AWAY, -signal.SIGKILL, -signal.SIGTERM}:
            self.endings.append(f"{self.name} ended with code {code} at SIGTERM")

    def _launch(self) -> None:
        with self.log.open("ab") as log:
            self._said = log.tell()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "autoresponder", "run", "--folder", str(self._folder)],
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.starts += 1

    async def _keep(self) -> None:
        while True:
            process = self._process
            assert process is not None
            while process.poll() is None:  # noqa: ASYNC110 - a thread for each process would use up the threads
                await asyncio.sleep(0.05)
            if self._closing:
                return
            if process.returncode == _STORE_AWAY:
                await asyncio.sleep(0.3)
            elif process is not self._expected:
                self.endings.append(f"{self.name} ended by itself with code {process.returncode}")
                await asyncio.sleep(0.3)
            self._launch()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(number)


def replicas(number: int, folder: Path, *, base_url: str, store: str) -> list[Replica]:
    """Replicas that share workspace and store, not started yet."""
    environ = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("CHANNEX_", "AUTORESPONDER_"))},
        "CHANNEX_API_KEY": KEY,
        "CHANNEX_BASE_URL": base_url,
        "AUTORESPONDER_STORE": store,
    }
    names = [f"replica-{n}" for n in range(1, number + 1)]
    return [Replica(name, folder, environ, folder / f"{name}.log") for name in names]


def log_findings(log: Path, secret: Iterable[str]) -> list[str]:
    """What must not be in a service's log: tracebacks, errors that nobody foresaw, guests' words, the key."""
    text = log.read_text(encoding="utf-8", errors="replace")
    found = [f"{log.stem} wrote a guest's words or the key into its log" for word in secret if word in text]
    for line in text.splitlines():
        if line.startswith("Traceback"):
            found.append(f"{log.stem}: a traceback outside of the log's form")
        if not line.startswith("{"):
            continue
        try:
            row = json.loads(line)
        except ValueError:
            continue  # the process was killed in the middle of the line
        if row.get("action") in _UNFORESEEN:
            found.append(f"{log.stem}: {row.get('message')}: {str(row.get('error') or row)[-300:]}")
    return found
