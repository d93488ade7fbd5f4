"""The Redis store against real servers that crash, freeze, fill up, change roles and refuse."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.crc import key_slot

from autoresponder.errors import EpochChanged, StoreError, StoreUnavailable
from autoresponder.store.interface import Document, Entry
from autoresponder.store.redis_store import RedisStore
from tests.support.redis_server import RedisServer, running_redis

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 5, 1, tzinfo=UTC)
PLAIN = Document(data=b"plain")


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with running_redis() as running:
        yield running


@pytest.fixture
def raw(server: RedisServer) -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(server.url)
    yield client
    client.close()


@pytest.fixture
async def store(server: RedisServer) -> AsyncIterator[RedisStore]:
    made = RedisStore(server.url)
    await made.open()
    yield made
    await made.close()


async def write(store: RedisStore, key: str) -> None:
    lease = await store.acquire(key, owner="me", ttl=60)
    assert lease is not None
    note = Entry(id=f"entry {key}", key=key, at=NOW, data=b"x", refs=("r",))
    document = Document(data=b"d", due_at=NOW, deadline=NOW, waiting_since=NOW)
    await store.commit(lease, document, entries=[note], release=True)


def committing_child(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.store_child", url, "c"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def notice(store: RedisStore) -> None:
    """Let a store find out that its connection is gone, which costs one failing call."""
    with pytest.raises(StoreUnavailable):
        await store.read("a")


async def test_every_acknowledged_commit_survives_kill_9_of_the_server(server: RedisServer) -> None:
    process = committing_child(server.url)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline().strip() for _ in range(300)]
    server.stop(signal.SIGKILL)
    rest, errors = process.communicate(timeout=30)
    acknowledged += rest.split()
    assert "StoreUnavailable" in errors
    server.start()
    store = RedisStore(server.url)
    await store.open()
    for note in acknowledged:
        entry = await store.entry(f"ref {note}")
        assert entry is not None, f"{note} was acknowledged and is gone"
        document = await store.read(entry.key)
        assert document is not None
        assert int(document.data) >= int(note.rpartition("-")[2])
    await store.close()


async def test_a_restart_that_surely_kept_everything_is_no_new_memory(
    server: RedisServer, store: RedisStore
) -> None:
    await write(store, "a")
    epoch = store.epoch
    server.stop(signal.SIGKILL)
    await notice(store)
    assert not (await store.health()).ok
    server.start()
    assert await store.read("a") is not None
    assert store.epoch == epoch
    assert (await store.health()).ok


async def test_a_restart_that_may_have_lost_the_tail_is_a_changed_epoch() -> None:
    with running_redis(extra=("--appendfsync", "everysec")) as server:
        store = RedisStore(server.url)
        await store.open()
        await write(store, "a")
        assert not (await store.health()).durable
        server.stop(signal.SIGTERM)
        await notice(store)
        server.start()
        for _ in range(2):
            with pytest.raises(EpochChanged, match="may have lost the last writes"):
                await store.read("a")
        with pytest.raises(EpochChanged):
            await store.put("n", b"v")
        await store.open()
        assert await store.read("a") is not None
        assert await store.get("n") is None
        await store.close()


async def test_a_restart_without_a_log_is_a_changed_epoch() -> None:
    with running_redis(appendonly=False) as server:
        store = RedisStore(server.url)
        await store.open()
        epoch = store.epoch
        server.stop(signal.SIGKILL)
        await notice(store)
        server.start()
        with pytest.raises(EpochChanged):
            await store.acquire("a", owner="me", ttl=60)
        await store.open()
        assert store.epoch != epoch
        await store.close()


async def test_a_log_that_lost_its_end_is_a_changed_epoch(server: RedisServer, store: RedisStore) -> None:
    for number in range(5):
        await write(store, f"k{number}")
    server.stop(signal.SIGKILL)
    logs = list((server.folder / "appendonlydir").glob("*.incr.aof"))
    assert len(logs) == 1
    logs[0].write_bytes(logs[0].read_bytes()[:-1500])
    await notice(store)
    server.start()
    with pytest.raises(EpochChanged):
        await store.read("k0")


async def test_a_dropped_connection_is_unavailable_once_and_then_forgotten(
    store: RedisStore, raw: redis.Redis
) -> None:
    await write(store, "a")
    raw.client_kill_filter(_type="normal", skipme=True)
    outcomes = await asyncio.gather(*(store.read("a") for _ in range(5)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {StoreUnavailable}
    assert await store.read("a") is not None


async def test_an_idle_connection_is_tried_before_it_is_used(
    store: RedisStore, raw: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(store, "a")
    monkeypatch.setattr("autoresponder.store.redis_link._IDLE", 0.0)
    raw.client_kill_filter(_type="normal", skipme=True)
    assert await store.read("a") is not None


async def test_a_frozen_server_is_unavailable_in_time(server: RedisServer) -> None:
    store = RedisStore(server.url, timeout=0.2)
    await store.open()
    await write(store, "a")
    server.signal(signal.SIGSTOP)
    try:
        with pytest.raises(StoreUnavailable, match=r"did not answer in 0\.2 s"):
            await store.put("n", b"v")
        with pytest.raises(StoreUnavailable, match=r"did not answer in 0\.2 s"):
            await store.put("n", b"v")
        assert not (await store.health()).ok
    finally:
        server.signal(signal.SIGCONT)
    assert await store.read("a") is not None
    await store.close()


async def test_nobody_there_is_unavailable(server: RedisServer) -> None:
    server.stop()
    store = RedisStore(server.url)
    with pytest.raises(StoreUnavailable, match=str(server.port)):
        await store.open()
    assert not (await store.health()).ok
    server.start()
    await store.open()
    await store.close()


async def test_a_demoted_and_promoted_master_is_not_believed(store: RedisStore, raw: redis.Redis) -> None:
    await write(store, "a")
    raw.replicaof("127.0.0.1", "1")
    with pytest.raises(StoreUnavailable):
        await write(store, "b")
    with pytest.raises(StoreUnavailable, match="replica"):
        await store.read("a")
    raw.replicaof("NO", "ONE")
    with pytest.raises(EpochChanged):
        await store.read("a")
    await store.open()
    assert await store.read("a") is not None
    assert await store.read("b") is None


async def test_a_full_server_refuses_writes_whole_and_still_takes_leases_back(
    store: RedisStore, raw: redis.Redis
) -> None:
    lease = await store.acquire("a", owner="me", ttl=60)
    assert lease is not None
    raw.config_set("maxmemory", "1")
    note = Entry(id="e", key="a", at=NOW, data=b"x")
    with pytest.raises(StoreUnavailable, match="maxmemory"):
        await store.commit(lease, Document(data=b"d", due_at=NOW, waiting_since=NOW), entries=[note])
    with pytest.raises(StoreUnavailable):
        await store.acquire("b", owner="me", ttl=60)
    with pytest.raises(StoreUnavailable):
        await store.put("n", b"v")
    assert await store.read("a") is None
    assert await store.due(now=NOW) == ()
    assert await store.waiting() == ()
    assert await store.entry("e") is None
    await store.release(lease)
    raw.config_set("maxmemory", "0")
    assert await store.acquire("a", owner="you", ttl=60) is not None


async def test_forgotten_scripts_are_sent_again(store: RedisStore, raw: redis.Redis) -> None:
    await write(store, "a")
    raw.script_flush()
    outcomes = await asyncio.gather(
        *(store.read("a") for _ in range(10)), *(store.put(f"n{n}", b"v") for n in range(10))
    )
    assert outcomes[0] is not None
    assert outcomes[0] == outcomes[9]
    assert len(await store.names("n")) == 10


async def test_calls_of_one_moment_share_round_trips(store: RedisStore, raw: redis.Redis) -> None:
    def reads() -> int:
        info: Any = raw.info("stats")
        return int(info["total_reads_processed"])

    before = reads()
    for _ in range(10):
        await asyncio.gather(*(store.get(f"n{n}") for n in range(100)))
    assert reads() - before < 40


async def test_callers_cancelled_in_mid_flight_leave_the_answers_in_order(
    store: RedisStore, raw: redis.Redis
) -> None:
    await asyncio.gather(*(store.put(f"n{n}", b"%d" % n) for n in range(50)))
    for _ in range(5):
        raw.client_pause(60, all=True)
        flying = [asyncio.create_task(store.get(f"n{n}")) for n in range(50)]
        await asyncio.sleep(0.02)  # the commands are on their way and the server is paused
        for task in flying[::2]:
            task.cancel()
        later = [asyncio.create_task(store.get(f"n{n}")) for n in range(50)]
        assert [await task for task in flying[1::2]] == [b"%d" % n for n in range(1, 50, 2)]
        assert [await task for task in later] == [b"%d" % n for n in range(50)]


async def test_a_text_that_is_no_unicode_fails_alone(store: RedisStore) -> None:
    outcomes = await asyncio.gather(
        store.put("a", b"1"), store.get("\ud800"), store.put("b", b"2"), return_exceptions=True
    )
    assert isinstance(outcomes[1], ValueError)
    assert await store.names("") == ("a", "b")


async def test_namespaces_do_not_see_each_other_and_fill_one_slot_each(
    server: RedisServer, raw: redis.Redis
) -> None:
    stores = [RedisStore(f"{server.url}?namespace={name}") for name in ("one", "two")]
    for store in stores:
        await store.open()
    await write(stores[0], "a {b} c")
    await stores[0].put("n", b"v")
    assert await stores[1].read("a {b} c") is None
    assert await stores[1].names("") == ()
    assert stores[0].epoch != stores[1].epoch
    slots: dict[bytes, set[int]] = {}
    for key in raw.keys():  # noqa: SIM118 - a command, not a mapping
        slots.setdefault(key.split(b":")[1], set()).add(key_slot(key))
    assert {name: len(found) for name, found in slots.items()} == {b"{one}": 1, b"{two}": 1}
    for store in stores:
        await store.close()


async def test_purge_leaves_no_key_behind(store: RedisStore, raw: redis.Redis) -> None:
    lease = await store.acquire("only leased", owner="me", ttl=60)
    assert lease is not None
    await store.release(lease)
    await write(store, "a")
    lease = await store.acquire("a", owner="me", ttl=60)
    assert lease is not None
    await store.commit(lease, Document(data=b"", waiting_since=NOW), release=True)
    await store.purge(before=datetime(2100, 1, 1, tzinfo=UTC))
    assert raw.keys() == [b"ar:{main}:meta"]


async def test_a_password_is_used_and_never_shown() -> None:
    secret = "s3cret/with@signs"
    with running_redis(extra=("--requirepass", secret)) as server:
        good = RedisStore(f"redis://:s3cret%2Fwith%40signs@127.0.0.1:{server.port}/3")
        await good.open()
        await write(good, "a")
        health = await good.health()
        assert health.ok
        for url in (
            f"redis://:wrong{secret[:6]}@127.0.0.1:{server.port}",
            f"redis://127.0.0.1:{server.port}",
        ):
            bad = RedisStore(url)
            with pytest.raises(StoreUnavailable) as caught:
                await bad.open()
            assert "s3cret" not in str(caught.value) + repr(bad) + (await bad.health()).detail
        assert "s3cret" not in repr(good) + health.detail
        await good.close()


async def test_a_server_that_forbids_config_works_and_is_not_called_durable(
    server: RedisServer, raw: redis.Redis
) -> None:
    raw.acl_setuser("bot", enabled=True, passwords=["+pw"], keys=["ar:*"], categories=["+@all", "-@admin"])
    store = RedisStore(f"redis://bot:pw@127.0.0.1:{server.port}/0")
    await store.open()
    await write(store, "a")
    health = await store.health()
    assert (health.ok, health.durable) == (True, False)
    assert "allow CONFIG GET" in health.warnings[0]
    await store.close()


async def test_health_warns_about_settings_that_lose_keys(store: RedisStore, raw: redis.Redis) -> None:
    assert (await store.health()).warnings == ()
    assert (await store.health()).durable
    raw.config_set("maxmemory-policy", "allkeys-lru")
    raw.config_set("appendfsync", "everysec")
    health = await store.health()
    assert health.ok
    assert not health.durable
    assert [warning.rpartition("set ")[2] for warning in health.warnings] == [
        "maxmemory-policy noeviction",
        "appendfsync always",
    ]
    raw.config_set("appendonly", "no")
    assert "set appendonly yes" in (await store.health()).warnings[1]


async def test_a_unix_socket(tmp_path: Path) -> None:
    with running_redis(extra=("--unixsocket", str(tmp_path / "redis.sock"))):
        store = RedisStore(f"unix://{tmp_path}/redis.sock?db=2&namespace=x")
        await store.open()
        await write(store, "a")
        assert (await store.health()).ok
        await store.close()


@pytest.mark.parametrize(
    "command", [("HSET", "ar:{main}:meta", "schema", "9"), ("SET", "ar:{main}:meta", "x")]
)
async def test_a_memory_of_another_shape_is_refused(
    store: RedisStore, raw: redis.Redis, command: tuple[str, ...]
) -> None:
    await store.close()
    if command[0] == "SET":
        raw.delete("ar:{main}:meta")
    raw.execute_command(*command)
    with pytest.raises(StoreUnavailable):
        await store.open()
    with pytest.raises(StoreError):
        await store.read("a")
