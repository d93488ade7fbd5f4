"""Turns answered per second, as a ratio to a bare client that sends the very same requests.

Each round starts a fresh sandbox, lets the product answer every guest, takes the requests that the sandbox
recorded, and has a bare aiohttp client send these same requests to another fresh sandbox. Several replicas on one
store are held against one replica.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.measure.processes import child, instructions, redis_server
from bench.measure.workload import write_folder

_LONGEST_BLOCK = 0.1
"""Seconds of processor time between two looks of the event loop at what else is to be done, at most."""


def product(
    args: argparse.Namespace,
    folder: Path,
    store: str,
    delay: float,
    replicas: int = 1,
    counted: Path | None = None,
) -> dict[str, Any]:
    """Let the product answer everything; what it took, and what it asked for."""
    with child("server", world="busy", threads=args.turns, delay=delay) as server, ExitStack() as stack:
        order = {
            "folder": str(folder),
            "base_url": server.answer()["base_url"],
            "store": store,
            "concurrency": args.concurrency,
            "profile": args.profile,
        }
        services = [stack.enter_context(child("service", counted, **order)) for _ in range(replicas)]
        for service in services:
            service.answer()
        begin = time.perf_counter()
        for service in services:
            service.tell({"go": True})
        took = [service.answer() for service in services]
        seconds = time.perf_counter() - begin
        seen = server.ask(what="plan")
    answered = sum(each["ends"].get("reply", 0) for each in took)
    if answered != args.turns or seen["replies"] != args.turns:
        raise SystemExit(
            f"of {args.turns} turns {seen['replies']} were answered: {[each['ends'] for each in took]}"
        )
    return {
        "seconds": seconds,
        "cpu": sum(each["cpu"] for each in took),
        "blocked": max(each["blocked"] for each in took),
        "plan": seen,
    }


def bare(
    args: argparse.Namespace, plan: dict[str, Any], delay: float, counted: Path | None = None
) -> dict[str, Any]:
    """Send the same requests without a product."""
    with child("server", world="busy", threads=args.turns, delay=delay) as server:
        base_url = server.answer()["base_url"]
        order = {"base_url": base_url, "concurrency": args.concurrency}
        with child("bare", counted, **order, pages=plan["pages"], threads=plan["threads"]) as client:
            took = client.answer()
        seen = server.ask(what="plan")
    if (seen["requests"], seen["replies"]) != (plan["requests"], plan["replies"]):
        raise SystemExit("the two runs did not send the same requests")
    return took


def measure(args: argparse.Namespace, delay: float) -> tuple[float, float]:
    """Print one line per round; the median ratio, and the longest time that the event loop stood still."""
    print(
        f"\n{'loopback' if not delay else f'{delay * 1000:.0f} ms per request'}: {args.turns} turns,"
        f" {args.concurrency} at once, store {args.store}"
    )
    ratios: list[float] = []
    blocked = 0.0
    for number in range(args.rounds):
        with tempfile.TemporaryDirectory(prefix="bench-") as name, redis_server() as redis:
            folder = Path(name)
            write_folder(folder)
            store = {"redis": redis, "sqlite": "sqlite:///state.db", "memory": "memory://"}[args.store]
            ours = product(args, folder, store, delay)
        theirs = bare(args, ours["plan"], delay)
        ratio = theirs["seconds"] / ours["seconds"]
        ratios.append(ratio)
        blocked = max(blocked, ours["blocked"])
        per_turn = ours["plan"]["requests"] / args.turns
        print(
            f"  round {number + 1}: autoresponder {args.turns / ours['seconds']:7.1f} turns/s"
            f" (cpu {ours['cpu']:.2f} s of {ours['seconds']:.2f} s),"
            f" bare client {args.turns / theirs['seconds']:7.1f} turns/s"
            f" (cpu {theirs['cpu']:.2f} s of {theirs['seconds']:.2f} s),"
            f" {per_turn:.2f} requests a turn, ratio {ratio:.3f},"
            f" ratio of cpu {theirs['cpu'] / ours['cpu']:.3f},"
            f" loop blocked for at most {ours['blocked'] * 1000:.0f} ms",
            flush=True,
        )
    middle = statistics.median(ratios)
    print(f"  median ratio {middle:.3f}, loop blocked for at most {blocked * 1000:.0f} ms", flush=True)
    return middle, blocked


def measure_replicas(args: argparse.Namespace, delay: float) -> float:
    """Print one line per round and give the median ratio of several replicas to one."""
    print(
        f"\n{args.replicas} replicas on one store, {delay * 1000:.0f} ms per request: {args.turns} turns,"
        f" {args.concurrency} at once in each, store {args.store}"
    )
    ratios: list[float] = []
    for number in range(args.rounds):
        rates: list[float] = []
        requests: list[float] = []
        for replicas in (1, args.replicas):
            with tempfile.TemporaryDirectory(prefix="bench-") as name, redis_server() as redis:
                write_folder(Path(name))
                ours = product(args, Path(name), redis, delay, replicas)
            rates.append(args.turns / ours["seconds"])
            requests.append(ours["plan"]["requests"] / args.turns)
        ratios.append(rates[1] / rates[0])
        print(
            f"  round {number + 1}: one {rates[0]:7.1f} turns/s ({requests[0]:.2f} requests a turn),"
            f" {args.replicas} replicas {rates[1]:7.1f} turns/s ({requests[1]:.2f}), ratio {ratios[-1]:.2f}",
            flush=True,
        )
    middle = statistics.median(ratios)
    print(f"  median ratio {middle:.2f}", flush=True)
    return middle


def count(args: argparse.Namespace) -> float:
    """Instructions of both clients for one turn more; what else the machine does changes nothing about them."""
    if shutil.which("perf") is None:
        raise SystemExit("perf is not installed: apt-get install linux-perf")
    done: dict[int, tuple[int, int]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as counts:
        ours, theirs = Path(counts, "product"), Path(counts, "bare")
        for args.turns in (64, 576):
            with tempfile.TemporaryDirectory(prefix="bench-") as name, redis_server() as redis:
                write_folder(Path(name))
                store = {"redis": redis, "sqlite": "sqlite:///state.db", "memory": "memory://"}[args.store]
                plan = product(args, Path(name), store, 0.0, counted=ours)["plan"]
            bare(args, plan, 0.0, counted=theirs)
            done[args.turns] = instructions(ours), instructions(theirs)
    own, other = ((done[576][n] - done[64][n]) / 512 / 1e6 for n in (0, 1))
    print(
        f"instructions a turn: autoresponder {own:.2f} million, bare client {other:.2f} million,"
        f" ratio {other / own:.3f}"
    )
    return other / own


def main() -> None:
    """Measure on loopback and with a delay, and hold the ratios against what is wanted."""
    parser = argparse.ArgumentParser(prog="bench/throughput", description=__doc__)
    parser.add_argument("--turns", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--concurrency", type=int, default=64, help="threads at once on loopback")
    parser.add_argument("--delayed", type=int, default=32, help="threads at once with 50 ms per request")
    parser.add_argument("--store", choices=["redis", "sqlite", "memory"], default="redis")
    parser.add_argument("--only", choices=["loopback", "delay", "replicas", "count"])
    parser.add_argument("--replicas", type=int, default=3, help="how many are held against one")
    parser.add_argument("--each", type=int, default=8, help="threads at once in each of the replicas")
    parser.add_argument(
        "--profile", metavar="FILE", default="", help="write the service's cProfile data there"
    )
    args = parser.parse_args()
    missed = []
    blocked = 0.0
    if args.only == "count" and count(args) < 0.48:
        missed.append("ratio of instructions below 0.48")
    if args.only in {None, "loopback"}:
        ratio, blocked = measure(args, 0.0)
        if ratio < 0.35:
            missed.append("loopback below 0.35")
    args.concurrency = args.delayed
    if args.only in {None, "delay"}:
        ratio, longest = measure(args, 0.05)
        blocked = max(blocked, longest)
        if ratio < 0.95:
            missed.append("50 ms per request below 0.95")
    if blocked > _LONGEST_BLOCK:
        missed.append(f"the event loop stood still for {blocked * 1000:.0f} ms")
    args.concurrency = args.each
    if args.only in {None, "replicas"} and args.store == "redis" and measure_replicas(args, 0.05) < 2.7:
        missed.append(f"{args.replicas} replicas below 2.7 times one")
    raise SystemExit("; ".join(missed) or 0)


if __name__ == "__main__":
    main()
