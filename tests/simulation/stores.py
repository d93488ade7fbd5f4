"""The store as a simulated process reaches it: slow, sometimes unreachable, sometimes forgetful.

One memory is shared by all processes. An operation can fail before or after it took effect; both look the
same to the caller.
"""

from __future__ import annotations

import asyncio
import copy
import random
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from autoresponder.clock import Clock
from autoresponder.delivery.mark import Mark, Seen
from autoresponder.errors import StoreUnavailable
from autoresponder.store.interface import Document, Entry, Health, Lease, Store
from autoresponder.store.memory import Memory, MemoryStore
from tests.simulation.virtual_time import DELIVERING, POINT, Process, VirtualLoop


class Disk:
    """The memory that all processes share, and what can happen to it.

    Args:
        loop: Time.
        chance: Of the store alone.
        failures: Part of the operations that fail.
        durable: Whether what was acknowledged survives a loss of power.
    """

    def __init__(
        self, loop: VirtualLoop, chance: random.Random, *, failures: float = 0.0, durable: bool = True
    ) -> None:
        self.loop = loop
        self.chance = chance
        self.memory = Memory()
        self.failures = failures
        self.durable = durable
        self.down_until = float("-inf")
        self.calm = False
        self.faults: Counter[str] = Counter()
        self.wiped_at: list[float] = []
        self.losses = 0
        """How often something was forgotten: each time it is another server."""
        self.committed: list[Callable[[Process, Lease, Document, Sequence[Entry]], None]] = []
        self._past: deque[tuple[float, dict[str, Any]]] = deque()

    def remember(self) -> None:
        """Before a change: keep what was, for as long as it can be lost."""
        if self.durable:
            return
        now = self.loop.time()
        while len(self._past) > 1 and self._past[1][0] < now - 1.0:
            self._past.popleft()
        state = dict(vars(self.memory))
        state["rows"] = {key: copy.copy(row) for key, row in self.memory.rows.items()}
        for name in ("scheduled", "waiting", "entries", "values"):
            state[name] = copy.copy(state[name])
        state["refs"] = {ref: set(ids) for ref, ids in self.memory.refs.items()}
        self._past.append((now, state))

    def lose_tail(self) -> None:
        """Loss of power: up to the last second of what was acknowledged is gone, the epoch stays."""
        self.faults["store:tail_lost"] += 1
        self.losses += 1
        since = self.loop.time() - self.chance.random()
        for at, state in self._past:
            if at >= since:
                vars(self.memory).update(state)
                break
        self._past.clear()

    def wipe(self) -> None:
        """Everything is gone: another epoch."""
        self.faults["store:wiped"] += 1
        self.losses += 1
        self.wiped_at.append(self.loop.time())
        self.memory.wipe()
        self._past.clear()


class SimulatedMark(Mark):
    """What a machine keeps beside the store: it outlives every process, and whatever befalls the store."""

    def __init__(self, marks: dict[str, Seen], process: Process) -> None:
        self._marks = marks
        self._process = process
        self._machine = process.name.partition(".")[0]

    async def load(self) -> Seen | None:
        """See `Mark.load`."""
        return self._marks.get(self._machine)

    async def save(self, seen: Seen) -> None:
        """See `Mark.save`."""
        await asyncio.sleep(0.002)
        self._process.check()
        self._marks[self._machine] = seen


