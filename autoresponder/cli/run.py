"""`autoresponder run`: watch the account and answer."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import click
from rich.progress import Progress

from autoresponder.app import Running, calm_collector, opened_service
from autoresponder.cli.live import follow, live_workspace
from autoresponder.cli.loading import folder_option, read_settings, require_key
from autoresponder.cli.sandbox_clock import chosen_clock
from autoresponder.cli.showing import show_resolution
from autoresponder.cli.switching import switched_off
from autoresponder.cli.terminal import echo_json_line, note, out, progress, safe
from autoresponder.clock import Clock
from autoresponder.config import Settings
from autoresponder.errors import StoreError
from autoresponder.reload import LiveWorkspace
from autoresponder.service.health import HealthServer, Readiness
from autoresponder.service.logs import set_up
from autoresponder.service.reports import TurnReport

log = logging.getLogger(__name__)


@click.command("run")
@folder_option
@click.option("--dry-run", is_flag=True, help="Decide and show, but have no way to send.")
@click.option("--once", is_flag=True, help="Look once, handle what is due, and end.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["human", "json"]),
    default="human",
    show_default=True,
    help="How --dry-run shows decisions.",
)
def command(folder: Path, form: str, *, dry_run: bool, once: bool) -> None:
    """Watch the account and answer by your rules.

    Stops cleanly on Ctrl-C or SIGTERM: what is in flight is finished or handed back.
    """
    settings = read_settings(folder)
    require_key(settings)
    live = live_workspace(settings, kept=not dry_run)
    set_up(settings.log_level)
    calm_collector()
    asyncio.run(_run(settings, live, form, dry_run=dry_run, once=once))


async def _run(
    settings: Settings,
    live: LiveWorkspace,
    form: str,
    *,
    dry_run: bool,
    once: bool,
) -> None:
    clock = await chosen_clock(settings.channex)
    watch = None
    if dry_run:
        note("dry run: this process has no way to send anything")

        def watch(report: TurnReport) -> None:
            _show(report, form)

    async with opened_service(settings, live, clock=clock, dry_run=dry_run, watch=watch) as running:
        if once:
            await _once(running, settings)
            return
        async with (
            _served(settings, live, running, dry_run=dry_run),
            _followed(settings, live, running, clock),
        ):
            _stop_on_signals(running)
            log.info(
                "watching",
                extra={
                    "action": "started",
                    "rules": live().version[:12],
                    "store": settings.store.reveal().partition(":")[0],
                    "dry_run": dry_run,
                },
            )
            with progress("reading threads") as bar:
                await running.service.first_look(_counter(bar))
            await _tell_of_silence(running, settings)
            await running.service.run()


async def _once(running: Running, settings: Settings) -> None:
    with progress("reading threads") as bar:
        cycle = await running.service.once(_counter(bar))
    note(f"{cycle.seen} threads seen, {cycle.changed} with news, {cycle.requests} list requests")
    await _tell_of_silence(running, settings)
    due = await running.ledger.next_due()
    if due is not None:
        note(f"some turns wait until {due:%H:%M:%S} UTC or later; run again then")


async def _tell_of_silence(running: Running, settings: Settings) -> None:
    """A service that sends nothing says so, and why; nobody should have to wonder."""
    readiness = running.service.readiness()
    if readiness.sending != "on":
        log.warning("nothing is sent", extra={"action": "not_sending", "sending": readiness.sending})
    try:
        off = switched_off(await running.ledger.switches(), settings)
    except StoreError:
        return  # the service tells of it, and goes on by itself
    if off:
        log.warning("replies are switched off", extra={"action": "switched_off", "where": off})


def _counter(bar: Progress) -> Callable[[int, int | None], None]:
    def count(seen: int, total: int | None) -> None:
        for task in bar.task_ids:
            bar.update(task, completed=seen, total=total)

    return count


@asynccontextmanager
async def _followed(
    settings: Settings, live: LiveWorkspace, running: Running, clock: Clock
) -> AsyncIterator[None]:
    """Changes to the folder are taken up while the service runs."""
    task = asyncio.create_task(follow(live, settings, running, clock), name="reload")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _served(
    settings: Settings, live: LiveWorkspace, running: Running, *, dry_run: bool
) -> AsyncIterator[None]:
    if not settings.listen.enabled:
        yield
        return

    def readiness() -> Readiness:
        state = replace(running.service.readiness(), files=live.trouble or "ok")
        return replace(state, sending="off: a dry run has no way to send") if dry_run else state

    server = HealthServer(settings.listen, readiness, running.metrics)
    port = await server.start()
    note(f"health and metrics on http://{settings.listen.host}:{port}/readyz")
    try:
        yield
    finally:
        await server.stop()


def _stop_on_signals(running: Running) -> None:
    """The first signal ends in order; a second one takes its usual, abrupt effect."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)

    def stop() -> None:
        note("stopping: finishing what is in flight")
        running.service.stop()
        for number in signals:
            loop.remove_signal_handler(number)

    for number in signals:
        loop.add_signal_handler(number, stop)


def _show(report: TurnReport, form: str) -> None:
    if report.resolution is None:
        return
    entry = report.entry
    if form == "json":
        echo_json_line(entry)
        return
    console = out()
    console.print(f"{safe(entry.guest)} · {entry.property_name} · {entry.provider}", style="bold")
    for message in entry.messages:
        console.print(f"  “{safe(message.text, limit=600)}”")
    show_resolution(console, report.resolution)
    console.print()
