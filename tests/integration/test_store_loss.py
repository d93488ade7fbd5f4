"""A store that loses its memory under a running service: what whoever starts afterwards knows of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from autoresponder.app import opened_service
from autoresponder.clock import SystemClock
from autoresponder.config import GuardSettings, PollSettings
from autoresponder.sandbox.entities import Origin, Property
from autoresponder.sandbox.server import SandboxServer
from tests.support.small_workspace import PLACE, settings_for, workspace_of, write_workspace


async def test_whoever_starts_after_the_memory_was_lost_sends_nothing_for_a_quarantine(
    tmp_path: Path,
) -> None:
    async with SandboxServer(None, clock=SystemClock()) as sandbox:
        sandbox.world.add_property(Property(id=PLACE, title="Seaview"))
        settings = settings_for(
            write_workspace(tmp_path),
            sandbox.base_url,
            guards=GuardSettings(settle=timedelta(0)),
            poll=PollSettings(every=timedelta(seconds=1)),
        )
        workspace = workspace_of(settings)
        async with opened_service(settings, lambda: workspace) as first:
            at_work = asyncio.create_task(first.service.run())
            await _until(lambda: first.service.readiness().sending == "on")
            for ending in ("", "-wal", "-shm"):
                (tmp_path / f"state.db{ending}").unlink(missing_ok=True)
            await _until(lambda: "lost its memory" in first.service.readiness().sending)
            async with opened_service(settings, lambda: workspace) as second:
                thread = sandbox.world.add_thread(property_id=PLACE, provider="BookingCom", title="Anna Berg")
                sandbox.world.write(thread, "wifi?", origin=Origin.GUEST)
                await second.service.once()
                assert "lost its memory" in second.service.readiness().sending
                assert [m for m in thread.messages if m.origin is Origin.API] == []
            first.service.stop()
            await at_work


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - a service tells nobody how it is
            await asyncio.sleep(0.02)
