"""`autoresponder preview`: what would be sent to every open thread. Sends nothing."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click

from autoresponder.app import opened_reader
from autoresponder.channex.interface import ChannexReader
from autoresponder.cli.loading import folder_option, read_settings, read_workspace, require_key
from autoresponder.cli.preview_view import View
from autoresponder.cli.preview_watch import watch
from autoresponder.cli.sandbox_clock import chosen_clock
from autoresponder.cli.terminal import fail, note, progress
from autoresponder.clock import Clock
from autoresponder.config import Settings
from autoresponder.errors import ChannexForbidden, ChannexNotFound
from autoresponder.intake import Intake
from autoresponder.model import Property, PropertyId, StayStage
from autoresponder.preview import Instead, Seen, open_threads, seen
from autoresponder.workspace import Workspace

_SHOWN = 5


@click.command("preview")
@folder_option
@click.option("--format", "form", type=click.Choice(["human", "jsonl"]), default="human", show_default=True)
@click.option("--limit", type=click.IntRange(1), help="Look at no more than so many threads.")
@click.option("--trace", "traced", is_flag=True, help="Show every rule for every thread.")
@click.option("--at", metavar="TIME", help="Look as if it were this time: 2026-05-01T22:10 (UTC).")
@click.option("--property", "place", metavar="NAME", help="As if every guest were at this property.")
@click.option(
    "--stay",
    type=click.Choice([stage.value for stage in StayStage]),
    help="As if every guest were at this stage.",
)
@click.option(
    "--watch", "watched", is_flag=True, help="Show it again whenever a file of the folder is saved."
)
def command(
    folder: Path,
    form: str,
    limit: int | None,
    at: str | None,
    place: str | None,
    stay: str | None,
    *,
    traced: bool,
    watched: bool,
) -> None:
    """Show, for every open thread, the guest's words, the rule, and the reply that would go out.

    This command holds a client that cannot write: there is no way for it to send anything.
    """
    if watched and form != "human":
        raise click.UsageError("--watch is for looking at: leave --format away.")
    settings = read_settings(folder)
    require_key(settings)
    workspace = read_workspace(settings)
    property_id = None if place is None else _property(workspace, place)
    stage = None if stay is None else StayStage(stay)
    found, lost, view = asyncio.run(_read(settings, at, limit, property_id, stage, traced=traced, form=form))
    view.show(workspace, found)
    if watched:
        note(
            "Save a file of the folder, and this is shown again; threads stay as they were read. Ctrl-C ends."
        )
        watch(
            workspace,
            settings,
            lambda changed, by: view.show(changed, found, settings=by, fresh=True),
        )
    if lost:
        shown = "; ".join(lost[:_SHOWN]) + ("; …" if len(lost) > _SHOWN else "")
        fail(f"not everything could be read; left out: {shown}")
        raise click.exceptions.Exit(1)


def _moment(at: str | None, clock: Clock) -> datetime:
    if at is None:
        return clock.now()
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise click.UsageError(f"'{at}' is not a time; write it like 2026-05-01T22:10") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _property(workspace: Workspace, place: str) -> PropertyId:
    found = workspace.book.channex_id(place)
    if found is None:
        names = ", ".join(workspace.book.keys())
        raise click.UsageError(f"There is no property '{place}' in properties.yaml: {names}")
    return PropertyId(found)


async def _read(
    settings: Settings,
    at: str | None,
    limit: int | None,
    property_id: PropertyId | None,
    stay: StayStage | None,
    *,
    traced: bool,
    form: str,
) -> tuple[list[Seen], list[str], View]:
    """Every open thread, what could not be read, and how to show it."""
    clock = await chosen_clock(settings.channex)
    lost: list[str] = []
    async with opened_reader(settings.channex, clock, tell=note) as reader:
        with progress("reading threads") as bar:
            task = bar.task_ids[0]
            threads = await open_threads(
                reader,
                lambda number, total: bar.update(task, completed=number, total=total),
                tell=lost.append,
            )
            threads = threads[:limit] if limit is not None else threads
            bar.reset(task, description="reading messages", total=len(threads))
            found = []
            async for one in seen(threads, Intake(reader, clock)):
                found.append(one)
                bar.advance(task)
        instead = Instead(
            property=None if property_id is None else await _described(reader, property_id), stay=stay
        )
    moment = _moment(at, clock)
    return found, lost, View(settings, now=moment, instead=instead, traced=traced, form=form)


async def _described(reader: ChannexReader, property_id: PropertyId) -> Property:
    """The property as Channex describes it; a key limited to messages sees none, and properties.yaml says enough."""
    try:
        return await reader.property(property_id)
    except (ChannexNotFound, ChannexForbidden):
        return Property(id=property_id, title="")
