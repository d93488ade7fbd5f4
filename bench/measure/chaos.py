"""Random schedules of trouble over the whole service in virtual time; see docs/delivery.md, The simulation."""

from __future__ import annotations

import argparse
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bench.measure.real import play as real_play
from bench.measure.real import summary as real_summary
from bench.measure.real_site import PLANS
from tests.simulation.schedule import Result, run

_STORMS_OF = 5
"""Every fifth schedule is production-like, the others are storms."""

_CHUNK = 20
_YEAR = 365.25 * 86_400


class Tally(msgspec.Struct, kw_only=True):
    """What a campaign has come to; written after every chunk, so that it can be taken up again."""

    first: int
    played: int = 0
    seconds: float = 0.0
    """Simulated."""
    real: float = 0.0
    """Real seconds of all sessions."""
    sent: int = 0
    kills: int = 0
    freezes: int = 0
    profiles: dict[str, int] = {}
    faults: dict[str, int] = {}
    states: dict[str, int] = {}
    points: dict[str, int] = {}
    violations: list[str] = []

    def add(self, result: Result) -> None:
        """One more schedule."""
        self.played += 1
        self.seconds += result.seconds
        self.sent += result.sent
        self.kills += result.kills
        self.freezes += result.freezes
        for mine, more in (
            (self.faults, result.faults),
            (self.states, result.states),
            (self.points, result.points),
            (self.profiles, Counter([result.profile])),
        ):
            for name, number in more.items():
                mine[name] = mine.get(name, 0) + number
        self.violations += [f"{result.profile} {result.seed}: {text}" for text in result.violations]


def play(numbers: range) -> list[Result]:
    """Some schedules, in a process of their own."""
    results = []
    for number in numbers:
        profile = "production" if number % _STORMS_OF == 0 else "storm"
        try:
            results.append(run(number, profile))
        except Exception as error:  # noqa: BLE001 - one schedule that breaks off is a finding, not the end
            results.append(Result(str(number), profile, [f"it broke off: {error!r}"], 0.0, 0, 0, 0, 0))
    return results


def chunks(start: int, stop: int) -> Iterator[range]:
    """The schedules still to be played."""
    return (range(n, min(n + _CHUNK, stop)) for n in range(start, stop, _CHUNK))


def resumed(path: Path | None, first: int) -> Tally:
    """What an earlier session left, if it began with the same schedule."""
    if path is None or not path.exists():
        return Tally(first=first)
    tally = msgspec.json.decode(path.read_bytes(), type=Tally)
    if tally.first != first:
        raise SystemExit(f"{path} belongs to a campaign that began with schedule {tally.first}; name another")
    return tally


def campaign(tally: Tally, *, stop: int, jobs: int, path: Path | None, console: Console) -> None:
    """Play what is left, and keep the tally on disk."""
    began, before = time.monotonic(), tally.real
    bar = Progress(
        TextColumn("schedules"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[found]} violation(s)"),
        console=console,
        disable=not console.is_terminal,
    )
    with bar, ProcessPoolExecutor(jobs) as pool:
        line = bar.add_task("", total=stop - tally.first, completed=tally.played, found=len(tally.violations))
        left = chunks(tally.first + tally.played, stop)
        waiting = [pool.submit(play, chunk) for _, chunk in zip(range(jobs * 2), left, strict=False)]
        while waiting:
            for result in waiting.pop(0).result():
                tally.add(result)
            following = next(left, None)
            if following is not None:
                waiting.append(pool.submit(play, following))
            tally.real = before + time.monotonic() - began
            if path is not None:
                spare = path.with_suffix(".new")
                spare.write_bytes(msgspec.json.encode(tally))
                spare.replace(path)
            bar.update(line, completed=tally.played, found=len(tally.violations))


def table(title: str, counts: dict[str, int]) -> Table:
    """Counts, the greatest first."""
    shown = Table(title=title, title_justify="left", min_width=60, show_header=False, box=None)
    for name, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        shown.add_row(f"{number:>10,}", name)
    return shown


def report(tally: Tally, console: Console) -> None:
    """The figures."""
    hit = sum(1 for number in tally.points.values() if number)
    mix = ", ".join(f"{number:,} {name}" for name, number in sorted(tally.profiles.items()))
    console.print(table("faults", tally.faults))
    console.print(table("deliveries, by new state", tally.states))
    console.print(table("processes stopped, by point of the delivery path", tally.points))
    console.print(f"schedules           {tally.played:,} ({mix}), from {tally.first}")
    console.print(f"simulated           {tally.seconds / _YEAR:.2f} years")
    console.print(f"took                {tally.real:,.0f} s")
    console.print(f"texts delivered     {tally.sent:,}")
    console.print(f"kills, standstills  {tally.kills:,}, {tally.freezes:,}")
    console.print(f"points hit          {hit} of {len(tally.points)}")
    console.print(f"violations          {len(tally.violations)}")
    for text in tally.violations[:50]:
        console.print(f"  {text}", soft_wrap=True, markup=False)


def main() -> None:
    """Play a campaign; ends with 1 when a promise was broken."""
    parser = argparse.ArgumentParser(
        prog="bench/chaos",
        description=f"{__doc__} A schedule is played again, with its history, by "
        "`python -m tests.simulation NUMBER PROFILE`.",
    )
    parser.add_argument("--schedules", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first schedule")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--state", type=Path, help="file that keeps the tally; taken up again when it exists")
    real = parser.add_argument_group(
        "with real processes, Redis and SQLite (docs/delivery.md, Real processes)"
    )
    real.add_argument("--real", action="store_true", help="instead of schedules in virtual time")
    real.add_argument("--kills", type=int, default=200)
    real.add_argument("--turns", type=int, default=5000)
    real.add_argument("--seed", type=int, default=1)
    real.add_argument(
        "--plan",
        action="append",
        choices=[plan.name for plan in PLANS],
        help="only this installation; may be repeated",
    )
    real.add_argument("--keep", type=Path, help="folder for logs and stores, should a promise be broken")
    args = parser.parse_args()
    console = Console()
    if args.real:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # no process is left behind
        results = real_play(
            kills=args.kills,
            turns=args.turns,
            seed=args.seed,
            console=console,
            jobs=args.jobs,
            keep=args.keep,
            plans=[plan for plan in PLANS if args.plan is None or plan.name in args.plan],
        )
        real_summary(results, console)
        raise SystemExit(1 if any(result.violations for result in results) else 0)
    tally = resumed(args.state, args.first)
    campaign(tally, stop=args.first + args.schedules, jobs=args.jobs, path=args.state, console=console)
    report(tally, console)
    raise SystemExit(1 if tally.violations else 0)


if __name__ == "__main__":
    main()
