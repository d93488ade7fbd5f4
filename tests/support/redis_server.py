"""A real redis-server on a free loopback port, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest


class RedisServer:
    """A redis-server process that can be stopped, killed and started again on the same port and data.

    Args:
        folder: Where the server keeps its append-only file and log.
        appendonly: Whether it writes an append-only file, with every acknowledged write synced.
        extra: Further settings, as on the command line.
    """

    def __init__(self, folder: Path, *, appendonly: bool = True, extra: Sequence[str] = ()) -> None:
        self.folder = folder
        self.port = _free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._arguments = [
            *("--port", str(self.port), "--bind", "127.0.0.1", "--save", ""),
            *("--dir", str(folder), "--logfile", str(folder / "redis.log")),
            *("--maxmemory-policy", "noeviction"),
            *("--appendonly", "yes" if appendonly else "no", "--appendfsync", "always"),
            *extra,
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until the server answers."""
        program = shutil.which("redis-server")
        assert program is not None
        self._process = subprocess.Popen([program, *self._arguments], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                log = (self.folder / "redis.log").read_text(errors="replace")
                raise RuntimeError(f"redis-server does not answer:\n{log}")
            time.sleep(0.01)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the process (SIGKILL: as a crash would) and wait until it is gone."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(how)
        self._process.wait(20)
        self._process = None

    def signal(self, what: signal.Signals) -> None:
        """Send a signal (SIGSTOP, SIGCONT) to the process."""
        assert self._process is not None
        self._process.send_signal(what)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith((b"+PONG", b"-NOAUTH"))
        except OSError:
            return False


def require_redis_server() -> None:
    """Skip the test when redis-server is not installed; fail where CI is set."""
    if shutil.which("redis-server") is not None:
        return
    if os.environ.get("CI"):
        pytest.fail("redis-server is not installed (apt-get install redis-server)")
    pytest.skip("redis-server is not installed (apt-get install redis-server)")


@contextmanager
def running_redis(*, appendonly: bool = True, extra: Sequence[str] = ()) -> Iterator[RedisServer]:
    """A running server as an object, for tests that stop, kill or freeze it."""
    require_redis_server()
    with tempfile.TemporaryDirectory(prefix="redis-test-") as folder:
        server = RedisServer(Path(folder), appendonly=appendonly, extra=extra)
        try:
            server.start()
            yield server
        finally:
            server.stop(signal.SIGKILL)


@contextmanager
def redis_server(*, appendonly: bool = True) -> Iterator[str]:
    """A running server's URL."""
    with running_redis(appendonly=appendonly) as server:
        yield server.url


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
