"""Every kind of store behind one face, with a lease clock that tests can move and a memory they can wipe."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from datetime import UTC, datetime
from pathlib import Path

import redis

from autoresponder.clock import ManualClock
from autoresponder.store.interface import Store
from autoresponder.store.memory import Memory, MemoryStore
from autoresponder.store.redis_store import RedisStore
from autoresponder.store.sqlite import SqliteStore

START = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
KINDS = ("memory", "sqlite", "redis")
_namespaces = itertools.count()


class Backend(ABC):
    """One memory; `connect` makes any number of clients of it, as several processes would have."""

    def __init__(self) -> None:
        self.clock = ManualClock(START)
        self.opened: list[Store] = []

    async def connect(self) -> Store:
        """An opened store."""
        store = self.new()
        await store.open()
        self.opened.append(store)
        return store

    async def close(self) -> None:
        """Close every store that `connect` made."""
        for store in self.opened:
            await store.close()

    def advance(self, seconds: float) -> None:
        """Let wall and lease time pass."""
        self.clock.advance(seconds)

    @abstractmethod
    def new(self) -> Store:
        """A store that is not open yet."""

    @abstractmethod
    def forget(self) -> None:
        """Lose the memory, as a deleted file or a flushed server does."""


class MemoryBackend(Backend):
    """Stores that share one `Memory`."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory()

    def new(self) -> Store:
        return MemoryStore(self.clock.monotonic, now=self.clock.now, memory=self.memory)

    def forget(self) -> None:
        self.memory.wipe()


class SqliteBackend(Backend):
    """Stores that share one file."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def new(self) -> Store:
        return SqliteStore(self.path, now=self.clock.now, clock=self.clock.monotonic)

    def forget(self) -> None:
        for ending in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)


class RedisBackend(Backend):
    """Stores that share one namespace of a server. The server times leases itself, so `advance` ages them."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.namespace = f"test-{next(_namespaces)}"
        self.url = f"{url}?namespace={self.namespace}"
        self.raw = redis.Redis.from_url(url)

    def new(self) -> Store:
        return RedisStore(self.url, now=self.clock.now)

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        for key in self.raw.scan_iter(f"ar:{{{self.namespace}}}:row:*"):
            if self.raw.hexists(key, "expires"):
                self.raw.hincrby(key, "expires", -round(seconds * 1000))

    def forget(self) -> None:
        self.raw.flushall()

    async def close(self) -> None:
        await super().close()
        self.raw.close()


def make_backend(kind: str, folder: Path, redis_url: str) -> Backend:
    """A fresh memory of a kind out of `KINDS`."""
    if kind == "memory":
        return MemoryBackend()
    if kind == "sqlite":
        return SqliteBackend(folder / "store.db")
    return RedisBackend(redis_url)
