"""`autoresponder init`: make a working folder."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import click

from autoresponder.cli import asking
from autoresponder.cli.asking import Wishes
from autoresponder.cli.editor_files import with_editor_files
from autoresponder.cli.own_folder import own_files
from autoresponder.cli.terminal import note, out
from autoresponder.errors import ConfigError
from autoresponder.starter import sample_files, starter_files


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--force", is_flag=True, help="Write even where files exist; existing files are kept.")
@click.option(
    "--property",
    "names",
    metavar="NAME",
    multiple=True,
    help="A property of yours, as NAME or NAME=CHANNEX_ID; may be given several times.",
)
@click.option(
    "--from-account", is_flag=True, help="Take the properties from your Channex account; only reads."
)
@click.option("--timezone", metavar="ZONE", help="Where the properties are, such as Europe/Lisbon.")
@click.option("--language", metavar="CODE", help="What to answer in when a guest's language is not known.")
def command(
    folder: Path,
    names: tuple[str, ...],
    timezone: str | None,
    language: str | None,
    *,
    force: bool,
    from_account: bool,
) -> None:
    """Make FOLDER a working folder: settings, starter rules, reply templates, properties.

    In a terminal it asks for your properties. Without one, and without options, it writes sample properties.
    Nothing that exists is ever overwritten.
    """
    samples = {**starter_files(), **sample_files()}
    taken = [name for name in samples if (folder / name).exists()]
    if taken and not force:
        raise ConfigError(
            f"'{folder}' already has {taken[0]}"
            + (f" and {len(taken) - 1} more of the files" if len(taken) > 1 else "")
            + "; choose an empty folder, or use --force to add only what is missing"
        )
    wishes = _wishes(folder, names, timezone, language, from_account=from_account)
    files: Mapping[str, str] = samples
    if wishes.places:
        files = own_files(samples, wishes.places, timezone=wishes.timezone, language=wishes.language)
    files = with_editor_files(files)
    written = 0
    for name, text in sorted(files.items()):
        target = folder / name
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        written += 1
    out().print(f"{written} files written to {folder}")
    if taken:
        note(f"{len(taken)} files were there and stay as they are")
    if "timezone: UTC " in files["properties.yaml"]:
        note("the time zone is not known: write yours into properties.yaml (it says UTC now)")
    _say_next(folder, wishes)


def _wishes(
    folder: Path, names: tuple[str, ...], timezone: str | None, language: str | None, *, from_account: bool
) -> Wishes:
    """What was asked for by options, or is answered in a terminal when there are none."""
    if names and from_account:
        raise click.UsageError("Give --property or --from-account, not both.")
    place_zone = None if timezone is None else asking.zone(timezone)
    code = None if language is None else asking.language_code(language)
    if not names and not from_account and (place_zone or code) and not asking.someone_is_there():
        raise click.UsageError("--timezone and --language go with --property or --from-account.")
    asks = not names and not from_account and asking.someone_is_there()
    if asks:
        settings = asking.settings_without_file(folder)
        from_account = bool(settings.channex.api_key) and asking.ask_for_account()
        names = () if from_account else asking.ask_for_names()
    if from_account:
        places = asyncio.run(asking.account_places(asking.settings_without_file(folder)))
    else:
        places = asking.named_places(names)
    if asks and places:
        place_zone = place_zone or (None if from_account else asking.ask_for_zone())
        code = code or asking.ask_for_language()
    return Wishes(places=places, timezone=place_zone, language=code or "en")


def _say_next(folder: Path, wishes: Wishes) -> None:
    console = out()
    where = "" if folder == Path() else f"cd {folder} && "
    console.print("Next:")
    if wishes.places:
        count = f"{len(wishes.places)} {'property' if len(wishes.places) == 1 else 'properties'}"
        console.print(
            f"  1. write what is true of your {count} into properties.yaml (its first lines say how)"
        )
    else:
        console.print("  1. put your properties into properties.yaml (names, facts, Channex ids)")
    console.print(f"  2. {where}autoresponder check")
    console.print('  3. autoresponder explain --text "What is the wifi password?"')
    console.print(
        "  4. CHANNEX_API_KEY=… autoresponder preview     (shows what would be sent; sends nothing)"
    )
