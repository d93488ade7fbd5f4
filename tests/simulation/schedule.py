"""One random schedule: guests and people write, everything fails, processes die; then calm, and the reckoning."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from autoresponder.config import DeliverySettings, GuardSettings, PollSettings
from autoresponder.ledger import Ledger
from autoresponder.sandbox.entities import Thread
from autoresponder.store.memory import MemoryStore
from tests.simulation.network import Weather
from tests.simulation.site import Exchanged, Plan, Site, assembled
from tests.simulation.virtual_time import VirtualClock

WORDS = (
    "what's the wifi?",
    "is there parking?",
    "wifi and parking please",
    "Great, thank you!",
    "hello there",
    "There is a smell of gas!",
    "Is there internet?",
)
_WEIGHTS = (6, 5, 4, 3, 1, 1, 4)
_PARTS = (
    "can you send a map?",
    "a map and the wifi please",
    "Great, thank you!",
    "what's the wifi?",
    "We are two.",
)


@dataclass
class Result:
    """What came of a schedule."""

    seed: str
    profile: str
    violations: list[str]
    seconds: float
    """Simulated."""
    steps: int
    sent: int
    kills: int
    freezes: int
    faults: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)
    history: list[str] = field(default_factory=list)


def storm(chance: random.Random) -> Plan:
    """Trouble everywhere, and short times, so that it meets: a quarantine of two minutes."""
    return Plan(
        delivery=DeliverySettings(quarantine=120.0, grace=2.0, lease=30.0),
        guards=GuardSettings(settle=timedelta(seconds=5), human_handover=timedelta(minutes=5)),
        poll=PollSettings(
            every=timedelta(seconds=15), overlap=timedelta(minutes=3), sweep=timedelta(minutes=8)
        ),
        timeout=10.0,
        weather=Weather(
            writes=chance.choice([0.2, 0.5, 0.8]),
            reads=chance.choice([0.0, 0.05, 0.2]),
            late=50.0,
            hidden=20.0,
            idle=20.0,
            page=chance.choice([1, 2, 100]),
        ),
        replicas=chance.choice([1, 2, 2, 3]),
        kill_step=chance.choice([0.0, 0.005, 0.02]),
        freeze_step=chance.choice([0.0, 0.01, 0.03]),
        power_step=chance.choice([0.0, 0.1, 0.3]),
        exchange_step=chance.choice([0.0, 0.0, 0.1]),
        freeze=chance.choice([10.0, 60.0, 300.0]),
        skew=chance.choice([0.0, 2.0, 40.0]),
        disk_failures=chance.choice([0.0, 0.01, 0.05]),
        durable=chance.random() < 0.7,
    )


def production(chance: random.Random) -> Plan:
    """The default settings, and trouble as rare as one hopes."""
    return Plan(
        weather=Weather(writes=0.015, reads=0.005, late=120.0, hidden=60.0, idle=75.0),
        replicas=chance.choice([1, 2]),
        kill_step=0.0005,
        freeze_step=0.0005,
        freeze=300.0,
        skew=chance.choice([0.0, 1.0]),
        disk_failures=0.001,
        durable=chance.random() < 0.7,
    )


def parts(chance: random.Random) -> Plan:
    """A storm over replies with files and over inquiries that are pre-approved."""
    plan = storm(chance)
    plan.guards = replace(plan.guards, preapprove=True)
    return plan


PROFILES: dict[str, Callable[[random.Random], Plan]] = {
    "storm": storm,
    "production": production,
    "parts": parts,
}


class Story:
    """What people and machines do in one schedule.

    Args:
        site: Where.
        chance: Of the story alone.
        busy: Seconds for which anything happens.
        rough: Whether stores and power fail too.
        parts: Whether guests want files, and inquire.
    """

    def __init__(
        self, site: Site, chance: random.Random, *, busy: float, rough: float, parts: bool = False
    ) -> None:
        self.site = site
        self.chance = chance
        self.busy = busy
        self.rough = rough
        self.parts = parts

    async def tell(self) -> None:
        """Play it, and wait for the end."""
        site, chance = self.site, self.chance
        for number in range(site.plan.replicas):
            site.start(number)
        names = ["Anna Berg", "Bob Low", "Cleo Dahl"][: chance.choice([1, 1, 2, 3])]
        threads = [
            site.thread(name, chance.choice(["BookingCom", "AirBNB"]), booked=chance.random() < 0.8)
            for name in names
        ]
        site.world.ignore_order = chance.random() < 0.2
        actors = [self._guest(thread) for thread in threads]
        actors += [self._host(thread) for thread in threads if chance.random() < 0.3]
        if chance.random() < self.rough:
            actors.append(self._machine())
        if chance.random() < 0.1:
            actors.append(self._kill_switch())
        await asyncio.gather(*actors)
        left = self.busy - site.loop.time()
        await asyncio.sleep(max(0.0, left))
        site.calm()

    async def _guest(self, thread: Thread) -> None:
        chance = self.chance
        await asyncio.sleep(2 + 30 * chance.random())
        for number in range(chance.choice([1, 1, 2, 3, 4])):
            if number:
                await asyncio.sleep(chance.choice([1.0, 8.0, 40.0, 150.0]) * (0.5 + chance.random()))
            if self.parts:
                self._about_parts(thread)
                continue
            self.site.guest_says(thread, chance.choices(WORDS, _WEIGHTS)[0])

    def _about_parts(self, thread: Thread) -> None:
        """Words that files answer, or an inquiry."""
        if thread.booking_id is None and thread.provider == "AirBNB" and self.chance.random() < 0.5:
            self.site.guest_inquires(thread)
        else:
            self.site.guest_says(thread, self.chance.choice(_PARTS))

    async def _host(self, thread: Thread) -> None:
        await asyncio.sleep(self.busy * self.chance.random())
        self.site.host_says(thread, "I have just called you about it.")

    async def _kill_switch(self) -> None:
        """A person switches everything off, and on again."""
        site = self.site
        clock = VirtualClock(site.loop)
        store = MemoryStore(site.loop.time, now=clock.now, memory=site.disk.memory)
        await asyncio.sleep(self.busy * 0.8 * self.chance.random())
        await store.open()
        await Ledger(store, owner=site.owner, lease=1).pause(on=True)
        site.witness.note("replies are switched off")
        site.witness.killed_at = site.loop.time()
        await asyncio.sleep(60 + 60 * self.chance.random())
        await store.open()
        await Ledger(store, owner=site.owner, lease=1).pause(on=False)
        site.witness.note("replies are switched on")
        site.witness.killed_at = None

    async def _machine(self) -> None:
        """Processes and the store meet trouble of their own."""
        site, chance = self.site, self.chance
        while site.loop.time() < self.busy:
            await asyncio.sleep(self.busy * chance.random() * 0.7)
            match chance.choice(["kill", "stop", "down", "wipe", "power", "failover", "freeze", "exchange"]):
                case "kill":
                    site.kill(chance.choice(list(site.processes.values())))
                case "stop":
                    for service in list(site.services.values())[:1]:
                        site.witness.note("a replica is asked to stop")
                        service.stop()
                case "down":
                    seconds = 40 * chance.random()
                    site.witness.note(f"the store is away for {seconds:.0f} s")
                    site.disk.down_until = site.loop.time() + seconds
                case "wipe" if not site.plan.durable:
                    self._forget(wipe=True)
                case "power" if not site.plan.durable:
                    site.power_fails()
                case "failover" if not site.plan.durable:
                    self._forget(wipe=False)
                    site.disk.memory.epoch = f"epoch {chance.getrandbits(40)}"
                case "exchange":
                    site.store_is_exchanged()
                case "freeze":
                    chance.choice(list(site.processes.values())).freeze(200 * chance.random())

    def _forget(self, *, wipe: bool) -> None:
        site = self.site
        site.witness.note("the store is empty" if wipe else "the store lost its last second")
        if wipe:
            site.disk.wipe()
        else:
            site.disk.lose_tail()
        if site.witness.killed_at is not None:
            site.witness.killed_at = None
        site.witness.forgotten()


def run(
    seed: int | str,
    profile: str = "storm",
    *,
    exchanged: Callable[[], Exchanged] = dict,
    history: bool = False,
) -> Result:
    """Play one schedule.

    Args:
        seed: The same one gives the same schedule.
        profile: `storm`, `production` or `parts`.
        exchanged: For mutants.
        history: Whether to keep a readable history.
    """
    name = f"{profile}:{seed}"
    chance = random.Random(f"{name} story")
    plan = PROFILES[profile](chance)
    site = Site(name, plan, history=history)
    stormy = profile != "production"
    busy = 240.0 if stormy else 900.0
    quarantine = plan.delivery.quarantine
    story = Story(site, chance, busy=busy, rough=0.5 if stormy else 0.05, parts=profile == "parts")
    violations = site.witness.violations

    async def main() -> None:
        try:
            await story.tell()
            await site.rest(4 * quarantine + 1800.0)
        finally:
            await site.end()

    with assembled(site, exchanged()):
        play(site, main)
    return Result(
        seed=str(seed),
        profile=profile,
        violations=violations,
        seconds=site.loop.time(),
        steps=site.loop.steps,
        sent=sum(1 for t in site.world.threads.values() for m in t.messages if m.user_id is not None),
        kills=site.kills,
        freezes=site.freezes,
        faults=site.network.faults + site.disk.faults,
        states=site.witness.states,
        points=site.points,
        history=site.witness.history or [],
    )


def play(site: Site, main: Callable[[], Any]) -> None:
    """Run a coroutine on the site's loop to its end."""
    loop = site.loop
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(main())
    finally:
        asyncio.set_event_loop(None)
        loop.close()
