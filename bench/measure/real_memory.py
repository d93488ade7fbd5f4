"""The stores of a campaign with real processes: how each is run, killed, emptied, and read by a bystander.

Before a memory is destroyed, what stood in it is taken down, in the same instant: the oracle is to judge
what was done, and a journal that no longer exists cannot tell.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
import tempfile
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from random import Random

import redis

from autoresponder.app import opened_ledger
from autoresponder.config import Secret, Settings
from autoresponder.demo import all_entries
from autoresponder.records import JournalEntry, ThreadRecord, decode_entry
from tests.support.redis_server import RedisServer

_TAKE_AND_FLUSH = """
local rows = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1] .. 'entries', 0, -1)) do
  rows[#rows + 1] = redis.call('HGET', KEYS[1] .. 'entry:' .. id, 'data')
end
if ARGV[1] == 'flush' then redis.call('FLUSHALL') end
return rows
"""
_PREFIX = "ar:{main}:"


async def _read(
    folder: Path, url: str, threads: Sequence[str]
) -> tuple[list[JournalEntry], list[ThreadRecord]]:
    async with opened_ledger(Settings(folder=folder, store=Secret(url))) as ledger:
        records = [await ledger.record(thread) for thread in threads]
        return await all_entries(ledger), [record for record in records if record is not None]


class Memory(ABC):
    """A store that several processes share.

    Attributes:
        url: As the service is told.
        lost: What stood in memories that were destroyed.
    """

    url: str

    def __init__(self, folder: Path, chance: Random) -> None:
        self.folder = folder
        self.chance = chance
        self.lost: list[JournalEntry] = []

    @abstractmethod
    def start(self) -> None:
        """Begin to answer."""

    @abstractmethod
    def stop(self) -> None:
        """End for good."""

    async def read(self, threads: Sequence[str]) -> tuple[list[JournalEntry], list[ThreadRecord]]:
        """The journal, and the records of threads."""
        return await _read(self.folder, self.url, threads)


class SqliteMemory(Memory):
    """A file beside the workspace."""

    url = "sqlite:///state.db"

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""

    async def delete(self) -> None:
        """Take the file away, as a new volume does; whoever uses it must stand still meanwhile."""
        with tempfile.TemporaryDirectory() as aside:
            for ending in ("", "-wal", "-shm"):
                file = self.folder / f"state.db{ending}"
                if file.exists():
                    shutil.copy(file, aside)
                    file.unlink()
            self.lost += (await _read(Path(aside), self.url, ()))[0]


class RedisMemory(Memory):
    """A redis-server of its own.

    Args:
        folder: For its append-only file.
        chance: How much of the file a power failure takes.
        fsync: Its `appendfsync`.
    """

    def __init__(self, folder: Path, chance: Random, *, fsync: str) -> None:
        super().__init__(folder, chance)
        self._place = folder / "redis"
        self._place.mkdir()
        self.server = RedisServer(self._place, extra=("--appendfsync", fsync))
        self.url = self.server.url
        self._sizes: deque[int] = deque(maxlen=10)
        self._watch: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the server."""
        self.server.start()
        self._watch = asyncio.create_task(self._watch_size())

    def stop(self) -> None:
        """End the server."""
        if self._watch is not None:
            self._watch.cancel()
        self.server.stop(signal.SIGKILL)

    def kill(self) -> None:
        """End the server as a crash does; what it had written is in the hands of the system."""
        self.server.stop(signal.SIGKILL)

    def freeze(self) -> None:
        """SIGSTOP."""
        self.server.signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT."""
        self.server.signal(signal.SIGCONT)

    def flush(self) -> None:
        """FLUSHALL; what stood there is taken down in the same script."""
        with redis.Redis.from_url(self.url) as client:
            self.lost += _entries(client, "flush")

    def lose_tail(self) -> int:
        """What a power failure does to a killed server's file: some of the last second's writes are gone.

        Returns:
            How many bytes.
        """
        with tempfile.TemporaryDirectory(prefix="redis-aside-") as aside:
            spare = RedisServer(Path(shutil.copytree(self._place, aside, dirs_exist_ok=True)))
            spare.start()
            try:
                with redis.Redis.from_url(spare.url) as client:
                    self.lost += _entries(client, "")
            finally:
                spare.stop(signal.SIGKILL)
        file = self._log()
        size = file.stat().st_size
        cut = self.chance.randint(0, max(0, size - (self._sizes[0] if self._sizes else size)))
        with file.open("r+b") as log:
            log.truncate(size - cut)
        self._sizes.clear()
        return cut

    def _log(self) -> Path:
        """The newest file of writes."""
        return max((self._place / "appendonlydir").glob("*.incr.aof"), key=lambda file: file.name)

    async def _watch_size(self) -> None:
        """Keep how long the file was in the last second."""
        while True:
            try:
                self._sizes.append(self._log().stat().st_size)
            except (OSError, ValueError):
                self._sizes.clear()
            await asyncio.sleep(0.1)


def _entries(client: redis.Redis, what: str) -> list[JournalEntry]:
    rows = client.eval(_TAKE_AND_FLUSH, 1, _PREFIX, what)
    assert isinstance(rows, list)
    return [decode_entry(row) for row in rows]
