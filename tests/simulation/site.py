"""A whole installation: the sandbox, its guests, a store, and replicas of the service that die and return."""

from __future__ import annotations

import asyncio
import logging
import random
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

from autoresponder import app
from autoresponder.channex.interface import ChannexReader, ChannexWriter
from autoresponder.channex.retrying import RetryingReader
from autoresponder.clock import Clock
from autoresponder.config import ChannexSettings, DeliverySettings, GuardSettings, PollSettings, Settings
from autoresponder.delivery.mark import Seen
from autoresponder.errors import AutoresponderError
from autoresponder.sandbox.entities import Booking, Guest, Origin, Property, Thread
from autoresponder.sandbox.world import World
from autoresponder.service import runner
from autoresponder.store.interface import Store
from autoresponder.workspace import Workspace
from tests.simulation.network import Network, Server, Weather, connect
from tests.simulation.stores import Disk, SimulatedMark, SimulatedStore
from tests.simulation.virtual_time import NOON, PROCESS, Process, VirtualClock, VirtualLoop
from tests.simulation.witness import Witness
from tests.support.small_workspace import PLACE, settings_for, workspace_of, write_workspace

Exchanged = dict[tuple[ModuleType, str], Any]
"""Names of modules, and what stands there instead."""

_ON_ITS_WAY = frozenset({"written, not answered", "the answer is on its way"})

_IDLE = 10.0
"""Seconds between two looks at an empty schedule; the service's own second only costs computing time here."""


_INQUIRIES = """\
rules:
  - id: inquiry
    when: {event: inquiry, inquiry: {number_of_pets: 0}}
    text: "You are welcome to book."
    then: [preapprove]
"""


@lru_cache(maxsize=1)
def knowledge() -> tuple[Settings, Workspace]:
    """The small workspace, loaded once."""
    with tempfile.TemporaryDirectory(prefix="simulation-") as name:
        folder = write_workspace(Path(name))
        (folder / "rules" / "inquiries.yaml").write_text(_INQUIRIES, encoding="utf-8")
        settings = settings_for(folder, "http://127.0.0.1/api/v1", store="memory://")
        return settings, workspace_of(settings)


@dataclass(kw_only=True)
class Plan:
    """What kind of installation, and what may happen to it.

    Attributes:
        delivery, guards, poll, timeout: Settings of the service.
        replicas: How many run.
        kill_step, freeze_step: Chance that a process dies or stands still before a step of the delivery path.
        power_step: Chance that the power fails before a step that follows a write, where the store is not
            durable.
        exchange_step: Chance that everything stops before such a step, and comes back with an empty store.
        freeze: Longest seconds of standing still.
        skew: Most seconds by which a wall clock is wrong.
    """

    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    guards: GuardSettings = field(default_factory=GuardSettings)
    poll: PollSettings = field(default_factory=PollSettings)
    timeout: float = 30.0
    weather: Weather = field(default_factory=Weather)
    replicas: int = 1
    kill_step: float = 0.0
    freeze_step: float = 0.0
    power_step: float = 0.0
    exchange_step: float = 0.0
    freeze: float = 0.0
    skew: float = 0.0
    disk_failures: float = 0.0
    durable: bool = True


