"""The sandbox in a process of its own, whose guests write when they are told to."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import sys
from datetime import date, timedelta
from typing import Any

from autoresponder.sandbox.entities import Booking, Guest, Message, Origin, Property, Thread
from autoresponder.sandbox.faults import read_faults
from autoresponder.sandbox.server import SandboxServer
from autoresponder.sandbox.world import World
from bench.measure.processes import order, reply
from bench.measure.real_words import FIRST_WORDS, LATER_WORDS
from tests.support.small_workspace import PLACE

_WRITES_ON = 0.15
"""How many of the messages come from a guest who has written before."""


class Guests:
    """Everybody who writes.

    Args:
        world: The sandbox's.
        seed: Of who says what.
    """

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        self._chance = random.Random(seed)
        self._later: dict[str, list[str]] = {}
        self.written = 0

    def write(self) -> None:
        """One more message."""
        self.written += 1
        if self._later and self._chance.random() < _WRITES_ON:
            name = self._chance.choice(list(self._later))
            thread = self._world.threads[name]
            text = self._later[name].pop()
            if not self._later[name]:
                del self._later[name]
        else:
            thread = self._arrive()
            text = self._chance.choices(*zip(*FIRST_WORDS, strict=True))[0]
            self._later[thread.id] = self._chance.sample(LATER_WORDS, len(LATER_WORDS))
        self._world.write(thread, text, origin=Origin.GUEST)

    def _arrive(self) -> Thread:
        world = self._world
        today = date.fromordinal(world.clock.now().date().toordinal())
        booking = None
        if self._chance.random() < 0.8:
            booking = world.add_booking(
                Booking(
                    id=world.new_id(),
                    property_id=PLACE,
                    guest=Guest(name="Anna", surname=f"Berg {self.written}", language="en"),
                    inserted_at=world.clock.now() - timedelta(days=9),
                    arrival_date=today + timedelta(days=5),
                    departure_date=today + timedelta(days=8),
                )
            )
        provider = self._chance.choice(("BookingCom", "BookingCom", "AirBNB"))
        return world.add_thread(
            property_id=PLACE, provider=provider, title=f"Anna Berg {self.written}", booking=booking
        )


def marks(world: World) -> list[tuple[str, int]]:
    """Threads marked as needing no reply, each with its place in the order of all messages."""
    return [(thread.id, mark.sequence) for thread in world.threads.values() for mark in thread.marks]


def told(world: World) -> list[dict[str, Any]]:
    """What stands in the threads, or will: ids, who wrote, what, and in which order."""
    world.settle()
    messages: list[Message] = [m for thread in world.threads.values() for m in thread.messages]
    return [
        {"id": m.id, "thread": m.thread_id, "origin": m.origin.value, "text": m.text, "at": m.sequence}
        for m in sorted([*messages, *world.pending()], key=lambda m: m.sequence)
    ]


async def main() -> None:
    """Serve until standard input ends."""
    first = order()
    logging.getLogger("aiohttp.server").setLevel(
        logging.CRITICAL
    )  # it tells of every request that breaks off
    async with SandboxServer(None, api_key=first["key"], seed=first["seed"]) as sandbox:
        sandbox.world.add_property(Property(id=PLACE, title="Seaview"))
        guests = Guests(sandbox.world, first["seed"])
        reply(port=int(sandbox.origin.rpartition(":")[2]))
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            reply(**_obey(sandbox, guests, line))


def _obey(sandbox: SandboxServer, guests: Guests, line: str) -> dict[str, Any]:
    wish = dict(json.loads(line))
    if "write" in wish:
        guests.write()
        return {"written": guests.written}
    if "faults" in wish:
        sandbox.faults.replace(read_faults(wish["faults"]))
        return {}
    if "audit" in wish:
        return dict(sandbox.audit(wish["audit"]))
    return {"messages": told(sandbox.world), "marks": marks(sandbox.world)}


asyncio.run(main())
