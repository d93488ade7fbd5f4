"""A quiet account: requests per cycle, and memory over many cycles."""

from __future__ import annotations

import argparse
import asyncio
import gc
import tempfile
import time
from pathlib import Path

from autoresponder.app import opened_service
from bench.measure.processes import child, resident_kib
from bench.measure.workload import settings, workspace, write_folder


async def measure(folder: Path, base_url: str, threads: int, cycles: int) -> int:
    """Connect once, then look again and again; gives the number of wrong findings."""
    made = settings(folder, base_url=base_url, store="sqlite:///state.db", concurrency=8)
    knowledge = workspace(made)
    async with opened_service(made, lambda: knowledge) as running:
        start = time.perf_counter()
        first = await running.service.once()
        print(
            f"first look: {first.seen} threads in {first.requests} requests, {time.perf_counter() - start:.1f} s"
        )
        swept = await running.service.once()
        print(f"first sweep: {swept.requests} requests")
        memory: list[int] = []
        worst = 0
        start = time.perf_counter()
        for number in range(cycles):
            cycle = await running.service.once()
            worst = max(worst, cycle.requests)
            if number % max(1, cycles // 10) == 0 or number == cycles - 1:
                gc.collect()
                memory.append(resident_kib())
        each = (time.perf_counter() - start) / cycles
    print(f"{cycles} cycles: at most {worst} request(s) each, {each * 1000:.1f} ms each")
    print("memory (KiB): " + " ".join(f"{kib}" for kib in memory))
    growth = memory[-1] - memory[len(memory) // 2]
    print(f"growth over the second half: {growth} KiB")
    return int(worst != 1) + int(growth > 512) + int(first.seen != threads)


def main() -> None:
    """Start a quiet sandbox and watch the service on it."""
    parser = argparse.ArgumentParser(prog="bench/quiet", description=__doc__)
    parser.add_argument("--threads", type=int, default=10_000)
    parser.add_argument("--cycles", type=int, default=1000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        write_folder(folder)
        with child("server", world="quiet", threads=args.threads, delay=0.0) as server:
            base_url = server.answer()["base_url"]
            wrong = asyncio.run(measure(folder, base_url, args.threads, args.cycles))
    raise SystemExit(f"{wrong} finding(s) are not as wanted" if wrong else 0)


if __name__ == "__main__":
    main()
