"""Ends requests that take too long, with one timer for all of them.

All requests of a client have the same patience, so they run out in the order in which they began: only the
eldest needs a timer. A timer for each request would cost a tenth of the request.
"""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType
from typing import Self


class Deadlines:
    """Gives each request the same time.

    Args:
        seconds: For a whole request, from before it waits for a connection until its answer was read.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._under_way: deque[Watch] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def watch(self) -> Watch:
        """A watch over what the running task does inside `with`, which raises TimeoutError when it is late."""
        loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        if task is None:
            raise RuntimeError("a request is sent by a task")
        watch = Watch(task, loop.time() + self._seconds)
        self._under_way.append(watch)
        if self._timer is None:
            self._timer = loop.call_at(watch.until, self._look, loop)
        return watch

    def close(self) -> None:
        """Watch no more; what is under way goes on without a limit."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._under_way.clear()

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Stop what is late, and come back when the eldest of the others would be."""
        self._timer = None
        waiting = self._under_way
        while waiting and (waiting[0].over or waiting[0].until <= loop.time()):
            waiting.popleft().stop()
        if waiting:
            self._timer = loop.call_at(waiting[0].until, self._look, loop)


class Watch:
    """The time of one request; see `asyncio.timeout`, which it behaves like."""

    __slots__ = ("_asked_to_stop", "_late", "_task", "until")

    def __init__(self, task: asyncio.Task[object], until: float) -> None:
        self._task: asyncio.Task[object] | None = task
        self._asked_to_stop = task.cancelling()
        self._late = False
        self.until = until
        """When it is late, by the loop's clock."""

    @property
    def over(self) -> bool:
        """Whether the request has come to its end."""
        return self._task is None

    def stop(self) -> None:
        """Its time is up, unless it is over."""
        if self._task is not None:
            self._late = True
            self._task.cancel()

    def ran_out(self) -> bool:
        """Whether the request was stopped for being late, and for nothing else; the stop is then taken back."""
        task, self._task = self._task, None
        return self._late and task is not None and task.uncancel() <= self._asked_to_stop

    def __enter__(self) -> Self:
        """The request begins."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.ran_out() and kind is asyncio.CancelledError:
            raise TimeoutError from error
