"""A TCP proxy that breaks chosen exchanges at chosen bytes.

It takes each request as a whole, so that the client has written all of it, and then lets through as many
bytes as it was told. It knows nothing of what the bytes mean beyond where a request and an answer end.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

_END_OF_HEAD = b"\r\n\r\n"
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with 0 seconds: closing sends a reset instead of an orderly end."""


class Side(StrEnum):
    """Which way the bytes go that are broken off."""

    REQUEST = "request"
    RESPONSE = "response"


class How(StrEnum):
    """What happens after the last byte that is let through."""

    END = "end"
    """Both connections are closed in order."""
    RESET = "reset"
    """Both connections are reset."""
    STALL = "stall"
    """Nothing more happens until the client gives up, or asks for something else; then both are closed."""
    LATE = "late"
    """As a stall, but the rest of the request reaches the server when `release` is called."""
    SLICED = "sliced"
    """Nothing breaks: everything arrives, one byte at a time."""


@dataclass(frozen=True, slots=True)
class Break:
    """Where a send breaks."""

    side: Side
    offset: int
    """How many bytes are let through."""
    how: How

    def __str__(self) -> str:
        return f"{self.how.value} after {self.offset} bytes of the {self.side.value}"


class _Broken(Exception):
    """The connection was broken on purpose."""


@dataclass
class _Pair:
    """A client's connection and ours to the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    server_reader: asyncio.StreamReader
    server_writer: asyncio.StreamWriter
    kept: bool = False
    """Whether the server's side stays open for what is late."""
    task: asyncio.Task[None] | None = None


@dataclass(eq=False)
class _Rest:
    """What the server has not got yet of a late request."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    data: bytes

    async def arrive(self) -> None:
        """Now it gets it; the answer goes nowhere."""
        with contextlib.suppress(ConnectionError):
            self.writer.write(self.data)
            await _message(self.reader)
        self.writer.close()


def _nothing(*_: object) -> None:
    """Nobody is told."""


@dataclass
class Proxy:
    """A running proxy.

    Attributes:
        upstream: Port of the server behind it.
        choose: Called with each request; says how its exchange breaks, if it does.
        stalled: Called when a client begins to wait in vain.
        delivered: Called with the request and the answer of every exchange that came through whole.
        delay: Seconds after which the rest of a late request reaches the server; None: at `release`.
        idle: Seconds after which an unused connection is closed; None: never.
        port: Where it listens.
        broken: How many exchanges were broken so far, by what happened to them.
    """

    upstream: int
    choose: Callable[[bytes], Break | None]
    stalled: Callable[[], None] = _nothing
    delivered: Callable[[bytes, bytes], None] = _nothing
    delay: Callable[[], float] | None = None
    idle: float | None = None
    port: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    _held: list[_Rest] = field(default_factory=list)

    async def release(self) -> None:
        """Let the rest of every late request reach the server, and wait for its answers."""
        while self._held:
            await self._held.pop().arrive()

    async def _arrives(self, rest: _Rest) -> None:
        assert self.delay is not None
        await asyncio.sleep(self.delay())
        if rest in self._held:
            self._held.remove(rest)
            await rest.arrive()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client connection: whole exchanges, one after the other."""
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        pair = _Pair(reader, writer, server_reader, server_writer)
        try:
            while (request := await asyncio.wait_for(_message(reader), self.idle)) is not None:
                if not await self._exchange(pair, request):
                    break
        except (ConnectionError, TimeoutError, _Broken):
            pass
        finally:
            writer.close()
            if not pair.kept:
                server_writer.close()

    async def _exchange(self, pair: _Pair, request: bytes) -> bool:
        """One request and its answer; False when the server has ended the connection."""
        plan = self.choose(request)
        if plan is not None and plan.side is Side.REQUEST:
            await _let(request, pair.server_writer, plan)
            await self._break(plan, pair, request)
        else:
            pair.server_writer.write(request)
        answer = await _message(pair.server_reader)
        if answer is None:
            return False
        if plan is not None and plan.side is Side.RESPONSE:
            await _let(answer, pair.writer, plan)
            await self._break(plan, pair, request)
        else:
            pair.writer.write(answer)
            await pair.writer.drain()
        self.delivered(request, answer)
        return True

    async def _break(self, plan: Break, pair: _Pair, request: bytes) -> None:
        if plan.how is How.SLICED:
            return
        self.broken[f"{plan.how.value} in the {plan.side.value}"] += 1
        if plan.how is How.RESET:
            _reset(pair.server_writer)
            _reset(pair.writer)
        if plan.how is How.LATE:
            pair.kept = True
            rest = _Rest(pair.server_reader, pair.server_writer, request[plan.offset :])
            self._held.append(rest)
            if self.delay is not None:
                pair.task = asyncio.create_task(self._arrives(rest))
        if plan.how in {How.STALL, How.LATE}:
            self.stalled()
            with contextlib.suppress(ConnectionError):
                await pair.reader.read(1)
        if pair.task is not None:
            await pair.task
        raise _Broken


async def _let(message: bytes, writer: asyncio.StreamWriter, plan: Break) -> None:
    """Let the first bytes through, in one piece or one by one."""
    data = message[: plan.offset]
    if plan.how is not How.SLICED:
        writer.write(data)
        await writer.drain()
        return
    for number in range(len(data)):
        writer.write(data[number : number + 1])
        await writer.drain()
        await asyncio.sleep(0)


def _reset(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


def head_size(message: bytes) -> int:
    """Bytes until the body."""
    return message.index(_END_OF_HEAD) + len(_END_OF_HEAD)


def is_send(request: bytes) -> bool:
    """Whether a request sends a message to a guest."""
    line = request.partition(b"\r\n")[0]
    return line.startswith(b"POST ") and line.partition(b" HTTP")[0].endswith(b"/messages")


async def _message(reader: asyncio.StreamReader) -> bytes | None:
    """A whole request or answer, or None when the connection ends first."""
    try:
        head = await reader.readuntil(_END_OF_HEAD)
        length = 0
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return head + await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        return None


@asynccontextmanager
async def running(state: Proxy) -> AsyncIterator[Proxy]:
    """Let a proxy listen on a free loopback port for as long as the block lasts."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await state.serve(reader, writer)
        finally:
            tasks.discard(task)

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    state.port = listener.sockets[0].getsockname()[1]
    try:
        yield state
    finally:
        listener.close()
        await state.release()
        if tasks:
            await asyncio.wait(tasks, timeout=5)
        await listener.wait_closed()
