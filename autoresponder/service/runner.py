"""The service's life: poll, handle what is due, keep house, and stop without leaving anything behind."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from autoresponder.brain import Knowledge
from autoresponder.channex.interface import ChannexReader
from autoresponder.clock import Clock
from autoresponder.config import Settings
from autoresponder.delivery.gate import SendGate
from autoresponder.delivery.outcome import pause
from autoresponder.errors import (
    ChannexError,
    ChannexForbidden,
    ChannexRateLimited,
    ChannexUnauthorized,
    EpochChanged,
    StoreError,
)
from autoresponder.ledger import Ledger
from autoresponder.model import MessageThread
from autoresponder.service.auditor import Auditor
from autoresponder.service.condition import Condition
from autoresponder.service.health import Readiness
from autoresponder.service.history import record_history
from autoresponder.service.housekeeping import Housekeeping
from autoresponder.service.metrics import Metrics
from autoresponder.service.poller import Cycle, Poller, Progress
from autoresponder.service.worker import Worker

log = logging.getLogger(__name__)

_DUE_BATCH = 64
_IDLE = 1.0
"""Longest wall seconds between two looks at the schedule, times the clock's speed."""


class Service:
    """Runs until it is told to stop.

    Args:
        channex: Reads only; the courier inside the worker holds the writer.
        ledger: The opened store.
        worker: Handles one thread.
        knowledge: The present rules.
        settings: Everything that can be set.
        clock, metrics: Time, and counters.
        rand: Random numbers in [0, 1) for jitter.
        gate: Closed here when the store turns out to have lost its memory.
        house, auditor: What is done now and then; no auditor in a dry run.
    """

    def __init__(
        self,
        *,
        channex: ChannexReader,
        ledger: Ledger,
        worker: Worker,
        knowledge: Callable[[], Knowledge],
        settings: Settings,
        clock: Clock,
        metrics: Metrics,
        rand: Callable[[], float],
        gate: SendGate,
        house: Housekeeping,
        auditor: Auditor | None = None,
    ) -> None:
        self._auditor = auditor
        self._gate = gate
        self._ledger = ledger
        self._worker = worker
        self._knowledge = knowledge
        self._settings = settings
        self._clock = clock
        self._metrics, self._rand = metrics, rand
        self._stop, self._news = asyncio.Event(), asyncio.Event()
        self._busy: set[str] = set()
        metrics.in_flight.set_function(lambda: len(self._busy))
        self._elsewhere: dict[str, float] = {}
        self._condition = Condition()
        self._house = house
        self._slots = asyncio.Semaphore(settings.workers)
        self._poller = Poller(
            channex, ledger, clock, settings, self._handle, concurrency=settings.workers * 4
        )

    def stop(self) -> None:
        """Ask the service to finish what is in flight and end."""
        self._stop.set()

    def readiness(self) -> Readiness:
        """Whether the service can do its work."""
        return self._condition.readiness(rules=self._knowledge().version, gate=self._gate)

    async def once(self, progress: Progress | None = None) -> Cycle:
        """Look for news once and handle everything that is due now.

        Raises:
            ChannexError, StoreError: It could not be done; nothing is lost.
        """
        await self._house.vouch(self._clock.now())
        cycle = await self._poll(progress)
        while keys := await self._ledger.due(now=self._clock.now(), limit=_DUE_BATCH):
            done = await asyncio.gather(*(self._handle(key, None) for key in keys))
            if not any(done):
                break
        return cycle

    async def first_look(self, progress: Progress) -> None:
        """The first poll, which may be long, with somebody watching; `run` deals with its troubles."""
        try:
            await self._poll(progress)
        except (ChannexError, StoreError) as error:
            log.info("first look failed", extra={"action": "first_look_failed", "error": str(error)})

    async def run(self) -> None:
        """Poll and handle until `stop` is called; then finish what is in flight."""
        loops = {"poll": self._poll_loop(), "due": self._due_loop(), "housekeeping": self._house_loop()}
        if self._auditor is not None:
            loops["audit"] = self._auditor.run(self._stop, self._pause)
        tasks = [asyncio.create_task(loop, name=name) for name, loop in loops.items()]
        waiter = asyncio.create_task(self._stop.wait(), name="stop")
        try:
            await asyncio.wait([*tasks, waiter], return_when=asyncio.FIRST_COMPLETED)
            broken = [t for t in tasks if t.done() and not t.cancelled() and t.exception() is not None]
            self._stop.set()
            if broken:
                log.error("a part of the service failed", extra={"action": "task_failed"})
            await self._drain(tasks)
            for task in broken:
                task.result()
        finally:
            waiter.cancel()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, waiter, return_exceptions=True)

    async def _drain(self, tasks: list[asyncio.Task[None]]) -> None:
        """Let what is in flight come to a recorded state; what takes longer is handed back."""
        log.info("stopping", extra={"action": "stopping", "in_flight": len(self._busy)})
        _, late = await asyncio.wait(tasks, timeout=self._settings.channex.timeout + 5)
        if late:
            log.warning("handed back unfinished", extra={"action": "handed_back", "count": len(self._busy)})

    async def _poll_loop(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                await self._poll(None)
            except ChannexError as error:
                failures += 1
                wait = self._poll_failed(error, failures)
            except StoreError as error:
                failures += 1
                await self._store_failed(error)
                wait = 1 + pause(failures, self._rand(), cap=30.0)
            else:
                failures = 0
                wait = self._settings.poll.every.total_seconds() * (0.95 + 0.1 * self._rand())
            await self._pause(wait)

    def _poll_failed(self, error: ChannexError, failures: int) -> float:
        self._condition.channex = str(error)
        self._metrics.polls.labels(result=type(error).__name__).inc()
        log.warning("poll failed", extra={"action": "poll_failed", "error": str(error)})
        if isinstance(error, ChannexRateLimited) and error.retry_after is not None:
            return error.retry_after + self._rand()
        if isinstance(error, ChannexUnauthorized | ChannexForbidden):
            return 60.0
        return 1 + pause(failures, self._rand(), base=5.0)

    async def _poll(self, progress: Progress | None) -> Cycle:
        cycle = await self._poller.cycle(progress)
        self._condition.channex = "ok"
        self._condition.store = "ok"
        self._metrics.polls.labels(result="ok").inc()
        self._metrics.poll_requests.inc(cycle.requests)
        self._metrics.last_poll.set(self._clock.now().timestamp())
        for thread in cycle.history:
            await record_history(self._ledger, thread, now=self._clock.now(), rules=self._knowledge().version)
        if cycle.history:
            log.info(
                "older messages recorded, never answered",
                extra={"action": "history_recorded", "threads": len(cycle.history)},
            )
        return cycle

    async def _due_loop(self) -> None:
        """Handle what the schedule says, several threads at once, the most urgent first."""
        running: set[asyncio.Task[bool]] = set()
        failures = 0
        try:
            while not self._stop.is_set():
                self._news.clear()
                try:
                    started = await self._start_due(running)
                    failures = 0
                    wait = 0.0 if started else await self._until_due()
                except StoreError as error:
                    failures += 1
                    await self._store_failed(error)
                    wait = 1 + pause(failures, self._rand(), cap=30.0)
                if len(running) >= self._settings.workers:
                    await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                else:
                    await self._pause(wait, self._news)
                failures += await self._reap(running)
        finally:
            if running:
                await asyncio.wait(running)
                await self._reap(running)

    async def _start_due(self, running: set[asyncio.Task[bool]]) -> int:
        keys = await self._ledger.due(now=self._clock.now(), limit=_DUE_BATCH)
        now = self._clock.monotonic()
        self._elsewhere = {key: until for key, until in self._elsewhere.items() if until > now}
        free = [key for key in keys if key not in self._busy and key not in self._elsewhere]
        room = max(0, self._settings.workers * 2 - len(running))
        for key in free[:room]:
            running.add(asyncio.create_task(self._handle(key, None), name=f"thread {key}"))
        return len(free[:room])

    async def _reap(self, running: set[asyncio.Task[bool]]) -> int:
        """Take finished handlers out; returns how many met a store failure."""
        failed = 0
        for task in [t for t in running if t.done()]:
            running.discard(task)
            error = task.exception()
            if isinstance(error, StoreError):
                failed += 1
                await self._store_failed(error)
            elif error is not None:
                raise error
        return failed

    async def _until_due(self) -> float:
        """Wall seconds until the next thread is due, at least a moment and at most a short idle."""
        longest, shortest = (self._clock.wall(s).total_seconds() for s in (_IDLE, 0.05))
        due = await self._ledger.next_due()
        if due is None or due <= self._clock.now():  # what is due and was not started is in other hands
            return longest
        return min(longest, max(shortest, (due - self._clock.now()).total_seconds()))

    async def _house_loop(self) -> None:
        """Numbers for people, and forgetting what is past its retention."""
        while not self._stop.is_set():
            try:
                await self._house.round(self._clock.now())
            except StoreError as error:
                await self._store_failed(error)
            await self._pause(self._clock.wall(15).total_seconds())

    async def _handle(self, thread_id: str, thread: MessageThread | None) -> bool:
        """Handle a thread unless this process is already at it."""
        if thread_id in self._busy:
            return False
        self._busy.add(thread_id)
        try:
            async with self._slots:
                if self._stop.is_set():
                    return False
                handled = await self._worker.handle(thread_id, thread)
                if not handled:  # somebody else owns it: asking again at once would only keep the store busy
                    self._elsewhere[thread_id] = self._clock.monotonic() + _IDLE
                return handled
        finally:
            self._busy.discard(thread_id)
            self._news.set()

    async def _store_failed(self, error: StoreError) -> None:
        """Fail closed: without the store nothing is sent; come back by itself."""
        self._condition.store = str(error)
        self._metrics.store_up.set(0)
        log.error("store failed", extra={"action": "store_failed", "error": str(error)})
        if isinstance(error, EpochChanged):
            self._gate.close_for(self._settings.delivery.quarantine, "the store lost its memory")
            self._poller.forget()
            try:
                await self._ledger.reopen(self._clock.now())
            except StoreError as again:
                log.error("store not reopened", extra={"action": "store_failed", "error": str(again)})

    async def _pause(self, seconds: float, news: asyncio.Event | None = None) -> None:
        """Wait in wall time, but not longer than until `stop`, or until there is news."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._clock.sleep(seconds))]
        waits += [asyncio.ensure_future(e.wait()) for e in (self._stop, news) if e is not None]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
