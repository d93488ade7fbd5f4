"""Finds threads with news: lists them by activity, and never assumes that one page holds what is new."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from autoresponder.channex.interface import ChannexReader, Page
from autoresponder.clock import Clock
from autoresponder.config import Settings
from autoresponder.ledger import Ledger
from autoresponder.model import MessageThread, Property, Sender

log = logging.getLogger(__name__)

CURSOR = "threads"
_ORDER = "last_message_received_at"
_KNOWN = 20_000
"""Fingerprints kept in memory; what is forgotten is only read once more."""

Handle = Callable[[str, MessageThread], Awaitable[bool]]
Progress = Callable[[int, int | None], None]
"""Called with how many threads were seen, and of how many (None when the server did not say)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """What one poll did."""

    requests: int
    seen: int
    changed: int
    postponed: int
    """Changed threads that somebody else owns at the moment; they are seen again next time."""
    unreadable: int
    history: tuple[MessageThread, ...] = ()
    """On first connection: threads whose last guest message is older than what is answered."""


class Poller:
    """Lists threads and hands those with news to a handler.

    The cursor moves only after every thread of a cycle was handled, and each cycle looks some minutes
    behind it: messages arrive late, and pages shift while they are read.

    Args:
        channex: Reads only.
        ledger: Holds the cursor.
        clock: Time.
        settings: Poll settings and the greatest age that is answered.
        handle: Brings one thread as far as it goes; False when somebody else owns it.
        concurrency: Threads handled at once.
    """

    def __init__(
        self,
        channex: ChannexReader,
        ledger: Ledger,
        clock: Clock,
        settings: Settings,
        handle: Handle,
        *,
        concurrency: int,
    ) -> None:
        self._channex = channex
        self._ledger = ledger
        self._clock = clock
        self._settings = settings
        self._handle = handle
        self._limit = asyncio.Semaphore(concurrency)
        self._known: OrderedDict[str, str] = OrderedDict()
        self._by_activity = True
        self._left_out: list[str] = []
        self._swept: float | None = None

    async def cycle(self, progress: Progress | None = None) -> Cycle:
        """Look once.

        Raises:
            ChannexError: The list could not be read; the cursor stays where it is.
            StoreError: As above.
        """
        cursor = await self._ledger.cursor(CURSOR)
        now = self._clock.now()
        oldest = now - self._settings.guards.max_age
        floor = self._floor(cursor, oldest)
        threads, requests, unreadable = await self._list(floor, progress)
        recent = [t for t in threads if _activity(t) >= oldest or cursor is not None]
        history = tuple(t for t in threads if cursor is None and _activity(t) < oldest)
        marked = ((thread, thread.fingerprint) for thread in recent)
        changed = [(thread, mark) for thread, mark in marked if self._known.get(thread.id) != mark]
        outcomes = await asyncio.gather(
            *(self._one(thread, mark) for thread, mark in changed), return_exceptions=True
        )
        done = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        newest = max((_activity(t) for t in threads), default=now if cursor is None else None)
        complete = all(done) and not unreadable
        if newest is not None and complete and (cursor is None or newest > cursor):
            await self._ledger.move_cursor(CURSOR, min(newest, now))
        return Cycle(
            requests=requests,
            seen=len(threads),
            changed=len(changed),
            postponed=sum(1 for ok in done if not ok),
            unreadable=unreadable,
            history=tuple(
                t for t in history if t.last_message is not None and t.last_message.sender is Sender.GUEST
            ),
        )

    def forget(self) -> None:
        """The store lost its memory: every thread is news again."""
        self._known = OrderedDict()
        self._swept = None

    def _floor(self, cursor: datetime | None, oldest: datetime) -> datetime | None:
        """How far back to look: everything at first, the whole answerable time now and then."""
        if cursor is None:
            return None
        now = self._clock.monotonic()
        sweep = self._settings.poll.sweep
        if self._swept is None or self._clock.wall(now - self._swept) >= sweep:
            self._swept = now
            return min(oldest, cursor - self._settings.poll.overlap)
        return cursor - self._settings.poll.overlap

    async def _list(
        self, floor: datetime | None, progress: Progress | None
    ) -> tuple[list[MessageThread], int, int]:
        """Every thread with activity since `floor`, each once, newest activity first."""
        found: OrderedDict[str, MessageThread] = OrderedDict()
        requests, unreadable = 0, 0

        async def read(filters: Mapping[str, str] | None) -> None:
            nonlocal requests, unreadable
            number = 0
            while True:
                number += 1
                requests += 1
                page = await self._channex.message_threads(
                    page=number, order_by=_ORDER, descending=True, filters=filters
                )
                unreadable += len(page.unreadable)
                for problem in page.unreadable:
                    log.error("thread unreadable", extra={"action": "thread_unreadable", "problem": problem})
                self._check_order(page)
                before = len(found)
                for thread in page.items:
                    found.setdefault(thread.id, thread)
                if progress is not None:
                    progress(len(found), page.total)
                if not page.has_more(news=len(found) > before):
                    break
                if floor is not None and self._by_activity and _all_before(page.items, floor):
                    break

        self._tell_left_out(await self._channex.read_threads(read))
        return list(found.values()), requests, unreadable

    def _tell_left_out(self, properties: Sequence[Property]) -> None:
        """Say which properties nobody is answered for, each time that they are others than before."""
        names = sorted(entry.title or entry.id for entry in properties)
        if names and names != self._left_out:
            log.warning(
                "the Messages app is not installed on these properties, so their guests are not answered; "
                "install it in Channex under Applications",
                extra={"action": "properties_left_out", "properties": names},
            )
        self._left_out = names

    def _check_order(self, page: Page[MessageThread]) -> None:
        """Believe the order only as far as the answer shows it."""
        if not self._by_activity:
            return
        stamps = [_activity(t) for t in page.items]
        echoed = page.order_by in {None, _ORDER} or page.total in {0, 1}
        if not echoed or any(later > earlier for earlier, later in pairwise(stamps)):
            self._by_activity = False
            log.warning(
                "threads are not sorted by activity: every poll reads all pages",
                extra={"action": "order_not_kept", "order_by": page.order_by},
            )

    async def _one(self, thread: MessageThread, mark: str) -> bool:
        known = self._known  # what `forget` puts in its place learns nothing of what was before
        async with self._limit:
            handled = await self._handle(thread.id, thread)
        if handled:
            known[thread.id] = mark
            known.move_to_end(thread.id)
            while len(known) > _KNOWN:
                known.popitem(last=False)
        return handled


_NEVER = datetime.min.replace(tzinfo=UTC)


def _activity(thread: MessageThread) -> datetime:
    return thread.last_message_received_at or thread.updated_at or thread.inserted_at or _NEVER


def _all_before(threads: Sequence[MessageThread], floor: datetime) -> bool:
    """Whether the page ends behind the floor, so that later pages hold nothing newer."""
    return bool(threads) and _activity(threads[-1]) < floor
