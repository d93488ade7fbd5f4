"""After a store lost its memory, no lease from before may write: fences never come again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis

from autoresponder.errors import LeaseLost
from autoresponder.store import open_store
from autoresponder.store.interface import Document, Store
from autoresponder.store.memory import Memory, MemoryStore
from tests.support.redis_server import running_redis

NOTHING = Document(data=b"{}", due_at=None, deadline=None, waiting_since=None)


def now() -> datetime:
    return datetime.now(UTC)


async def _an_old_lease_is_refused(store: Store, lose: object) -> None:
    """One worker holds a lease, the memory is lost, another worker takes the thread: also when it is done."""
    await store.open()
    old = await store.acquire("thread:1", owner="a", ttl=60)
    assert old is not None
    lose()  # type: ignore[operator]
    await store.open()
    new = await store.acquire("thread:1", owner="b", ttl=60)
    assert new is not None
    assert new.fence > old.fence
    with pytest.raises(LeaseLost):
        await store.commit(old, NOTHING, live=True)
    await store.commit(new, NOTHING, release=True)
    with pytest.raises(LeaseLost):
        await store.commit(old, NOTHING)
    await store.close()


async def test_in_memory() -> None:
    memory = Memory()
    await _an_old_lease_is_refused(MemoryStore(memory=memory), memory.wipe)


async def test_redis() -> None:
    with running_redis() as server, redis.Redis.from_url(server.url) as raw:
        await _an_old_lease_is_refused(open_store(server.url, now=now), raw.flushall)


async def test_sqlite(tmp_path: Path) -> None:
    file = tmp_path / "state.db"

    def lose() -> None:
        for path in tmp_path.glob("state.db*"):
            path.unlink()

    await _an_old_lease_is_refused(open_store(f"sqlite:///{file}", now=now), lose)


async def test_the_same_fence_in_other_hands_is_refused() -> None:
    """A memory that was rolled back may give a number out again; its owner is another one."""
    memory = Memory()
    store = MemoryStore(memory=memory)
    await store.open()
    old = await store.acquire("thread:1", owner="a", ttl=60)
    assert old is not None
    memory.rows.clear()
    memory.fence = old.fence - 1
    new = await store.acquire("thread:1", owner="b", ttl=60)
    assert new is not None
    assert new.fence == old.fence
    with pytest.raises(LeaseLost):
        await store.commit(old, NOTHING, live=True)
