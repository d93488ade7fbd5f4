"""Shows something again whenever the folder's files are saved; what is broken is told, and the last good view stays."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

import click

from autoresponder.cli.terminal import colourful, err, note
from autoresponder.config import Settings
from autoresponder.lint.report import render_human
from autoresponder.reload import Change, LiveWorkspace
from autoresponder.workspace import Workspace

_EVERY = 0.5
"""Seconds between two looks; two in a row must have seen the same before files count as saved."""


def watch(
    workspace: Workspace,
    settings: Settings,
    show: Callable[[Workspace], None],
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
    while True:
        pause(_EVERY)
        look = live.look()
        if look.change is Change.LIVE or look.change is Change.RESTORED:
            show(live())
        elif look.change is Change.REFUSED:
            click.echo(render_human(list(look.problems), colour=colourful(sys.stderr)), err=True)
            err().print("What is shown above is still by the last files without errors.", style="bold red")
            note("Mend the file and save it: it is shown again.")
