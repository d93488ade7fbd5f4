"""`autoresponder inbox`: what waits for a person."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import click
from msgspec.structs import replace

from autoresponder.app import opened_ledger
from autoresponder.cli.loading import folder_option, read_settings
from autoresponder.cli.sandbox_clock import chosen_clock
from autoresponder.cli.terminal import echo_json, out, safe
from autoresponder.config import Settings
from autoresponder.durations import spoken
from autoresponder.records import JournalEntry, ThreadRecord


@click.command("inbox")
@folder_option
@click.option("--format", "form", type=click.Choice(["human", "json"]), default="human", show_default=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.option(
    "--done", "done_thread", metavar="THREAD_ID", help="Take a thread off the list: you answered it."
)
def command(folder: Path, form: str, limit: int, done_thread: str | None) -> None:
    """List the threads that wait for a person, the longest waiting first."""
    settings = read_settings(folder)
    if done_thread is not None:
        asyncio.run(_done(settings, done_thread))
        return
    rows, now = asyncio.run(_rows(settings, limit))
    if form == "json":
        echo_json([_plain(record, entry) for record, entry in rows])
        return
    console = out()
    if not rows:
        console.print("Nobody waits for a person.")
        return
    for record, entry in rows:
        waiting = record.waiting
        assert waiting is not None
        length = spoken(now - waiting.since)
        where = entry.property_name if entry is not None else record.property_id or "?"
        guest = safe(entry.guest) if entry is not None else ""
        console.print(f"{guest or 'guest'} · {where} · {record.provider} · waits {length}", style="bold")
        console.print(f"  why: {safe(waiting.explanation)}")
        for message in entry.messages if entry is not None else ():
            console.print(f"  “{safe(message.text, limit=300)}”")
        console.print(f"  thread {record.thread_id}", style="dim")
        if entry is not None:
            console.print(f"  rule by rule: autoresponder why {waiting.trigger_id}", style="dim")
    console.print(
        "Who is answered in the thread leaves the list; otherwise: autoresponder inbox --done THREAD_ID",
        style="dim",
    )


async def _rows(
    settings: Settings, limit: int
) -> tuple[list[tuple[ThreadRecord, JournalEntry | None]], datetime]:
    """Who waits, and the present by the clock that the service goes by."""
    clock = await chosen_clock(settings.channex)
    async with opened_ledger(settings) as ledger:
        records = await ledger.waiting(limit=limit)
        rows = []
        for record in records:
            trigger = record.waiting.trigger_id if record.waiting is not None else ""
            rows.append((record, await ledger.decision(f"{record.thread_id}/{trigger}")))
        return rows, clock.now()


async def _done(settings: Settings, thread_id: str) -> None:

    async with opened_ledger(settings) as ledger:
        held = await ledger.take(thread_id)
        if held is None:
            raise click.UsageError("The service is at this thread right now; try again in a moment.")
        if held.record.waiting is None:
            await ledger.release(held)
            raise click.UsageError(f"Thread '{thread_id}' is not waiting.")
        await ledger.commit(held, replace(held.record, waiting=None), release=True)
    out().print("Taken off the list.")


def _plain(record: ThreadRecord, entry: JournalEntry | None) -> dict[str, object]:
    waiting = record.waiting
    assert waiting is not None
    return {
        "thread_id": record.thread_id,
        "message_id": waiting.trigger_id,
        "property": entry.property_name if entry is not None else record.property_id,
        "provider": record.provider,
        "guest": entry.guest if entry is not None else "",
        "since": waiting.since,
        "deadline": waiting.deadline,
        "outcome": waiting.outcome,
        "reason": waiting.reason,
        "explanation": waiting.explanation,
        "messages": [m.text for m in entry.messages] if entry is not None else [],
    }
