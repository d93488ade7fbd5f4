"""Composition root: the only module that names adapters and puts the parts together."""

from __future__ import annotations

import gc
import random
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from autoresponder.brain import Knowledge
from autoresponder.channex.interface import ChannexReader, ChannexWriter
from autoresponder.clock import Clock, SystemClock
from autoresponder.config import ChannexSettings, Settings
from autoresponder.delivery.audit import Report
from autoresponder.delivery.courier import Courier
from autoresponder.delivery.gate import SendGate
from autoresponder.delivery.mark import NoMark, mark_of
from autoresponder.delivery.trust import mind_memory
from autoresponder.guards import Switches
from autoresponder.intake import Intake
from autoresponder.ledger import Ledger
from autoresponder.service.auditor import Auditor
from autoresponder.service.housekeeping import Housekeeping
from autoresponder.service.metrics import Metrics
from autoresponder.service.notifier import Notifier
from autoresponder.service.reports import TurnReport, Watcher
from autoresponder.service.runner import Service
from autoresponder.service.warming import warm_up
from autoresponder.service.worker import Worker
from autoresponder.store import open_store
from autoresponder.store.interface import Store

_SWITCH_AGE = 2.0
"""Real seconds for which a look at the switches serves."""


def owner() -> str:
    """A token that no other acquisition uses."""
    return secrets.token_hex(8)


@asynccontextmanager
async def opened_store(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Store]:
    """The configured store, opened, and closed at the end.

    Raises:
        ConfigError: The store URL cannot be used.
        StoreError: The store cannot be opened.
    """
    store = open_store(settings.store.reveal(), folder=settings.folder, now=(clock or SystemClock()).now)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def opened_ledger(settings: Settings) -> AsyncIterator[Ledger]:
    """The ledger on the configured store."""
    async with opened_store(settings) as store:
        yield Ledger(store, owner=owner, lease=settings.delivery.lease)


def _connection(
    settings: ChannexSettings, clock: Clock, tell: Callable[[str], None] | None = None
) -> dict[str, Any]:
    """What both kinds of client are made with; the limiter is shared by everything that uses the client."""
    from autoresponder.channex.limiter import RateLimiter

    return {
        "base_url": settings.base_url,
        "api_key": settings.api_key,
        "timeout": settings.timeout,
        "now": clock.now,
        "limiter": RateLimiter(
            per_minute=settings.requests_per_minute,
            concurrency=settings.concurrency,
            monotonic=clock.monotonic,
            tell=tell,
        ),
    }


@asynccontextmanager
async def opened_reader(
    settings: ChannexSettings, clock: Clock, *, tell: Callable[[str], None] | None = None
) -> AsyncIterator[ChannexReader]:
    """A client that can read and has no way to write; it repeats reads that fail, and may tell of its waiting."""
    from autoresponder.channex.client import ReadOnlyClient
    from autoresponder.channex.retrying import RetryingReader

    async with ReadOnlyClient(**_connection(settings, clock, tell)) as client:
        yield RetryingReader(client, rand=random.random, tell=tell)


@asynccontextmanager
async def opened_writer(
    settings: ChannexSettings, clock: Clock
) -> AsyncIterator[tuple[ChannexReader, ChannexWriter]]:
    """A client that can write, and a reader around it that repeats reads when they fail."""
    from autoresponder.channex.client import Client
    from autoresponder.channex.retrying import RetryingReader

    async with Client(**_connection(settings, clock)) as client:
        yield RetryingReader(client, rand=random.random), client


async def server_time(settings: ChannexSettings) -> datetime | None:
    """The time in the API server's Date header, or None when it cannot be had.

    Any answer will do, so the request is a documented one and carries no key.
    """
    import aiohttp

    address = f"{settings.base_url.rstrip('/')}/properties?pagination[page]=1&pagination[limit]=1"

    timeout = aiohttp.ClientTimeout(total=settings.timeout)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(address, allow_redirects=False) as answer,
        ):
            stamp = parsedate_to_datetime(answer.headers.get("Date", ""))
    except (aiohttp.ClientError, TimeoutError, ValueError, OverflowError):
        return None
    return stamp if stamp.tzinfo is not None else stamp.replace(tzinfo=UTC)


