"""What the SQLite store does inside a transaction, one function for each operation of the port."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from autoresponder.errors import LeaseLost
from autoresponder.store.interface import Document, Entry, Lease
from autoresponder.store.ordering import from_micros, micros_or_none, stamp_or_none, to_micros
from autoresponder.store.sqlite_session import Transaction

_ENTRY = "entries.id, entries.key, entries.at, entries.data, entries.refs"
_REFS = msgspec.json.Decoder(tuple[str, ...])


def acquire(
    transaction: Transaction, key: str, owner: str, *, clock: float, ttl: float, touched: int
) -> Lease | None:
    """Take or renew the lease of a key; one statement writes, so it needs no savepoint."""
    row = transaction.execute("SELECT owner, fence, expires FROM leases WHERE key = ?", (key,)).fetchone()
    if row is None:
        fence = transaction.next_fence()
    elif row[0] == owner:
        fence = row[1]
    elif row[0] is not None and row[2] > clock:
        return None
    else:
        fence = transaction.next_fence()
    transaction.execute(
        "INSERT INTO leases (key, owner, fence, expires, touched) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key)"
        " DO UPDATE SET owner = excluded.owner, fence = excluded.fence, expires = excluded.expires,"
        " touched = excluded.touched",
        (key, owner, fence, clock + ttl, touched),
    )
    return Lease(key=key, owner=owner, fence=fence, document=read(transaction, key))


def commit(
    transaction: Transaction,
    lease: Lease,
    document: Document,
    entries: Sequence[Entry],
    *,
    clock: float,
    touched: int,
    release: bool,
    live: bool,
    digest: bytes,
) -> Lease:
    """Replace the leased document and append entries.

    Args:
        transaction: The group's transaction.
        lease: The caller's lease.
        document: New content.
        entries: Entries to append.
        clock: Lease time now.
        touched: Wall time of this commit.
        release: Give the lease back.
        live: Refuse when the lease's time is over.
        digest: Names this commit when it must be live and gives the lease back, else empty: its
            repetition must succeed although the lease is gone.
    """
    row = transaction.execute(
        "SELECT owner, fence, expires, repeat FROM leases WHERE key = ?", (lease.key,)
    ).fetchone()
    if row is None or row[1] != lease.fence or row[0] not in (None, lease.owner):
        raise LeaseLost(f"another worker took {lease.key} over")
    if live:
        running = row[2] > clock if row[0] is not None else bool(digest) and digest == row[3]
        if not running:
            raise LeaseLost(f"the lease of {lease.key} ran out")
    transaction.execute(
        "INSERT INTO documents (key, data, due, deadline, waiting, touched) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET data = excluded.data, due = excluded.due,"
        " deadline = excluded.deadline, waiting = excluded.waiting, touched = excluded.touched",
        (
            lease.key,
            document.data,
            micros_or_none(document.due_at),
            micros_or_none(document.deadline),
            micros_or_none(document.waiting_since),
            touched,
        ),
    )
    for entry in entries:
        _write_entry(transaction, entry)
    if release:
        transaction.execute(
            "UPDATE leases SET owner = NULL, expires = 0, repeat = ? WHERE key = ?", (digest, lease.key)
        )
    return Lease(key=lease.key, owner=lease.owner, fence=lease.fence, document=document)


def _write_entry(transaction: Transaction, entry: Entry) -> None:
    """Write an entry in place of one with the same id, references included."""
    _drop_refs(transaction, entry.id)
    at = to_micros(entry.at)
    transaction.execute(
        "INSERT OR REPLACE INTO entries (id, key, at, data, refs) VALUES (?, ?, ?, ?, ?)",
        (entry.id, entry.key, at, entry.data, msgspec.json.encode(entry.refs)),
    )
    for ref in {entry.id, *entry.refs}:
        transaction.execute("INSERT INTO refs (ref, at, id) VALUES (?, ?, ?)", (ref, at, entry.id))


def _drop_refs(transaction: Transaction, entry_id: str) -> None:
    row = transaction.execute("SELECT at, refs FROM entries WHERE id = ?", (entry_id,)).fetchone()
    if row is not None:
        for ref in {entry_id, *_REFS.decode(row[1])}:
            transaction.execute(
                "DELETE FROM refs WHERE ref = ? AND at = ? AND id = ?", (ref, row[0], entry_id)
            )


def release(transaction: Transaction, lease: Lease) -> None:
    """Give a lease back if it still is the newest."""
    transaction.execute(
        "UPDATE leases SET owner = NULL, expires = 0, repeat = NULL"
        " WHERE key = ? AND fence = ? AND owner = ?",
        (lease.key, lease.fence, lease.owner),
    )


def _document(row: Sequence[Any]) -> Document:
    data, due, deadline, waiting = row
    return Document(
        data=data,
        due_at=stamp_or_none(due),
        deadline=stamp_or_none(deadline),
        waiting_since=stamp_or_none(waiting),
    )


def read(transaction: Transaction, key: str) -> Document | None:
    """One document."""
    row = transaction.execute(
        "SELECT data, due, deadline, waiting FROM documents WHERE key = ?", (key,)
    ).fetchone()
    return None if row is None else _document(row)


def due(transaction: Transaction, now: int, limit: int) -> tuple[str, ...]:
    """Keys that are due, most urgent first."""
    rows = transaction.execute(
        "SELECT key FROM documents WHERE due <= ?"
        " ORDER BY deadline IS NULL, coalesce(deadline, due), due, key LIMIT ?",
        (now, limit),
    )
    return tuple(key for (key,) in rows)


def next_due(transaction: Transaction) -> int | None:
    """The earliest schedule."""
    found: int | None = transaction.execute(
        "SELECT min(due) FROM documents WHERE due IS NOT NULL"
    ).fetchone()[0]
    return found


def waiting(transaction: Transaction, limit: int, offset: int) -> tuple[tuple[str, Document], ...]:
    """Documents that wait for a person."""
    rows = transaction.execute(
        "SELECT key, data, due, deadline, waiting FROM documents WHERE waiting IS NOT NULL"
        " ORDER BY waiting, key LIMIT ? OFFSET ?",
        (limit, offset),
    )
    return tuple((row[0], _document(row[1:])) for row in rows)


def _entry(row: Sequence[Any]) -> Entry:
    return Entry(id=row[0], key=row[1], at=from_micros(row[2]), data=row[3], refs=_REFS.decode(row[4]))


def entry(transaction: Transaction, ref: str) -> Entry | None:
    """The newest entry with a reference; every entry's id is one of its references."""
    row = transaction.execute(
        f"SELECT {_ENTRY} FROM refs JOIN entries ON entries.id = refs.id"  # noqa: S608 - a constant
        " WHERE refs.ref = ? ORDER BY refs.at DESC, refs.id DESC LIMIT 1",
        (ref,),
    ).fetchone()
    return None if row is None else _entry(row)


