"""`autoresponder doctor`: what is wrong with everything around the rules, in one screen."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import click

from autoresponder.app import opened_ledger, opened_reader, server_time
from autoresponder.cli.editor_files import outdated_schemas, schema_files
from autoresponder.cli.findings import show_findings
from autoresponder.cli.loading import folder_option, read_settings
from autoresponder.cli.switching import switched_off
from autoresponder.cli.terminal import echo_json, note
from autoresponder.clock import SystemClock
from autoresponder.config import Settings
from autoresponder.delivery.mark import NoMark, mark_of
from autoresponder.doctor import Finding, Grade, examine_channex, examine_clock, examine_store
from autoresponder.errors import ConfigError
from autoresponder.lint.linter import check_folder
from autoresponder.problems import Severity
from autoresponder.properties import PropertyBook
from autoresponder.store import open_store
from autoresponder.workspace import load_workspace


@click.command("doctor")
@folder_option
@click.option("--format", "form", type=click.Choice(["human", "json"]), default="human", show_default=True)
@click.pass_context
def command(ctx: click.Context, folder: Path, form: str) -> None:
    """Check key, Messages app, properties, store, clock and rules. Sends nothing."""
    settings = read_settings(folder)
    findings = asyncio.run(_examine(settings))
    if form == "json":
        echo_json(findings)
    else:
        show_findings(findings)
    ctx.exit(1 if any(f.grade is Grade.BAD for f in findings) else 0)


async def _examine(settings: Settings) -> list[Finding]:
    workspace, _ = load_workspace(settings, dict(os.environ))
    book = None if workspace is None else workspace.book
    findings = await _account(settings, book)
    try:
        store = open_store(settings.store.reveal(), folder=settings.folder)
    except ConfigError as error:
        findings.append(Finding(subject="store", grade=Grade.BAD, text=str(error)))
    else:
        looked = [finding async for finding in examine_store(store)]
        findings += looked
        if not any(finding.grade is Grade.BAD for finding in looked):
            findings += await _switches(settings)
    if settings.channex.api_key:
        findings.append(examine_clock(datetime.now(UTC), await server_time(settings.channex)))
    return [*findings, *_mark(settings), _rules(settings), *_editor(settings.folder)]


def _mark(settings: Settings) -> list[Finding]:
    """Whether this machine can keep what it knows of its store; a service at work is told in its log only."""
    folder = settings.folder / settings.state
    if isinstance(mark_of(settings), NoMark) or (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        return []
    return [
        Finding(
            subject="store",
            grade=Grade.WARNING,
            text=f"nothing can be kept beside it in {folder}, so a store that is emptied while nothing runs goes unnoticed",
            remedy="set AUTORESPONDER_STATE to a folder that only this machine writes to",
        )
    ]


async def _account(settings: Settings, book: PropertyBook | None) -> list[Finding]:
    """Key, Messages app and properties; what cannot be looked at without a key is named."""
    if settings.channex.api_key:
        async with opened_reader(settings.channex, SystemClock(), tell=note) as reader:
            return [finding async for finding in examine_channex(reader, book)]
    missing = Finding(
        subject="API key",
        grade=Grade.BAD,
        text="there is none",
        remedy="set CHANNEX_API_KEY, or CHANNEX_API_KEY_FILE to a file that holds it",
    )
    rest = ("Messages app", "properties.yaml", "clock")
    return [
        missing,
        *(
            Finding(subject=name, grade=Grade.UNKNOWN, text="not checked: that needs the key")
            for name in rest
        ),
    ]


async def _switches(settings: Settings) -> list[Finding]:
    """What people switched off; nothing to say when all is on."""
    async with opened_ledger(settings) as ledger:
        off = switched_off(await ledger.switches(), settings)
    if not off:
        return []
    return [
        Finding(
            subject="replies",
            grade=Grade.WARNING,
            text=f"switched off {off}",
            remedy="switch them on again with: autoresponder resume",
        )
    ]


def _editor(folder: Path) -> list[Finding]:
    """Whether the editor is told what this version knows; nothing to say when it is, or was never told."""
    outdated = outdated_schemas(folder)
    if not outdated:
        return []
    return [
        Finding(
            subject="editor",
            grade=Grade.WARNING,
            text=f".schemas/ is of another version ({len(outdated)} of {len(schema_files())} differ)",
            remedy="renew it with: autoresponder schema --write",
        )
    ]


def _rules(settings: Settings) -> Finding:
    problems = check_folder(settings.folder, dict(os.environ))
    errors = sum(1 for p in problems if p.severity is Severity.ERROR)
    if errors:
        return Finding(
            subject="rules",
            grade=Grade.BAD,
            text="1 error" if errors == 1 else f"{errors} errors",
            remedy="run: autoresponder check",
        )
    if problems:
        return Finding(
            subject="rules",
            grade=Grade.WARNING,
            text="1 warning" if len(problems) == 1 else f"{len(problems)} warnings",
            remedy="run: autoresponder check",
        )
    return Finding(subject="rules", grade=Grade.GOOD, text="check finds nothing")
