"""`autoresponder preview`: what would be sent to every open thread. Sends nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click

from autoresponder.app import opened_reader
from autoresponder.cli.loading import folder_option, read_settings, read_workspace, require_key
from autoresponder.cli.sandbox_clock import chosen_clock
from autoresponder.cli.showing import OUTCOME_WORDS, show_resolution, show_trace
from autoresponder.cli.terminal import echo_json_line, fail, note, out, progress, safe
from autoresponder.clock import Clock
from autoresponder.config import Settings
from autoresponder.guards import Switches
from autoresponder.intake import Intake
from autoresponder.preview import Preview, open_threads, previews
from autoresponder.workspace import Workspace

_SHOWN = 5


@click.command("preview")
@folder_option
@click.option("--format", "form", type=click.Choice(["human", "jsonl"]), default="human", show_default=True)
@click.option("--limit", type=click.IntRange(1), help="Look at no more than so many threads.")
@click.option("--trace", "traced", is_flag=True, help="Show every rule for every thread.")
@click.option("--at", metavar="TIME", help="Look as if it were this time: 2026-05-01T22:10 (UTC).")
def command(folder: Path, form: str, limit: int | None, at: str | None, *, traced: bool) -> None:
    """Show, for every open thread, the guest's words, the rule, and the reply that would go out.

    This command holds a client that cannot write: there is no way for it to send anything.
    """
    settings = read_settings(folder)
    require_key(settings)
    workspace = read_workspace(settings)
    asyncio.run(_preview(settings, workspace, form, limit, at, traced=traced))


def _moment(at: str | None, clock: Clock) -> datetime:
    if at is None:
        return clock.now()
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise click.UsageError(f"'{at}' is not a time; write it like 2026-05-01T22:10") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


async def _preview(
    settings: Settings, workspace: Workspace, form: str, limit: int | None, at: str | None, *, traced: bool
) -> None:
    clock = await chosen_clock(settings.channex)
    now = _moment(at, clock)
    lost: list[str] = []
    async with opened_reader(settings.channex, clock) as reader:
        with progress("reading threads") as bar:
            threads = await open_threads(
                reader,
                lambda seen, total: bar.update(bar.task_ids[0], completed=seen, total=total),
                tell=lost.append,
            )
        threads = threads[:limit] if limit is not None else threads
        rows = previews(
            threads,
            intake=Intake(reader, clock),
            ledger=None,
            knowledge=workspace,
            settings=settings,
            switches=Switches(),
            activated_at=now - settings.guards.max_age,
            now=now,
        )
        counts: Counter[str] = Counter()
        async for row in rows:
            counts[_word(row)] += 1
            if form == "jsonl":
                echo_json_line(_plain(row))
            else:
                _show(row, traced=traced)
    if form == "human":
        total = sum(counts.values())
        parts = ", ".join(f"{number} × {word}" for word, number in counts.most_common())
        out().print(
            f"{total} open thread{'' if total == 1 else 's'}" + (f": {parts}" if parts else "; nothing to do")
        )
        note("nothing was sent: this command has no way to send")
    if lost:
        shown = "; ".join(lost[:_SHOWN]) + ("; …" if len(lost) > _SHOWN else "")
        fail(f"{len(lost)} entries of the thread list could not be read and are left out: {shown}")
        raise click.exceptions.Exit(1)


def _word(row: Preview) -> str:
    if row.resolution is None:
        return "could not be read"
    return "waits a moment" if row.resolution.waits else OUTCOME_WORDS[row.resolution.decision.outcome]


def _show(row: Preview, *, traced: bool) -> None:
    console = out()
    name = row.resolution.facts.name if row.resolution is not None else row.thread.property_id or ""
    console.print(f"{safe(row.thread.title) or 'guest'} · {name} · {row.thread.provider.value}", style="bold")
    if row.resolution is None or row.reading is None or row.reading.turn is None:
        console.print(f"→ could not be read: {row.problem}", style="red")
        console.print()
        return
    for message in row.reading.turn.messages:
        console.print(f"  {message.inserted_at:%d %b %H:%M}  “{safe(message.text, limit=600)}”")
    if traced and row.resolution.decision.trace is not None:
        show_trace(console, row.resolution.decision.trace)
    show_resolution(console, row.resolution)
    console.print()


def _plain(row: Preview) -> dict[str, object]:
    resolution = row.resolution
    turn = row.reading.turn if row.reading is not None else None
    if resolution is None or turn is None:
        return {"thread_id": row.thread.id, "problem": row.problem}
    return {
        "thread_id": row.thread.id,
        "property": resolution.facts.name,
        "provider": row.thread.provider,
        "messages": [m.text for m in turn.messages],
        "outcome": resolution.decision.outcome,
        "reason": resolution.decision.reason,
        "rules": list(resolution.decision.rules),
        "explanation": resolution.decision.explanation,
        "waits_until": resolution.stop.until if resolution.stop is not None else None,
        "language": resolution.reply.language if resolution.reply is not None else None,
        "reply": resolution.reply.text if resolution.reply is not None else None,
    }
