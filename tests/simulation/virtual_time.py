"""An event loop whose time jumps, and processes on it that can be killed or stopped at any step.

Nothing here waits: when nobody is ready, time moves to the next timer. Everything a simulated process does
runs in a context that names it, so the loop itself can stop it between any two steps, as SIGSTOP does, and
go on with the others.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from datetime import UTC, datetime, timedelta
from typing import Any

from autoresponder.clock import Clock

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
_RESOLUTION = 1e-6
"""Seconds below which two instants are one; without it rounding can keep the loop spinning."""


class Stuck(Exception):
    """Nobody is ready and no timer is set: something waits for what cannot come."""


class Process:
    """One simulated process.

    Args:
        loop: Where it runs.
        name: For histories.
        skew: Seconds by which its wall clock is wrong.
    """

    def __init__(self, loop: VirtualLoop, name: str, skew: float = 0.0) -> None:
        self.loop = loop
        self.name = name
        self.skew = skew
        self.alive = True
        self.steps = 0
        self.delivery_steps = 0
        self.frozen_until = float("-inf")
        self.parked: list[asyncio.Handle] = []
        self.tasks: list[asyncio.Task[Any]] = []
        self.at_step: Callable[[Process, str], None] | None = None
        """Called before every step inside the delivery path, with the name of the point."""

    @property
    def frozen(self) -> bool:
        """Whether it stands still now."""
        return self.frozen_until > self.loop.time()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a coroutine, and everything it starts, as this process."""
        context = copy_context()
        context.run(PROCESS.set, self)
        return self.loop.create_task(work, name=self.name, context=context)

    def freeze(self, seconds: float) -> None:
        """Stand still, as a stopped process or a suspended machine does; timers are late afterwards."""
        if self.alive:
            self.frozen_until = max(self.frozen_until, self.loop.time() + seconds)
            self.loop.call_at(self.frozen_until, self.thaw, context=Context())

    def thaw(self) -> None:
        """Go on, unless it is to stand still for longer."""
        if not self.frozen:
            handles, self.parked = self.parked, []
            self.loop.wake(handles)

    def kill(self) -> None:
        """End at once. What its tasks still do while they unwind has no effect (see `check`)."""
        if not self.alive:
            return
        self.alive = False
        self.frozen_until = float("-inf")
        self.thaw()
        for task in self.tasks:
            task.cancel()

    def check(self) -> None:
        """To be called right before every effect: a dead process has none."""
        if not self.alive:
            raise asyncio.CancelledError


PROCESS: ContextVar[Process | None] = ContextVar("process", default=None)
DELIVERING: ContextVar[bool] = ContextVar("delivering", default=False)
"""Set while a task owns a thread: the delivery path."""

POINT: ContextVar[str] = ContextVar("point", default="")
"""What a task was doing last: names the point at which it is killed."""


class VirtualLoop(asyncio.BaseEventLoop):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self._time = 0.0
        self._clock_resolution = _RESOLUTION
        self.steps = 0
        self.most_steps = 3_000_000
        """A bound against endless loops."""
        self.set_task_factory(_task)

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._time

    def wake(self, handles: list[asyncio.Handle]) -> None:
        """Make parked handles ready, in their order."""
        self._ready.extend(handles)

    def _run_once(self) -> None:
        ready, timers = self._ready, self._scheduled
        while timers and timers[0]._cancelled:
            heapq.heappop(timers)._scheduled = False
        if not ready and not self._stopping:
            if not timers:
                raise Stuck
            self._time = max(self._time, timers[0]._when)
        while timers and timers[0]._when <= self._time + _RESOLUTION:
            timer = heapq.heappop(timers)
            timer._scheduled = False
            if not timer._cancelled:
                ready.append(timer)
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle._cancelled:
                self._step(handle)

    def _step(self, handle: asyncio.Handle) -> None:
        self.steps += 1
        if self.steps > self.most_steps:
            raise Stuck("too many steps")
        process = handle._context.get(PROCESS)
        if process is not None:
            if process.frozen:
                process.parked.append(handle)
                return
            process.steps += 1
            if process.alive and handle._context.get(DELIVERING):
                process.delivery_steps += 1
                if process.at_step is not None:
                    process.at_step(process, handle._context.get(POINT, ""))
                    if process.frozen:
                        process.parked.append(handle)
                        return
        handle._run()

    def _process_events(self, event_list: Any) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """There is nobody to wake: everything happens in this thread."""


def _task(loop: asyncio.AbstractEventLoop, work: Any, **more: Any) -> asyncio.Task[Any]:
    """Tasks remember whose they are, so that a kill finds them."""
    context = more.get("context") or copy_context()
    task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **{**more, "context": context})
    process = context.get(PROCESS)
    if process is not None:
        process.tasks.append(task)
        if len(process.tasks) > 256:
            process.tasks = [t for t in process.tasks if not t.done()]
        if not process.alive:
            task.cancel()
    return task


class VirtualClock(Clock):
    """The loop's time as a process sees it; its wall clock may be wrong, and may jump.

    Args:
        loop: The time.
        process: Whose clock; None for the true time.
    """

    def __init__(self, loop: VirtualLoop, process: Process | None = None) -> None:
        self._loop = loop
        self.process = process

    def now(self) -> datetime:
        """See `Clock.now`."""
        skew = 0.0 if self.process is None else self.process.skew
        return NOON + timedelta(seconds=self._loop.time() + skew)

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        """See `Clock.sleep`."""
        await asyncio.sleep(max(0.0, seconds))