class SimulatedStore(Store):
    """One process's way to the disk; see the module."""

    memory_store: type[MemoryStore] = MemoryStore

    def __init__(self, disk: Disk, process: Process, clock: Clock) -> None:
        self._disk = disk
        self._process = process
        self._inner = self.memory_store(disk.loop.time, now=clock.now, memory=disk.memory)

    async def _around(self, name: str, work: Callable[[], Any], *, changes: bool = False) -> Any:
        """One operation: it may fail before, or after it took effect."""
        disk = self._disk
        self._process.check()
        POINT.set(f"before {name}")
        await asyncio.sleep(0.001 + 0.004 * disk.chance.random())
        self._process.check()
        if disk.down_until > disk.loop.time():
            disk.faults["store:down"] += 1
            raise StoreUnavailable("the store does not answer")
        fails = not disk.calm and disk.failures and disk.chance.random() < disk.failures
        if fails and disk.chance.random() < 0.5:
            disk.faults["store:failed_before"] += 1
            raise StoreUnavailable("the store does not answer")
        if changes:
            disk.remember()
        result = await work()
        POINT.set(f"after {name}")
        await asyncio.sleep(0)
        if fails:
            disk.faults["store:failed_after"] += 1
            raise StoreUnavailable("the store's answer was lost")
        return result

    async def open(self) -> None:
        """See `Store.open`."""
        await self._around("open", self._inner.open)

    async def close(self) -> None:
        """See `Store.close`."""
        if self._process.alive:
            await self._inner.close()

    @property
    def epoch(self) -> str:
        """See `Store.epoch`."""
        return self._inner.epoch

    async def acquire(self, key: str, *, owner: str, ttl: float) -> Lease | None:
        """See `Store.acquire`."""
        DELIVERING.set(True)
        lease: Lease | None = await self._around(
            "acquire", lambda: self._inner.acquire(key, owner=owner, ttl=ttl), changes=True
        )
        if lease is None:
            DELIVERING.set(False)
        return lease

    async def commit(
        self,
        lease: Lease,
        document: Document,
        *,
        entries: Sequence[Entry] = (),
        release: bool = False,
        live: bool = False,
    ) -> Lease:
        """See `Store.commit`."""

        async def work() -> Lease:
            done = await self._inner.commit(lease, document, entries=entries, release=release, live=live)
            for hook in self._disk.committed:
                hook(self._process, lease, document, entries)
            return done

        name = "commit of an intent" if live else "closing commit" if release else "commit"
        done: Lease = await self._around(name, work, changes=True)
        if release:
            DELIVERING.set(False)
        return done

    async def release(self, lease: Lease) -> None:
        """See `Store.release`."""
        await self._around("release", lambda: self._inner.release(lease), changes=True)
        DELIVERING.set(False)

    async def read(self, key: str) -> Document | None:
        """See `Store.read`."""
        found: Document | None = await self._around("read", lambda: self._inner.read(key))
        return found

    async def due(self, *, now: datetime, limit: int = 100) -> tuple[str, ...]:
        """See `Store.due`."""
        found: tuple[str, ...] = await self._around("due", lambda: self._inner.due(now=now, limit=limit))
        return found

    async def next_due(self) -> datetime | None:
        """See `Store.next_due`."""
        found: datetime | None = await self._around("next_due", self._inner.next_due)
        return found

    async def waiting(self, *, limit: int = 100, offset: int = 0) -> tuple[tuple[str, Document], ...]:
        """See `Store.waiting`."""
        found: tuple[tuple[str, Document], ...] = await self._around(
            "waiting", lambda: self._inner.waiting(limit=limit, offset=offset)
        )
        return found

    async def entry(self, ref: str) -> Entry | None:
        """See `Store.entry`."""
        found: Entry | None = await self._around("entry", lambda: self._inner.entry(ref))
        return found

    async def entries(
        self, *, since: datetime | None = None, until: datetime | None = None, limit: int = 1000
    ) -> tuple[Entry, ...]:
        """See `Store.entries`."""
        found: tuple[Entry, ...] = await self._around(
            "entries", lambda: self._inner.entries(since=since, until=until, limit=limit)
        )
        return found

    async def get(self, name: str) -> bytes | None:
        """See `Store.get`."""
        found: bytes | None = await self._around("get", lambda: self._inner.get(name))
        return found

    async def put(self, name: str, value: bytes | None) -> None:
        """See `Store.put`."""
        await self._around("put", lambda: self._inner.put(name, value), changes=True)

    async def names(self, prefix: str) -> tuple[str, ...]:
        """See `Store.names`."""
        found: tuple[str, ...] = await self._around("names", lambda: self._inner.names(prefix))
        return found

    async def purge(self, *, before: datetime) -> int:
        """See `Store.purge`."""
        gone: int = await self._around("purge", lambda: self._inner.purge(before=before), changes=True)
        return gone

    async def health(self) -> Health:
        """See `Store.health`."""
        health = await self._inner.health()
        return replace(health, durable=self._disk.durable, incarnation=f"server {self._disk.losses}")
