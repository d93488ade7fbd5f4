"""The command line.

Exit codes everywhere: 0 fine, 1 problems found, 2 wrong usage, 3 could not run, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

import click

from autoresponder import __version__
from autoresponder.cli.terminal import fail
from autoresponder.errors import AutoresponderError

OK = 0
PROBLEMS = 1
USAGE = 2
COULD_NOT_RUN = 3
INTERRUPTED = 130

_COMMANDS = {
    "init": "Make a working folder: settings, starter rules, templates, properties.",
    "demo": "Watch the day of a small property: guests write, replies go out. Needs nothing.",
    "check": "Find mistakes in rules, templates and properties before guests do.",
    "explain-code": "Explain a code that check shows, with an example and its repair.",
    "test": "Try the tests in tests/ on your rules: what would guests get?",
    "explain": "Say what would be answered to a message, and why, rule by rule.",
    "preview": "Show what would be sent to every open thread of your account. Sends nothing.",
    "run": "Watch the account and answer.",
    "status": "Say in one screen whether guests are answered, and what needs you.",
    "inbox": "List what waits for a person.",
    "why": "Say what was decided about a message, and why.",
    "replay": "Play past messages with the rules as they are now: what would be different?",
    "audit": "Count in the threads what was sent: each text must be there once.",
    "pause": "Switch automatic replies off: everywhere, for a property, or in a thread.",
    "resume": "Switch automatic replies on again.",
    "doctor": "Check key, Messages app, properties, store, clock and rules in one screen.",
    "sandbox": "Run a server that behaves like Channex, with scripted guests.",
    "schema": "Print what may stand in which file, for editors (JSON Schema).",
    "completion": "Print the lines that switch on completion in your shell.",
}


class _Commands(click.Group):
    """Commands that are imported only when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names in the order in which people need them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command."""
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f"autoresponder.cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest name for a typing error."""
        from difflib import get_close_matches

        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in _COMMANDS:
            near = get_close_matches(name, list(_COMMANDS), n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            ctx.fail(f"There is no command '{name}'.{hint}")
        return super().resolve_command(ctx, args)


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: autoresponder demo, then: autoresponder init my-rentals",
)
@click.version_option(__version__, prog_name="autoresponder")
def cli() -> None:
    """Answers guest messages from Booking.com, Airbnb and Expedia by rules you write in YAML."""


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    sys.stdout = _writable(sys.stdout)
    sys.stderr = _writable(sys.stderr)
    sys.exit(execute(args))


def _writable(stream: TextIO | None) -> TextIO:
    """The stream, such that no text makes it fail: closed output goes nowhere, foreign letters become '?'."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream


def execute(args: list[str] | None = None) -> int:
    """Run the command line and return the exit code; no traceback for a user's mistake."""
    try:
        result = cli.main(args=args, prog_name="autoresponder", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return USAGE
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return USAGE
    except AutoresponderError as error:
        fail(str(error))
        return COULD_NOT_RUN
    except BrokenPipeError:
        return OK
    except OSError as error:
        place = f"{error.filename}: " if error.filename is not None else ""
        fail(f"{place}{(error.strerror or type(error).__name__).lower()}")
        return COULD_NOT_RUN
    return result if isinstance(result, int) else OK
