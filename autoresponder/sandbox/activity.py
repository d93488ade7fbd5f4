"""Threads in the order of their last activity, kept sorted so that a page costs no sorting."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from datetime import datetime

from autoresponder.sandbox.entities import Thread


class ActivityIndex:
    """Threads by `last_message_received_at`."""

    def __init__(self) -> None:
        self._keys: list[tuple[datetime, int]] = []
        self._threads: dict[int, Thread] = {}
        self._placed: dict[int, tuple[datetime, int]] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def place(self, thread: Thread) -> None:
        """Put a thread where its last activity says, taking it away from its former place."""
        key = (thread.last_message_received_at, thread.number)
        former = self._placed.get(thread.number)
        if former == key:
            return
        if former is not None:
            del self._keys[bisect_left(self._keys, former)]
        insort(self._keys, key)
        self._placed[thread.number] = key
        self._threads[thread.number] = thread

    def ordered(self, *, descending: bool) -> Iterator[Thread]:
        """All threads."""
        keys = reversed(self._keys) if descending else iter(self._keys)
        return (self._threads[number] for _, number in keys)

    def slice(self, start: int, stop: int, *, descending: bool) -> list[Thread]:
        """The threads from `start` up to `stop` of the order asked for."""
        if descending:
            size = len(self._keys)
            low, high = max(0, size - stop), max(0, size - start)
            return [self._threads[number] for _, number in reversed(self._keys[low:high])]
        return [self._threads[number] for _, number in self._keys[start:stop]]
