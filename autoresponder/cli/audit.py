"""`autoresponder audit`: does every text that was sent stand in its thread exactly once?"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import click

from autoresponder.app import opened_ledger, opened_reader
from autoresponder.cli.loading import folder_option, read_settings, require_key
from autoresponder.cli.sandbox_clock import chosen_clock
from autoresponder.cli.terminal import echo_json, out, progress
from autoresponder.config import Settings
from autoresponder.delivery.audit import Report, audit
from autoresponder.durations import parse_duration

_MOST = 100_000
_SHOWN = 50


def _span(_ctx: click.Context, _param: click.Parameter, value: str) -> timedelta:
    span = parse_duration(value)
    if span is None:
        raise click.BadParameter(f"'{value}' is no length of time: write a number with m, h or d, such as 7d")
    return span


@click.command("audit")
@folder_option
@click.option(
    "--since", callback=_span, default="7d", show_default=True, metavar="TIME", help="How far back to look."
)
@click.option("--format", "form", type=click.Choice(["human", "json"]), default="human", show_default=True)
@click.pass_context
def command(ctx: click.Context, folder: Path, since: timedelta, form: str) -> None:
    """Count, in the threads themselves, the texts that are recorded as sent: each must be there once.

    Ends with code 1 when a text is there twice or not at all, or when somebody else answers as well.
    """
    settings = read_settings(folder)
    require_key(settings)
    report = asyncio.run(_audit(settings, since))
    if form == "json":
        echo_json(report)
    else:
        _show(report)
    if report.findings:
        ctx.exit(1)


async def _audit(settings: Settings, since: timedelta) -> Report:
    clock = await chosen_clock(settings.channex)
    now = clock.now()
    async with opened_ledger(settings) as ledger, opened_reader(settings.channex, clock) as reader:
        entries = await ledger.decisions(since=now - since, limit=_MOST)
        with progress("reading threads") as bar:
            return await audit(
                reader,
                entries,
                activated_at=await ledger.activated_at(now),
                progress=lambda done, of: bar.update(bar.task_ids[0], completed=done, total=of),
            )


def _show(report: Report) -> None:
    console = out()
    console.print(
        f"{report.texts} texts sent in {report.threads} threads; {report.found} of them found there."
    )
    for finding in report.findings[:_SHOWN]:
        console.print(f"{finding.kind.value}: {finding.explanation}", style="bold red")
        console.print(f"  thread {finding.thread_id}, answering message {finding.trigger_id}", style="dim")
    if len(report.findings) > _SHOWN:
        console.print(f"and {len(report.findings) - _SHOWN} more; --format json shows all")
    for thread in report.unread:
        console.print(f"not read: thread {thread}", style="dim")
    if not report.findings:
        console.print("Every text is there exactly once.", style="green")
        return
    console.print(
        "See whether a second program uses the same API key, then: autoresponder why MESSAGE_ID. "
        "Replies that were switched off go on with: autoresponder resume"
    )
