"""Child processes that speak JSON lines, a redis-server, and how much work a process has done."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_READY_WITHIN = 20.0


class Child:
    """A Python module in a process of its own, started with one JSON line and answering with JSON lines.

    Args:
        module: Its name.
        count: Where perf shall write how many instructions it carried out; None not to count.
        order: The first line.
    """

    def __init__(self, module: str, count: Path | None = None, **order: Any) -> None:
        counter = ["perf", "stat", "-x,", "-e", "instructions:u", "-o", str(count)] if count else []
        self._process = subprocess.Popen(
            [*counter, sys.executable, "-m", f"bench.measure.{module}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._module = module
        self.tell(order)

    def tell(self, order: dict[str, Any]) -> None:
        """Send one line."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Wait for the next line."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self._module} ended with code {self._process.wait()}")
        return dict(json.loads(line))

    def ask(self, **order: Any) -> dict[str, Any]:
        """Send one line and wait for the answer."""
        self.tell(order)
        return self.answer()

    def stop(self) -> None:
        """End the process; it is killed when it does not go."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


@contextmanager
def child(module: str, count: Path | None = None, **order: Any) -> Iterator[Child]:
    """A child for as long as the block lasts."""
    process = Child(module, count, **order)
    try:
        yield process
    finally:
        process.stop()


def instructions(count: Path) -> int:
    """What perf wrote into a file."""
    for line in count.read_text().splitlines():
        if "instructions" in line and line[0].isdigit():
            return int(line.split(",")[0])
    raise SystemExit("perf cannot count instructions here: a virtual machine must pass its counters on")


def order() -> dict[str, Any]:
    """The next line for a child; ends the child when there is none."""
    line = sys.stdin.readline()
    if not line:
        raise SystemExit(0)
    return dict(json.loads(line))


def reply(**answer: Any) -> None:
    """A child's answer."""
    print(json.dumps(answer), flush=True)


@contextmanager
def redis_server() -> Iterator[str]:
    """A redis-server with an append-only file, as the service is run in production; gives its URL."""
    program = shutil.which("redis-server")
    if program is None:
        raise SystemExit("redis-server is not installed: apt-get install redis-server")
    with tempfile.TemporaryDirectory(prefix="bench-redis-") as folder:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = subprocess.Popen(
            [
                *(program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder),
                *("--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"),
            ],
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_for(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _READY_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise SystemExit("redis-server does not answer") from None
            time.sleep(0.02)
        else:
            return


def resident_kib() -> int:
    """Memory of this process that is in RAM, in KiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024
