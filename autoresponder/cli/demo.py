"""`autoresponder demo`: the day of a small property, with nothing else installed."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click
from rich.console import Console

from autoresponder.app import opened_ledger
from autoresponder.cli.showing import OUTCOME_STYLE, OUTCOME_WORDS
from autoresponder.cli.terminal import note, out, safe
from autoresponder.config import Secret, Settings
from autoresponder.decision import Outcome
from autoresponder.demo import all_entries, ledger_rows, running_service, write_folder
from autoresponder.ledger import Ledger
from autoresponder.sandbox.entities import Happening
from autoresponder.sandbox.server import DEMO, SandboxServer

_FAST = 2400.0
_LIVE = 240.0
_SETTLE_FOR = 60.0
"""Real seconds after the last guest within which everything must be accounted for."""


@click.command("demo")
@click.option("--once", is_flag=True, help="Play the day fast, then end.")
@click.option("--format", "form", type=click.Choice(["human", "json"]), default="human", show_default=True)
@click.option("--speed", type=click.FloatRange(1, 3600), help="Demo seconds per real second.")
@click.option("--store", metavar="URL", help="Another store, such as redis://127.0.0.1:6379/0.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the working folder here (must be empty).",
)
@click.pass_context
def command(
    ctx: click.Context, form: str, speed: float | None, store: str | None, folder: Path | None, *, once: bool
) -> None:
    """Watch guests write to three small properties, and what they are answered.

    A pretend Channex and the real service run side by side on this machine; nothing leaves it. The service
    is a process of its own: kill it and see that nobody gets a message twice, and nobody is forgotten.
    """
    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="autoresponder-demo-")))
        elif folder.exists() and any(folder.iterdir()):
            raise click.UsageError(f"'{folder}' is not empty; name an empty or a new folder.")
        folder.mkdir(parents=True, exist_ok=True)
        counts = asyncio.run(
            _play(folder, form, speed or (_FAST if once or form == "json" else _LIVE), store)
        )
    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode(counts).decode())
    else:
        _summary(counts)
    ctx.exit(0 if counts["duplicates"] == 0 and counts["unaccounted"] == 0 else 1)


async def _play(folder: Path, form: str, speed: float, store: str | None) -> dict[str, int]:
    write_folder(folder)
    url = store or "sqlite:///demo.db"
    async with SandboxServer(DEMO, speed=speed) as sandbox:
        console = out()
        if form == "human":
            sandbox.world.listeners.append(lambda happening: _tell(console, happening))
            note("a small property's day; the service runs beside a pretend Channex. Ctrl-C ends it.")

        def started(pid: int, count: int) -> None:
            word = "started" if count == 1 else "started again"
            note(f"service {word} (process {pid}; try: kill -9 {pid})")

        async with running_service(folder, base_url=sandbox.base_url, store=url, started=started):
            settings = Settings(folder=folder, store=Secret(url))
            async with opened_ledger(settings) as ledger:
                told = _Teller(console if form == "human" else None, ledger)
                while not sandbox.finished:
                    await asyncio.sleep(0.2)
                    await told.tell()
                counts = await _settled(sandbox, ledger, told)
        return counts


async def _settled(sandbox: SandboxServer, ledger: Ledger, told: _Teller) -> dict[str, int]:
    """Wait until every guest is accounted for, or give up and say who is not."""
    waited = 0.0
    while True:
        await told.tell()
        counts = dict(sandbox.audit(await ledger_rows(ledger)))
        if counts["unaccounted"] == 0 or waited > _SETTLE_FOR:
            return counts
        await asyncio.sleep(0.25)
        waited += 0.25


class _Teller:
    """Tells, once each, the decisions that no message shows: held, escalated, silent."""

    def __init__(self, console: Console | None, ledger: Ledger) -> None:
        self._console = console
        self._ledger = ledger
        self._told: set[str] = set()

    async def tell(self) -> None:
        """Look at the journal for news."""
        if self._console is None:
            return
        for entry in await all_entries(self._ledger):
            key = f"{entry.thread_id}/{entry.trigger_id}"
            if key in self._told or entry.outcome in {Outcome.REPLY, Outcome.NO_REPLY_NEEDED}:
                continue
            self._told.add(key)
            name = f"{safe(entry.guest)} · {entry.property_name}"
            word = OUTCOME_WORDS[entry.outcome]
            self._console.print(
                f"{entry.at:%H:%M}  → {name}: {word}", style=OUTCOME_STYLE[entry.outcome], end=""
            )
            self._console.print(f" ({entry.explanation})" if entry.explanation else "", style="dim")


def _tell(console: Console, happening: Happening) -> None:
    """One thing that happened, as a line of the day."""
    thread, message = happening.thread, happening.message
    if thread is None:
        return
    clock = f"{happening.at:%H:%M}"
    who = f"{safe(thread.title) or 'guest'} · {thread.property_title or ''} · {thread.provider}"
    if happening.kind == "guest_wrote" and message is not None:
        console.print(f"{clock}  {who}", style="bold")
        console.print(f"       “{safe(message.text) or '(a picture)'}”")
    elif happening.kind == "host_wrote" and message is not None:
        console.print(f"{clock}  the host, in the OTA's app, to {safe(thread.title)}: “{safe(message.text)}”")
    elif happening.kind == "inquiry":
        console.print(f"{clock}  {who}: asks for dates (Airbnb inquiry)", style="bold")
    elif happening.kind == "reply_arrived" and message is not None:
        console.print(f"{clock}  ✓ reply to {safe(thread.title)}", style="green")
        for line in message.text.splitlines():
            console.print(f"       │ {safe(line)}", style="green")
    elif happening.kind == "marked":
        console.print(f"{clock}  ✓ {safe(thread.title)}: marked as needing no reply", style="cyan")
    elif happening.kind == "closed":
        console.print(f"{clock}  ✓ {safe(thread.title)}: closed", style="cyan")


def _summary(counts: dict[str, int]) -> None:
    console = out()
    console.print()
    console.print("The pretend Channex counted:", style="bold")
    rows = [
        ("guest messages", "guest_messages", ""),
        ("turns", "turns", "messages sent in a row count once"),
        ("replies sent", "replies_sent", ""),
        ("marked: no reply needed", "no_reply_needed", ""),
        ("a person called at once", "escalated", ""),
        ("left to a person", "held", ""),
        ("nothing to do", "silent", ""),
        ("sent twice", "duplicates", ""),
        ("forgotten", "unaccounted", ""),
    ]
    for title, key, hint in rows:
        bad = key in {"duplicates", "unaccounted"} and counts[key]
        console.print(f"  {counts[key]:4}  {title}", style="bold red" if bad else "", end="")
        console.print(f"  ({hint})" if hint else "", style="dim")
    console.print("Next: autoresponder init my-rentals")
