"""What happens around the replicas: time, the server, people, crashes, and losses of the store.

Time is bounded where the protocol relies on it: a request is applied within one tick of its last byte, or
never; a message that was made is shown within one tick. A tick has to wait for what is due.
"""

from __future__ import annotations

from collections.abc import Iterator

from autoresponder.records import DeliveryState
from tests.model import deliveries, protocol
from tests.model.checker import Broken, Label
from tests.model.protocol import Step
from tests.model.state import (
    ABSENT,
    ANSWERED,
    CHECKED,
    DOWN,
    HIDDEN,
    IDLE,
    NEVER,
    NO_COPY,
    SHOWN,
    SHOWN_MASKED,
    STATED,
    WAITING,
    Replica,
    Store,
    World,
    with_replica,
)
from tests.model.variants import TWICE, Bounds, Rules

APPLIED_WITHIN = 1
SHOWN_WITHIN = 1

_MADE = "made"
"""Mark of a waiting replica whose request was applied."""

_REFUSALS = {
    "limited": "with 429",
    "refused": "with 422",
    "unknown": "with 503, and does nothing",
}


def steps(world: World, rules: Rules, bounds: Bounds) -> Iterator[Step]:
    """Everything that can happen next around the replicas."""
    for n in (0, 1):
        yield from _server(world, n)
        yield from _process(world, n, rules, bounds)
    yield from _flying(world)
    yield from _thread(world, bounds)
    yield from _losses(world, bounds)
    yield from _others(world)
    if _may_pass(world):
        yield Label(None, "-- a tick passes"), tick(world, rules)


def apply(world: World) -> World | Broken:
    """The server makes the message; it is shown later."""
    if world.copy != NO_COPY:
        return Broken(TWICE)
    return world._replace(copy=HIDDEN)


def _server(world: World, n: int) -> Iterator[Step]:
    """The request that a replica waits for."""
    replica = world.replicas[n]
    if replica.at != WAITING:
        return
    spent = world._replace(faults=world.faults - 1)
    if replica.answer != _MADE:
        made = apply(with_replica(world, n, replica._replace(answer=_MADE, age=0)))
        yield Label(None, "the server makes the message"), made
        if world.faults:
            for answer, text in _REFUSALS.items():
                yield Label(None, f"the server answers {text}", fault=True), _answered(spent, n, answer)
            lost = _answered(spent, n, "unknown")._replace(flying=_with(world.flying, replica.age))
            yield Label(None, "the answer is lost, the request still under way", fault=True), lost
        return
    yield Label(None, "the server acknowledges it"), _answered(world, n, "acknowledged")
    if world.faults:
        yield Label(None, "the answer is lost, the message made", fault=True), _answered(spent, n, "unknown")
        yield Label(None, "the answer names no message", fault=True), _answered(spent, n, "accepted")


def _answered(world: World, n: int, answer: str) -> World:
    return with_replica(world, n, world.replicas[n]._replace(at=ANSWERED, answer=answer, age=0))


def _with(flying: tuple[int, ...], age: int) -> tuple[int, ...]:
    return tuple(sorted((*flying, age)))


def _flying(world: World) -> Iterator[Step]:
    """Requests for which nobody waits any more."""
    for n, age in enumerate(world.flying):
        if age in world.flying[:n]:
            continue
        rest = world._replace(flying=world.flying[:n] + world.flying[n + 1 :])
        yield Label(None, "a request of earlier is applied"), apply(rest)
        yield Label(None, "a request of earlier comes to nothing"), rest


def _thread(world: World, bounds: Bounds) -> Iterator[Step]:
    """What becomes visible, and who else writes."""
    if world.copy >= HIDDEN:
        yield Label(None, "the message is shown"), world._replace(copy=SHOWN)
        if bounds.masked and world.faults:
            masked = world._replace(copy=SHOWN_MASKED, faults=world.faults - 1)
            yield Label(None, "the message is shown, altered by the OTA", fault=True), masked
    if bounds.person and not world.person:
        yield Label(None, "a person answers the guest", fault=True), world._replace(person=True)
    if bounds.late and not world.late:
        yield Label(None, "the message becomes too old to be answered", fault=True), world._replace(late=True)