class Site:
    """See the module.

    Args:
        seed: Of everything.
        plan: What may happen.
        history: Whether to keep a readable history.
    """

    def __init__(self, seed: int | str, plan: Plan, *, history: bool = False) -> None:
        self.loop = VirtualLoop()
        self.plan = plan
        self.chance = random.Random(f"{seed} site")
        disk_chance, net_chance = random.Random(f"{seed} disk"), random.Random(f"{seed} net")
        self.world = World(VirtualClock(self.loop), seed=self.chance.getrandbits(32))
        self.world.add_property(Property(id=PLACE, title="Seaview"))
        self.disk = Disk(self.loop, disk_chance, failures=plan.disk_failures, durable=plan.durable)
        self.witness = Witness(
            self.loop,
            self.disk,
            self.world,
            grace=plan.delivery.grace,
            idle=plan.weather.idle,
            lease=plan.delivery.lease,
        )
        if history:
            self.witness.history = []
        self.network = Network(
            self.loop, Server(self.world, plan.weather), plan.weather, net_chance, self.witness.note
        )
        self.network.arriving.append(self.witness.writes)
        self.network.applied.append(self.witness.applied)
        base, self.knowledge = knowledge()
        self.settings = settings_for(
            base.folder,
            base.channex.base_url,
            store="memory://",
            channex=ChannexSettings(
                base_url=base.channex.base_url,
                api_key=base.channex.api_key,
                requests_per_minute=60_000,
                timeout=plan.timeout,
            ),
            delivery=plan.delivery,
            guards=plan.guards,
            poll=plan.poll,
        )
        self.processes: dict[int, Process] = {}
        self.services: dict[int, runner.Service] = {}
        self.points: Counter[str] = Counter()
        """Points of the delivery path that were passed, and how often a process was stopped at each."""
        self.kills = 0
        self.freezes = 0
        self.marks: dict[str, Seen] = {}
        self._numbers = count(1)
        self._over = False
        self._keepers: list[asyncio.Task[None]] = []

    # -- guests and people

    def thread(self, name: str = "Anna Berg", provider: str = "BookingCom", *, booked: bool = True) -> Thread:
        """A conversation without messages."""
        world = self.world
        booking = None
        if booked:
            first, last = name.split(maxsplit=1)
            booking = world.add_booking(
                Booking(
                    id=world.new_id(),
                    property_id=PLACE,
                    guest=Guest(name=first, surname=last),
                    inserted_at=NOON,
                    arrival_date=NOON.date(),
                    departure_date=NOON.date(),
                    ota_name=provider,
                )
            )
        return world.add_thread(property_id=PLACE, provider=provider, title=name, booking=booking)

    def guest_says(self, thread: Thread, text: str) -> None:
        """The guest writes."""
        self.witness.note(f"guest of {thread.id[:8]}: {text}")
        self.world.write(thread, text, origin=Origin.GUEST)

    def guest_inquires(self, thread: Thread) -> str:
        """An Airbnb inquiry comes in; its event in the live feed."""
        event = self.world.new_id()
        details = {"nights": 3, "number_of_pets": 0, "property_id": PLACE}
        card = {"status": "active", "live_feed_event_id": event, "booking_details": details}
        self.witness.note(f"guest of {thread.id[:8]} inquires")
        self.world.write(thread, "inquiry", origin=Origin.SYSTEM, meta=card)
        return event

    def host_says(self, thread: Thread, text: str) -> None:
        """A person answers in the OTA's app."""
        self.witness.note(f"host in {thread.id[:8]}: {text}")
        self.world.write(thread, text, origin=Origin.HOST)

    # -- the service

    def start(self, number: int) -> None:
        """Keep one replica running: whenever it ends, it is started again."""
        self._keepers.append(self.loop.create_task(self._keep(number), name=f"keeper {number}"))

    async def _keep(self, number: int) -> None:
        life = 0
        while not self._over:
            life += 1
            skew = self.chance.uniform(-self.plan.skew, self.plan.skew)
            process = Process(self.loop, f"r{number}.{life}", skew)
            process.at_step = self.at_step
            self.processes[number] = process
            self.witness.note(f"{process.name} starts")
            task = process.start(self._live(number, process))
            await asyncio.wait([task])
            error = None if task.cancelled() else task.exception()
            if process.alive and error is not None and not isinstance(error, AutoresponderError):
                self.witness.broken("X", f"{process.name} ended with {error!r}")
            self.witness.note(f"{process.name} ended ({error!r})" if error else f"{process.name} ended")
            process.alive = False
            self.services.pop(number, None)
            await asyncio.sleep(1 + 10 * self.chance.random())

    async def _live(self, number: int, process: Process) -> None:
        clock = _SiteClock(self.loop, process, self)
        async with app.opened_service(
            self.settings, lambda: self.knowledge, clock=clock, rand=self.chance.random
        ) as running:
            self.services[number] = running.service
            await running.service.run()

    def at_step(self, process: Process, point: str) -> None:
        """Before a step of the delivery path: death or standstill by chance."""
        plan = self.plan
        self.points[point] += 0
        if plan.weather.calm or not (
            plan.kill_step or plan.freeze_step or plan.power_step or plan.exchange_step
        ):
            return
        if point in _ON_ITS_WAY and self.chance.random() < plan.exchange_step:
            self.points[point] += 1
            self.store_is_exchanged()
            return
        if not plan.durable and point in _ON_ITS_WAY and self.chance.random() < plan.power_step:
            self.points[point] += 1
            self.power_fails()
            return
        dice = self.chance.random()
        if dice < plan.kill_step:
            self.points[point] += 1
            self.kill(process)
        elif dice < plan.kill_step + plan.freeze_step:
            self.points[point] += 1
            self.freezes += 1
            seconds = plan.freeze * self.chance.random()
            self.witness.note(f"{process.name} stands still for {seconds:.0f} s")
            process.freeze(seconds)

    def kill(self, process: Process) -> None:
        """kill -9."""
        if process.alive:
            self.kills += 1
            self.witness.note(f"{process.name} is killed")
            process.kill()

    def power_fails(self) -> None:
        """Every process dies, and a store that is not durable loses its last moments."""
        self.witness.note("the power fails")
        for process in self.processes.values():
            self.kill(process)
        self.disk.lose_tail()
        self.witness.forgotten()

    def store_is_exchanged(self) -> None:
        """Every process dies, and when they come back the store is another one, without anything in it."""
        self.witness.note("everything stops, and the store is exchanged for an empty one")
        for process in self.processes.values():
            self.kill(process)
        self.disk.wipe()
        self.witness.killed_at = None
        self.witness.forgotten()

    def calm(self) -> None:
        """All trouble ends; what stands still goes on when its time comes."""
        self.witness.note("the trouble is over")
        self.plan.weather.calm = self.disk.calm = True
        self.plan.weather.fixed.clear()

    async def end(self) -> None:
        """Stop everything and take the pieces away."""
        self._over = True
        for keeper in self._keepers:
            keeper.cancel()
        for process in self.processes.values():
            process.kill()
        tasks = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def rest(self, horizon: float, every: float = 20.0) -> bool:
        """Wait until nothing is left to do, at most so many seconds; then hold everything against the world."""
        until = self.loop.time() + horizon
        quiet = False
        while self.loop.time() < until and not quiet:
            await asyncio.sleep(every)
            quiet = not self.witness.open_ends()
        self.witness.finish()
        return quiet

    def mark_of(self, _settings: Settings) -> SimulatedMark:
        """Where the present process's machine keeps its mark."""
        process = PROCESS.get()
        assert process is not None
        return SimulatedMark(self.marks, process)

    def owner(self) -> str:
        """A token for a lease, the same ones for the same seed."""
        return f"w{next(self._numbers)}"


