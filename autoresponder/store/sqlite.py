"""The embedded store: one SQLite file, durable on one machine, shared by any number of its processes."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from autoresponder.errors import StoreError, StoreUnavailable
from autoresponder.store import sqlite_operations as operations
from autoresponder.store.group_commit import GroupThread
from autoresponder.store.interface import Document, Entry, Health, Lease, Store
from autoresponder.store.ordering import commit_digest, micros_or_none, stamp_or_none, to_micros, utc_now
from autoresponder.store.sqlite_file import DatabaseFile, lease_clock
from autoresponder.store.sqlite_session import SqliteSession, Transaction, settings_of

_PURGE_STEP = 500
_LITTLE_SPACE = 100 * 1024 * 1024


class SqliteStore(Store):
    """See `Store`. Writes share transactions, each synced to the disk before anybody is answered.

    Args:
        path: The database file; made when it does not exist, its folder must.
        now: Wall time, compared with what `purge` is given.
        clock: Seconds that time the leases, counted alike by every process that uses the file; the machine's
            own time when left out.
        busy_timeout: Seconds to wait for another process that is writing.
    """

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] | None = None,
        busy_timeout: float = 5.0,
    ) -> None:
        self._file = DatabaseFile(path.absolute(), busy_timeout)
        self._now = now
        self._clock = clock if clock is not None else lease_clock()
        self._turning = asyncio.Lock()  # several tasks may find out at once that it must be opened again
        self._epoch: str | None = None
        self._writer: GroupThread[Transaction] | None = None
        self._reader: GroupThread[Transaction] | None = None

    def __repr__(self) -> str:
        return f"SqliteStore({str(self._file.path)!r})"

    async def open(self) -> None:
        """See `Store.open`."""
        async with self._turning:
            await self._open()

    async def _open(self) -> None:
        await self._close()
        writing = SqliteSession(self._file, writes=True)
        self._writer = GroupThread("store-writer", writing)
        self._reader = GroupThread("store-reader", SqliteSession(self._file, writes=False))
        try:
            await self._writer.start()
            await self._reader.start()
        except BaseException:
            await self._close()
            raise
        self._epoch = writing.epoch

    async def close(self) -> None:
        """See `Store.close`."""
        async with self._turning:
            await self._close()

    async def _close(self) -> None:
        self._epoch = None
        for thread in (self._writer, self._reader):
            if thread is not None:
                await thread.stop()
        self._writer = self._reader = None

    @property
    def epoch(self) -> str:
        """See `Store.epoch`."""
        if self._epoch is None:
            raise StoreUnavailable(f"the store {self._file.path} is not open")
        return self._epoch

    @property
    def _write(self) -> GroupThread[Transaction]:
        if self._writer is None:
            raise StoreUnavailable(f"the store {self._file.path} is not open")
        return self._writer

    @property
    def _read(self) -> GroupThread[Transaction]:
        if self._reader is None:
            raise StoreUnavailable(f"the store {self._file.path} is not open")
        return self._reader

    async def acquire(self, key: str, *, owner: str, ttl: float) -> Lease | None:
        """See `Store.acquire`."""
        touched = to_micros(self._now())
        return await self._write.call(
            lambda t: operations.acquire(t, key, owner, clock=self._clock(), ttl=ttl, touched=touched)
        )

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
        touched = to_micros(self._now())
        digest = commit_digest(document, entries) if live and release else b""
        return await self._write.call(
            lambda t: operations.commit(
                t,
                lease,
                document,
                entries,
                clock=self._clock(),
                touched=touched,
                release=release,
                live=live,
                digest=digest,
            ),
            savepoint=True,
        )

    async def release(self, lease: Lease) -> None:
        """See `Store.release`."""
        await self._write.call(partial(operations.release, lease=lease))

    async def read(self, key: str) -> Document | None:
        """See `Store.read`."""
        return await self._read.call(partial(operations.read, key=key))

    async def due(self, *, now: datetime, limit: int = 100) -> tuple[str, ...]:
        """See `Store.due`."""
        return await self._read.call(partial(operations.due, now=to_micros(now), limit=limit))

    async def next_due(self) -> datetime | None:
        """See `Store.next_due`."""
        return stamp_or_none(await self._read.call(operations.next_due))

    async def waiting(self, *, limit: int = 100, offset: int = 0) -> tuple[tuple[str, Document], ...]:
        """See `Store.waiting`."""
        return await self._read.call(partial(operations.waiting, limit=limit, offset=offset))

    async def entry(self, ref: str) -> Entry | None:
        """See `Store.entry`."""
        return await self._read.call(partial(operations.entry, ref=ref))

    async def entries(
        self, *, since: datetime | None = None, until: datetime | None = None, limit: int = 1000
    ) -> tuple[Entry, ...]:
        """See `Store.entries`."""
        span = (micros_or_none(since), micros_or_none(until))
        return await self._read.call(partial(operations.entries, since=span[0], until=span[1], limit=limit))

    async def get(self, name: str) -> bytes | None:
        """See `Store.get`."""
        return await self._read.call(partial(operations.get, name=name))

    async def put(self, name: str, value: bytes | None) -> None:
        """See `Store.put`."""
        await self._write.call(partial(operations.put, name=name, value=value))

    async def names(self, prefix: str) -> tuple[str, ...]:
        """See `Store.names`."""
        return await self._read.call(partial(operations.names, prefix=prefix))

    async def purge(self, *, before: datetime) -> int:
        """See `Store.purge`; done in steps, so that nobody waits long for the write lock."""
        edge, count = to_micros(before), 0
        while True:
            gone = await self._write.call(
                lambda t: operations.purge(t, edge, self._clock(), _PURGE_STEP), savepoint=True
            )
            count += gone
            if gone < _PURGE_STEP:
                return count

    async def health(self) -> Health:
        """See `Store.health`."""
        place = f"SQLite file {self._file.path}"
        try:
            await self._read.call(lambda t: t.epoch)
            settings = await self._write.call(settings_of)
            warnings = self._warnings()
        except (StoreError, OSError) as error:
            return Health(ok=False, durable=False, detail=f"{place}: {error}")
        durable = settings["journal_mode"] == "wal" and settings["synchronous"] >= 2
        return Health(ok=True, durable=durable, detail=place, warnings=warnings)

    def _warnings(self) -> tuple[str, ...]:
        warnings = []
        path = self._file.path
        if stat.S_IMODE(os.stat(path).st_mode) & 0o077:  # noqa: PTH116 - needs no Path
            warnings.append(f"{path} can be read by others and holds guests' messages: chmod 600 {path}")
        if shutil.disk_usage(path.parent).free < _LITTLE_SPACE:
            warnings.append(f"less than 100 MB are free on the disk of {path}: make room")
        return tuple(warnings)
