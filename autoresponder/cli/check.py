"""`autoresponder check`: find mistakes before guests do."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

import click

from autoresponder import __version__
from autoresponder.cli.fixing import repair, write
from autoresponder.cli.loading import folder_option
from autoresponder.cli.terminal import colourful, note
from autoresponder.cli.watching import again_on_change
from autoresponder.lint.formats import render_github, render_junit, render_sarif
from autoresponder.lint.linter import check_folder, raw_files
from autoresponder.lint.report import render_human, render_json
from autoresponder.problems import Problem, Severity
from autoresponder.workspace import SETTINGS_FILE, content_version
from autoresponder.yamltext import each_file_once


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
@click.option("--fix", is_flag=True, help="Repair what is clear, after showing it as a diff.")
@click.option("--yes", is_flag=True, help="With --fix: write without asking.")
@click.option("--watch", is_flag=True, help="Check again whenever a file is saved, until Ctrl-C.")
@click.pass_context
def command(
    ctx: click.Context,
    path: Path | None,
    folder: Path,
    form: str,
    *,
    strict: bool,
    fix: bool,
    yes: bool,
    watch: bool,
) -> None:
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
    if watch and (fix or form != "human"):
        raise click.UsageError("--watch goes neither with --fix nor with another --format than human.")
    if watch:
        _watch(place)
    if fix:
        _fix(place, yes=yes)
    problems = _problems(place)
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


def _problems(place: Path) -> list[Problem]:
    return check_folder(place, dict(os.environ), today=_today())


def _today() -> date:
    return datetime.now().astimezone().date()


def _watch(place: Path) -> NoReturn:
    """Check again and again; files that did not change are not parsed anew."""

    def check() -> None:
        click.echo(f"-- {datetime.now().astimezone():%H:%M:%S}", err=True)
        click.echo(render_human(_problems(place), colour=colourful(sys.stdout)))

    with each_file_once():
        again_on_change(lambda: content_version(raw_files(place, dict(os.environ))), check)
    raise AssertionError("only Ctrl-C ends this")


def _fix(place: Path, *, yes: bool) -> None:
    """Show what can be repaired, and write it when the user wants it."""
    found = repair(place, dict(os.environ), _today())
    if not found.files:
        note("Nothing here can be repaired without a decision of yours.")
        return
    click.echo(found.diff, nl=False)
    left = f"{found.before - found.after} of {found.before} problems would be gone"
    if not yes and not sys.stdin.isatty():
        note(f"{left}; nothing was written: add --yes to write")
        return
    if yes or click.confirm(f"{left}. Write this?", err=True):
        write(place, found)
        note("written")