class _SiteClock(VirtualClock):
    """A process's clock, which also says whose it is."""

    def __init__(self, loop: VirtualLoop, process: Process, site: Site) -> None:
        super().__init__(loop, process)
        self.site = site


@asynccontextmanager
async def _opened_writer(
    settings: ChannexSettings, clock: Clock
) -> AsyncIterator[tuple[ChannexReader, ChannexWriter]]:
    assert isinstance(clock, _SiteClock)
    assert clock.process is not None
    site = clock.site
    async with connect(site.network, clock.process, settings, clock) as client:
        yield RetryingReader(client, rand=site.chance.random), client


@asynccontextmanager
async def _opened_store(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Store]:
    assert isinstance(clock, _SiteClock)
    assert clock.process is not None
    store = SimulatedStore(clock.site.disk, clock.process, clock)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


@contextmanager
def assembled(site: Site, exchanged: Exchanged) -> Iterator[None]:
    """The product's own composition root, with the way out exchanged for the simulated one.

    Args:
        site: Where errors go.
        exchanged: Further names to exchange, for mutants.
    """
    changes: Exchanged = {
        (app, "opened_writer"): _opened_writer,
        (app, "opened_store"): _opened_store,
        (app, "owner"): site.owner,
        (app, "mark_of"): site.mark_of,
        **exchanged,
    }
    before = {(module, name): getattr(module, name) for module, name in changes}
    idle = runner._IDLE
    logger = logging.getLogger("autoresponder")
    level, propagate = logger.level, logger.propagate
    for (module, name), value in changes.items():
        setattr(module, name, value)
    runner._IDLE = _IDLE
    logger.setLevel(logging.ERROR)
    logger.propagate = False
    logger.addHandler(site.witness)
    try:
        yield
    finally:
        logger.removeHandler(site.witness)
        logger.setLevel(level)
        logger.propagate = propagate
        runner._IDLE = idle
        for (module, name), value in before.items():
            setattr(module, name, value)
