"""`autoresponder pause`: switch automatic replies off."""

from __future__ import annotations

from pathlib import Path

import click

from autoresponder.cli.loading import folder_option
from autoresponder.cli.switching import switch


@click.command("pause")
@folder_option
@click.option("--thread", metavar="THREAD_ID", help="Only this thread.")
@click.option("--property", "place", metavar="NAME_OR_ID", help="Only this property.")
def command(folder: Path, thread: str | None, place: str | None) -> None:
    """Switch automatic replies off: everywhere, for a property, or in a thread."""
    switch(folder, on=True, thread=thread, place=place)
