"""The rules that `run` goes by: from the folder, or kept from before, and exchanged while it runs."""

from __future__ import annotations

import asyncio
import logging
import os

from autoresponder.app import Running, opened_ledger
from autoresponder.cli.loading import Unusable, read_workspace, show
from autoresponder.cli.terminal import err
from autoresponder.clock import Clock
from autoresponder.config import Settings
from autoresponder.errors import StoreError
from autoresponder.lint.report import render_human
from autoresponder.reload import Change, LiveWorkspace, Look, errors_in, packed, unpacked

log = logging.getLogger(__name__)

_EVERY = 2.0
"""Seconds between two looks at the folder."""


def live_workspace(settings: Settings, *, kept: bool) -> LiveWorkspace:
    """The folder's rules; when it has errors, the sound ones that the store keeps.

    Args:
        settings: Where everything is.
        kept: Whether rules from before will do.

    Raises:
        Unusable: The folder has errors, which were shown, and nothing was kept.
    """
    environ = dict(os.environ)
    errors = errors_in(settings, environ)
    if not errors:
        return LiveWorkspace(read_workspace(settings), settings, environ)
    show(errors)
    data = asyncio.run(_kept(settings)) if kept else None
    workspace = None if data is None else unpacked(data, settings, environ)
    if workspace is None:
        raise Unusable
    err().print(
        "THE FILES IN THIS FOLDER HAVE ERRORS (above). Guests are answered by the last rules that had none "
        f"(version {workspace.version[:12]}). Mend the files: they are taken up without a restart.",
        style="bold red",
    )
    return LiveWorkspace(workspace, settings, environ, problems=errors)


async def _kept(settings: Settings) -> bytes | None:
    try:
        async with opened_ledger(settings) as ledger:
            return await ledger.kept_rules()
    except StoreError:
        return None  # the errors that were shown are what has to be mended


async def follow(live: LiveWorkspace, settings: Settings, running: Running, clock: Clock) -> None:
    """Look at the folder for as long as the service runs, and say what comes of it."""
    running.metrics.files_refused.set(1 if live.trouble else 0)
    await _note(live, running, clock)
    if not live.trouble:
        await keep(live, settings, running)
    while True:
        await asyncio.sleep(_EVERY)
        look = await asyncio.to_thread(live.look)
        if look.change is not Change.NOTHING:
            _tell(look, live, running)
        if look.change is Change.LIVE:
            await _note(live, running, clock)
            await keep(live, settings, running)


async def _note(live: LiveWorkspace, running: Running, clock: Clock) -> None:
    """Leave word of what is in force, for `status`."""
    try:
        await running.ledger.put_in_force(live().version, clock.now())
    except StoreError as error:
        log.warning("rules not noted", extra={"action": "rules_not_noted", "error": str(error)})


async def keep(live: LiveWorkspace, settings: Settings, running: Running) -> None:
    """Put rules that had no errors into the store."""
    data = await asyncio.to_thread(packed, settings, live().version)
    if data is None:
        return
    try:
        await running.ledger.keep_rules(data)
    except StoreError as error:
        log.warning("rules not kept", extra={"action": "rules_not_kept", "error": str(error)})


def _tell(look: Look, live: LiveWorkspace, running: Running) -> None:
    version = live().version
    running.metrics.reloads.labels(result=look.change.value).inc()
    running.metrics.files_refused.set(1 if live.trouble else 0)
    if look.change is Change.REFUSED:
        log.error(
            "new rules refused: %s",
            live.trouble,
            extra={
                "action": "rules_refused",
                "rules": version[:12],
                "report": render_human(list(look.problems), colour=False),
            },
        )
        running.refused(live.trouble)
        return
    running.metrics.loaded(version)
    what = "new rules in force" if look.change is Change.LIVE else "the files are again what is in force"
    log.info(what, extra={"action": f"rules_{look.change.value}", "rules": version[:12]})
