"""Port to durable state: leased documents, a schedule, a journal, and named values.

The store knows nothing about guests or rules. A *document* is one thread's record, opaque bytes here;
whoever changes it holds a *lease* on its key. A commit replaces the document, moves its place in the
schedule and appends journal *entries* in one atomic step, and only while the lease is the newest one.

Rules that every implementation keeps, and that the contract suite checks:

* Atomic: a commit is applied wholly or not at all, also through kill -9.
* Fenced: fences grow with every acquisition, store-wide. A commit with an older fence than the key's
  newest is refused with `LeaseLost`, however late it arrives.
* Idempotent: every call may be repeated by its own caller after a lost answer with the same effect as
  once; `acquire` by the owner that already holds the key wins again with the same fence.
* Closed on failure: an operation that cannot be made durable raises `StoreUnavailable`.
* One memory: the store's `epoch` is a random id made when the store is first used. Every operation
  checks that it still is the one seen at `open`, else `EpochChanged`.
* Leases are timed by the store's own clock; `due` and `purge` compare against times given by the caller.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A thread's record and where it stands in the schedule."""

    data: bytes
    due_at: datetime | None = None
    """When somebody should look at it again; None for never by itself."""
    deadline: datetime | None = None
    """What `due` sorts by first: the moment that matters to the guest or the OTA."""
    waiting_since: datetime | None = None
    """Since when a person is needed; None when nobody is."""


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """The exclusive right to change one document, until it runs out."""

    key: str
    owner: str
    """A token unique to this acquisition attempt."""
    fence: int
    """Grows with every acquisition in the store."""
    document: Document | None
    """The document as it was when acquired or last committed."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One journal entry; written once, found by its id or any of its references, purged by age."""

    id: str
    """Unique; an entry with a known id replaces the earlier one."""
    key: str
    """Key of the document it belongs to."""
    at: datetime
    data: bytes
    refs: tuple[str, ...] = ()
    """Further names under which `entry` finds it (message ids)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the store says about itself."""

    ok: bool
    durable: bool
    """Whether an acknowledged commit survives the loss of power, as far as settings tell."""
    detail: str
    """One line for people, without credentials."""
    warnings: tuple[str, ...] = field(default=())
    """Settings that endanger the delivery guarantee, each with its remedy."""
    incarnation: str = ""
    """Names the process that keeps the memory: while it is the same one, nothing was forgotten. Empty: unknown."""


class Store(ABC):
    """See the module's docstring for what every implementation promises."""

    @abstractmethod
    async def open(self) -> None:
        """Connect, create or migrate the schema, and remember the epoch (made when there is none)."""

    @abstractmethod
    async def close(self) -> None:
        """Finish what is under way and disconnect. Closing twice is harmless."""

    @property
    @abstractmethod
    def epoch(self) -> str:
        """Id of this store's memory, as seen at `open`."""

    @abstractmethod
    async def acquire(self, key: str, *, owner: str, ttl: float) -> Lease | None:
        """Take the lease of `key` for `ttl` seconds; None while another owner's lease runs.

        The same owner gets the same fence again, and its time starts anew.
        """

    @abstractmethod
    async def commit(
        self,
        lease: Lease,
        document: Document,
        *,
        entries: Sequence[Entry] = (),
        release: bool = False,
        live: bool = False,
    ) -> Lease:
        """Replace the leased document, append entries, and return the lease with the new document.

        Args:
            lease: Must carry the newest fence of its key.
            document: The new content; also sets or clears its schedule and waiting marks.
            entries: Journal entries to append in the same step.
            release: Give the lease back in the same step.
            live: Also require that the lease has not run out (before a side effect).

        Raises:
            LeaseLost: The fence is not the newest, or `live` and the time is over.
            EpochChanged, StoreUnavailable: Nothing was written, as far as anyone can tell.
        """

    @abstractmethod
    async def release(self, lease: Lease) -> None:
        """Give the lease back if it still is the newest; otherwise do nothing."""

    @abstractmethod
    async def read(self, key: str) -> Document | None:
        """The document, without a lease."""

    @abstractmethod
    async def due(self, *, now: datetime, limit: int = 100) -> tuple[str, ...]:
        """Keys whose `due_at` has come, earliest deadline first (no deadline: by `due_at`, last)."""

    @abstractmethod
    async def next_due(self) -> datetime | None:
        """The earliest `due_at` of all documents, or None."""

    @abstractmethod
    async def waiting(self, *, limit: int = 100, offset: int = 0) -> tuple[tuple[str, Document], ...]:
        """Documents that wait for a person, longest waiting first."""

    @abstractmethod
    async def entry(self, ref: str) -> Entry | None:
        """The newest entry with this id or reference."""

    @abstractmethod
    async def entries(
        self, *, since: datetime | None = None, until: datetime | None = None, limit: int = 1000
    ) -> tuple[Entry, ...]:
        """Entries with `since <= at < until`, oldest first, at most `limit`."""

    @abstractmethod
    async def get(self, name: str) -> bytes | None:
        """A named value (cursor, flag), or None."""

    @abstractmethod
    async def put(self, name: str, value: bytes | None) -> None:
        """Set a named value; None removes it."""

    @abstractmethod
    async def names(self, prefix: str) -> tuple[str, ...]:
        """Names of all named values that start with `prefix`, sorted."""

    @abstractmethod
    async def purge(self, *, before: datetime) -> int:
        """Delete entries older than `before`, and unscheduled, unheld documents last committed before it.

        Returns:
            How many entries and documents went.
        """

    @abstractmethod
    async def health(self) -> Health:
        """Whether the store answers, and whether its settings keep the promises. Never raises."""
