"""`autoresponder sandbox`: a server that behaves like Channex, with scripted guests."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import click

from autoresponder.cli.terminal import note, out, safe
from autoresponder.errors import ConfigError
from autoresponder.sandbox.entities import Happening
from autoresponder.sandbox.faults import Fault, FaultKind
from autoresponder.sandbox.script_text import ScriptError
from autoresponder.sandbox.server import DEMO, SandboxServer

_KINDS = [kind.value for kind in FaultKind if kind is not FaultKind.DUPLICATE]


@click.command("sandbox")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8900, show_default=True, help="0: any free one."
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--script", type=click.Path(path_type=Path, dir_okay=False), help="Guests from this file.")
@click.option("--empty", is_flag=True, help="No guests and no properties at all.")
@click.option("--speed", type=click.FloatRange(1, 3600), default=1.0, show_default=True)
@click.option("--api-key", default="sandbox", show_default=True, help="What clients must send.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="KIND[:CHANCE]",
    help=f"Something that goes wrong, e.g. drop_after:0.1. Kinds: {', '.join(_KINDS)}.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of chance and ids.")
@click.option("--quiet", is_flag=True, help="Do not show what happens.")
def command(
    port: int,
    host: str,
    script: Path | None,
    speed: float,
    api_key: str,
    faults: tuple[str, ...],
    seed: int,
    *,
    empty: bool,
    quiet: bool,
) -> None:
    """Run a pretend Channex: the same endpoints, errors and quirks, on this machine only.

    Without --script the demo's guests come to its three properties.
    """
    if empty and script is not None:
        raise click.UsageError("Give --script or --empty, not both.")
    switches = [_fault(text) for text in faults]
    try:
        server = SandboxServer(
            None if empty else (script or DEMO),
            speed=speed,
            faults=switches,
            api_key=api_key,
            host=host,
            port=port,
            seed=seed,
        )
    except ScriptError as error:
        raise ConfigError(str(error)) from error
    asyncio.run(_serve(server, quiet=quiet))


def _fault(text: str) -> Fault:
    kind, _, chance = text.partition(":")
    if kind not in _KINDS:
        raise click.UsageError(f"There is no fault '{kind}'. Kinds: {', '.join(_KINDS)}.")
    try:
        return Fault(kind=FaultKind(kind), probability=float(chance or 1))
    except ValueError as error:
        raise click.UsageError(f"--fault {text}: the chance is a number from 0 to 1.") from error


async def _serve(server: SandboxServer, *, quiet: bool) -> None:
    try:
        await server.start()
    except OSError as error:
        raise ConfigError(
            f"cannot listen there ({error.strerror}); choose another port with --port, or 0 for any"
        ) from error
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    console = out()
    console.print(f"A pretend Channex answers at {server.base_url}")
    console.print("In another terminal, in a folder made by `autoresponder init`:")
    console.print(f"  export CHANNEX_BASE_URL={server.base_url} CHANNEX_API_KEY={server.api_key} \\")
    console.print("    AUTORESPONDER_CLOCK=sandbox AUTORESPONDER_STORE=sqlite:///sandbox.db")
    console.print("  autoresponder preview")
    console.print(f"What happens: {server.origin}/_sandbox/events")
    if not quiet:
        server.world.listeners.append(_tell)
    try:
        await stop.wait()
    finally:
        note("stopping")
        await server.stop()


def _tell(happening: Happening) -> None:
    thread = happening.thread
    text = "" if happening.message is None else f"  “{safe(happening.message.text, limit=120)}”"
    who = "" if thread is None else f" {safe(thread.title)} ({thread.provider})"
    out().print(f"{happening.at:%H:%M:%S}  {happening.kind.replace('_', ' ')}{who}{text}")
