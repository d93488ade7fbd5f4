"""A pretend account that commands and processes can be pointed at."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from autoresponder.clock import SystemClock
from autoresponder.sandbox.entities import Booking, Guest, Origin, Property, Thread
from autoresponder.sandbox.server import SandboxServer
from tests.support.small_workspace import PLACE

KEY = "k-3f9a-secret-key"


class Account:
    """A sandbox that runs in a thread of its own, so that commands can have their own loop."""

    def __init__(self) -> None:
        self.server = SandboxServer(None, clock=SystemClock(), api_key=KEY)
        self.server.world.add_property(Property(id=PLACE, title="Seaview"))
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def _serve(self) -> None:
        import asyncio

        async def serve() -> None:
            self._stop = asyncio.Event()
            self._loop = asyncio.get_running_loop()
            async with self.server:
                self._ready.set()
                await self._stop.wait()

        asyncio.run(serve())

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def guest(self, text: str, *, name: str = "Anna Berg", minutes_ago: float = 5) -> Thread:
        world = self.server.world
        at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
        booking = world.add_booking(
            Booking(
                id=world.new_id(),
                property_id=PLACE,
                guest=Guest(name=name.split(maxsplit=1)[0], surname=name.rsplit(maxsplit=1)[-1]),
                inserted_at=at,
                arrival_date=at.date(),
                departure_date=at.date() + timedelta(days=3),
            )
        )
        thread = world.add_thread(
            property_id=PLACE, provider="BookingCom", title=name, booking=booking, inserted_at=at
        )
        world.write(thread, text, origin=Origin.GUEST, inserted_at=at)
        return thread


@contextmanager
def account() -> Iterator[Account]:
    running = Account()
    running.start()
    try:
        yield running
    finally:
        running.stop()
