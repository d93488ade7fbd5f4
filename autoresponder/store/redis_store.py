"""The store for production and several replicas: Redis, every operation one atomic script."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

import msgspec
from redis.asyncio.connection import AbstractConnection

from autoresponder.errors import EpochChanged, LeaseLost, StoreError, StoreUnavailable
from autoresponder.store.interface import Document, Entry, Health, Lease, Store
from autoresponder.store.ordering import commit_digest, from_micros, to_micros, utc_now
from autoresponder.store.redis_health import ServerState, server_state
from autoresponder.store.redis_link import Argument, RedisLink
from autoresponder.store.redis_url import parse_address

_SCHEMA = 1
_STEP = 500
"""Most entries or documents that one script call touches, so that no other client waits long."""

_REFS = msgspec.json.Decoder(tuple[str, ...])


class RedisStore(Store):
    """See `Store`. Keys start with `ar:{NAMESPACE}:`, so that all of them lie in one cluster slot.

    Args:
        url: See `redis_url.parse_address`.
        now: Wall time, compared with what `purge` is given.
        timeout: Seconds for a round trip, connecting included.
    """

    def __init__(self, url: str, *, now: Callable[[], datetime] = utc_now, timeout: float = 5.0) -> None:
        self._address = parse_address(url, timeout=timeout)
        self._prefix = f"ar:{{{self._address.namespace}}}:"
        self._meta = self._prefix + "meta"
        self._schedule = tuple(map(self._key, ("idle", "due", "deadlines", "waiting", "entries")))
        self._now = now
        self._timeout = timeout
        self._link: RedisLink | None = None
        self._turning = asyncio.Lock()  # several tasks may find out at once that it must be opened again
        self._epoch: str | None = None
        self._seen: ServerState | None = None
        self._newest_fence = 0

    def __repr__(self) -> str:
        return f"RedisStore({self._address.place!r})"

    async def open(self) -> None:
        """See `Store.open`."""
        async with self._turning:
            await self._open()

    async def _open(self) -> None:
        await self._close()
        self._seen = None
        self._newest_fence = 0
        self._link = RedisLink(
            self._address.connect,
            place=self._address.place,
            timeout=self._timeout,
            on_connect=self._check_server,
        )
        try:
            epoch, fence, schema = await self._link.run("open", (self._meta,), uuid.uuid4().hex, _SCHEMA)
            if int(schema) != _SCHEMA:
                raise StoreUnavailable(
                    f"the store at {self._address.place} was written by a newer version (schema "
                    f"{int(schema)}, this program knows {_SCHEMA}); install that version again"
                )
        except BaseException:
            await self._close()
            raise
        self._epoch, self._newest_fence = epoch.decode(), int(fence)

    async def close(self) -> None:
        """See `Store.close`."""
        async with self._turning:
            await self._close()

    async def _close(self) -> None:
        self._epoch = None
        if self._link is not None:
            link, self._link = self._link, None
            await link.close()

    @property
    def epoch(self) -> str:
        """See `Store.epoch`."""
        if self._epoch is None:
            raise StoreUnavailable(f"the store at {self._address.place} is not open")
        return self._epoch

    async def _check_server(self, connection: AbstractConnection) -> None:
        """Refuse a server that cannot be written to or may have lost what this process was told."""

        async def ask(*command: Argument) -> Any:
            await connection.send_command(*command, check_health=False)
            return await connection.read_response()

        state = await server_state(ask)
        if state.role != "master":
            raise StoreUnavailable(
                f"Redis at {self._address.place} is a replica and takes no writes; name the master"
            )
        if self._seen is not None:
            fence = await ask("HGET", self._meta, "fence")
            if not state.continues(self._seen) or int(fence or 0) < self._newest_fence:
                raise EpochChanged(
                    f"Redis at {self._address.place} was restarted or replaced and may have lost the last writes"
                )
        self._seen = state

    def _key(self, kind: str) -> str:
        return self._prefix + kind

    def _key_of(self, kind: str, name: str) -> str:
        return f"{self._prefix}{kind}:{name}"

    async def _run(self, name: str, keys: tuple[str, ...], *arguments: Argument) -> Any:
        """Run a script with the epoch as first argument; EpochChanged when the server has another one."""
        epoch, link = self.epoch, self._link
        assert link is not None
        reply = await link.run(name, (self._meta, *keys), epoch, *arguments)
        if (reply if isinstance(reply, bytes) else reply[0]) == b"epoch":
            raise EpochChanged(f"Redis at {self._address.place} was flushed or replaced since it was opened")
        return reply

    async def acquire(self, key: str, *, owner: str, ttl: float) -> Lease | None:
        """See `Store.acquire`."""
        keys = (self._key_of("row", key), self._key("idle"))
        reply = await self._run("acquire", keys, key, owner, round(ttl * 1000), to_micros(self._now()))
        if reply[0] == b"busy":
            return None
        fence = int(reply[1])
        self._newest_fence = max(self._newest_fence, fence)
        return Lease(key=key, owner=owner, fence=fence, document=_document(reply[2:]))

    async def commit(
        self,
        lease: Lease,
        document: Document,
        *,
        entries: Sequence[Entry] = (),
        release: bool = False,
        live: bool = False,
    ) -> Lease:
        """See `Store.commit`."""
        arguments: list[Argument] = [
            self._prefix,
            lease.key,
            lease.owner,
            lease.fence,
            to_micros(self._now()),
            int(release),
            int(live),
            commit_digest(document, entries) if live and release else b"",
            document.data,
            _stamp(document.due_at),
            _stamp(document.deadline),
            _stamp(document.waiting_since),
        ]
        if len(entries) > 1:
            entries = tuple({entry.id: entry for entry in entries}.values())  # of one id the last one stands
        for entry in entries:
            refs = msgspec.json.encode(entry.refs)
            arguments += [entry.id, entry.key, to_micros(entry.at), entry.data, refs]
        keys = (self._key_of("row", lease.key), *self._schedule)
        reply = await self._run("commit", keys, *arguments)
        if reply == b"taken":
            raise LeaseLost(f"another worker took {lease.key} over")
        if reply == b"over":
            raise LeaseLost(f"the lease of {lease.key} ran out")
        return Lease(key=lease.key, owner=lease.owner, fence=lease.fence, document=document)

    async def release(self, lease: Lease) -> None:
        """See `Store.release`."""
        await self._run("release", (self._key_of("row", lease.key),), lease.owner, lease.fence)

    async def read(self, key: str) -> Document | None:
        """See `Store.read`."""
        return _document((await self._run("read", (self._key_of("row", key),)))[1:])

    async def due(self, *, now: datetime, limit: int = 100) -> tuple[str, ...]:
        """See `Store.due`."""
        keys = (self._key("due"), self._key("deadlines"))
        reply = await self._run("due", keys, to_micros(now), limit)
        return tuple(key.decode() for key in reply[1:])

    async def next_due(self) -> datetime | None:
        """See `Store.next_due`."""
        reply = await self._run("next_due", (self._key("due"),))
        return from_micros(int(reply[1])) if len(reply) > 1 else None

    async def waiting(self, *, limit: int = 100, offset: int = 0) -> tuple[tuple[str, Document], ...]:
        """See `Store.waiting`."""
        if limit <= 0:
            return ()
        last = offset + limit - 1
        reply = await self._run("waiting", (self._key("waiting"),), self._prefix, offset, last)
        rows = ((row[0].decode(), _document(row[1:])) for row in reply[1:])
        return tuple((key, document) for key, document in rows if document is not None)

    async def entry(self, ref: str) -> Entry | None:
        """See `Store.entry`."""
        reply = await self._run("entry", (self._key_of("ref", ref),), self._prefix)
        return _entry(reply[1]) if len(reply) > 1 else None

    async def entries(
        self, *, since: datetime | None = None, until: datetime | None = None, limit: int = 1000
    ) -> tuple[Entry, ...]:
        """See `Store.entries`; read in steps, the next one where the last one ended."""
        start: Argument = "-inf" if since is None else to_micros(since)
        end = "+inf" if until is None else f"({to_micros(until)}"
        found: list[Entry] = []
        while len(found) < limit:
            step = min(_STEP, limit - len(found))
            # Entries of one instant may be split between two steps: leave out those already read.
            skip = _same_instant_at_end(found)
            keys = (self._key("entries"),)
            reply = await self._run("entries", keys, self._prefix, start, end, skip, step)
            found += [_entry(row) for row in reply[1:]]
            if len(reply) - 1 < step:
                break
            start = to_micros(found[-1].at)
        return tuple(found)

    async def get(self, name: str) -> bytes | None:
        """See `Store.get`."""
        value: bytes | None = (await self._run("get", (self._key("values"),), name))[1]
        return value

    async def put(self, name: str, value: bytes | None) -> None:
        """See `Store.put`."""
        arguments = (name,) if value is None else (name, value)
        await self._run("put", (self._key("values"),), *arguments)

    async def names(self, prefix: str) -> tuple[str, ...]:
        """See `Store.names`."""
        reply = await self._run("names", (self._key("values"),), prefix)
        return tuple(sorted(name.decode() for name in reply[1:]))

    async def purge(self, *, before: datetime) -> int:
        """See `Store.purge`; done in steps."""
        keys = tuple(map(self._key, ("idle", "waiting", "entries")))
        count, skip = 0, 0
        while True:
            reply = await self._run("purge", keys, self._prefix, to_micros(before), _STEP, skip)
            count, skip = count + int(reply[1]), skip + int(reply[2])
            if reply[3] == 0:
                return count

    async def health(self) -> Health:
        """See `Store.health`."""
        place = self._address.place
        if self._link is None:
            return Health(ok=False, durable=False, detail=f"Redis at {place}: not open")
        try:
            await self._run("next_due", (self._key("due"),))
            state = await server_state(self._link.command)
        except StoreError as error:
            return Health(ok=False, durable=False, detail=str(error))
        return state.health(place)


def _same_instant_at_end(found: Sequence[Entry]) -> int:
    return sum(1 for _ in takewhile(lambda entry: entry.at == found[-1].at, reversed(found)))


def _stamp(moment: datetime | None) -> Argument:
    return b"" if moment is None else to_micros(moment)


def _moment(value: bytes | None) -> datetime | None:
    return from_micros(int(value)) if value else None


def _document(row: Sequence[bytes | None]) -> Document | None:
    data, due, deadline, waiting = row
    if data is None:
        return None
    return Document(
        data=data, due_at=_moment(due), deadline=_moment(deadline), waiting_since=_moment(waiting)
    )


def _entry(row: Sequence[bytes]) -> Entry:
    return Entry(
        id=row[0].decode(),
        key=row[1].decode(),
        at=from_micros(int(row[2])),
        data=row[3],
        refs=_REFS.decode(row[4]),
    )
