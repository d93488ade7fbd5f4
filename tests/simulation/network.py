"""The way to the sandbox without sockets, and everything that can go wrong on it.

The product's own client speaks: only the two objects that put bytes on a connection are exchanged. What
arrives is handled by the sandbox's own operations. The server goes on when the client dies.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from aiohttp import web

from autoresponder.channex.client import Client
from autoresponder.channex.interface import BeforeWrite
from autoresponder.channex.limiter import RateLimiter
from autoresponder.channex.requests import Request
from autoresponder.channex.responses import Answer
from autoresponder.clock import Clock
from autoresponder.config import ChannexSettings
from autoresponder.errors import ChannexUnavailable, DeliveryUnknown
from autoresponder.sandbox import routes_account, routes_feed, routes_messages
from autoresponder.sandbox.endpoint import Call, Gate, Operation
from autoresponder.sandbox.entities import Message, Origin
from autoresponder.sandbox.faults import Faults
from autoresponder.sandbox.world import World
from tests.simulation.virtual_time import POINT, Process, VirtualLoop

WRITE_FAULTS = (
    "no_connection",
    "429",
    "401",
    "403",
    "422",
    "5xx_before",
    "5xx_after",
    "lost_before",
    "lost_after",
    "silent_before",
    "silent_after",
    "garbage",
    "late",
    "hidden",
    "masked",
)
"""Kinds of trouble a write can meet; `before` and `after` mean the moment it is applied."""

READ_FAULTS = ("no_connection", "429", "401", "5xx", "silent", "slow", "garbage", "cut")


@dataclass(kw_only=True)
class Weather:
    """How often what goes wrong, and within which bounds.

    Attributes:
        writes, reads: Part of the requests that meet trouble.
        late: Longest seconds until an accepted write is applied (the assumption S).
        hidden: Longest seconds until an applied write is seen (V).
        idle: Seconds after which the server closes a connection on which nothing was sent.
        fixed: Faults of the next writes, one after the other, before chance decides; None for none.
    """

    writes: float = 0.0
    reads: float = 0.0
    late: float = 30.0
    hidden: float = 15.0
    idle: float = 20.0
    page: int = 100
    """Most entries of a page that the server gives, whatever is asked for."""
    fixed: list[str | None] = field(default_factory=list)
    kinds: tuple[str, ...] = WRITE_FAULTS
    calm: bool = False


class _Incoming:
    """What an operation of the sandbox looks at in a request."""

    def __init__(self, query: str, body: bytes) -> None:
        self.rel_url = SimpleNamespace(raw_query_string=query)
        self.content_type = "application/json"
        self._body = body

    async def read(self) -> bytes:
        return self._body


class Server:
    """The sandbox's operations, called directly."""

    def __init__(self, world: World, weather: Weather) -> None:
        self.world = world
        self._weather = weather
        self._gate = Gate(world, Faults(), "sandbox")
        self._routes: list[tuple[str, re.Pattern[str], Operation, str]] = []
        for table in (routes_messages.OPERATIONS, routes_account.OPERATIONS, routes_feed.OPERATIONS):
            for name, method, path, operation in table:
                pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
                self._routes.append((method, pattern, operation, name))

    def handle(self, request: Request, *, later: float = 0.0, accepted: bool = True) -> Answer:
        """One request, from arrival to answer; operations never wait."""
        path, _, query = request.target.partition("?")
        query = re.sub(r"(limit(?:%5D|\]))=100", rf"\1={self._weather.page}", query)
        self.world.settle()
        for method, pattern, operation, _ in self._routes:
            found = pattern.fullmatch(path)
            if method == request.method and found is not None:
                incoming = cast("web.Request", _Incoming(query, request.body or b""))
                call = Call(
                    self.world,
                    incoming,
                    found.groupdict().get("id", "").lower(),
                    later=later,
                    accepted=accepted,
                )
                response = _finished(self._gate._run(operation, call))
                body = response.body if isinstance(response.body, bytes) else b""
                return Answer(status=response.status, headers=response.headers, body=body)
        raise AssertionError(f"{request.method} {path} is not simulated")


def _finished(work: Any) -> web.Response:
    """Run a coroutine that never waits."""
    try:
        work.send(None)
    except StopIteration as end:
        return cast("web.Response", end.value)
    raise AssertionError("an operation of the sandbox waited")


