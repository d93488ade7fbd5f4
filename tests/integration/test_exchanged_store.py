"""A store that was emptied, or put back from a copy, while no service ran: nothing is sent until it is safe."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from autoresponder.app import opened_service
from autoresponder.config import Secret
from autoresponder.delivery.mark import FILE
from autoresponder.sandbox.entities import Thread
from tests.integration.test_service import Scene, replies, scene
from tests.support.redis_server import running_redis
from tests.support.small_workspace import workspace_of


async def _answers(
    s: Scene, store: str, name: str, threads: list[Thread], *, after: timedelta = timedelta(minutes=1)
) -> bool:
    """Whether a service that is started now has answered, so much later, a guest who writes now."""
    settings = replace(s.settings, store=Secret(store))
    workspace = workspace_of(settings)
    async with opened_service(settings, lambda: workspace, clock=s.clock, rand=lambda: 0.5) as running:
        await running.service.once()
        thread = s.guest("what's the wifi?", name=name)
        threads.append(thread)
        s.clock.advance(after.total_seconds())
        await running.service.once()
        return bool(replies(thread))


def _delete(file: Path) -> None:
    for path in file.parent.glob(f"{file.name}*"):
        path.unlink()


def _put_back(file: Path) -> None:
    _delete(file)
    shutil.copy(file.with_name("copy.db"), file)


@pytest.mark.parametrize("exchange", [_delete, _put_back])
async def test_a_file_that_was_exchanged_costs_a_quarantine(
    tmp_path: Path, exchange: Callable[[Path], None]
) -> None:
    threads: list[Thread] = []
    async with scene(tmp_path) as s:
        file, store = s.settings.folder / "store.db", "sqlite:///store.db"
        quarantine = timedelta(seconds=s.settings.delivery.quarantine)
        assert await _answers(s, store, "Anna Berg", threads)
        shutil.copy(file, file.with_name("copy.db"))
        assert await _answers(s, store, "Bob Low", threads, after=timedelta(minutes=30))
        exchange(file)
        assert not await _answers(s, store, "Cleo Dahl", threads)
        assert not await _answers(s, store, "Dora Ek", threads)  # nobody has waited it out yet
        assert await _answers(s, store, "Emil Ost", threads, after=quarantine + timedelta(minutes=1))
        assert await _answers(s, store, "Finn Ray", threads)
        assert [len(replies(thread)) for thread in threads] == [1] * 6


async def test_redis_that_was_flushed_meanwhile_costs_a_quarantine(tmp_path: Path) -> None:
    threads: list[Thread] = []
    with running_redis(extra=("--appendfsync", "always")) as server:
        async with scene(tmp_path) as s:
            assert await _answers(s, server.url, "Anna Berg", threads)
            redis = Redis.from_url(server.url)
            await redis.flushall()
            await redis.aclose()
            assert not await _answers(s, server.url, "Bob Low", threads)
            assert await _answers(s, server.url, "Cleo Dahl", threads, after=timedelta(minutes=30))


async def test_another_machine_is_told_by_the_one_that_noticed(tmp_path: Path) -> None:
    threads: list[Thread] = []
    async with scene(tmp_path) as s:
        file, store = s.settings.folder / "store.db", "sqlite:///store.db"
        assert await _answers(s, store, "Anna Berg", threads)
        _delete(file)
        assert not await _answers(s, store, "Bob Low", threads)
        (s.settings.folder / FILE).unlink()
        assert not await _answers(s, store, "Cleo Dahl", threads)


async def test_a_store_that_was_exchanged_long_after_the_last_word_is_used_at_once(tmp_path: Path) -> None:
    threads: list[Thread] = []
    async with scene(tmp_path) as s:
        file, store = s.settings.folder / "store.db", "sqlite:///store.db"
        assert await _answers(s, store, "Anna Berg", threads)
        _delete(file)
        s.clock.advance(3600)
        assert await _answers(s, store, "Bob Low", threads)
