"""`autoresponder status`: whether guests are answered, by which files, and what needs a person."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click

from autoresponder.app import opened_ledger
from autoresponder.cli.findings import show_findings
from autoresponder.cli.loading import folder_option, read_settings
from autoresponder.cli.sandbox_clock import chosen_clock
from autoresponder.cli.switching import switched_off
from autoresponder.cli.terminal import colourful, echo_json, out
from autoresponder.config import Settings
from autoresponder.doctor import Finding, Grade
from autoresponder.errors import ConfigError, StoreError
from autoresponder.lint.report import render_human
from autoresponder.problems import Problem
from autoresponder.reload import errors_in, red_tests
from autoresponder.service.health import ask_readiness, readiness_address
from autoresponder.status import Files, Memory, Service, judge, remembered, seen_service
from autoresponder.workspace import content_version, folder_files, load_workspace

_FRESH = 60.0
"""Real seconds that the last sign of life of a running service can be old; it leaves one every 15."""

_SHOWN = 3
"""Errors in the files that are shown; the rest is for `check`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """Everything that one look found."""

    memory: Memory
    service: Service
    files: Files
    errors: list[Problem]
    findings: list[Finding]
    now: datetime


@click.command("status")
@folder_option
@click.option("--format", "form", type=click.Choice(["human", "json"]), default="human", show_default=True)
@click.pass_context
def command(ctx: click.Context, folder: Path, form: str) -> None:
    """Say whether guests are answered, by which files, and what needs you; 1 when something does.

    Looks into the store and this folder, and asks the service when it runs on this machine. Needs no key.
    """
    settings = read_settings(folder)
    view = asyncio.run(_look(settings))
    if form == "json":
        echo_json(_plain(view))
    else:
        show_findings(view.findings)
        _show_errors(view.errors)
    ctx.exit(1 if _needed(view) else 0)


def _needed(view: _View) -> bool:
    return any(finding.grade is Grade.BAD for finding in view.findings)


async def _look(settings: Settings) -> _View:
    clock = await chosen_clock(settings.channex)
    address = readiness_address(settings.listen)
    answer = None if address is None else await ask_readiness(address)
    now = clock.now()
    off = ""
    try:
        async with opened_ledger(settings) as ledger:
            memory = await remembered(ledger, now)
        off = switched_off(memory.switches, settings)
    except (StoreError, ConfigError) as error:
        memory = Memory(problem=str(error))
    fresh: timedelta = clock.wall(_FRESH)
    service = seen_service(memory, answer, address, now=now, fresh=fresh)
    version = content_version(folder_files(settings))
    errors = errors_in(settings, dict(os.environ))
    if not errors and service.rules and not version.startswith(service.rules):
        workspace = load_workspace(settings, dict(os.environ))[0]
        errors = [] if workspace is None else red_tests(settings, workspace)
    files = Files(version=version, errors=len(errors))
    findings = judge(memory, service, files, off=off, now=now)
    return _View(memory=memory, service=service, files=files, errors=errors, findings=findings, now=now)


def _show_errors(errors: list[Problem]) -> None:
    """The first errors as `check` shows them."""
    if not errors:
        return
    click.echo()
    click.echo(render_human(errors[:_SHOWN], colour=colourful(sys.stdout)))
    if len(errors) > _SHOWN:
        out().print(f"{len(errors) - _SHOWN} more: autoresponder check", style="dim")


def _plain(view: _View) -> dict[str, object]:
    memory, service = view.memory, view.service
    switches = memory.switches
    return {
        "at": view.now,
        "needs_a_person": _needed(view),
        "findings": view.findings,
        "service": {
            "running": service.running,
            "last_sign_of_life": memory.alive_at,
            "address": service.address,
            "answer": None if service.answer is None else service.answer.body,
        },
        "files": {
            "in_force": service.rules,
            "in_force_since": service.rules_since,
            "in_folder": view.files.version,
            "refused": bool(view.errors),
            "report": render_human(view.errors) if view.errors else "",
            "problems": view.errors,
        },
        "paused": {
            "everywhere": switches.kill,
            "properties": sorted(switches.paused_properties),
            "threads": sorted(switches.paused_threads),
        },
        "waiting": {"threads": memory.waiting, "since": memory.oldest},
        "last_day": memory.last_day,
        "store": {"problem": memory.problem, "health": memory.health},
    }
