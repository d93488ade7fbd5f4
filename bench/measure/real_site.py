"""One installation of a campaign with real processes: replicas, store, wire and sandbox, and what befalls them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bench.measure.processes import Child, child
from bench.measure.real_memory import Memory, RedisMemory, SqliteMemory
from bench.measure.real_services import KEY, Replica, replicas, write_settings
from tests.wire.proxy import Break, How, Proxy, Side, is_send, running


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Seconds; shorter than in production, with the same inequality."""

    quarantine: int = 20
    grace: int = 2
    timeout: int = 3
    lease: int = 6
    idle: float = 2.0
    """After so long the wire closes an unused connection."""
    late: float = 6.0
    """Most by which the server gets a request, or makes a message, late."""
    hidden: float = 1.0
    """For so long a message may be made and not be seen."""
    gap: float = 4.0
    """Most between two troubles; it has nothing to do with the guarantee."""

    def __post_init__(self) -> None:
        least = self.grace + self.idle + self.timeout + self.late + self.hidden + 1
        if self.quarantine < least:
            raise ValueError(f"the quarantine must be at least {least} s")


@dataclass(frozen=True, slots=True)
class Plan:
    """What an installation looks like."""

    store: str
    """`sqlite`; `redis`, which syncs every write; `redis-everysec`, which may lose its last second."""
    replicas: int

    def __str__(self) -> str:
        return f"{self.store} × {self.replicas}"

    @property
    def name(self) -> str:
        """For command lines and folders."""
        return f"{self.store}-{self.replicas}"


PLANS = (Plan("sqlite", 1), Plan("redis", 1), Plan("sqlite", 3), Plan("redis-everysec", 3))

_SEND_BREAKS = 0.12
_READ_BREAKS = 0.02
_SEND_SIZES = (400, 700)
_WORD = 15.0
"""Seconds between two words that a service leaves in its store; a start is careful for a quarantine after it."""

_WAKE = 2.5
"""Seconds within which a running service has asked its store something."""


class Site:
    """See the module.

    Attributes:
        kills: SIGKILLs so far, by what was killed.
        others: What else befell it.
    """

    def __init__(
        self,
        plan: Plan,
        times: Times,
        chance: Random,
        sandbox: Child,
        wire: Proxy,
        memory: Memory,
        services: list[Replica],
    ) -> None:
        self.plan = plan
        self.times = times
        self.chance = chance
        self.wire = wire
        self.memory = memory
        self.services = services
        self.kills: Counter[str] = Counter()
        self.others: Counter[str] = Counter()
        self.written = 0
        self._sandbox = sandbox
        self._asking = asyncio.Lock()
        self._standing_still: set[asyncio.Task[None]] = set()

    async def ask(self, **wish: Any) -> dict[str, Any]:
        """Tell the sandbox something."""
        async with self._asking:
            return await asyncio.to_thread(lambda: self._sandbox.ask(**wish))

    async def guest_writes(self) -> None:
        """One more message of a guest."""
        self.written = (await self.ask(write=1))["written"]

    async def trouble(self) -> None:
        """One thing goes wrong."""
        happenings: dict[Callable[[], Awaitable[None]], int] = {
            self._kill_one: 12,
            self._kill_all: 2,
            self._freeze_one: 3,
            self._update_one: 1,
        }
        if isinstance(self.memory, RedisMemory):
            happenings |= {self._kill_redis: 5, self._freeze_redis: 2, self._flush: 2}
            if self.plan.store.endswith("everysec"):
                happenings |= {self._power_failure: 3}
        else:
            happenings |= {self._delete_file: 2}
        (chosen,) = self.chance.choices(list(happenings), list(happenings.values()))
        await chosen()

    async def calm(self) -> None:
        """From now on nothing goes wrong; whoever stands still goes on."""
        self.wire.choose = _whole
        await self.ask(faults=[])
        await asyncio.gather(*self._standing_still)

    # -- services

    async def _kill_one(self) -> None:
        self.chance.choice(self.services).kill()
        self.kills["service"] += 1

    async def _kill_all(self) -> None:
        for service in self.services:
            service.kill()
        self.kills["service"] += len(self.services)

    async def _update_one(self) -> None:
        self.chance.choice(self.services).end()
        self.others["service asked to end"] += 1

    async def _freeze_one(self) -> None:
        """Longer than its lease; the others go on."""
        service = self.chance.choice(self.services)
        seconds = self.times.lease + self.chance.uniform(0.5, 3)
        self.others["service frozen beyond its lease"] += 1

        async def freeze() -> None:
            service.freeze()
            await asyncio.sleep(seconds)
            service.go_on()

        self._later(freeze())

    # -- the store

    @property
    def _redis(self) -> RedisMemory:
        assert isinstance(self.memory, RedisMemory)
        return self.memory

    async def _kill_redis(self) -> None:
        self._redis.kill()
        self.kills["redis"] += 1
        await asyncio.sleep(self.chance.choice((0.0, 0.5, 2.0)))
        await asyncio.to_thread(self._redis.server.start)

    async def _freeze_redis(self) -> None:
        self.others["redis frozen"] += 1
        self._redis.freeze()
        await asyncio.sleep(self.chance.uniform(0.5, 7))
        self._redis.go_on()

    async def _flush(self) -> None:
        await self._all_awake()
        await asyncio.to_thread(self._redis.flush)
        self.others["FLUSHALL"] += 1
        await asyncio.sleep(_WAKE)

    async def _power_failure(self) -> None:
        """The server loses what it had not synced; the services may run elsewhere, or die with it."""
        if self.chance.random() < 0.5 and self.times.quarantine > _WORD + _WAKE:
            await self._kill_all()
        self._redis.kill()
        self.kills["redis"] += 1
        await asyncio.to_thread(self._redis.lose_tail)
        self.others["append-only file truncated"] += 1
        await asyncio.to_thread(self._redis.server.start)

    async def _delete_file(self) -> None:
        assert isinstance(self.memory, SqliteMemory)
        await self._all_awake()
        for service in self.services:
            service.freeze()
        await self.memory.delete()
        for service in self.services:
            service.go_on()
        self.others["store file deleted"] += 1
        await asyncio.sleep(_WAKE)

    async def _all_awake(self) -> None:
        """Wait until every replica runs and knows its store: only then it can notice a loss."""
        while not all(one.awake for one in self.services):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)

    def _later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._standing_still.add(task)
        task.add_done_callback(self._standing_still.discard)


