"""The delivery guarantee with real processes, killed, frozen and robbed of their memory; see docs/delivery.md."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.measure import real_judge
from bench.measure.real_services import KEY, log_findings
from bench.measure.real_site import PLANS, Plan, Site, Times, opened
from bench.measure.real_words import guests_words


@dataclass
class Outcome:
    """What an installation has come to."""

    plan: Plan
    took: float = 0.0
    audit: dict[str, int] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    wire: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)


async def campaign(
    plan: Plan,
    times: Times,
    *,
    kills: int,
    turns: int,
    seed: int,
    step: Callable[[int, str], None],
    keep: Path | None,
) -> Outcome:
    """Let guests write and things go wrong, then let everything come to rest, and judge.

    Args:
        plan: What the installation looks like.
        times: Its settings, and how bad the wire is.
        kills: SIGKILLs, of services and Redis.
        turns: Messages that guests write.
        seed: Of everything that is random here; what processes do in between is not.
        step: Told the number of kills so far, and what is going on.
        keep: Folder for logs, store and what was seen, should a promise be broken.
    """
    began = time.monotonic()
    result = Outcome(plan)
    with tempfile.TemporaryDirectory(prefix="chaos-real-") as place:
        folder = Path(place)
        async with opened(plan, times, folder, seed) as site:
            while site.kills.total() < kills:
                left = kills - site.kills.total()
                await _some_guests(site, -(-(turns - site.written) // left))
                await site.trouble()
                step(min(kills, site.kills.total()), str(plan))
            await _some_guests(site, turns - site.written)
            step(kills, f"{plan}: coming to rest")
            await site.calm()
            await _rest(site)
            for service in site.services:
                await service.stop()
            await _judge(site, result, keep)
        result.took = time.monotonic() - began
    return result


async def _some_guests(site: Site, number: int) -> None:
    gap = site.chance.uniform(0.3, site.times.gap)
    for _ in range(number):
        await site.guest_writes()
        await asyncio.sleep(gap / number)


async def _rest(site: Site) -> None:
    """Wait until every thread is at rest and accounted for, for as long as that may take at most."""
    until = time.monotonic() + 4 * site.times.quarantine + 60
    while time.monotonic() < until:
        await asyncio.sleep(1)
        world = await site.ask(world=1)
        messages, marks = world["messages"], world["marks"]
        entries, records = await site.memory.read(sorted({m["thread"] for m in messages}))
        rows = real_judge.ledger(entries, site.memory.lost, messages, marks)
        if not real_judge.unrest(records) and not (await site.ask(audit=rows))["unaccounted"]:
            return


async def _judge(site: Site, result: Outcome, keep: Path | None) -> None:
    world = await site.ask(world=1)
    messages, marks = world["messages"], world["marks"]
    entries, records = await site.memory.read(sorted({m["thread"] for m in messages}))
    lost = site.memory.lost
    result.audit = await site.ask(audit=real_judge.ledger(entries, lost, messages, marks))
    result.kills, result.others, result.wire = site.kills, site.others, site.wire.broken
    result.ends = real_judge.ends(entries)
    found = result.violations
    for name in ("duplicates", "unaccounted"):
        if result.audit[name]:
            found.append(f"{result.audit[name]} {name}")
    found += real_judge.doubled(messages)
    found += real_judge.unrest(records)
    found += real_judge.unsettled(entries)
    found += real_judge.false_sent([*lost, *entries], messages)
    for service in site.services:
        found += service.endings
        found += log_findings(service.log, (KEY, *guests_words()))
    if found and keep is not None:
        place = keep / result.plan.name
        shutil.copytree(site.memory.folder, place, dirs_exist_ok=True)
        seen = {**world, "journal": entries, "lost": lost, "violations": found}
        (place / "seen.json").write_bytes(msgspec.json.encode(seen))


def show(result: Outcome, console: Console) -> None:
    """The figures of one installation."""
    audit = result.audit
    rows = {
        "turns": f"{audit['turns']:,} of {audit['guest_messages']:,} guest messages",
        "took": f"{result.took:,.0f} s",
        "killed (SIGKILL)": _counts(result.kills),
        "what else befell it": _counts(result.others),
        "broken on the wire": _counts(result.wire),
        "replies that arrived": f"{audit['replies_sent']:,}",
        "how texts ended": _counts(result.ends),
        "duplicates": str(audit["duplicates"]),
        "unaccounted": str(audit["unaccounted"]),
        "violations": str(len(result.violations)),
    }
    console.print(f"{result.plan}", style="bold")
    for name, value in rows.items():
        console.print(f"  {name:<22}{value}", soft_wrap=True, highlight=False)
    for text in result.violations[:50]:
        console.print(f"    {text}", soft_wrap=True, markup=False, highlight=False)


def summary(results: Sequence[Outcome], console: Console) -> None:
    """The figures of all installations together."""
    turns = sum(result.audit["turns"] for result in results)
    kills = sum(result.kills.total() for result in results)
    broken = sum(len(result.violations) for result in results)
    console.print(f"together: {turns:,} turns, {kills:,} kills, {broken:,} violations", highlight=False)


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counts.most_common()) or "-"


def play(
    *,
    kills: int,
    turns: int,
    seed: int,
    console: Console,
    times: Times | None = None,
    plans: Sequence[Plan] = PLANS,
    jobs: int = 2,
    keep: Path | None = None,
) -> list[Outcome]:
    """A campaign: every installation gets its share of kills and turns, `jobs` of them at the same time; each is shown at its end."""
    bar = Progress(
        TextColumn("kills"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}"),
        console=console,
        disable=not console.is_terminal,
    )
    killed: Counter[Plan] = Counter()

    async def all_of_them() -> list[Outcome]:
        slots = asyncio.Semaphore(jobs)
        return await asyncio.gather(*(one(number, plan, slots) for number, plan in enumerate(plans)))

    async def one(number: int, plan: Plan, slots: asyncio.Semaphore) -> Outcome:
        def step(so_far: int, what: str) -> None:
            killed[plan] = so_far
            bar.update(line, completed=killed.total(), now=what)

        async with slots:
            share, part = (
                whole * (number + 1) // len(plans) - whole * number // len(plans) for whole in (kills, turns)
            )
            result = await campaign(
                plan, times or Times(), kills=share, turns=part, seed=seed, step=step, keep=keep
            )
        show(result, console)
        return result

    with bar:
        line = bar.add_task("", total=kills, now="")
        return asyncio.run(all_of_them())
