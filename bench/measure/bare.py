"""A bare aiohttp client that sends given requests and reads the JSON, and does nothing else."""

from __future__ import annotations

import asyncio
import time

import aiohttp
from yarl import URL

from bench.measure.processes import order, reply

Request = tuple[str, str, str]


async def send(session: aiohttp.ClientSession, base_url: str, request: Request) -> None:
    """One request; anything but success ends the measurement."""
    method, path, body = request
    headers = {"Content-Type": "application/json"} if body else None
    url = URL(base_url + path, encoded=True)
    async with session.request(method, url, data=body or None, headers=headers) as answer:
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status}")
        await answer.json()


async def main() -> None:
    """Send the requests of each thread in order, several threads at once."""
    told = order()
    base_url, concurrency = told["base_url"], told["concurrency"]
    waiting = iter(told["threads"])
    connector = aiohttp.TCPConnector(limit=concurrency)
    headers = {"user-api-key": "sandbox"}
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:

        async def work() -> None:
            for requests in waiting:
                for request in requests:
                    await send(session, base_url, tuple(request))

        wall, cpu = time.perf_counter(), time.process_time()
        for request in told["pages"]:
            await send(session, base_url, tuple(request))
        await asyncio.gather(*(work() for _ in range(concurrency)))
        reply(seconds=time.perf_counter() - wall, cpu=time.process_time() - cpu)


asyncio.run(main())
