"""One thread that runs what waits in groups, so that many callers share one durable commit.

Calls made in one turn of the event loop travel to the thread as one list; whatever piled up while the
last group was being written forms the next group. Callers are answered after their group is finished.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from autoresponder.errors import StoreUnavailable

T = TypeVar("T")
ContextT = TypeVar("ContextT")

_LARGEST_GROUP = 512


class Job(Generic[ContextT]):
    """One operation on its way through the thread."""

    __slots__ = ("error", "future", "operation", "result", "savepoint")

    def __init__(
        self,
        operation: Callable[[ContextT], object],
        savepoint: bool,
        future: asyncio.Future[Any],
    ) -> None:
        self.operation = operation
        self.savepoint = savepoint
        """Whether it writes more than once and must be undone alone when it fails half-way."""
        self.future = future
        self.result: object = None
        self.error: BaseException | None = None


class Session(ABC, Generic[ContextT]):
    """What the thread works on; all methods are called in the thread."""

    @abstractmethod
    def open(self) -> None:
        """Get ready, or raise."""

    @abstractmethod
    def run(self, jobs: list[Job[ContextT]]) -> None:
        """Run a group and set `result` or `error` of every job; never raises."""

    @abstractmethod
    def close(self) -> None:
        """Let go of everything; never raises."""


class GroupThread(Generic[ContextT]):
    """Runs operations on a `Session` in a thread of its own.

    Args:
        name: Name of the thread.
        session: What the operations work on.
    """

    def __init__(self, name: str, session: Session[ContextT]) -> None:
        self._name = name
        self._session = session
        self._queue: queue.SimpleQueue[list[Job[ContextT]] | None] = queue.SimpleQueue()
        self._pending: list[Job[ContextT]] = []
        self._running = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Future[None] | None = None

    async def start(self) -> None:
        """Start the thread; raises what `Session.open` raises."""
        loop = self._loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        self._ended = loop.create_future()
        self._running = True
        threading.Thread(target=self._main, args=(ready,), name=self._name, daemon=True).start()
        try:
            await ready
        except BaseException:
            self._running = False
            raise

    async def call(self, operation: Callable[[ContextT], T], *, savepoint: bool = False) -> T:
        """Run one operation with others and return its result when its group is finished.

        An operation whose caller is cancelled while it waits may still be carried out.
        """
        loop = self._loop
        if not self._running or loop is None:
            raise StoreUnavailable("the store is not open")
        future: asyncio.Future[Any] = loop.create_future()
        self._pending.append(Job(operation, savepoint, future))
        if len(self._pending) == 1:
            loop.call_soon(self._flush)
        return cast("T", await future)

    async def stop(self) -> None:
        """Finish what waits and end the thread. Stopping twice is harmless."""
        if self._running:
            self._running = False
            self._flush()
            self._queue.put(None)
        if self._ended is not None:
            await asyncio.shield(self._ended)

    def _flush(self) -> None:
        if self._pending:
            jobs, self._pending = self._pending, []
            self._queue.put(jobs)

    def _main(self, ready: asyncio.Future[None]) -> None:
        try:
            try:
                self._session.open()
            except Exception as error:  # noqa: BLE001 - handed to the caller of start
                self._tell(_fail, ready, error)
                return
            self._tell(_finish, ready)
            self._work()
        finally:
            self._session.close()
            assert self._ended is not None
            self._tell(_finish, self._ended)

    def _work(self) -> None:
        while True:
            jobs = self._queue.get()
            if jobs is None:
                return
            stopping = False
            while len(jobs) < _LARGEST_GROUP:
                try:
                    more = self._queue.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    stopping = True
                    break
                jobs += more
            self._session.run(jobs)
            self._tell(_deliver, jobs)
            if stopping:
                return

    def _tell(self, callback: Callable[..., None], *arguments: object) -> None:
        """Call back in the event loop; when the loop is gone nobody is left to be told."""
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(callback, *arguments)
        except RuntimeError:
            self._running = False


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _fail(future: asyncio.Future[None], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)


def _deliver(jobs: list[Job[Any]]) -> None:
    for job in jobs:
        if job.future.done():
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)
