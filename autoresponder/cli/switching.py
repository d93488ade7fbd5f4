"""What `pause` and `resume` share."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from uuid import UUID

import click

from autoresponder.app import opened_ledger
from autoresponder.cli.loading import read_settings, read_workspace
from autoresponder.cli.terminal import out
from autoresponder.config import Settings
from autoresponder.guards import Switches
from autoresponder.workspace import load_workspace
from autoresponder.yamltext.validation import nearest

_SHOWN = 10


def switch(folder: Path, *, on: bool, thread: str | None, place: str | None) -> None:
    """Set or clear a pause and say what it means."""
    if thread is not None and place is not None:
        raise click.UsageError("Give --thread or --property, not both.")
    if thread is not None and not _is_id(thread):
        raise click.UsageError(
            f"'{thread}' is no thread's id. `autoresponder inbox` and `autoresponder why` show the ids."
        )
    settings = read_settings(folder)
    property_id = None if place is None else _property_id(settings, place)
    switches = asyncio.run(_set(settings, on=on, thread=thread, property_id=property_id))
    what = "everywhere"
    if thread is not None:
        what = f"in thread {thread}"
    elif place is not None:
        what = f"for {place}"
    word = "off" if on else "on"
    out().print(f"Automatic replies are {word} {what}. A running service follows within seconds.")
    still = switched_off(switches, settings)
    if still and not on:
        out().print(f"Still off: {still}.")


def switched_off(switches: Switches, settings: Settings) -> str:
    """Where replies are off, for people; empty when nowhere."""
    parts = ["everywhere"] if switches.kill else []
    if switches.paused_properties:
        workspace, _ = load_workspace(settings, dict(os.environ))
        keys = () if workspace is None else workspace.book.keys()
        names = {} if workspace is None else {workspace.book.channex_id(key): key for key in keys}
        parts += [f"for {names.get(place, place)}" for place in sorted(switches.paused_properties)]
    parts += [f"in thread {thread}" for thread in sorted(switches.paused_threads)]
    more = len(parts) - _SHOWN
    return ", ".join(parts[:_SHOWN]) + (f" and in {more} more places" if more > 0 else "")


def _property_id(settings: Settings, place: str) -> str:
    """The Channex id behind a name in properties.yaml; an id stays as it is.

    Raises:
        click.UsageError: It is neither: a pause that means nothing must not look like one.
    """
    book = read_workspace(settings).book
    known = book.channex_id(place)
    if known is not None:
        return known
    if _is_id(place):
        return place.lower()
    near = nearest(place, book.keys())
    hint = f"did you mean '{near}'?" if near else "there are: " + ", ".join(book.keys()[:10])
    raise click.UsageError(f"properties.yaml has no property '{place}', and it is no Channex id; {hint}")


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


async def _set(settings: Settings, *, on: bool, thread: str | None, property_id: str | None) -> Switches:
    async with opened_ledger(settings) as ledger:
        await ledger.pause(on=on, thread_id=thread, property_id=property_id)
        return await ledger.switches()