def _whole(_: bytes) -> Break | None:
    """Nothing breaks."""
    return None


def wire_trouble(chance: Random) -> Callable[[bytes], Break | None]:
    """What breaks on the wire, and where."""

    def choose(request: bytes) -> Break | None:
        sends = is_send(request)
        if chance.random() >= (_SEND_BREAKS if sends else _READ_BREAKS):
            return None
        side = chance.choice(list(Side))
        hows = [How.END, How.RESET, How.STALL, How.LATE]
        if side is Side.REQUEST:
            return Break(side, chance.randint(0, len(request)), chance.choice(hows))
        return Break(side, chance.randint(0, _SEND_SIZES[1]), chance.choice(hows[:3]))

    return choose


def server_trouble(times: Times) -> list[dict[str, Any]]:
    """What the server itself does wrong, as its fault switches."""
    send, late, hidden = "send_to_thread", times.late, times.hidden
    return [
        {"kind": "status", "operation": send, "status": 429, "retry_after": 1.0, "probability": 0.02},
        {"kind": "status_after", "operation": send, "status": 503, "probability": 0.03},
        {"kind": "late", "operation": send, "status": 502, "seconds": late, "probability": 0.03},
        {"kind": "hidden", "operation": send, "seconds": hidden, "probability": 0.03},
        {"kind": "slow", "operation": send, "seconds": 0.3, "probability": 0.15},
        {"kind": "status", "operation": "no_reply_needed", "status": 500, "probability": 0.05},
        {"kind": "status", "operation": "list_*", "status": 502, "probability": 0.02},
    ]


@asynccontextmanager
async def opened(plan: Plan, times: Times, folder: Path, seed: int) -> AsyncIterator[Site]:
    """An installation at work, with a wire and a server that cannot be relied on."""
    chance = Random(f"{seed} {plan}")
    write_settings(
        folder, quarantine=times.quarantine, lease=times.lease, timeout=times.timeout, grace=times.grace
    )
    with child("real_guests", key=KEY, seed=seed) as sandbox:
        port = (await asyncio.to_thread(sandbox.answer))["port"]
        wire = Proxy(
            port,
            wire_trouble(Random(f"{seed} {plan} wire")),
            delay=lambda: chance.uniform(0, times.late),
            idle=times.idle,
        )
        memory: Memory
        if plan.store == "sqlite":
            memory = SqliteMemory(folder, chance)
        else:
            fsync = "everysec" if plan.store.endswith("everysec") else "always"
            memory = RedisMemory(folder, chance, fsync=fsync)
        async with running(wire):
            memory.start()
            services = replicas(
                plan.replicas, folder, base_url=f"http://127.0.0.1:{wire.port}/api/v1", store=memory.url
            )
            site = Site(plan, times, chance, sandbox, wire, memory, services)
            await site.ask(faults=server_trouble(times))
            for service in services:
                service.start()
            try:
                yield site
            finally:
                for service in services:
                    await service.stop()
                memory.stop()
