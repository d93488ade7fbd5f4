"""`autoresponder resume`: switch automatic replies on again."""

from __future__ import annotations

from pathlib import Path

import click

from autoresponder.cli.loading import folder_option
from autoresponder.cli.switching import switch


@click.command("resume")
@folder_option
@click.option("--thread", metavar="THREAD_ID", help="Only this thread.")
@click.option("--property", "place", metavar="NAME_OR_ID", help="Only this property.")
def command(folder: Path, thread: str | None, place: str | None) -> None:
    """Switch automatic replies on again: everywhere, for a property, or in a thread."""
    switch(folder, on=False, thread=thread, place=place)