class Network:
    """Carries requests, loses them, and tells the witness what was written.

    Args:
        loop: Time.
        server: What answers.
        weather: What goes wrong.
        chance: Of the network alone.
        note: Takes lines of the history.
    """

    def __init__(
        self,
        loop: VirtualLoop,
        server: Server,
        weather: Weather,
        chance: random.Random,
        note: Callable[[str], None],
    ) -> None:
        self.loop = loop
        self.server = server
        self.weather = weather
        self.chance = chance
        self.note = note
        self.faults: Counter[str] = Counter()
        self.posts = 0
        self.arriving: list[Callable[[Request, Process], None]] = []
        """Called when the first byte of a write leaves."""
        self.applied: list[Callable[[Request, Process, Message | None], None]] = []
        self.refuse_key = False

    def write_fault(self) -> str | None:
        """What happens to the next write."""
        self.posts += 1
        weather = self.weather
        if weather.fixed:
            return weather.fixed.pop(0)
        if weather.calm or self.chance.random() >= weather.writes:
            return None
        return self.chance.choice(weather.kinds)

    def read_fault(self) -> str | None:
        """What happens to the next read."""
        if self.weather.calm or self.chance.random() >= self.weather.reads:
            return None
        return self.chance.choice(READ_FAULTS)

    def lag(self) -> float:
        """Seconds one way."""
        return 0.01 + 0.2 * self.chance.random() ** 3

    async def later(self, seconds: float, work: Callable[[], Any]) -> Any:
        """Let the server do something after a while, whether or not the client still lives."""
        answer: asyncio.Future[Any] = self.loop.create_future()

        def go() -> None:
            value = work()
            if not answer.done():
                answer.set_result(value)

        self.loop.call_later(seconds, go, context=Context())
        return await answer

    def apply(self, request: Request, process: Process, *, fault: str | None) -> Answer:
        """The server takes a write."""
        world, weather = self.server.world, self.weather
        later, accepted = 0.0, True
        if fault == "late":
            later, accepted = self.chance.random() * weather.late, False
        elif fault == "hidden":
            later = self.chance.random() * weather.hidden
        world.settle()
        before = {m.id for m in world.pending()}
        counts = {t.id: len(t.messages) for t in world.threads.values()}
        answer = self.server.handle(request, later=later, accepted=accepted)
        made = next((m for m in world.pending() if m.id not in before), None)
        for thread in world.threads.values():
            if len(thread.messages) > counts[thread.id]:
                made = max((m for m in thread.messages if m.origin is Origin.API), key=lambda m: m.sequence)
        if made is not None and fault == "masked":
            made.text, made.raw = _masked(made.text), None
            self.server.world.threads[made.thread_id].raw = None
        for hook in self.applied:
            hook(request, process, made)
        self.note(f"server applied {request.what}" + (f" ({fault})" if fault else ""))
        return answer


def _masked(text: str) -> str:
    """As an OTA shows a text from which it took something; beyond recognition would be risk R2."""
    return text.replace("Seaview-Guest", "Seaview-G****")


