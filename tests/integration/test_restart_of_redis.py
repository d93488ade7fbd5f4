"""Starting over a Redis that may forget its last second: quiet after it restarted, not after we did."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from autoresponder.app import opened_service
from autoresponder.config import Secret
from autoresponder.store.redis_store import RedisStore
from tests.integration.test_service import Scene, replies, scene
from tests.support.redis_server import RedisServer, running_redis
from tests.support.small_workspace import workspace_of


async def _answers(s: Scene, store: str, name: str, *, patient: bool = False) -> bool:
    """Whether a service that is started now answers a guest who writes now, or once its quarantine is over."""
    settings = replace(s.settings, store=Secret(store))
    workspace = workspace_of(settings)
    async with opened_service(settings, lambda: workspace, clock=s.clock, rand=lambda: 0.5) as running:
        await running.service.once()
        thread = s.guest("what's the wifi?", name=name)
        s.clock.advance(settings.delivery.quarantine if patient else 60)
        await running.service.once()
        return bool(replies(thread))


async def test_our_own_restart_costs_nothing_and_that_of_redis_a_quarantine(tmp_path: Path) -> None:
    with running_redis(extra=("--appendfsync", "everysec")) as server:
        await _story(tmp_path, server)


async def test_a_store_without_a_word_is_trusted_only_when_it_was_never_used(tmp_path: Path) -> None:
    """The word is lost with a flush, or with the first second; another process of Redis may have lost more."""
    with running_redis(extra=("--appendfsync", "everysec")) as server:
        async with scene(tmp_path) as s:
            assert await _answers(s, server.url, "Anna Berg")
            for kept in ("forgot_at", "activated_at"):
                await _forget_all_but(server, kept, s.clock.now() - timedelta(days=1))
                server.stop()
                server.start()
                assert not await _answers(s, server.url, "Bob Low")


async def _forget_all_but(server: RedisServer, kept: str, at: datetime) -> None:
    store = RedisStore(server.url)
    await store.open()
    for name in await store.names(""):
        await store.put(name, None)
    await store.put(kept, at.isoformat().encode())
    await store.close()


async def _story(folder: Path, server: RedisServer) -> None:
    store = server.url
    async with scene(folder) as s:
        assert await _answers(s, store, "Anna Berg")
        assert await _answers(s, store, "Bob Low")
        server.stop()
        server.start()
        assert not await _answers(s, store, "Cleo Dahl")
        assert not await _answers(s, store, "Dora Ek")  # nobody has waited it out yet
        assert await _answers(s, store, "Emil Ost", patient=True)
        assert await _answers(s, store, "Finn Ray")  # the process of Redis is known by now
