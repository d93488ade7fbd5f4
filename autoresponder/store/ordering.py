"""How every store counts time and puts things in order, so that all of them answer alike.

Stamps are whole microseconds since 1970: exact in SQLite's integers and, until the year 2255, in the
floating-point scores of Redis.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from autoresponder.store.interface import Document, Entry

_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(stamp: datetime) -> int:
    """Microseconds since 1970; ValueError for a datetime without time zone."""
    if stamp.tzinfo is None:
        raise ValueError("a store was given a datetime without time zone")
    return (stamp - _START) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware UTC datetime of so many microseconds since 1970."""
    return _START + timedelta(microseconds=micros)


def micros_or_none(stamp: datetime | None) -> int | None:
    """`to_micros` where there may be no stamp."""
    return None if stamp is None else to_micros(stamp)


def stamp_or_none(micros: int | None) -> datetime | None:
    """`from_micros` where there may be no stamp."""
    return None if micros is None else from_micros(micros)


def utc_now() -> datetime:
    """The machine's wall time: what stores use when they are given no clock."""
    return datetime.now(UTC)


def commit_digest(document: Document, entries: Sequence[Entry]) -> bytes:
    """Names a commit by its content, to know one that is repeated after its answer was lost."""
    digest = hashlib.blake2b(digest_size=16)
    parts: list[object] = [document.due_at, document.deadline, document.waiting_since]
    for entry in entries:
        parts += [entry.id, entry.key, entry.at, entry.refs, entry.data]
    digest.update(repr(parts).encode("utf-8", "surrogatepass"))
    digest.update(document.data)
    return digest.digest()
