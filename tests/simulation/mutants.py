"""The product with one guard rail taken away: proof that the simulation can fail.

Each mutant exchanges one name, mostly for a subclass that lacks one thing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from msgspec.structs import replace as changed

from autoresponder import app
from autoresponder.channex.interface import ChannexReader
from autoresponder.clock import Clock
from autoresponder.config import DeliverySettings
from autoresponder.delivery import courier as courier_module
from autoresponder.delivery.courier import Courier
from autoresponder.delivery.mark import NoMark
from autoresponder.delivery.outcome import Effect, Verdict, judge
from autoresponder.delivery.precondition import Finding, Look, look
from autoresponder.delivery.reconciler import Reconciler
from autoresponder.errors import ChannexError
from autoresponder.ledger import HeldThread
from autoresponder.model import Message, MessageThread
from autoresponder.records import Delivery, DeliveryState
from autoresponder.service import runner
from autoresponder.service.poller import Poller
from autoresponder.store.interface import Document, Entry, Lease
from autoresponder.store.memory import Memory, MemoryStore
from tests.simulation import site
from tests.simulation.site import Exchanged
from tests.simulation.stores import SimulatedStore


class _RecordsAfterwards(Courier):
    """Writes down only what came of a write, not that it is about to be made."""

    async def _write(
        self, held: HeldThread, delivery: Delivery, *, live: bool = False, due: timedelta | None = None
    ) -> HeldThread:
        if live and delivery.state is DeliveryState.INTENT:
            turn = held.record.turn
            assert turn is not None
            return changed(held, record=changed(held.record, turn=turn.with_delivery(delivery)))
        return await super()._write(held, delivery, live=live, due=due)


def _looks_away(messages: tuple[Message, ...], **more: Any) -> Look:
    """Looks once more, and sends whatever it sees."""
    return replace(look(messages, **more), finding=Finding.GO)


def _hopes(error: ChannexError) -> Verdict:
    """Takes an unknown outcome for a refusal: tries again at once, as most programs do."""
    verdict = judge(error)
    return replace(verdict, effect=Effect.NOT_APPLIED) if verdict.effect is Effect.UNKNOWN else verdict


class _Impatient(Reconciler):
    """Believes in absence at the first look."""

    def __init__(self, reader: ChannexReader, clock: Clock, settings: DeliverySettings) -> None:
        super().__init__(reader, clock, replace(settings, quarantine=1.0))


class _Ungraceful(Courier):
    """Writes however old the intent is."""

    def _freshness(self, stated: float) -> Callable[[], None]:
        return lambda: None


class _AnyFence(MemoryStore):
    """Takes a commit from whoever once held the lease."""

    async def commit(
        self,
        lease: Lease,
        document: Document,
        *,
        entries: Sequence[Entry] = (),
        release: bool = False,
        live: bool = False,
    ) -> Lease:
        row = self._opened().rows.get(lease.key)
        newest = lease if row is None else changed(lease, fence=row.fence)
        await super().commit(newest, document, entries=entries, release=release, live=live)
        return changed(lease, document=document)


class _AnyEpoch(MemoryStore):
    """Does not notice that its memory is another one."""

    def _opened(self) -> Memory:
        return self.memory


class _NoLease(MemoryStore):
    """States an intent under a lease that has run out."""

    async def commit(
        self,
        lease: Lease,
        document: Document,
        *,
        entries: Sequence[Entry] = (),
        release: bool = False,
        live: bool = False,
    ) -> Lease:
        return await super().commit(lease, document, entries=entries, release=release)


class _Shared(MemoryStore):
    """Lets everybody have the lease at once."""

    async def acquire(self, key: str, *, owner: str, ttl: float) -> Lease | None:
        row = self._opened().rows.get(key)
        if row is not None and row.owner is not None and row.expires > self._monotonic():
            owner = row.owner
        return await super().acquire(key, owner=owner, ttl=ttl)


class _Hasty(Poller):
    """Takes a thread for handled before it is."""

    async def _one(self, thread: MessageThread) -> bool:
        self._known[thread.id] = thread.fingerprint
        await super()._one(thread)
        return True


async def _careless(*_: object, **__: object) -> None:
    """Starts over a store that may have forgotten something as if it had not."""


class _Forgetful(Courier):
    """Drops an intent that it finds, as a queue does that hands a job to the next worker."""

    async def _reconcile(self, held: HeldThread, intent: Delivery) -> HeldThread:
        again = changed(intent, state=DeliveryState.CLAIMED, fence=held.fence)
        return await self._write(held, again)


def _store(kind: type[MemoryStore]) -> Exchanged:
    changed = type("Changed", (SimulatedStore,), {"memory_store": kind})
    return {(site, "SimulatedStore"): changed}


MUTANTS: dict[str, Exchanged] = {
    "no intent before the write": {(app, "Courier"): _RecordsAfterwards},
    "no last look": {(courier_module, "look"): _looks_away},
    "no read-back": {(courier_module, "judge"): _hopes},
    "no quarantine": {(courier_module, "Reconciler"): _Impatient},
    "an intent is taken over": {(app, "Courier"): _Forgetful},
    "no grace": {(app, "Courier"): _Ungraceful},
    "no fence": _store(_AnyFence),
    "no epoch": _store(_AnyEpoch),
    "no lease check": _store(_NoLease),
    "no mutex": _store(_Shared),
    "cursor before the record": {(runner, "Poller"): _Hasty},
    "no quarantine at the start": {(app, "mind_memory"): _careless},
    "no mark beside the store": {(app, "mark_of"): lambda _: NoMark()},
}
"""What is taken away, by name."""
