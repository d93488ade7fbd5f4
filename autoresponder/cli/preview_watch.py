"""Shows something again whenever the folder's files are saved; what is broken is told, and the last good view stays."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence

import click

from autoresponder.cli.loading import settings_text
from autoresponder.cli.terminal import colourful, err, note
from autoresponder.config import Settings
from autoresponder.lint.report import render_human
from autoresponder.problems import Problem
from autoresponder.reload import Change, LiveWorkspace
from autoresponder.settings_file import load_settings
from autoresponder.workspace import SETTINGS_FILE, Workspace

_EVERY = 0.5
"""Seconds between two looks; two in a row must have seen the same before files count as saved."""


def watch(
    workspace: Workspace,
    settings: Settings,
    show: Callable[[Workspace, Settings], None],
    *,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Look at the folder until the user ends it with Ctrl-C.

    Args:
        workspace: What is shown now.
        settings: Where the files are.
        show: Shows the folder's rules anew.
        pause: Waits so many seconds between two looks.

    Raises:
        KeyboardInterrupt: The user ended it.
    """
    live = LiveWorkspace(workspace, settings, dict(os.environ))
    file = _SettingsFile(settings)
    while True:
        pause(_EVERY)
        changed = file.look()
        if isinstance(changed, Settings):
            live = LiveWorkspace(live(), changed, dict(os.environ))
            show(live(), changed)
        elif changed:
            _refuse(changed)
        look = live.look()
        if look.change is Change.LIVE or look.change is Change.RESTORED:
            show(live(), file.settings)
        elif look.change is Change.REFUSED:
            _refuse(look.problems)


def _refuse(problems: Sequence[Problem]) -> None:
    click.echo(render_human(list(problems), colour=colourful(sys.stderr)), err=True)
    err().print("What is shown above is still by the last files without errors.", style="bold red")
    note("Mend the file and save it: it is shown again.")


class _SettingsFile:
    """A folder's autoresponder.yaml while somebody edits it.

    Attributes:
        settings: As they were last sound.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._known = self._seen = settings_text(settings.folder)

    def look(self) -> Settings | list[Problem] | None:
        """New settings, or what is wrong with them; None when nothing was saved since, or saving goes on."""
        text = settings_text(self.settings.folder)
        before, self._seen = self._seen, text
        if text == self._known or text != before:
            return None
        self._known = text
        settings, problems = load_settings(text, SETTINGS_FILE, dict(os.environ), self.settings.folder)
        if settings is None:
            return problems
        self.settings = settings
        return settings
