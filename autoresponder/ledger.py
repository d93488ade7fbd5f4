"""The store seen with our words: thread records under lease, the journal, switches and cursors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from autoresponder.guards import Switches
from autoresponder.records import (
    JournalEntry,
    ThreadRecord,
    decode_entry,
    decode_record,
    encode_entry,
    encode_record,
)
from autoresponder.store.interface import Document, Entry, Health, Lease, Store

_THREAD = "thread:"
_PAUSED_THREAD = "pause:thread:"
_PAUSED_PROPERTY = "pause:property:"
_KILL = "pause:all"
_ACTIVATED = "activated_at"
_CURSOR = "cursor:"
_ALIVE = "alive_at"
_FORGOT = "forgot_at"
_SEEN = "seen:"
_RULES = "sound_rules"
_IN_FORCE = "rules_in_force"
_UPLOADED = "uploaded:"

_REPLY_SCORE = timedelta(hours=24)
"""Within this time an answer counts for Booking.com's reply score and Airbnb's response rate."""


class HeldThread(msgspec.Struct, frozen=True):
    """A thread that we own for now, with its record."""

    lease: Lease
    record: ThreadRecord
    """As it is stored, or as the next commit will store it."""
    entry: JournalEntry | None = None
    """What the next commit puts into the journal unless it brings an entry of its own."""

    @property
    def fence(self) -> int:
        """Fence of the lease."""
        return self.lease.fence


class Ledger:
    """Typed access to the store.

    Args:
        store: An opened store.
        owner: Makes a token that no other acquisition uses.
        lease: Real seconds for which a thread is owned.
    """

    def __init__(self, store: Store, *, owner: Callable[[], str], lease: float) -> None:
        self._store = store
        self._owner = owner
        self._ttl = lease
        self._activated: datetime | None = None

    @property
    def store(self) -> Store:
        """The store underneath."""
        return self._store

    async def take(self, thread_id: str) -> HeldThread | None:
        """Own a thread; None while somebody else does."""
        lease = await self._store.acquire(_THREAD + thread_id, owner=self._owner(), ttl=self._ttl)
        if lease is None:
            return None
        if lease.document is None:
            return HeldThread(lease, ThreadRecord(thread_id=thread_id))
        return HeldThread(lease, decode_record(lease.document.data))

    async def commit(
        self,
        held: HeldThread,
        record: ThreadRecord,
        *,
        entry: JournalEntry | None = None,
        release: bool = False,
        live: bool = False,
    ) -> HeldThread:
        """Write the record (and a journal entry) in one step; see `Store.commit` for the errors."""
        entry = entry or held.entry
        entries = () if entry is None else (_journal(entry),)
        lease = await self._store.commit(
            held.lease, _document(record), entries=entries, release=release, live=live
        )
        return HeldThread(lease, record)

    async def release(self, held: HeldThread) -> None:
        """Give the thread back unchanged."""
        await self._store.release(held.lease)

    async def record(self, thread_id: str) -> ThreadRecord | None:
        """A thread's record, without owning it."""
        document = await self._store.read(_THREAD + thread_id)
        return None if document is None else decode_record(document.data)

    async def due(self, *, now: datetime, limit: int) -> tuple[str, ...]:
        """Threads whose time has come, most urgent first."""
        keys = await self._store.due(now=now, limit=limit)
        return tuple(k.removeprefix(_THREAD) for k in keys if k.startswith(_THREAD))

    async def next_due(self) -> datetime | None:
        """When the next thread is due."""
        return await self._store.next_due()

    async def waiting(self, *, limit: int = 100, offset: int = 0) -> tuple[ThreadRecord, ...]:
        """Threads that wait for a person, longest first."""
        rows = await self._store.waiting(limit=limit, offset=offset)
        return tuple(decode_record(document.data) for _, document in rows)

    async def decision(self, ref: str) -> JournalEntry | None:
        """The decision about a message (any message of the turn)."""
        entry = await self._store.entry(ref)
        return None if entry is None else decode_entry(entry.data)

    async def decisions(
        self, *, since: datetime | None = None, until: datetime | None = None, limit: int = 1000
    ) -> tuple[JournalEntry, ...]:
        """Decisions, oldest first."""
        rows = await self._store.entries(since=since, until=until, limit=limit)
        return tuple(decode_entry(row.data) for row in rows)

    async def switches(self) -> Switches:
        """What people have switched off."""
        names = await self._store.names("pause:")
        return Switches(
            kill=_KILL in names,
            paused_threads=frozenset(
                n.removeprefix(_PAUSED_THREAD) for n in names if n.startswith(_PAUSED_THREAD)
            ),
            paused_properties=frozenset(
                n.removeprefix(_PAUSED_PROPERTY) for n in names if n.startswith(_PAUSED_PROPERTY)
            ),
        )

    async def pause(self, *, on: bool, thread_id: str | None = None, property_id: str | None = None) -> None:
        """Switch replies off (or on again): everywhere, in one thread, or for one property."""
        if thread_id is not None:
            name = _PAUSED_THREAD + thread_id
        elif property_id is not None:
            name = _PAUSED_PROPERTY + property_id
        else:
            name = _KILL
        await self._store.put(name, b"1" if on else None)

    async def activated_at(self, now: datetime) -> datetime:
        """When this store was first used to answer; set to `now` the first time."""
        known = await self._store.get(_ACTIVATED)
        if known is None:
            await self._store.put(_ACTIVATED, now.isoformat().encode())
        self._activated = now if known is None else datetime.fromisoformat(known.decode())
        return self._activated

    async def activated(self) -> bool:
        """Whether this store was ever used to answer."""
        return await self._store.get(_ACTIVATED) is not None

    async def keep_rules(self, data: bytes) -> None:
        """Keep a set of rules that was sound, for a start over a folder that is not."""
        await self._store.put(_RULES, data)

    async def kept_rules(self) -> bytes | None:
        """What was kept last."""
        return await self._store.get(_RULES)

    async def put_in_force(self, version: str, now: datetime) -> None:
        """Leave word which set of files guests are answered by; the same one again keeps its time."""
        known = await self.in_force()
        if known is None or known[0] != version:
            await self._store.put(_IN_FORCE, f"{version} {now.isoformat()}".encode())

    async def in_force(self) -> tuple[str, datetime] | None:
        """Which set of files guests are answered by, and since when; None when no service left word."""
        known = await self._store.get(_IN_FORCE)
        if known is None:
            return None
        version, _, since = known.decode().partition(" ")
        return version, datetime.fromisoformat(since)

    async def uploaded(self, digest: str) -> str | None:
        """What Channex calls the file with this content; None when it was never uploaded."""
        known = await self._store.get(_UPLOADED + digest)
        return None if known is None else known.decode()

    async def remember_upload(self, digest: str, attachment_id: str | None) -> None:
        """Remember what Channex calls a file; None when Channex does not know it any more."""
        await self._store.put(_UPLOADED + digest, None if attachment_id is None else attachment_id.encode())

    async def alive(self, now: datetime) -> None:
        """Leave word that a service is at work, and which process keeps the store's memory.

        Raises:
            StoreError: The store cannot be used.
        """
        health = await self._store.health()
        await self._store.put(_ALIVE, f"{now.isoformat()} {health.incarnation}".encode())

    async def last_alive(self) -> tuple[datetime, str] | None:
        """When a service last left word here, and the store's incarnation then; None when none ever did."""
        known = await self._store.get(_ALIVE)
        if known is None:
            return None
        at, _, incarnation = known.decode().partition(" ")
        return datetime.fromisoformat(at), incarnation

    async def reopen(self, now: datetime) -> None:
        """Open a store that lost its memory anew, and leave word of that for whoever starts later.

        What was written to us before the loss is no history: since when guests are answered is written back.

        Raises:
            StoreError: It cannot be opened.
        """
        await self._store.open()
        await self.has_forgotten(now)
        before = self._activated
        if before is not None and await self.activated_at(before) > before:
            await self._store.put(_ACTIVATED, before.isoformat().encode())
            self._activated = before

    async def has_forgotten(self, now: datetime) -> None:
        """Leave word that the store has lost its memory, for whoever starts later."""
        await self._store.put(_FORGOT, now.isoformat().encode())

    async def see(self, machine: str, now: datetime) -> None:
        """Leave a machine's word in the store."""
        await self._store.put(_SEEN + machine, now.isoformat().encode())

    async def seen(self, machine: str) -> datetime | None:
        """When a machine last left its word here; None when the store knows nothing of it."""
        known = await self._store.get(_SEEN + machine)
        return None if known is None else datetime.fromisoformat(known.decode())

    async def forget_machines(self, before: datetime) -> None:
        """Forget machines that left no word since then."""
        for name in await self._store.names(_SEEN):
            at = await self.seen(name.removeprefix(_SEEN))
            if at is not None and at < before:
                await self._store.put(name, None)

    async def forgot_at(self) -> datetime | None:
        """When a service last found that the store had lost its memory; None when none ever did."""
        known = await self._store.get(_FORGOT)
        return None if known is None else datetime.fromisoformat(known.decode())

    async def cursor(self, name: str) -> datetime | None:
        """How far a poll has come."""
        value = await self._store.get(_CURSOR + name)
        return None if value is None else datetime.fromisoformat(value.decode())

    async def move_cursor(self, name: str, to: datetime) -> None:
        """Remember how far a poll has come; only after everything seen was recorded."""
        await self._store.put(_CURSOR + name, to.isoformat().encode())

    async def purge(self, *, before: datetime) -> int:
        """Forget guest texts and finished threads older than `before`."""
        return await self._store.purge(before=before)

    async def health(self) -> Health:
        """What the store says about itself."""
        return await self._store.health()


def _document(record: ThreadRecord) -> Document:
    return Document(
        data=encode_record(record),
        due_at=record.due_at,
        deadline=None if record.turn is None else record.turn.first_at + _REPLY_SCORE,
        waiting_since=None if record.waiting is None else record.waiting.since,
    )


def _journal(entry: JournalEntry) -> Entry:
    return Entry(
        id=f"{entry.thread_id}/{entry.trigger_id}",
        key=_THREAD + entry.thread_id,
        at=entry.at,
        data=encode_entry(entry),
        refs=entry.message_ids,
    )
