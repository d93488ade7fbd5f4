"""What a replica does, step by step, as the courier, the worker and the runner do it.

Between any two steps anything else may happen: time may pass (a replica is never forced to go on, so it may
stand still as long as it likes), the other replica may act, this one may be killed. A step is what nothing
can come between: one store operation, one read of the thread, or one decision of this process.
"""

from __future__ import annotations

from collections.abc import Iterator

from autoresponder.records import DeliveryState
from tests.model import deliveries
from tests.model.checker import Broken, Label
from tests.model.deliveries import NONE
from tests.model.state import (
    ABSENT,
    ANSWERED,
    CHECKED,
    DOWN,
    ENDING,
    HIDDEN,
    IDLE,
    LOOKED,
    STATED,
    TAKEN,
    WAITING,
    Replica,
    Sighting,
    World,
    with_replica,
)
from tests.model.variants import FORGOTTEN, Rules

S = DeliveryState
Step = tuple[Label, World | Broken]

_RELEASE = "release"


def shown(world: World) -> int:
    """What a reader of the thread sees of our text."""
    return deliveries.UNSEEN if world.copy >= HIDDEN else world.copy


def notices(replica: Replica, rules: Rules) -> bool:
    """Whether its next call to the store tells it that the store lost something."""
    return (replica.stale == "wiped" and rules.sees_epoch) or (
        replica.stale == "rolled back" and rules.sees_rollback
    )


def stops(world: World, n: int, rules: Rules) -> World:
    """The store has lost something: drop what is at hand, and send nothing for a quarantine."""
    return with_replica(
        world, n, Replica(at=IDLE, gate=rules.quarantine, sightings=world.replicas[n].sightings)
    )


def idles(world: World, n: int) -> World:
    """The handling ends; what the process knows otherwise stays."""
    replica = world.replicas[n]
    return with_replica(
        world, n, Replica(gate=replica.gate, stale=replica.stale, sightings=replica.sightings)
    )


def commit(world: World, n: int, record: int, *, live: bool = False, release: bool = False) -> World | None:
    """Write the record; None when the lease is another's, or ran out and has to be live."""
    replica, store = world.replicas[n], world.store
    if store.fence != replica.fence or (live and not store.ttl):
        return None
    store = store._replace(record=record, ttl=0 if release else store.ttl)
    world = world._replace(store=store)
    return with_replica(world, n, replica._replace(record=record, base=record))


def steps(world: World, n: int, rules: Rules) -> Iterator[Step]:
    """Everything this replica can do next."""
    replica = world.replicas[n]
    if notices(replica, rules) and replica.at in {IDLE, LOOKED, ANSWERED, ENDING}:
        yield Label(n, "finds at its next call that the store lost its memory"), stops(world, n, rules)
        return
    doing = {
        IDLE: take,
        TAKEN: look,
        LOOKED: state_intent,
        STATED: check,
        CHECKED: write,
        ANSWERED: settle,
        ENDING: end,
    }.get(replica.at)
    if doing is None:
        return
    try:
        yield from doing(world, n, rules)
    except AssertionError as error:
        yield Label(n, "makes a move"), Broken(f"illegal move: {error}")


def take(world: World, n: int, rules: Rules) -> Iterator[Step]:
    """Own the thread, and read its record."""
    store = world.store
    if store.ttl or deliveries.is_end(store.record):
        return
    fence = store.counter + 1
    record = store.record
    if record != NONE and not rules.sticky_intent and deliveries.state(record) is S.INTENT:
        record = deliveries.dropped(record, fence)
    world = world._replace(store=store._replace(ttl=rules.lease, fence=fence, counter=fence))
    taken = world.replicas[n]._replace(at=TAKEN, record=record, base=store.record, fence=fence)
    yield Label(n, f"takes the thread's lease ({_name(store.record)})"), with_replica(world, n, taken)


