"""`autoresponder completion`: shell completion."""

from __future__ import annotations

import click

_LINES = {
    "bash": 'eval "$(_AUTORESPONDER_COMPLETE=bash_source autoresponder)"',
    "zsh": 'eval "$(_AUTORESPONDER_COMPLETE=zsh_source autoresponder)"',
    "fish": "_AUTORESPONDER_COMPLETE=fish_source autoresponder | source",
}


@click.command("completion")
@click.argument("shell", type=click.Choice(sorted(_LINES)))
def command(shell: str) -> None:
    """Print the line that switches on completion in SHELL.

    Put it into ~/.bashrc, ~/.zshrc or ~/.config/fish/config.fish.
    """
    click.echo(_LINES[shell])
