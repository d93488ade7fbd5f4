"""`autoresponder why`: what was decided about a message, and why."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click
from msgspec.structs import replace

from autoresponder.app import opened_ledger
from autoresponder.cli.hindsight import Hindsight, hindsight, recorded_trace, show_hindsight
from autoresponder.cli.loading import folder_option, read_settings
from autoresponder.cli.showing import show_deliveries, show_trace
from autoresponder.cli.terminal import echo_json, out, safe
from autoresponder.config import Settings
from autoresponder.decision import Trace
from autoresponder.records import JournalEntry


@click.command("why")
@click.argument("message_id")
@folder_option
@click.option("--format", "form", type=click.Choice(["human", "json"]), default="human", show_default=True)
@click.pass_context
def command(ctx: click.Context, message_id: str, folder: Path, form: str) -> None:
    """Say what was decided about MESSAGE_ID, rule by rule, as it was recorded.

    Also tells how near the other rules came, what the rules as they are now would do, and when the same words would
    be answered.
    """
    settings = read_settings(folder)
    entry = asyncio.run(_find(settings, message_id))
    if entry is None:
        out().print(
            f"Nothing is recorded about message '{message_id}'. It may be older than the retention time, "
            "or autoresponder has not seen it."
        )
        ctx.exit(1)
    seen = hindsight(settings, entry, datetime.now(UTC))
    trace = recorded_trace(entry, seen)
    if form == "json":
        echo_json(replace(entry, trace=trace))
        return
    _show(entry, trace, seen)


async def _find(settings: Settings, message_id: str) -> JournalEntry | None:
    """The decision; of a turn that is not over, with how far it has come."""
    async with opened_ledger(settings) as ledger:
        entry = await ledger.decision(message_id)
        if entry is None:
            return None
        record = await ledger.record(entry.thread_id)
        turn = None if record is None else record.turn
        if turn is None or turn.trigger_id != entry.trigger_id or not turn.deliveries:
            return entry
        return replace(entry, deliveries=turn.deliveries)


def _show(entry: JournalEntry, trace: Trace | None, seen: Hindsight | None) -> None:
    console = out()
    console.print(f"{safe(entry.guest)} · {entry.property_name} · {entry.provider}", style="bold")
    for message in entry.messages:
        console.print(f"  {message.at:%Y-%m-%d %H:%M} UTC  “{safe(message.text)}”")
    console.print(f"Thread {entry.thread_id}", style="dim")
    console.print(f"Decided {entry.at:%Y-%m-%d %H:%M:%S} UTC with rules {entry.workspace[:12]}")
    console.print(f"Outcome: {entry.outcome.value}" + (f" ({entry.reason.value})" if entry.reason else ""))
    if entry.explanation:
        console.print(f"Why: {safe(entry.explanation)}")
    if trace is not None:
        show_trace(console, trace)
    if entry.reply:
        console.print("Reply:")
        console.print(safe(entry.reply), style="green")
    show_deliveries(console, entry.deliveries)
    if seen is not None:
        show_hindsight(console, entry, seen)
