"""`autoresponder check`: find mistakes before guests do."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

import click

from autoresponder import __version__
from autoresponder.cli.loading import SETTINGS_FILE, folder_option
from autoresponder.cli.terminal import colourful
from autoresponder.lint.formats import render_github, render_junit, render_sarif
from autoresponder.lint.linter import check_folder
from autoresponder.lint.report import render_human, render_json
from autoresponder.problems import Severity


@click.command("check")
@click.argument("path", required=False, type=click.Path(path_type=Path, file_okay=False))
@folder_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["human", "json", "sarif", "github", "junit"]),
    default="human",
    show_default=True,
    help="For people, scripts, code scanning, GitHub annotations, or test reports.",
)
@click.option("--strict", is_flag=True, help="Warnings count as problems, too.")
@click.pass_context
def command(ctx: click.Context, path: Path | None, folder: Path, form: str, *, strict: bool) -> None:
    """Find mistakes in settings, rules, topics, templates, properties and tests.

    Exit code 0: nothing wrong. 1: problems. Never uses the network.
    """
    place = path or folder
    if not place.is_dir():
        raise click.UsageError(f"There is no folder '{place}'. Make one with: autoresponder init {place}")
    if not (place / SETTINGS_FILE).is_file() and not (place / "rules").is_dir():
        raise click.UsageError(
            f"'{place}' holds neither {SETTINGS_FILE} nor rules/. Make a working folder with: autoresponder init"
        )
    problems = check_folder(place, dict(os.environ), today=datetime.now().astimezone().date())
    if form == "json":
        click.echo(render_json(problems))
    elif form == "sarif":
        click.echo(render_sarif(problems, __version__))
    elif form == "github":
        click.echo(render_github(problems), nl=bool(problems))
    elif form == "junit":
        click.echo(render_junit(problems, strict=strict))
    else:
        click.echo(render_human(problems, colour=colourful(sys.stdout)))
    bad = [p for p in problems if strict or p.severity is Severity.ERROR]
    ctx.exit(1 if bad else 0)
