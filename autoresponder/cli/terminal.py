"""How commands talk: results on standard output, everything else on standard error.

Colours only on a terminal and never with NO_COLOR; guest texts are stripped of control characters.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress


def out() -> Console:
    """Where results go."""
    from rich.console import Console

    return Console(file=sys.stdout, highlight=False, soft_wrap=not sys.stdout.isatty(), markup=False)


def colourful(stream: TextIO) -> bool:
    """Whether to write colours: to people, at a terminal that has them, who did not say NO_COLOR."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def err() -> Console:
    """Where notes, progress and errors go."""
    from rich.console import Console

    return Console(file=sys.stderr, highlight=False, soft_wrap=not sys.stderr.isatty(), markup=False)


def fail(message: str) -> None:
    """Say why something could not be done."""
    err().print("error: ", style="bold red", end="")
    err().print(message)


def note(message: str) -> None:
    """Say something that is not a result."""
    err().print(message, style="dim")


def safe(text: str, *, limit: int = 4000) -> str:
    """A guest's text, fit for a terminal: no control, escape or direction-changing characters."""
    kept = "".join(
        c
        if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"} or c == "\u200d"
        else " "
        for c in text[:limit]
    )
    return kept + (" …" if len(text) > limit else "")


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """A progress bar on standard error; shown only on a terminal."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    console = err()
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        bar.add_task(title, total=None)
        yield bar


def echo_json(data: object) -> None:
    """One JSON document on standard output."""
    import msgspec

    text = msgspec.json.format(msgspec.json.encode(data), indent=2).decode()
    click.echo(text)


def echo_json_line(data: object) -> None:
    """One JSON document on one line."""
    import msgspec

    click.echo(msgspec.json.encode(data).decode())
