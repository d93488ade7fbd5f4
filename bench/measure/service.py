"""The product in a process of its own: handles every open turn of the sandbox and says how long it took."""

from __future__ import annotations

import asyncio
import cProfile
import logging
import time
from pathlib import Path

from autoresponder.app import calm_collector, opened_service
from autoresponder.decision import Outcome
from autoresponder.service.reports import TurnReport
from bench.measure.processes import order, reply
from bench.measure.workload import settings, workspace


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

    async with opened_service(made, lambda: knowledge, watch=watch) as running:
        profile = cProfile.Profile() if told["profile"] else None
        wall, cpu = time.perf_counter(), time.process_time()
        if profile is not None:
            profile.enable()
        await running.service.once()
        if profile is not None:
            profile.disable()
            profile.dump_stats(told["profile"])
        reply(seconds=time.perf_counter() - wall, cpu=time.process_time() - cpu, ends=ends)


asyncio.run(main())
