"""What a Redis server says about itself, and what that means for the delivery guarantee."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from redis.exceptions import ResponseError

from autoresponder.errors import StoreError
from autoresponder.store.interface import Health

_NO_PROMOTION = "0" * 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerState:
    """The parts of `INFO` and `CONFIG` that matter here; empty texts where the server does not say."""

    version: str
    role: str
    run_id: str
    """Made anew each time the server process starts."""
    replication_id: str
    """Names the history of writes; a promoted replica starts another one."""
    previous_replication_id: str
    eviction: str
    appendonly: bool
    appendfsync: str

    @property
    def durable(self) -> bool:
        """Whether every acknowledged write is on the disk, so that a restart loses nothing."""
        return self.appendonly and self.appendfsync == "always"

    def continues(self, earlier: ServerState) -> bool:
        """Whether this surely has every acknowledged write of the server seen earlier.

        It is the same process with the same history, or that server restarted from a log to which every
        write was synced. A promoted replica may lack the last writes and does not count.
        """
        if self.role != "master":
            return False
        if (self.run_id, self.replication_id) == (earlier.run_id, earlier.replication_id):
            return True
        restarted = self.run_id != earlier.run_id
        promoted = self.previous_replication_id.strip("0") != ""
        return restarted and not promoted and self.durable and earlier.durable

    def warnings(self) -> tuple[str, ...]:
        """Settings that endanger the guarantee, each with its remedy."""
        found = []
        if self.eviction != "noeviction":
            found.append(
                f"Redis may forget keys when memory is short (maxmemory-policy {self.eviction or 'unknown'}): "
                "set maxmemory-policy noeviction"
            )
        if not self.appendonly:
            found.append("Redis keeps no append-only file, a restart forgets everything: set appendonly yes")
        elif not self.appendfsync:
            found.append(
                "Redis does not say how often it syncs: allow CONFIG GET, and set appendfsync always"
            )
        elif self.appendfsync != "always":
            found.append(
                f"a power failure may lose the last writes (appendfsync {self.appendfsync}): "
                "set appendfsync always"
            )
        return tuple(found)

    def health(self, place: str) -> Health:
        """As a report."""
        return Health(
            ok=self.role == "master",
            durable=self.durable and self.eviction == "noeviction",
            detail=f"Redis {self.version} at {place}, {self.role or 'role unknown'}",
            warnings=self.warnings(),
            incarnation=f"{self.run_id}/{self.replication_id}" if self.run_id else "",
        )


async def server_state(ask: Callable[..., Awaitable[Any]]) -> ServerState:
    """Ask a server for its state.

    Args:
        ask: Runs one command and returns the reply; raises for an error reply.
    """
    info = _parse(await ask("INFO"))
    try:
        reply = await ask("CONFIG", "GET", "appendfsync")
        appendfsync = reply[1].decode() if len(reply) > 1 else ""
    except (ResponseError, StoreError):
        appendfsync = ""  # managed servers forbid CONFIG
    return ServerState(
        version=info.get("redis_version", "?"),
        role=info.get("role", ""),
        run_id=info.get("run_id", ""),
        replication_id=info.get("master_replid", ""),
        previous_replication_id=info.get("master_replid2", _NO_PROMOTION),
        eviction=info.get("maxmemory_policy", ""),
        appendonly=info.get("aof_enabled") == "1",
        appendfsync=appendfsync,
    )


def _parse(reply: bytes) -> dict[str, str]:
    """The lines of `INFO` as a mapping."""
    lines = reply.decode("utf-8", "replace").splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line and not line.startswith("#"))
