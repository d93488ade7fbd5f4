"""One moment of the model: the store, two replicas, what is on its way to the server, and the thread.

Running numbers (fences, the times of intents) matter only by their order, and by which come next; ages only
up to the longest anybody waits. `canonical` gives all states that differ in nothing else the same value.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from autoresponder.records import DeliveryState
from tests.model import deliveries
from tests.model.variants import Bounds, Rules

DOWN, IDLE, TAKEN, LOOKED, STATED, CHECKED, WAITING, ANSWERED, ENDING, ABSENT = range(10)
"""Where a replica stands: not running; without work; owns the thread; has looked; has stated its intent; has
made the last check; has written the request; has an answer; has a result that is not recorded yet; does not exist."""

NO_COPY, SHOWN, SHOWN_MASKED, HIDDEN = 0, 1, 2, 3
"""What became of our text at the server; HIDDEN + n is made, and not shown for n ticks."""

NEVER = -1


class Sighting(NamedTuple):
    """Since when a replica has watched an intent."""

    attempt: int
    fence: int
    serial: int
    age: int


class Store(NamedTuple):
    """What all replicas share."""

    record: int = deliveries.NONE
    ttl: int = 0
    """Ticks that the lease still runs."""
    fence: int = 0
    """Fence of the newest lease of this thread."""
    counter: int = 0
    """The newest fence given out."""
    alive: int = 0
    """Ticks since a service left word; NEVER when none has since everything was lost."""
    emptied: int = NEVER
    """Ticks since everything was lost; NEVER when that is no news any more."""


class Replica(NamedTuple):
    """One process; everything in it is lost when it is killed."""

    at: int = IDLE
    record: int = deliveries.NONE
    base: int = deliveries.NONE
    """The store's record as it was when last read or written by it."""
    fence: int = 0
    age: int = 0
    """Ticks since the intent, the last check, or the bytes left, whichever is next to count."""
    answer: str = ""
    gate: int = 0
    """Ticks for which nothing is sent."""
    stale: str = ""
    """How the store was lost without this replica having met it since: wiped or rolled back."""
    sightings: tuple[Sighting, ...] = ()


class World(NamedTuple):
    """Everything."""

    store: Store
    replicas: tuple[Replica, Replica]
    saved: Store | None = None
    """What a loss of power leaves; None when none can come."""
    flying: tuple[int, ...] = ()
    """Ages of requests that may still be applied and for which nobody waits."""
    copy: int = NO_COPY
    person: bool = False
    """Whether somebody has answered the guest."""
    late: bool = False
    """Whether the message is too old to be answered."""
    crashes: int = 0
    losses: int = 0
    faults: int = 0


def initial(rules: Rules, bounds: Bounds) -> World:
    """A guest has written, nobody has looked yet."""
    return World(
        store=Store(),
        replicas=(Replica(), Replica() if bounds.replicas == 2 else Replica(at=ABSENT)),
        saved=None if rules.durable or not bounds.losses else Store(),
        crashes=bounds.crashes,
        losses=bounds.losses,
        faults=bounds.faults,
    )


def with_replica(world: World, number: int, replica: Replica) -> World:
    """The world with one replica exchanged."""
    pair = (replica, world.replicas[1]) if number == 0 else (world.replicas[0], replica)
    return world._replace(replicas=pair)


def is_end(world: World) -> bool:
    """Whether the reply has come to its end."""
    return deliveries.is_end(world.store.record)


def canonical(world: World) -> tuple[World, bool]:
    """The representative of all states like this one, and whether its replicas were exchanged."""
    saved = world.saved if world.losses else None
    store, saved, pair, swapped = _canonical(world.store, saved, *world.replicas)
    return world._replace(store=store, saved=saved, replicas=pair), swapped


@lru_cache(maxsize=1_000_000)
def _canonical(
    store: Store, saved: Store | None, one: Replica, two: Replica
) -> tuple[Store, Store | None, tuple[Replica, Replica], bool]:
    held = {one.fence, two.fence}
    store = _unheld(store, held)
    saved = None if saved is None else _unheld(saved, held)
    stores = (store,) if saved is None else (store, saved)
    one, two = _light(one), _light(two)
    records = {store.record, one.record, one.base, two.record, two.base}
    if saved is not None:
        records.add(saved.record)
    one, two = _forget(one, stores, records, held), _forget(two, stores, records, held)
    fences = {0, one.fence, two.fence}
    for each in stores:
        fences.update((each.counter, each.fence))
    fences.update(map(deliveries.fence, records))
    serials = {0, *map(deliveries.serial, records)}
    for sighting in (*one.sightings, *two.sightings):
        fences.add(sighting.fence)
        serials.add(sighting.serial)
    if max(fences) >= len(fences) or max(serials) >= len(serials):
        names = _Names(fences, serials)
        store, one, two = names.store(store), names.replica(one), names.replica(two)
        saved = None if saved is None else names.store(saved)
    swapped = two < one
    return store, saved, (two, one) if swapped else (one, two), swapped


def _unheld(store: Store, held: set[int]) -> Store:
    """A fence that nobody holds is only known by not being theirs."""
    return store if store.fence in held else store._replace(fence=0)


def _light(replica: Replica) -> Replica:
    """Without what nothing asks for any more: a base that is no intent."""
    if replica.base and deliveries.state(replica.base) is not DeliveryState.INTENT:
        return replica._replace(base=deliveries.NONE)
    return replica


def _forget(replica: Replica, stores: tuple[Store, ...], records: set[int], held: set[int]) -> Replica:
    """Without the sightings of attempts that can never be met again."""
    if not replica.sightings:
        return replica
    low = min(store.counter for store in stores)
    kept = tuple(
        s
        for s in replica.sightings
        if (s.serial == 0 and (s.fence == 0 or s.fence > low or s.fence in held))
        or any(_is_of(s, number) for number in records)
    )
    return replica if len(kept) == len(replica.sightings) else replica._replace(sightings=kept)


def _is_of(sighting: Sighting, number: int) -> bool:
    return sighting.fence == deliveries.fence(number) and sighting.serial in {0, deliveries.serial(number)}


class _Names:
    """Gives running numbers their place among those that are in use."""

    def __init__(self, fences: set[int], serials: set[int]) -> None:
        self._fences = {fence: place for place, fence in enumerate(sorted(fences))}
        self._serials = {serial: place for place, serial in enumerate(sorted(serials))}

    def record(self, number: int) -> int:
        if number == deliveries.NONE:
            return number
        fence, serial = deliveries.fence(number), deliveries.serial(number)
        return deliveries.renamed(number, self._fences[fence], self._serials[serial])

    def store(self, store: Store) -> Store:
        return store._replace(
            record=self.record(store.record),
            fence=self._fences[store.fence],
            counter=self._fences[store.counter],
        )

    def replica(self, replica: Replica) -> Replica:
        if not replica.fence and not replica.sightings:
            return replica
        return replica._replace(
            record=self.record(replica.record),
            base=self.record(replica.base),
            fence=self._fences[replica.fence],
            sightings=tuple(
                sorted(
                    Sighting(s.attempt, self._fences[s.fence], self._serials[s.serial], s.age)
                    for s in replica.sightings
                )
            ),
        )
