"""Handles one thread at a time: own it, read it, decide, journal, deliver, close the turn."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from msgspec.structs import replace

from autoresponder.brain import Knowledge, Resolution, resolve
from autoresponder.clock import Clock
from autoresponder.config import Settings
from autoresponder.delivery.courier import Courier, TurnChanged
from autoresponder.delivery.outcome import pause
from autoresponder.errors import ChannexError, LeaseLost, StoreError
from autoresponder.guards import Switches
from autoresponder.intake import Intake
from autoresponder.ledger import HeldThread, Ledger
from autoresponder.model import MessageThread, ThreadId
from autoresponder.records import JournalEntry, ThreadRecord, TurnRecord, Waiting
from autoresponder.service.breather import Breather
from autoresponder.service.closing import (
    POISON_AFTER,
    TELL_AFTER,
    Undecidable,
    ended,
    log_end,
    no_longer_waiting,
    overtaken,
    person_needed,
    poison_turn,
    poisoned,
    still_waiting,
    taken_over,
    turn_record,
    typing_until,
    unreadable,
    waiting_for,
)
from autoresponder.service.journal import journal_entry, poison_entry, settled
from autoresponder.service.reports import TurnReport, Watcher
from autoresponder.turns import Reading, read_turn

log = logging.getLogger(__name__)


class Worker:
    """Handles threads.

    Args:
        intake: Reads snapshots.
        ledger: Where everything is recorded.
        courier: Delivers; None in a dry run, which then has no way to send.
        knowledge: The present rules, templates and properties.
        settings: Guards and reply settings.
        clock: Time.
        switches: What people have switched off.
        activated_at: Guest messages from before are history.
        watch: Told about every decision and every end.
        rand: Random numbers in [0, 1) for jitter.
    """

    def __init__(
        self,
        *,
        intake: Intake,
        ledger: Ledger,
        courier: Courier | None,
        knowledge: Callable[[], Knowledge],
        settings: Settings,
        clock: Clock,
        switches: Callable[[], Awaitable[Switches]],
        activated_at: datetime,
        watch: Watcher,
        rand: Callable[[], float],
    ) -> None:
        self._intake = intake
        self._ledger = ledger
        self._courier = courier
        self._knowledge = knowledge
        self._settings = settings
        self._clock = clock
        self._switches = switches
        self._activated_at = activated_at
        self._watch = watch
        self._rand = rand
        self._breather = Breather(clock.monotonic)

    async def handle(self, thread_id: str, thread: MessageThread | None = None) -> bool:
        """Bring a thread as far as it goes now.

        Args:
            thread_id: The thread.
            thread: Its list entry when it was just read.

        Returns:
            False when somebody else owns the thread at the moment.

        Raises:
            StoreError: The store cannot be used; nothing further was done.
        """
        held = await self._ledger.take(thread_id)
        if held is None:
            return False
        try:
            try:
                await self._handle(held, thread)
            except StoreError:
                raise
            except ChannexError as error:
                await self._postpone(held, error)
            except Exception as error:
                log.exception("thread failed", extra={"action": "thread_failed", "thread_id": thread_id})
                await self._set_aside(held, error)
        except LeaseLost:
            taken_over(thread_id)
            return False
        return True

    async def _handle(self, held: HeldThread, thread: MessageThread | None) -> None:
        turn = held.record.turn
        if turn is not None and turn.decided_at is not None:
            try:
                await self._deliver(held, resumed=True)
            except TurnChanged as change:
                held = await self._reopen(change)
            else:
                return
        for _ in range(3):
            try:
                await self._decide(held, thread)
            except TurnChanged as change:
                held, thread = await self._reopen(change), None
            else:
                return
        later = self._clock.now() + self._clock.wall(5)
        await self._ledger.commit(held, replace(held.record, due_at=later), release=True)

    async def _reopen(self, change: TurnChanged) -> HeldThread:
        """The guest wrote on before anything was sent: the journal tells what became of the decision."""
        record, now = change.held.record, self._clock.now()
        journal = await self._ledger.decision(f"{record.thread_id}/{change.turn.trigger_id}")
        entry = None if journal is None else settled(journal, overtaken(change.turn, now=now))
        return await self._ledger.commit(change.held, replace(record, due_at=now), entry=entry)

    async def _decide(self, held: HeldThread, thread: MessageThread | None) -> None:
        """Read, decide and journal; then deliver what is to be delivered."""
        record = held.record
        until = typing_until(thread, settle=self._settings.guards.settle, now=self._clock.now())
        if until is not None:
            await self._ledger.commit(held, replace(record, turn=None, due_at=until), release=True)
            return
        snapshot = await self._intake.messages(ThreadId(record.thread_id), record, thread=thread)
        entry = snapshot.thread
        record = replace(
            record,
            property_id=entry.property_id,
            booking_id=entry.booking_id,
            provider=entry.provider.value,
            fingerprint=entry.fingerprint,
        )
        now = self._clock.now()
        horizon = now - self._settings.guards.max_age
        reading = read_turn(snapshot, record, horizon=horizon)
        record = no_longer_waiting(record, reading)
        if reading.turn is None:
            await self._ledger.commit(held, replace(record, turn=None, due_at=None, failures=0), release=True)
            return
        reading = reading.completed(await self._intake.complete(snapshot))
        assert reading.turn is not None
        await self._breather.breathe()
        knowledge, switches = self._knowledge(), await self._switches()
        try:
            resolution = resolve(
                knowledge,
                reading,
                record,
                switches=switches,
                replies=self._settings.replies,
                guards=self._settings.guards,
                activated_at=self._activated_at,
                now=now,
                trace=True,
                whole=False,
            )
        except Exception as error:
            raise Undecidable(reading) from error
        turn = turn_record(reading, resolution, knowledge.version, fence=held.fence, now=now)
        journal = journal_entry(reading.turn, reading, resolution, turn, at=now)
        if resolution.waits:
            await self._wait(held, record, turn, resolution)
            return
        if not turn.deliveries:
            await self._finish(held, record, turn, journal, reading=reading, resolution=resolution)
            return
        # The decision becomes durable together with the first step that follows from it, before any byte leaves.
        self._watch(TurnReport(record=turn, entry=journal, reading=reading, resolution=resolution))
        await self._deliver(HeldThread(held.lease, replace(record, turn=turn), journal), journal)

    async def _deliver(
        self, held: HeldThread, journal: JournalEntry | None = None, *, resumed: bool = False
    ) -> None:
        """Walk the open turn's deliveries; close the turn when all have come to their end.

        After a resumed turn the thread is looked at again: the guest may have written on meanwhile.
        """
        turn, before = held.record.turn, held.record.waiting
        assert turn is not None
        if journal is None:
            journal = await self._ledger.decision(f"{held.record.thread_id}/{turn.trigger_id}")
        if self._courier is not None:
            held = await self._courier.deliver(held)
        record, turn = held.record, held.record.turn
        assert turn is not None
        if self._courier is not None and not all(d.terminal for d in turn.deliveries):
            if journal is not None and record.waiting != before:
                self._watch(TurnReport(record=turn, entry=journal, waiting=record.waiting))
            await self._ledger.release(held)
            return
        await self._finish(held, record, ended(turn), journal, again=resumed)

    async def _finish(
        self,
        held: HeldThread,
        record: ThreadRecord,
        turn: TurnRecord,
        journal: JournalEntry | None,
        *,
        reading: Reading | None = None,
        resolution: Resolution | None = None,
        again: bool = False,
    ) -> None:
        """Close a turn: mark its messages handled and say whether a person is needed."""
        now = self._clock.now()
        turn = replace(turn, done_at=now)
        needed = person_needed(turn)
        waiting = waiting_for(turn, record.waiting) if needed else still_waiting(turn, record.waiting)
        entry = None if journal is None else settled(journal, turn)
        closed = replace(record.finish(turn), waiting=waiting, due_at=now if again else None)
        await self._ledger.commit(held, closed, entry=entry, release=True)
        log_end(record.thread_id, turn, needed=needed)
        if entry is not None:
            self._watch(TurnReport(record=turn, entry=entry, reading=reading, resolution=resolution))

    async def _wait(
        self, held: HeldThread, record: ThreadRecord, turn: TurnRecord, resolution: Resolution
    ) -> None:
        """Postpone a turn that may not be answered yet; it stays undecided."""
        stop = resolution.stop
        assert stop is not None
        assert stop.until is not None
        waiting = replace(
            turn,
            decided_at=None,
            outcome=None,
            reason=None,
            deliveries=(),
            wait_until=stop.until,
            wait_reason=stop.reason,
        )
        await self._ledger.commit(held, replace(record, turn=waiting, due_at=stop.until), release=True)

    async def _postpone(self, held: HeldThread, error: ChannexError) -> None:
        """The API could not be read: nothing is lost, look again later."""
        failures = held.record.failures + 1
        wait = self._clock.wall(5 + pause(failures, self._rand(), base=5.0))
        log.warning(
            "thread postponed",
            extra={"action": "thread_postponed", "thread_id": held.record.thread_id, "error": str(error)},
        )
        now = self._clock.now()
        waiting = unreadable(held.record, str(error), now) if failures >= TELL_AFTER else None
        await self._current(held, failures=failures, due_at=now + wait, waiting=waiting)

    async def _set_aside(self, held: HeldThread, error: Exception) -> None:
        """Something unforeseen: try a few times, then leave the thread to a person."""
        now = self._clock.now()
        failures = held.record.failures + 1
        if failures < POISON_AFTER:
            await self._current(held, failures=failures, due_at=now + self._clock.wall(10.0 * failures))
            return
        text = f"could not be handled ({type(error.__cause__ or error).__name__}); please answer this guest yourself"
        reading = error.reading if isinstance(error, Undecidable) else None
        if reading is None or reading.turn is None:
            waiting = poisoned(held.record, text, now)
            await self._current(held, failures=failures, due_at=None, waiting=waiting)
            return
        turn = poison_turn(reading, text, self._knowledge().version, now=now)
        journal = poison_entry(reading.turn, turn, reading, at=now)
        record = await self._ledger.record(held.record.thread_id) or held.record
        await self._finish(held, record, turn, journal)

    async def _current(
        self, held: HeldThread, *, failures: int, due_at: datetime | None, waiting: Waiting | None = None
    ) -> None:
        """Reschedule a thread on top of whatever was last recorded for it."""
        record = await self._ledger.record(held.record.thread_id) or held.record
        changed = replace(record, failures=failures, due_at=due_at, waiting=waiting or record.waiting)
        await self._ledger.commit(held, changed, release=True)
