"""A loopback server that says exactly the bytes it is told, and remembers what it was sent."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Behave = Callable[["RawServer", bytes, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class RawServer:
    """What happened at the server."""

    port: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    bytes_seen: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1"


async def _request(reader: asyncio.StreamReader, server: RawServer) -> bytes | None:
    """One whole request, or None when the client went away."""
    head = b""
    while b"\r\n\r\n" not in head:
        chunk = await reader.read(65536)
        if not chunk:
            return None
        server.bytes_seen += len(chunk)
        head += chunk
    start, _, rest = head.partition(b"\r\n\r\n")
    length = 0
    for line in start.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(rest) < length:
        chunk = await reader.read(65536)
        if not chunk:
            return None
        server.bytes_seen += len(chunk)
        rest += chunk
    return start + b"\r\n\r\n" + rest


def reply(status: int, body: bytes, *headers: bytes) -> bytes:
    """A complete HTTP answer."""
    lines = [b"HTTP/1.1 %d Test" % status, b"Content-Type: application/json", *headers]
    if not any(line.lower().startswith(b"content-length:") for line in headers):
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def says(answer: bytes, *, then_close: bool = False) -> Behave:
    """Answer every request with these bytes."""

    async def behave(server: RawServer, request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        if then_close:
            writer.close()

    return behave


async def resets(server: RawServer, request: bytes, writer: asyncio.StreamWriter) -> None:
    """Close the connection instead of answering."""
    writer.transport.abort()


async def stays_silent(server: RawServer, request: bytes, writer: asyncio.StreamWriter) -> None:
    """Take the request and never answer."""


@asynccontextmanager
async def raw_server(behave: Behave, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[RawServer]:
    """Run the server on a free loopback port."""
    state = RawServer()
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        state.connections += 1
        writers.append(writer)
        try:
            while (request := await _request(reader, state)) is not None:
                state.requests.append(request)
                state.arrived.set()
                await behave(state, request, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    state.port = listener.sockets[0].getsockname()[1]
    try:
        yield state
    finally:
        listener.close()
        for writer in writers:
            writer.transport.abort()
        await listener.wait_closed()
