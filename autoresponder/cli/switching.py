"""What `pause` and `resume` share."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from autoresponder.app import opened_ledger
from autoresponder.cli.loading import read_settings, read_workspace
from autoresponder.cli.terminal import out
from autoresponder.config import Settings


def switch(folder: Path, *, on: bool, thread: str | None, place: str | None) -> None:
    """Set or clear a pause and say what it means."""
    if thread is not None and place is not None:
        raise click.UsageError("Give --thread or --property, not both.")
    settings = read_settings(folder)
    property_id = None if place is None else _property_id(settings, place)
    asyncio.run(_set(settings, on=on, thread=thread, property_id=property_id))
    what = "everywhere"
    if thread is not None:
        what = f"in thread {thread}"
    elif place is not None:
        what = f"for {place}"
    word = "off" if on else "on"
    out().print(f"Automatic replies are {word} {what}. A running service follows within seconds.")


def _property_id(settings: Settings, place: str) -> str:
    """The Channex id behind a name in properties.yaml; an id stays as it is."""
    book = read_workspace(settings).book
    known = book.channex_id(place)
    return place if known is None else known


async def _set(settings: Settings, *, on: bool, thread: str | None, property_id: str | None) -> None:
    async with opened_ledger(settings) as ledger:
        await ledger.pause(on=on, thread_id=thread, property_id=property_id)
