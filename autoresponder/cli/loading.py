"""Reads the working folder for a command; what is wrong with it is shown as `check` shows it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from autoresponder.cli.terminal import colourful
from autoresponder.config import Settings
from autoresponder.lint.report import render_human
from autoresponder.problems import Problem, Severity
from autoresponder.settings_file import load_settings
from autoresponder.workspace import SETTINGS_FILE, Workspace, load_workspace

F = TypeVar("F", bound=Callable[..., Any])


def folder_option(function: F) -> F:
    """`--folder`: the working folder of a command."""
    return click.option(
        "-C",
        "--folder",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(),
        help="The working folder (where autoresponder.yaml is); the present one by default.",
    )(function)


class Unusable(click.exceptions.Exit):
    """The folder has problems that were shown; exit code 1."""

    def __init__(self) -> None:
        super().__init__(1)


def read_settings(folder: Path, *, overrides: Mapping[str, str] | None = None) -> Settings:
    """Read autoresponder.yaml and the environment.

    Args:
        folder: The working folder.
        overrides: Variables that count as if they stood in the environment.

    Raises:
        Unusable: There are errors; they were shown.
    """
    if not folder.is_dir():
        raise click.UsageError(f"There is no folder '{folder}'. Make one with: autoresponder init {folder}")
    settings, problems = load_settings(
        settings_text(folder), SETTINGS_FILE, {**os.environ, **(overrides or {})}, folder
    )
    show(problems)
    if settings is None:
        raise Unusable
    return settings


def settings_text(folder: Path) -> bytes | None:
    """What stands in a folder's autoresponder.yaml; None when there is none."""
    file = folder / SETTINGS_FILE
    return file.read_bytes() if file.is_file() else None


def read_workspace(settings: Settings) -> Workspace:
    """Read rules, templates and properties.

    Raises:
        Unusable: There are errors; they were shown.
    """
    workspace, problems = load_workspace(settings, dict(os.environ))
    show([p for p in problems if p.severity is Severity.ERROR or workspace is None])
    if workspace is None:
        raise Unusable
    return workspace


def show(problems: list[Problem]) -> None:
    """Show problems on standard error, as `check` does."""
    if problems:
        click.echo(render_human(problems, colour=colourful(sys.stderr)), err=True)


def require_key(settings: Settings) -> None:
    """Say how to give the API key when there is none."""
    if not settings.channex.api_key:
        raise click.UsageError(
            "There is no Channex API key. Set CHANNEX_API_KEY, or CHANNEX_API_KEY_FILE to a file that "
            "holds it. You make a key in Channex under User profile → API keys."
        )
