"""`autoresponder init`: make a working folder."""

from __future__ import annotations

from pathlib import Path

import click

from autoresponder.cli.terminal import note, out
from autoresponder.errors import ConfigError
from autoresponder.starter import sample_files, starter_files


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--force", is_flag=True, help="Write even where files exist; existing files are kept.")
def command(folder: Path, *, force: bool) -> None:
    """Make FOLDER a working folder: settings, starter rules, reply templates, sample properties.

    Nothing that exists is ever overwritten.
    """
    files = {**starter_files(), **sample_files()}
    taken = [name for name in files if (folder / name).exists()]
    if taken and not force:
        raise ConfigError(
            f"'{folder}' already has {taken[0]}"
            + (f" and {len(taken) - 1} more of the files" if len(taken) > 1 else "")
            + "; choose an empty folder, or use --force to add only what is missing"
        )
    written = 0
    for name, text in sorted(files.items()):
        target = folder / name
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        written += 1
    console = out()
    console.print(f"{written} files written to {folder}")
    if taken:
        note(f"{len(taken)} files were there and stay as they are")
    where = "" if folder == Path() else f"cd {folder} && "
    console.print("Next:")
    console.print("  1. put your properties into properties.yaml (names, facts, Channex ids)")
    console.print(f"  2. {where}autoresponder check")
    console.print('  3. autoresponder explain --text "What is the wifi password?"')
    console.print(
        "  4. CHANNEX_API_KEY=… autoresponder preview     (shows what would be sent; sends nothing)"
    )
