"""A small world and a client for tests of the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any

import aiohttp

from autoresponder.clock import ManualClock
from autoresponder.sandbox.entities import Booking, Guest, Property, Thread
from autoresponder.sandbox.server import SandboxServer
from autoresponder.sandbox.world import World

START = datetime(2026, 6, 12, 8, 0, tzinfo=UTC)
PROPERTY = "5ea51e30-0001-4a00-8000-000000000001"
OTHER = "01d70300-0003-4a00-8000-000000000003"


def small_world(world: World) -> World:
    """Two properties."""
    world.add_property(Property(id=PROPERTY, title="Seaview Apartments", key="seaview"))
    world.add_property(Property(id=OTHER, title="Old Town Rooms", key="old-town"))
    return world


def new_world(**options: Any) -> World:
    """A world with two properties and a clock that stands still."""
    return small_world(World(ManualClock(START), **options))


def new_booking(world: World, *, provider: str = "BookingCom", property_id: str = PROPERTY) -> Booking:
    """A stay next week."""
    return world.add_booking(
        Booking(
            id=world.new_id(),
            property_id=property_id,
            guest=Guest(name="Ada", surname="Byron", language="en"),
            inserted_at=START,
            arrival_date=date(2026, 6, 20),
            departure_date=date(2026, 6, 23),
            ota_name=provider,
            ota_reservation_code="123",
        )
    )


def new_thread(world: World, *, provider: str = "BookingCom", property_id: str = PROPERTY) -> Thread:
    """A thread with its booking."""
    return world.add_thread(
        property_id=property_id,
        provider=provider,
        title="Byron Ada",
        booking=new_booking(world, provider=provider, property_id=property_id),
    )


class Api:
    """Calls a sandbox and gives back status and body."""

    def __init__(self, server: SandboxServer, session: aiohttp.ClientSession) -> None:
        self.server = server
        self.world = server.world
        self._session = session

    async def call(self, method: str, path: str, **more: Any) -> tuple[int, Any]:
        """Status and JSON body of one request; the path starts after `/api/v1`, or with `/_sandbox`."""
        start = self.server.origin if path.startswith("/_sandbox") else self.server.base_url
        async with self._session.request(method, start + path, **more) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str) -> Any:
        """Body of a GET that must succeed."""
        status, body = await self.call("GET", path)
        assert status == 200, body
        return body

    async def send(self, thread: Thread, text: str) -> tuple[int, Any]:
        """Send a text to a thread."""
        body = {"message": {"message": text}}
        return await self.call("POST", f"/message_threads/{thread.id}/messages", json=body)


@asynccontextmanager
async def running(**options: Any) -> AsyncIterator[Api]:
    """A running sandbox with two properties (unless it has a script)."""
    options.setdefault("clock", ManualClock(START))
    async with SandboxServer(**options) as server:
        if server.guests is None:
            small_world(server.world)
        headers = {"user-api-key": server.api_key}
        async with aiohttp.ClientSession(headers=headers) as session:
            yield Api(server, session)
