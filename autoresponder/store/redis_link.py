"""One connection to Redis that calls made at the same time share.

Whatever is waiting when a round trip ends makes up the next one. A caller that is cancelled only stops
listening: its answer is still read, so that nobody ever gets the answer of somebody else. Nothing is
ever sent twice, except a script that the server says it did not know and therefore did not run.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from hiredis import pack_command
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError, ReadOnlyError, RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from autoresponder.errors import StoreError, StoreUnavailable

Argument = bytes | str | int

_LARGEST_BATCH = 256
_AT_ONCE = 8
"""Callers that go on before others get their turn: each has work to do when its answer is there."""
_NO_WAY_IN = (OSError, RedisConnectionError)
_REMEDY = (
    "; see that Redis runs there, and that address and password in AUTORESPONDER_STORE (or store:) are right"
)
_IDLE = 15.0
"""Seconds without traffic after which the connection is tried before it is used."""


@dataclass(frozen=True, slots=True)
class Script:
    """A Lua script and the name under which the server keeps it."""

    source: bytes
    sha: str


@cache
def script(name: str) -> Script:
    """The script in `lua/NAME.lua`."""
    source = resources.files(__package__).joinpath("lua", f"{name}.lua").read_bytes()
    return Script(source, hashlib.sha1(source, usedforsecurity=False).hexdigest())


class _Call:
    """One command on its way."""

    __slots__ = ("fallback", "future", "packed")

    def __init__(
        self,
        packed: bytes,
        fallback: Callable[[], bytes] | None,
        future: asyncio.Future[Any],
    ) -> None:
        self.packed = packed
        self.fallback = fallback
        """Packs the same with the script's text, for a server that does not know its name."""
        self.future = future

    def finish(self, reply: object) -> None:
        if self.future.done():
            return
        if isinstance(reply, BaseException):
            self.future.set_exception(reply)
        else:
            self.future.set_result(reply)


class RedisLink:
    """See the module.

    Args:
        connect: Makes an unconnected connection.
        place: Where it leads, for messages; without credentials.
        timeout: Seconds for a whole round trip, connecting included.
        on_connect: Called on each new connection before anything else uses it; may refuse it by raising.
    """

    def __init__(
        self,
        connect: Callable[[], AbstractConnection],
        *,
        place: str,
        timeout: float,
        on_connect: Callable[[AbstractConnection], Awaitable[None]],
    ) -> None:
        self._connect = connect
        self._place = place
        self._timeout = timeout
        self._on_connect = on_connect
        self._connection: AbstractConnection | None = None
        self._waiting: list[_Call] = []
        self._task: asyncio.Task[None] | None = None
        self._last_used = 0.0
        self._closed = False

    async def run(self, name: str, keys: tuple[str, ...], *arguments: Argument) -> Any:
        """Run a script; the reply as Redis gives it.

        Raises:
            StoreUnavailable: No answer, or one that says the script was not carried out.
            StoreError: What `on_connect` raised.
        """
        chosen = script(name)
        tail = (len(keys), *keys, *arguments)
        return await self._submit(
            _packed(("EVALSHA", chosen.sha, *tail)), lambda: _packed(("EVAL", chosen.source, *tail))
        )

    async def command(self, *command: Argument) -> Any:
        """Run one command; the reply as Redis gives it. Raises like `run`."""
        return await self._submit(_packed(command), None)

    async def close(self) -> None:
        """Wait for what is under way and disconnect. Closing twice is harmless."""
        self._closed = True
        if self._task is not None:
            await asyncio.shield(self._task)
        await self._disconnect()

    async def _submit(self, packed: bytes, fallback: Callable[[], bytes] | None) -> Any:
        if self._closed:
            raise StoreUnavailable(f"the store at {self._place} is not open")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._waiting.append(_Call(packed, fallback, future))
        if self._task is None:
            self._task = loop.create_task(self._pump(), name="store-link")
        return await future

    async def _pump(self) -> None:
        """Exchange batches until nothing waits."""
        try:
            while self._waiting:
                batch = self._waiting[:_LARGEST_BATCH]
                del self._waiting[:_LARGEST_BATCH]
                await self._exchange(batch)
        finally:
            self._task = None
            # Only a cancelled pump (the loop is being torn down) leaves anybody behind.
            for call in self._waiting:
                call.future.cancel()
            self._waiting.clear()

    async def _exchange(self, batch: list[_Call]) -> None:
        """One round trip; every call of the batch is answered when it returns."""
        try:
            async with asyncio.timeout(self._timeout):
                connection = await self._ready()
                unknown = await self._round_trip(connection, batch)
                if unknown:
                    await self._round_trip(connection, unknown)
        except Exception as error:  # noqa: BLE001 - whatever it is, every caller must be answered
            await self._disconnect()
            for call in batch:
                call.finish(self._translated(error))
        except BaseException:
            for call in batch:
                call.future.cancel()
            await self._disconnect()
            raise
        else:
            self._last_used = asyncio.get_running_loop().time()

    async def _round_trip(self, connection: AbstractConnection, batch: list[_Call]) -> list[_Call]:
        """Send a batch and hand out the answers; returns calls whose script the server did not know."""
        await connection.send_packed_command([call.packed for call in batch], check_health=False)
        unknown = []
        for number, call in enumerate(batch, start=1):
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
            try:
                reply = await connection.read_response()
            except NoScriptError as error:
                if call.fallback is None:
                    call.finish(self._translated(error))
                else:
                    call.packed, call.fallback = call.fallback(), None
                    unknown.append(call)
            except ResponseError as error:
                call.finish(self._translated(error))
                if isinstance(error, ReadOnlyError):
                    raise  # a replica now: what follows must not be believed before it was checked again
            else:
                call.finish(reply)
        return unknown

    async def _ready(self) -> AbstractConnection:
        """The connection, tried first when it was idle, or a new one."""
        idle = asyncio.get_running_loop().time() - self._last_used
        if self._connection is not None and idle > _IDLE:
            try:
                await self._connection.send_command("PING", check_health=False)
                await self._connection.read_response()
            except (RedisError, OSError):
                await self._disconnect()
        if self._connection is None:
            connection = self._connect()
            self._connection = connection
            await connection.connect()  # type: ignore[no-untyped-call]
            await self._on_connect(connection)
        return self._connection

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                await connection.disconnect(nowait=True)
            except (RedisError, OSError, TimeoutError):
                return  # it is gone already, which is what was wanted

    def _translated(self, error: BaseException) -> StoreError:
        """An error for one caller; each gets an object of its own."""
        if isinstance(error, StoreError):
            fresh = type(error)(*error.args)
        elif isinstance(error, (TimeoutError, RedisTimeoutError)):
            fresh = StoreUnavailable(f"Redis at {self._place} did not answer in {self._timeout:g} s")
        else:
            text = f"Redis at {self._place}: {(str(error) or type(error).__name__).rstrip('.')}"
            fresh = StoreUnavailable(text + (_REMEDY if isinstance(error, _NO_WAY_IN) else ""))
        fresh.__cause__ = error
        return fresh


def _packed(command: tuple[Argument, ...]) -> bytes:
    """A command as Redis reads it. UnicodeEncodeError for text that is no Unicode (a lone surrogate)."""
    packed: bytes = pack_command(command)  # type: ignore[arg-type]  # its annotation: exactly one argument
    return packed
