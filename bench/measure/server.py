"""The sandbox in a process of its own, with a record of the requests it got."""

from __future__ import annotations

import asyncio
import re
import resource
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from autoresponder.clock import SystemClock
from autoresponder.sandbox.app import PREFIX, create_app
from autoresponder.sandbox.world import World
from bench.measure.processes import order, reply
from bench.measure.workload import busy_world, quiet_world

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_THREAD = re.compile(r"/message_threads/([0-9a-f-]{36})")
_BOOKING = re.compile(r"/bookings/([0-9a-f-]{36})")


def recorder(log: list[tuple[str, str, str]], delay: float) -> Any:
    """Middleware that notes every request and answers `delay` seconds late."""

    @web.middleware
    async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
        body = await request.text() if request.method == "POST" else ""
        log.append((request.method, request.path_qs.removeprefix(PREFIX), body))
        if delay:
            await asyncio.sleep(delay)
        return await handler(request)

    return record


def plan(world: World, log: list[tuple[str, str, str]]) -> dict[str, Any]:
    """The recorded requests: pages of the list one by one, those of one thread in their order, others alone."""
    pages: list[tuple[str, str, str]] = []
    threads: dict[str, list[tuple[str, str, str]]] = {}
    for entry in log:
        thread, booking = _THREAD.search(entry[1]), _BOOKING.search(entry[1])
        if entry[1].startswith("/message_threads?"):
            pages.append(entry)
            continue
        key = thread[1] if thread else (world.bookings[booking[1]].thread_id if booking else None)
        threads.setdefault(key or f"alone {len(threads)}", []).append(entry)
    return {"pages": pages, "threads": list(threads.values())}


async def main() -> None:
    """Serve until standard input ends."""
    told = order()
    make = {"busy": busy_world, "quiet": quiet_world}[told["world"]]
    world = make(SystemClock(), told["threads"])
    log: list[tuple[str, str, str]] = []
    app = create_app(world, api_key="sandbox")
    app.middlewares.append(recorder(log, told["delay"]))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    reply(base_url=f"http://127.0.0.1:{runner.addresses[0][1]}{PREFIX}")
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        if line.strip():
            used = resource.getrusage(resource.RUSAGE_SELF)
            replies = sum(m.origin == "api" for t in world.threads.values() for m in t.messages)
            reply(requests=len(log), replies=replies, cpu=used.ru_utime + used.ru_stime, **plan(world, log))
    await runner.cleanup()


asyncio.run(main())
