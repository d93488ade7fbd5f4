"""What `init` wants to know before it writes: which properties, where they are, in which language to answer."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import available_timezones

import click

from autoresponder.app import opened_reader
from autoresponder.cli.loading import Unusable, require_key, show
from autoresponder.cli.own_folder import Place, place_named, tidy
from autoresponder.cli.terminal import note
from autoresponder.clock import SystemClock
from autoresponder.config import Settings
from autoresponder.languages import is_language, language_hint
from autoresponder.settings_file import load_settings
from autoresponder.workspace import SETTINGS_FILE
from autoresponder.yamltext.validation import nearest

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a new folder is for; without properties it gets the samples."""

    places: tuple[Place, ...]
    timezone: str | None
    language: str


def someone_is_there() -> bool:
    """Whether a person can be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def settings_without_file(folder: Path) -> Settings:
    """Settings as the environment has them, for a folder that does not exist yet."""
    settings, problems = load_settings(None, SETTINGS_FILE, dict(os.environ), folder)
    show(problems)
    if settings is None:
        raise Unusable
    return settings


def zone(text: str) -> str:
    """A time zone as it was given.

    Raises:
        click.UsageError: There is none of this name.
    """
    known = available_timezones()
    if text in known:
        return text
    near = nearest(text, sorted(known))
    raise click.UsageError(
        f"There is no time zone '{text[:60]}'. "
        + (f"Did you mean '{near}'?" if near else "Name a city, such as Europe/Lisbon.")
    )


def language_code(text: str) -> str:
    """A language as it was given.

    Raises:
        click.UsageError: It is none.
    """
    if is_language(text):
        return text
    raise click.UsageError(f"'{text[:60]}' is no language code; {language_hint(text)}")


async def account_places(settings: Settings) -> tuple[Place, ...]:
    """The properties of the account, read with a client that cannot write.

    Raises:
        ChannexError: They cannot be read.
        click.UsageError: There are none.
    """
    require_key(settings)
    async with opened_reader(settings.channex, SystemClock(), tell=note) as reader:
        found = [place async for place in reader.all_properties()]
    places = tuple(
        Place(title=p.title, channex_id=str(p.id).lower(), timezone=p.timezone)
        for p in found
        if p.is_active and _UUID.fullmatch(str(p.id))
    )
    if len(places) < len(found):
        note(f"{len(found) - len(places)} properties are left out: they are not active, or have no usable id")
    if not places:
        raise click.UsageError("The account has no properties. Name them with --property instead.")
    return places


def named_places(names: tuple[str, ...]) -> tuple[Place, ...]:
    """Properties that a person named.

    Raises:
        click.UsageError: A name is empty.
    """
    places = tuple(place_named(name) for name in names)
    if any(not tidy(place.title) for place in places):
        raise click.UsageError('A property needs a name, such as --property "Seaview Apartments".')
    return places


def ask_for_account() -> bool:
    """Whether the properties should be read from the account."""
    return click.confirm("Read your properties from your Channex account?", default=True, err=True)


def ask_for_names() -> tuple[str, ...]:
    """Names of the properties; none for the samples."""
    text: str = click.prompt(
        "Names of your properties, with commas between them (Enter: sample properties)",
        default="",
        show_default=False,
        err=True,
    )
    return tuple(name.strip() for name in text.split(",") if name.strip())


def ask_for_zone() -> str:
    """The time zone of the properties."""
    chosen: str = click.prompt("Their time zone", default="Europe/Lisbon", value_proc=zone, err=True)
    return chosen


def ask_for_language() -> str:
    """The language to answer in when the guest's is not known."""
    question = "Language to answer in when a guest's is not known"
    chosen: str = click.prompt(question, default="en", value_proc=language_code, err=True)
    return chosen