def entries(transaction: Transaction, since: int | None, until: int | None, limit: int) -> tuple[Entry, ...]:
    """Entries of a span of time."""
    rows = transaction.execute(
        f"SELECT {_ENTRY} FROM entries WHERE (? IS NULL OR at >= ?) AND (? IS NULL OR at < ?)"  # noqa: S608
        " ORDER BY at, id LIMIT ?",
        (since, since, until, until, limit),
    )
    return tuple(_entry(row) for row in rows)


def get(transaction: Transaction, name: str) -> bytes | None:
    """A named value."""
    row = transaction.execute("SELECT value FROM named WHERE name = ?", (name,)).fetchone()
    return None if row is None else row[0]


def put(transaction: Transaction, name: str, value: bytes | None) -> None:
    """Set or remove a named value."""
    if value is None:
        transaction.execute("DELETE FROM named WHERE name = ?", (name,))
    else:
        transaction.execute("INSERT OR REPLACE INTO named (name, value) VALUES (?, ?)", (name, value))


def names(transaction: Transaction, prefix: str) -> tuple[str, ...]:
    """Names with a prefix, in order; the index is walked from the first one that can have it."""
    rows: Iterator[tuple[str]] = transaction.execute(
        "SELECT name FROM named WHERE name >= ? ORDER BY name", (prefix,)
    )
    return tuple(name for (name,) in itertools.takewhile(lambda row: row[0].startswith(prefix), rows))


def purge(transaction: Transaction, before: int, clock: float, limit: int) -> int:
    """Delete at most `limit` old entries and as many idle documents; the number deleted."""
    old = transaction.execute("SELECT id FROM entries WHERE at < ? LIMIT ?", (before, limit)).fetchall()
    for (entry_id,) in old:
        _drop_refs(transaction, entry_id)
    transaction.execute("DELETE FROM entries WHERE id IN (SELECT value FROM json_each(?))", (_json(old),))
    idle = transaction.execute(
        "SELECT key FROM documents LEFT JOIN leases USING (key) WHERE due IS NULL"
        " AND documents.touched < ? AND (leases.owner IS NULL OR leases.expires <= ?) LIMIT ?",
        (before, clock, limit),
    ).fetchall()
    transaction.execute("DELETE FROM documents WHERE key IN (SELECT value FROM json_each(?))", (_json(idle),))
    transaction.execute("DELETE FROM leases WHERE key IN (SELECT value FROM json_each(?))", (_json(idle),))
    transaction.execute(
        "DELETE FROM leases WHERE touched < ? AND (owner IS NULL OR expires <= ?)"
        " AND key NOT IN (SELECT key FROM documents)",
        (before, clock),
    )
    return len(old) + len(idle)


def _json(rows: Sequence[tuple[str]]) -> str:
    return msgspec.json.encode([value for (value,) in rows]).decode()
