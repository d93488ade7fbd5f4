"""`autoresponder schema`: what may stand in which file, for editors."""

from __future__ import annotations

from pathlib import Path

import click

from autoresponder.cli.editor_files import schema_files
from autoresponder.cli.loading import folder_option
from autoresponder.cli.published import KINDS, published
from autoresponder.cli.terminal import note


@click.command("schema")
@click.argument("kind", type=click.Choice(KINDS), required=False)
@click.option(
    "--write", "writes", is_flag=True, help="Write the schema of every kind into .schemas/ of the folder."
)
@folder_option
def command(kind: str | None, folder: Path, *, writes: bool) -> None:
    """Print the JSON Schema (draft 2020-12) of a kind of file, or write all of them into the folder.

    Editors with YAML support complete and check with it. `autoresponder init` puts a copy of each into
    .schemas/ and names it in the first line of every file; after an update of autoresponder, --write renews the
    copies.
    """
    if writes == (kind is not None):
        kinds = ", ".join(KINDS)
        raise click.UsageError(f"Name a kind of file ({kinds}), or write them all with --write.")
    if kind is not None:
        click.echo(published(kind))
        return
    if not folder.is_dir():
        raise click.UsageError(f"There is no folder '{folder}'. Make one with: autoresponder init {folder}")
    for name, text in schema_files().items():
        _write(folder / name, text)
    note(f"{len(schema_files())} schemas are in {folder / '.schemas'}, as this version has them.")


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"cannot write {file}: {error.strerror}") from error
