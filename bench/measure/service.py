"""The product in a process of its own: handles every open turn of the sandbox and says how long it took."""

from __future__ import annotations

import asyncio
import cProfile
import logging
import time
from pathlib import Path

from autoresponder.app import calm_collector, opened_ledger, opened_service
from autoresponder.decision import Outcome
from autoresponder.service.reports import TurnReport
from bench.measure.processes import order, reply
from bench.measure.workload import settings, today, workspace

_BEAT = 0.01
"""Seconds. Looking more often would cost a fiftieth of the processor time that is measured."""


async def _heartbeat(longest: list[float]) -> None:
    """Note the most processor time that passed between two looks, which come as often as the loop allows."""
    last = time.thread_time()
    while True:
        await asyncio.sleep(_BEAT)
        now = time.thread_time()
        longest[0] = max(longest[0], now - last)
        last = now


async def main() -> None:
    """Answer everything once."""
    logging.basicConfig(level=logging.ERROR)
    told = order()
    made = settings(
        Path(told["folder"]),
        base_url=told["base_url"],
        store=told["store"],
        concurrency=told["concurrency"],
    )
    knowledge = workspace(made)
    ends: dict[str, int] = {}
    calm_collector()

    def watch(report: TurnReport) -> None:
        if report.record.done_at is not None:
            outcome = report.entry.outcome
            key = "reply" if outcome is Outcome.REPLY else f"{outcome}: {report.entry.explanation}"
            ends[key] = ends.get(key, 0) + 1

    async with opened_ledger(made) as ledger:
        await ledger.alive(
            today()
        )  # it has been at work before: a start over a new store sends nothing at first
    async with opened_service(made, lambda: knowledge, watch=watch) as running:
        profile = cProfile.Profile() if told["profile"] else None
        reply(ready=True)
        order()
        longest = [0.0]
        heart = asyncio.create_task(_heartbeat(longest))
        wall, cpu = time.perf_counter(), time.process_time()
        if profile is not None:
            profile.enable()
        await running.service.once()
        if profile is not None:
            profile.disable()
            profile.dump_stats(told["profile"])
        took = {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        heart.cancel()
        reply(**took, ends=ends, blocked=longest[0])


asyncio.run(main())