def _process(world: World, n: int, rules: Rules, bounds: Bounds) -> Iterator[Step]:
    """A replica dies, or is started."""
    replica, store = world.replicas[n], world.store
    if replica.at == DOWN:
        if store.emptied != NEVER and not bounds.start_on_emptied:
            return
        used = not rules.trusts_alive or NEVER < store.alive < rules.quarantine
        gate = rules.quarantine if rules.start_quarantine and not rules.durable and used else 0
        yield (
            Label(n, "starts" + (", and waits a quarantine" if gate else "")),
            with_replica(world, n, Replica(gate=gate)),
        )
        return
    if world.crashes and replica.at != ABSENT:
        flying = world.flying
        if replica.at == WAITING and replica.answer != _MADE:
            flying = _with(flying, replica.age)
        dead = with_replica(world._replace(flying=flying, crashes=world.crashes - 1), n, Replica(at=DOWN))
        yield Label(n, "is killed", fault=True), dead
    if replica.at != IDLE and protocol.notices(replica, rules):
        other = replica._replace(stale="", gate=rules.quarantine)
        yield (
            Label(n, "finds, in another thread, that the store lost its memory"),
            with_replica(world, n, other),
        )


def _losses(world: World, bounds: Bounds) -> Iterator[Step]:
    if not world.losses:
        return
    world = world._replace(losses=world.losses - 1)
    counter = world.store.counter
    empty = Store(alive=NEVER, emptied=0, counter=0 if bounds.fences_again else counter)
    if bounds.emptied:
        yield Label(None, "the store is emptied", fault=True), _lost(world, empty, "wiped")
    if world.saved is not None and world.saved != world.store:
        saved = world.saved if bounds.fences_again else world.saved._replace(counter=counter)
        yield (
            Label(None, "the store loses what was written since the last tick", fault=True),
            _lost(world, saved, "rolled back"),
        )


def _lost(world: World, store: Store, how: str) -> World:
    one, two = (
        r if r.at in {ABSENT, DOWN} or r.stale == "wiped" else r._replace(stale=how) for r in world.replicas
    )
    saved = None if world.saved is None else store
    return world._replace(store=store, saved=saved, replicas=(one, two))


def _others(world: World) -> Iterator[Step]:
    """Other threads take leases too: fences that come again may go to them."""
    store = world.store
    used = [s.fence for r in world.replicas for s in r.sightings]
    used += [r.fence for r in world.replicas]
    if any(fence > store.counter for fence in used):
        taken = world._replace(store=store._replace(counter=store.counter + 1))
        yield Label(None, "a lease of another thread uses up a fence"), taken


def _may_pass(world: World) -> bool:
    """Whether nothing is due before time can go on."""
    if world.copy - HIDDEN >= SHOWN_WITHIN or APPLIED_WITHIN in world.flying:
        return False
    return not any(r.at == WAITING and r.answer != _MADE and r.age >= APPLIED_WITHIN for r in world.replicas)


def tick(world: World, rules: Rules) -> World:
    """One unit of time for everybody."""
    store = world.store
    at_work = any(r.at not in {ABSENT, DOWN} and not r.stale for r in world.replicas)
    alive = store.alive
    if rules.trusts_alive:
        alive = 0 if at_work else alive if alive == NEVER else min(alive + 1, rules.quarantine)
    emptied = NEVER if store.emptied in {NEVER, rules.quarantine - 1} else store.emptied + 1
    store = store._replace(ttl=max(0, store.ttl - 1), alive=alive, emptied=emptied)
    one, two = (_older(r, rules) for r in world.replicas)
    return world._replace(
        store=store,
        saved=None if world.saved is None else store,
        replicas=(one, two),
        flying=tuple(age + 1 for age in world.flying),
        copy=world.copy + (world.copy >= HIDDEN),
    )


def _older(replica: Replica, rules: Rules) -> Replica:
    if replica.at in {ABSENT, DOWN}:
        return replica
    sightings = tuple(s._replace(age=min(s.age + 1, rules.quarantine)) for s in replica.sightings)
    longest = {STATED: rules.grace + 1, CHECKED: rules.idle + 1, WAITING: APPLIED_WITHIN}.get(replica.at, 0)
    age = min(replica.age + 1, longest)
    return replica._replace(age=age, gate=max(0, replica.gate - 1), sightings=sightings)


def at_rest(world: World) -> bool:
    """Whether nothing more can happen that matters: the reply is at its end, and nothing is on its way."""
    if world.losses or world.flying or not deliveries.is_end(world.store.record):
        return False
    return all(r.at in {ABSENT, DOWN, IDLE} for r in world.replicas)


def says_falsely_sent(world: World) -> bool:
    """Whether a reply is taken for sent that was never made."""
    records = (world.store.record, *(r.record for r in world.replicas))
    return world.copy == NO_COPY and any(deliveries.state(n) is DeliveryState.SENT for n in records)