def calm_collector() -> None:
    """Let Python's garbage collector leave alone what stays, and look at the rest less often.

    For a process that will run the service: rules, templates and modules are hundreds of thousands of objects
    that no collection can free, and a turn leaves hardly any cycles behind.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


class CachedSwitches:
    """Reads what people switched off, at most every two seconds."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._at: float | None = None
        self._value = Switches()

    async def __call__(self) -> Switches:
        """The switches as they are now, or were a moment ago."""
        now = self._clock.monotonic()
        if self._at is None or now - self._at > _SWITCH_AGE:
            self._value = await self._ledger.switches()
            self._at = now
        return self._value


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A service, ready to run, with what belongs to it."""

    service: Service
    ledger: Ledger
    metrics: Metrics
    refused: Callable[[str], None] = field(default=lambda _text: None)
    """Tells the notification address that new rules were refused."""


@asynccontextmanager
async def opened_service(
    settings: Settings,
    knowledge: Callable[[], Knowledge],
    *,
    clock: Clock | None = None,
    dry_run: bool = False,
    watch: Watcher | None = None,
    rand: Callable[[], float] = random.random,
) -> AsyncIterator[Running]:
    """Put the service together.

    Args:
        settings: Everything that can be set.
        knowledge: The present rules, templates and properties.
        clock: Time; the machine's own by default.
        dry_run: Decide and show, with a client that cannot write and a memory that is forgotten.
        watch: Told about every turn.
        rand: Random numbers in [0, 1).
    """
    time = clock if clock is not None else SystemClock()
    metrics = Metrics()
    metrics.loaded(knowledge().version)

    watchers: list[Watcher] = [metrics.report]
    if watch is not None:
        watchers.append(watch)
    alarms: list[Callable[[Report], None]] = []
    refused: Callable[[str], None] = lambda _text: None  # noqa: E731 - nobody is told

    def report(turn: TurnReport) -> None:
        for watcher in watchers:
            watcher(turn)

    def raise_alarm(found: Report) -> None:
        for alarm in alarms:
            alarm(found)

    async with AsyncExitStack() as stack:
        if settings.notify.webhook and not dry_run:
            notifier = await stack.enter_async_context(Notifier(settings.notify.webhook, rand=rand))
            watchers.append(notifier.report)
            alarms.append(notifier.alarm)
            refused = notifier.refused
        writer: ChannexWriter | None = None
        if dry_run:
            reader = await stack.enter_async_context(opened_reader(settings.channex, time))
            store = open_store("memory://", now=time.now)
            await store.open()
            stack.push_async_callback(store.close)
        else:
            reader, writer = await stack.enter_async_context(opened_writer(settings.channex, time))
            store = await stack.enter_async_context(opened_store(settings, time))
        ledger = Ledger(store, owner=owner, lease=settings.delivery.lease)
        switches = CachedSwitches(ledger, time)
        gate = SendGate(time.monotonic)
        mark = NoMark() if dry_run else mark_of(settings)
        await mind_memory(ledger, gate, time, quarantine=settings.delivery.quarantine, mark=mark)
        activated_at = await _activated(ledger, time, dry_run=dry_run)
        worker = Worker(
            intake=Intake(reader, time),
            ledger=ledger,
            courier=None
            if writer is None
            else _courier(writer, reader, ledger, time, settings, switches, rand, gate, knowledge),
            knowledge=knowledge,
            settings=settings,
            clock=time,
            switches=switches,
            activated_at=activated_at,
            watch=report,
            rand=rand,
        )
        auditor = Auditor(
            reader,
            ledger,
            time,
            settings,
            metrics,
            alarm=raise_alarm,
            activated_at=activated_at,
        )
        service = Service(
            channex=reader,
            ledger=ledger,
            worker=worker,
            knowledge=knowledge,
            settings=settings,
            clock=time,
            metrics=metrics,
            rand=rand,
            gate=gate,
            house=Housekeeping(ledger, metrics, settings.retention, gate, mark),
            auditor=None if dry_run else auditor,
        )
        warm_up(knowledge())
        yield Running(service=service, ledger=ledger, metrics=metrics, refused=refused)


async def _activated(ledger: Ledger, clock: Clock, *, dry_run: bool) -> datetime:
    return clock.now() if dry_run else await ledger.activated_at(clock.now())


def _courier(
    writer: ChannexWriter,
    reader: ChannexReader,
    ledger: Ledger,
    clock: Clock,
    settings: Settings,
    switches: Callable[[], Awaitable[Switches]],
    rand: Callable[[], float],
    gate: SendGate,
    knowledge: Callable[[], Knowledge],
) -> Courier:
    return Courier(
        writer,
        ledger,
        clock,
        settings.delivery,
        reader=reader,
        max_age=settings.guards.max_age,
        switches=switches,
        rand=rand,
        gate=gate,
        files=lambda: knowledge().files,
    )