def look(world: World, n: int, rules: Rules) -> Iterator[Step]:
    """An intent is read back; anything else gets its last look."""
    replica = world.replicas[n]
    if deliveries.state(replica.record) is S.INTENT:
        yield read_back(world, n, rules)
        return
    record = deliveries.begun(replica.fence) if replica.record == NONE else replica.record
    record = deliveries.claimed(record, replica.fence)
    if replica.gate:
        waits = replica._replace(at=ENDING, record=record, answer=_RELEASE)
        yield Label(n, "waits: nothing is sent for a quarantine"), with_replica(world, n, waits)
        return
    if world.late:
        record = deliveries.expired(record, replica.fence)
        yield Label(n, "finds it too late"), _ending(world, n, record)
        return
    found = deliveries.looked(record, replica.fence, shown(world), world.person)
    if found is None or not rules.last_look:
        going = replica._replace(at=LOOKED, record=record)
        yield Label(n, "reads the thread: the reply is wanted"), with_replica(world, n, going)
    else:
        yield Label(n, f"reads the thread: {_name(found)}"), _ending(world, n, found)


def read_back(world: World, n: int, rules: Rules) -> Step:
    """The thread tells what became of an intent."""
    replica, since = _sighted(world.replicas[n], world.replicas[n].record, rules)
    found = deliveries.read_back(
        replica.record, replica.fence, shown(world), since >= rules.quarantine, rules.hold_ambiguous
    )
    text = "reads the thread back: nothing yet" if found == replica.record else f"reads back: {_name(found)}"
    again = deliveries.state(found) is S.CLAIMED
    ending = replica._replace(at=ENDING, record=found, answer="" if again else _RELEASE)
    return Label(n, text), with_replica(world, n, ending)


def _sighted(replica: Replica, intent: int, rules: Rules) -> tuple[Replica, int]:
    """The replica, watching this intent, and since when it does."""
    key = (
        deliveries.attempt(intent) if rules.timer_names_attempt else 0,
        deliveries.fence(intent) if rules.timer_names_attempt else 0,
        deliveries.serial(intent) if rules.timer_names_intent else 0,
    )
    for sighting in replica.sightings:
        if sighting[:3] == key:
            return replica, sighting.age
    return replica._replace(sightings=tuple(sorted((*replica.sightings, Sighting(*key, 0))))), 0


def state_intent(world: World, n: int, rules: Rules) -> Iterator[Step]:
    """The intent is made durable."""
    replica = world.replicas[n]
    serial = _newest_serial(world) + 1 if rules.timer_names_intent else 0
    record = deliveries.intended(replica.record, replica.fence, serial, rules.attempts)
    stated = replica._replace(at=STATED, record=record, base=record, age=0)
    if not rules.intent_first:
        yield Label(n, "goes on to send"), with_replica(world, n, stated)
        return
    if rules.fenced:
        done = commit(world, n, record, live=True)
    else:
        done = world._replace(store=world.store._replace(record=record))
    yield from _after(world, n, done, stated, record, "states its intent")


def check(world: World, n: int, rules: Rules) -> Iterator[Step]:
    """Right before the first byte: is the intent fresh, is there a connection?"""
    replica = world.replicas[n]
    if replica.age > rules.grace:
        old = replica._replace(at=ANSWERED, answer="too old")
        yield Label(n, "finds its intent too old to send"), with_replica(world, n, old)
        return
    yield (
        Label(n, "checks that the intent is fresh"),
        with_replica(world, n, replica._replace(at=CHECKED, age=0)),
    )
    if world.faults:
        refused = replica._replace(at=ANSWERED, answer="unreachable", age=0)
        world = world._replace(faults=world.faults - 1)
        yield Label(n, "gets no connection", fault=True), with_replica(world, n, refused)


