"""A TCP proxy that breaks one chosen exchange at one chosen byte.

It takes each request as a whole, so that the client has written all of it, and then lets through as many
bytes as it was told. It knows nothing of what the bytes mean beyond where a request and an answer end.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
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
    """Nothing more happens until the client gives up; then both connections are closed."""
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
class Proxy:
    """A running proxy.

    Attributes:
        port: Where it listens.
        breaks: What happens to the next sends, the first one first; the rest are left alone.
        sizes: Bytes of request and answer of every send that came through whole, each with its head's.
        stalled: Called when a client begins to wait in vain.
    """

    upstream: int
    stalled: Callable[[], None]
    port: int = 0
    breaks: list[Break] = field(default_factory=list)
    broken: int = 0
    sends: int = 0
    sizes: list[tuple[int, int, int, int]] = field(default_factory=list)
    _held: list[tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]] = field(default_factory=list)

    async def release(self) -> None:
        """Let the rest of every late request reach the server, and wait for its answers."""
        held, self._held = self._held, []
        for reader, writer, rest in held:
            writer.write(rest)
            await _message(reader)
            writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client connection: whole exchanges, one after the other."""
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        kept: list[asyncio.StreamWriter] = []
        try:
            while (request := await _message(reader)) is not None:
                sending = request.startswith(b"POST ") and b"/messages " in request.partition(b"\r\n")[0]
                plan = None
                if sending:
                    self.sends += 1
                    plan = self.breaks.pop(0) if self.breaks else None
                if plan is not None and plan.side is Side.REQUEST:
                    await _let(request[: plan.offset], upstream_writer, plan)
                    rest = request[plan.offset :]
                    await self._break(plan, reader, writer, upstream_reader, upstream_writer, rest, kept)
                else:
                    upstream_writer.write(request)
                answer = await _message(upstream_reader)
                if answer is None:
                    break
                if plan is not None and plan.side is Side.RESPONSE:
                    await _let(answer[: plan.offset], writer, plan)
                    await self._break(plan, reader, writer, upstream_reader, upstream_writer, b"", kept)
                else:
                    writer.write(answer)
                    await writer.drain()
                if sending:
                    self.sizes.append((len(request), _head(request), len(answer), _head(answer)))
        except (ConnectionError, _Broken):
            pass
        finally:
            for one in (writer, upstream_writer):
                if one not in kept:
                    one.close()

    async def _break(
        self,
        plan: Break,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        upstream_reader: asyncio.StreamReader,
        upstream_writer: asyncio.StreamWriter,
        rest: bytes,
        kept: list[asyncio.StreamWriter],
    ) -> None:
        if plan.how is How.SLICED:
            return
        self.broken += 1
        if plan.how is How.RESET:
            for one in (upstream_writer, writer):
                _reset(one)
        if plan.how in {How.STALL, How.LATE}:
            self.stalled()
            with contextlib.suppress(ConnectionError):
                assert await reader.read(1) == b"", "the client wrote on without an answer"
        if plan.how is How.LATE:
            kept.append(upstream_writer)
            self._held.append((upstream_reader, upstream_writer, rest))
        raise _Broken


async def _let(data: bytes, writer: asyncio.StreamWriter, plan: Break) -> None:
    """Let bytes through, in one piece or one by one."""
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


def _head(message: bytes) -> int:
    return message.index(_END_OF_HEAD) + len(_END_OF_HEAD)


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
async def proxy(upstream: int, *, stalled: Callable[[], None]) -> AsyncIterator[Proxy]:
    """A proxy on a free loopback port, in front of the server at port `upstream`."""
    state = Proxy(upstream, stalled)
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