class _Reads:
    """Stands in for `channex.reads.Reads`."""

    def __init__(self, network: Network, process: Process, limiter: RateLimiter, timeout: float) -> None:
        self._net, self._process, self._limiter, self._timeout = network, process, limiter, timeout

    async def get(self, request: Request) -> Answer:
        net = self._net
        self._process.check()
        POINT.set("a read")
        await self._limiter.acquire()
        try:
            return await self._get(net, request, net.read_fault())
        finally:
            self._limiter.release()

    async def _get(self, net: Network, request: Request, fault: str | None) -> Answer:
        if fault is not None:
            net.faults[f"read:{fault}"] += 1
        if fault == "no_connection":
            await asyncio.sleep(net.lag())
            raise ChannexUnavailable(f"{request.what}: no connection")
        if fault == "silent":
            await asyncio.sleep(self._timeout)
            raise ChannexUnavailable(f"{request.what}: no answer in time")
        if fault in {"429", "401", "5xx"}:
            return await net.later(net.lag(), lambda: _refusal(fault, net.chance))
        seconds = net.lag() + (self._timeout * 0.4 * net.chance.random() if fault == "slow" else 0.0)
        answer: Answer = await net.later(seconds, lambda: net.server.handle(request))
        await asyncio.sleep(seconds if fault == "slow" else net.lag())
        if fault == "garbage":
            return Answer(status=200, headers={}, body=b"<html>maintenance</html>")
        if fault == "cut":
            return Answer(status=200, headers={}, body=answer.body[: len(answer.body) // 2], complete=False)
        return answer

    async def close(self) -> None:
        """Nothing is open."""


class _Writes:
    """Stands in for `channex.writes.Writes`, with its border between "nothing left" and "may have"."""

    def __init__(self, network: Network, process: Process, limiter: RateLimiter, timeout: float) -> None:
        self._net, self._process, self._limiter, self._timeout = network, process, limiter, timeout

    async def post(self, request: Request, before_write: BeforeWrite | None = None) -> Answer:
        self._process.check()
        await self._limiter.acquire(urgent=True)
        try:
            return await self._post(request, before_write)
        finally:
            self._limiter.release()

    async def _post(self, request: Request, before_write: BeforeWrite | None) -> Answer:
        net, process = self._net, self._process
        fault = net.write_fault()
        if fault is not None:
            net.faults[f"write:{fault}"] += 1
        POINT.set("connecting to write")
        await asyncio.sleep(net.lag())
        if fault == "no_connection":
            raise ChannexUnavailable(f"{request.what}: no connection; nothing was sent")
        connected = net.loop.time()
        POINT.set("connected, before the last check")
        await asyncio.sleep(0)
        process.check()
        if before_write is not None:
            before_write()
        POINT.set("between the last check and the first byte")
        await asyncio.sleep(0)  # "the bytes follow in the same or the next turn of the event loop"
        process.check()
        unknown = DeliveryUnknown(f"{request.what}: the connection broke after it was sent")
        if net.loop.time() - connected > net.weather.idle:
            net.note(f"{process.name} wrote to a connection that was closed long ago")
            raise unknown
        for hook in net.arriving:
            hook(request, process)
        POINT.set("written, not answered")
        try:
            async with asyncio.timeout(self._timeout):
                return await self._answer(request, fault, unknown)
        except TimeoutError:
            raise DeliveryUnknown(f"{request.what}: no answer in time after it was sent") from None

    async def _answer(self, request: Request, fault: str | None, unknown: DeliveryUnknown) -> Answer:
        net, process = self._net, self._process
        if fault in {"429", "401", "403", "422", "5xx_before", "lost_before", "silent_before"}:
            status = fault.partition("_")[0]
            answer = await net.later(net.lag(), lambda: _refusal(status, net.chance))
        else:
            answer = await net.later(net.lag(), lambda: net.apply(request, process, fault=fault))
        POINT.set("the answer is on its way")
        await asyncio.sleep(net.lag())
        match fault:
            case "lost_before" | "lost_after" | "masked":
                raise unknown
            case "late":
                if net.chance.random() < 0.5:
                    raise unknown
                return _refusal("5xx", net.chance)
            case "silent_before" | "silent_after":
                await asyncio.sleep(self._timeout * 2)
            case "5xx_after":
                return _refusal("5xx", net.chance)
            case "garbage":
                body = net.chance.choice([b"", b"null", b'{"meta":{}}', b"<html>ok</html>"])
                return Answer(status=200, headers={}, body=body)
        return cast("Answer", answer)

    async def close(self) -> None:
        """Nothing is open."""


_CODES = {"401": "unauthorized", "403": "forbidden", "422": "validation_error"}


def _refusal(kind: str, chance: random.Random) -> Answer:
    headers: dict[str, str] = {}
    if kind == "429":
        if chance.random() < 0.7:
            headers["Retry-After"] = str(chance.randrange(1, 30))
        return Answer(status=429, headers=headers, body=b'{"errors":{"code":"http_too_many_requests"}}')
    if kind in _CODES:
        body = json.dumps({"errors": {"code": _CODES[kind]}}).encode()
        return Answer(status=int(kind), headers=headers, body=body)
    return Answer(status=chance.choice([500, 502, 503, 504]), headers=headers, body=b"<html>bad</html>")


def connect(network: Network, process: Process, settings: ChannexSettings, clock: Clock) -> Client:
    """The product's client as `app.opened_writer` makes it, over this network."""
    limiter = RateLimiter(
        per_minute=settings.requests_per_minute, concurrency=settings.concurrency, monotonic=clock.monotonic
    )
    client = Client(
        base_url=settings.base_url,
        api_key=settings.api_key,
        timeout=settings.timeout,
        now=clock.now,
        limiter=limiter,
    )
    seams: Any = client
    seams._reads = _Reads(network, process, limiter, settings.timeout)
    seams._writes = _Writes(network, process, limiter, settings.timeout)
    return client