def write(world: World, n: int, rules: Rules) -> Iterator[Step]:
    """The bytes leave, unless the server has closed the idle connection."""
    replica = world.replicas[n]
    if replica.age > rules.idle and rules.bounded_write:
        gone = replica._replace(at=ANSWERED, answer="unknown", age=0)
        yield Label(n, "writes to a connection that is closed"), with_replica(world, n, gone)
        return
    yield Label(n, "writes the POST"), with_replica(world, n, replica._replace(at=WAITING, answer="", age=0))


def settle(world: World, n: int, rules: Rules) -> Iterator[Step]:
    """What the answer says is recorded."""
    replica = world.replicas[n]
    record = deliveries.settled(replica.record, replica.fence, replica.answer, rules)
    if deliveries.state(record) is S.INTENT:
        replica, _ = _sighted(replica, record, rules)
        world = with_replica(world, n, replica)
    done = commit(world, n, record, release=True)
    yield from _after(world, n, done, None, record, "records the outcome")


def end(world: World, n: int, rules: Rules) -> Iterator[Step]:
    """A result is recorded; after proven absence the handling goes on."""
    replica = world.replicas[n]
    release = replica.answer == _RELEASE
    done = commit(world, n, replica.record, release=release)
    after = None if release else replica._replace(at=TAKEN, base=replica.record, answer="")
    yield from _after(world, n, done, after, replica.record, "records")


def _after(
    world: World, n: int, done: World | None, then: Replica | None, record: int, what: str
) -> Iterator[Step]:
    """How a commit can end: refused, made, or made without our hearing of it."""
    label = Label(n, f"{what}: {_name(record)}")
    if done is None:
        yield label._replace(text=f"{what}, refused: the lease is not its own any more"), idles(world, n)
        return
    if _forgets(world, n, record):
        yield label, Broken(FORGOTTEN)
        return
    yield label, idles(done, n) if then is None else with_replica(done, n, then)
    if world.faults:
        lost = idles(done, n)._replace(faults=world.faults - 1)
        yield Label(n, f"{what}: {_name(record)}; the store's answer is lost", fault=True), lost


def _forgets(world: World, n: int, record: int) -> bool:
    """Whether a commit of this record overwrites an intent of another's that was never seen."""
    held, replica = world.store.record, world.replicas[n]
    if held in {replica.base, record} or deliveries.state(held) is not S.INTENT:
        return False
    return deliveries.state(record) is not S.SENT and deliveries.fence(held) >= replica.fence


def given_up(world: World, n: int, rules: Rules) -> World:
    """The world without work that can only end in a refused commit, and changes nothing else.

    Nobody can tell such a replica from an idle one; to take it for one at once keeps the states few.
    """
    replica, store = world.replicas[n], world.store
    if replica.at == IDLE and notices(replica, rules):
        return stops(world, n, rules)  # whoever finds out later can do nothing that this one cannot
    if replica.at in {ABSENT, DOWN, IDLE} or replica.stale or not rules.fenced or not rules.intent_first:
        return world
    lost = replica.fence != store.fence and (world.saved is None or replica.fence != world.saved.fence)
    hopeless = {
        LOOKED: lost or not store.ttl,
        ENDING: lost,
        STATED: lost and replica.age > rules.grace,
        ANSWERED: lost and replica.answer not in {"unknown", "accepted"},
    }
    return idles(world, n) if hopeless.get(replica.at, False) else world


def _ending(world: World, n: int, record: int) -> World:
    return with_replica(world, n, world.replicas[n]._replace(at=ENDING, record=record, answer=_RELEASE))


def _newest_serial(world: World) -> int:
    numbers = [world.store.record, *(r.record for r in world.replicas), *(r.base for r in world.replicas)]
    numbers += [] if world.saved is None else [world.saved.record]
    newest = max(map(deliveries.serial, numbers))
    return max([newest, *(s.serial for r in world.replicas for s in r.sightings)])


def _name(record: int) -> str:
    state = deliveries.state(record)
    return "no record" if state is None else state.value.upper()
