"""Product, sandbox and guests in one: a folder, a pretend Channex, and the service as a process of its own.

The service runs exactly as in production; if it dies (or is killed to see what happens), it is started
again and goes on from its store.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from autoresponder.errors import AutoresponderError
from autoresponder.ledger import Ledger
from autoresponder.records import Delivery, DeliveryState, JournalEntry, PartKind
from autoresponder.starter import sample_files, starter_files

_SETTINGS = """\
# Made by `autoresponder demo`. Times are the demo's, which run fast.
channex:
  requests_per_minute: 60000
  timeout: 10s
delivery:
  quarantine: 3s
  grace: 2s
  lease: 15s
listen:
  enabled: false
"""

_STOP_WITHIN = 15.0
_RESTARTS = 20


class DemoFailed(AutoresponderError):
    """The service cannot be kept running; the message holds the end of its log."""


def write_folder(folder: Path) -> None:
    """Write the starter rules and the sample properties into an empty folder."""
    files = {**starter_files(), **sample_files(), "autoresponder.yaml": _SETTINGS}
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


class ServiceProcess:
    """The service as a child process that is started again when it dies.

    Args:
        folder: Its working folder.
        environ: Its environment.
        log: File for everything it says.
        started: Told the process id at each start.
    """

    def __init__(
        self, folder: Path, environ: Mapping[str, str], log: Path, started: Callable[[int, int], None]
    ) -> None:
        self._folder = folder
        self._environ = dict(environ)
        self._log = log
        self._started = started
        self._stopping = False
        self._process: asyncio.subprocess.Process | None = None
        self.starts = 0

    async def keep_running(self) -> None:
        """Start the service, and again whenever it ends before `stop`.

        Raises:
            DemoFailed: It ends again and again.
        """
        while not self._stopping:
            if self.starts > _RESTARTS:
                raise DemoFailed(f"the service ended {self.starts} times; its log:\n{self._log_end()}")
            with self._log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "autoresponder",
                    "run",
                    "--folder",
                    str(self._folder),
                    env=self._environ,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            self.starts += 1
            self._started(self._process.pid, self.starts)
            code = await self._process.wait()
            if code in {1, 2} and not self._stopping:
                raise DemoFailed(f"the service does not start; its log:\n{self._log_end()}")

    async def stop(self) -> None:
        """End the service in order, as SIGTERM does in production."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        try:
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), _STOP_WITHIN)
        except ProcessLookupError:
            return
        except TimeoutError:
            process.kill()
            await process.wait()

    def _log_end(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")[-2000:]


@asynccontextmanager
async def running_service(
    folder: Path, *, base_url: str, store: str, started: Callable[[int, int], None]
) -> AsyncIterator[ServiceProcess]:
    """The service over a demo folder, for as long as the block lasts."""
    environ = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("CHANNEX_", "AUTORESPONDER_"))},
        "CHANNEX_API_KEY": "sandbox",
        "CHANNEX_BASE_URL": base_url,
        "AUTORESPONDER_CLOCK": "sandbox",
        "AUTORESPONDER_STORE": store,
    }
    service = ServiceProcess(folder, environ, folder / "service.log", started)
    keeper = asyncio.create_task(service.keep_running(), name="service")
    try:
        yield service
        if keeper.done():
            keeper.result()
    finally:
        await service.stop()
        await asyncio.gather(keeper, return_exceptions=True)
    if keeper.done() and not keeper.cancelled() and keeper.exception() is not None:
        keeper.result()


async def ledger_rows(ledger: Ledger) -> list[dict[str, object]]:
    """What the product says it did, in the form that the sandbox holds against what it saw."""
    entries = await all_entries(ledger)
    return [
        {
            "thread_id": entry.thread_id,
            "message_ids": list(entry.message_ids),
            "outcome": entry.outcome.value,
            "parts": sum(map(_reaches_guest, entry.deliveries)) or 1,
        }
        for entry in entries
    ]


async def all_entries(ledger: Ledger) -> list[JournalEntry]:
    """Every recorded decision, oldest first."""
    return list(await ledger.decisions(limit=100_000))


def _reaches_guest(delivery: Delivery) -> bool:
    """Whether it makes a message; of a file that was held the guest got none."""
    sent = delivery.state is DeliveryState.SENT
    return delivery.kind is PartKind.TEXT or (delivery.kind is PartKind.ATTACHMENT and sent)
