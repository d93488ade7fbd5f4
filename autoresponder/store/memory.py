"""A store in this process's memory: for tests, previews and dry runs that leave nothing behind."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from autoresponder.errors import EpochChanged, LeaseLost, StoreUnavailable
from autoresponder.store.interface import Document, Entry, Health, Lease, Store
from autoresponder.store.ordering import commit_digest, micros_or_none, to_micros, utc_now


@dataclass(slots=True)
class _Row:
    """One key: its document, its newest lease, and when it was last touched (microseconds)."""

    document: Document | None
    owner: str | None
    fence: int
    expires: float
    touched: int
    repeat: bytes = b""
    """Digest of the commit that gave the lease back and had to be live."""

    def is_live(self, now: float, digest: bytes) -> bool:
        """Whether the lease runs, or this very commit was what gave it back."""
        if self.owner is None:
            return bool(digest) and digest == self.repeat
        return self.expires > now


class Memory:
    """What `MemoryStore` objects remember; share one to play several processes on one store."""

    def __init__(self) -> None:
        self.wipe()

    def wipe(self) -> None:
        """Forget everything and start a new epoch, as a flushed server would."""
        self.epoch = uuid.uuid4().hex
        self.fence = 0
        self.rows: dict[str, _Row] = {}
        self.scheduled: set[str] = set()
        self.waiting: set[str] = set()
        self.entries: dict[str, Entry] = {}
        self.refs: dict[str, set[str]] = {}
        self.values: dict[str, bytes] = {}

    def index(self, key: str, document: Document | None) -> None:
        """Keep the schedule and the waiting list in step with a document, or its removal."""
        for wanted, index in (
            (document is not None and document.due_at is not None, self.scheduled),
            (document is not None and document.waiting_since is not None, self.waiting),
        ):
            if wanted:
                index.add(key)
            else:
                index.discard(key)

    def put_entry(self, entry: Entry) -> None:
        """Write an entry, replacing one with the same id."""
        self.drop_entry(entry.id)
        self.entries[entry.id] = entry
        for ref in (entry.id, *entry.refs):
            self.refs.setdefault(ref, set()).add(entry.id)

    def drop_entry(self, entry_id: str) -> None:
        """Remove an entry and its references, if it is there."""
        entry = self.entries.pop(entry_id, None)
        if entry is None:
            return
        for ref in {entry.id, *entry.refs}:
            names = self.refs[ref]
            names.discard(entry_id)
            if not names:
                del self.refs[ref]


class MemoryStore(Store):
    """See `Store`. Nothing survives the process; what is committed survives `close` and `open`.

    Args:
        monotonic: Seconds that time the leases.
        now: Wall time, compared with what `purge` is given.
        memory: What to remember in; a new one of its own when left out.
    """

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        now: Callable[[], datetime] = utc_now,
        memory: Memory | None = None,
    ) -> None:
        self.memory = memory if memory is not None else Memory()
        self._monotonic = monotonic
        self._now = now
        self._epoch: str | None = None

    async def open(self) -> None:
        """See `Store.open`."""
        self._epoch = self.memory.epoch
        self.memory.fence = max(self.memory.fence, to_micros(self._now()))

    async def close(self) -> None:
        """See `Store.close`."""
        self._epoch = None

    @property
    def epoch(self) -> str:
        """See `Store.epoch`."""
        if self._epoch is None:
            raise StoreUnavailable("the store is not open")
        return self._epoch

    def _opened(self) -> Memory:
        """The memory, after checking that it still is the one that was opened."""
        if self.epoch != self.memory.epoch:
            raise EpochChanged("the in-memory store was wiped since it was opened")
        return self.memory

    async def acquire(self, key: str, *, owner: str, ttl: float) -> Lease | None:
        """See `Store.acquire`."""
        memory = self._opened()
        now = self._monotonic()
        row = memory.rows.get(key)
        if row is None:
            row = memory.rows[key] = _Row(None, None, 0, 0.0, to_micros(self._now()))
        if row.owner != owner:
            if row.owner is not None and row.expires > now:
                return None
            memory.fence += 1
            row.fence, row.owner = memory.fence, owner
        row.expires = now + ttl
        if row.document is None:
            row.touched = to_micros(self._now())
        return Lease(key=key, owner=owner, fence=row.fence, document=row.document)

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
        memory = self._opened()
        row = memory.rows.get(lease.key)
        if row is None or row.fence != lease.fence or row.owner not in (None, lease.owner):
            raise LeaseLost(f"another worker took {lease.key} over")
        digest = commit_digest(document, entries) if live and release else b""
        if live and not row.is_live(self._monotonic(), digest):
            raise LeaseLost(f"the lease of {lease.key} ran out")
        for stamp in (document.due_at, document.deadline, document.waiting_since, *(e.at for e in entries)):
            micros_or_none(stamp)  # refuses what the other stores could not keep, before anything changes
        row.document, row.touched = document, to_micros(self._now())
        memory.index(lease.key, document)
        for entry in entries:
            memory.put_entry(entry)
        if release:
            row.owner, row.expires, row.repeat = None, 0.0, digest
        return Lease(key=lease.key, owner=lease.owner, fence=lease.fence, document=document)

    async def release(self, lease: Lease) -> None:
        """See `Store.release`."""
        row = self._opened().rows.get(lease.key)
        if row is not None and row.fence == lease.fence and row.owner == lease.owner:
            row.owner, row.expires, row.repeat = None, 0.0, b""

    async def read(self, key: str) -> Document | None:
        """See `Store.read`."""
        row = self._opened().rows.get(key)
        return None if row is None else row.document

    def _documents(self, keys: set[str]) -> list[tuple[str, Document]]:
        rows = self._opened().rows
        pairs = [(key, rows[key].document) for key in keys]
        return [(key, document) for key, document in pairs if document is not None]

    async def due(self, *, now: datetime, limit: int = 100) -> tuple[str, ...]:
        """See `Store.due`."""
        found = []
        for key, document in self._documents(self._opened().scheduled):
            if document.due_at is None or document.due_at > now:
                continue
            first = document.deadline or document.due_at
            found.append((document.deadline is None, first, document.due_at, key.encode()))
        return tuple(key.decode() for *_, key in sorted(found)[:limit])

    async def next_due(self) -> datetime | None:
        """See `Store.next_due`."""
        documents = self._documents(self._opened().scheduled)
        return min((d.due_at for _, d in documents if d.due_at is not None), default=None)

    async def waiting(self, *, limit: int = 100, offset: int = 0) -> tuple[tuple[str, Document], ...]:
        """See `Store.waiting`."""
        found = [
            (document.waiting_since, key.encode(), document)
            for key, document in self._documents(self._opened().waiting)
            if document.waiting_since is not None
        ]
        found.sort(key=lambda row: row[:2])
        return tuple((key.decode(), document) for _, key, document in found[offset : offset + limit])

    async def entry(self, ref: str) -> Entry | None:
        """See `Store.entry`."""
        memory = self._opened()
        found = [memory.entries[name] for name in memory.refs.get(ref, ())]
        return max(found, key=_entry_order, default=None)

    async def entries(
        self, *, since: datetime | None = None, until: datetime | None = None, limit: int = 1000
    ) -> tuple[Entry, ...]:
        """See `Store.entries`."""
        found = [
            entry
            for entry in self._opened().entries.values()
            if (since is None or entry.at >= since) and (until is None or entry.at < until)
        ]
        return tuple(sorted(found, key=_entry_order)[:limit])

    async def get(self, name: str) -> bytes | None:
        """See `Store.get`."""
        return self._opened().values.get(name)

    async def put(self, name: str, value: bytes | None) -> None:
        """See `Store.put`."""
        values = self._opened().values
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value

    async def names(self, prefix: str) -> tuple[str, ...]:
        """See `Store.names`."""
        return tuple(sorted(name for name in self._opened().values if name.startswith(prefix)))

    async def purge(self, *, before: datetime) -> int:
        """See `Store.purge`."""
        memory = self._opened()
        old = [entry.id for entry in memory.entries.values() if entry.at < before]
        for entry_id in old:
            memory.drop_entry(entry_id)
        count, edge, now = len(old), to_micros(before), self._monotonic()
        for key, row in list(memory.rows.items()):
            held = row.owner is not None and row.expires > now
            if held or row.touched >= edge or key in memory.scheduled:
                continue
            count += row.document is not None
            memory.index(key, None)
            del memory.rows[key]
        return count

    async def health(self) -> Health:
        """See `Store.health`."""
        if self._epoch is None:
            return Health(ok=False, durable=False, detail="in memory, not open")
        if self._epoch != self.memory.epoch:
            return Health(ok=False, durable=False, detail="in memory, wiped since it was opened")
        return Health(ok=True, durable=False, detail="in memory: everything is forgotten at the end")


def _entry_order(entry: Entry) -> tuple[datetime, bytes]:
    return (entry.at, entry.id.encode())
