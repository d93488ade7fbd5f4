"""The sandbox as a running server."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from autoresponder.clock import Clock, FastClock, SystemClock
from autoresponder.sandbox.app import PREFIX, create_app
from autoresponder.sandbox.control import happening_data
from autoresponder.sandbox.faults import Fault, Faults
from autoresponder.sandbox.guests import Guests
from autoresponder.sandbox.oracle import audit
from autoresponder.sandbox.script import Script, demo_script, load_script
from autoresponder.sandbox.webhooks import Webhooks
from autoresponder.sandbox.world import World

DEMO = "demo"
"""Stands for the script that comes with the package."""


class SandboxServer:
    """A sandbox on a port, as an async context manager.

    Args:
        script: `"demo"`, a script file, a read script, or None for an empty world.
        clock: The time guests live in. By default the script's day, `speed` times as fast as real time; the
            machine's own time without a script.
        speed: Of the default clock.
        faults: Switches that are on from the start.
        api_key: What `user-api-key` must carry.
        host: Loopback by default; the control interface answers on loopback only whatever this is.
        port: 0 for any free one.
        seed: Of ids and of chance.
        old_not_found: Answer 404 with the older document's code and title.
        extras: See `World`.
        echo: Report messages sent over the API to webhooks too.

    Raises:
        ScriptError: From the constructor, when the script cannot be used.
    """

    def __init__(
        self,
        script: Script | Path | str | None = None,
        *,
        clock: Clock | None = None,
        speed: float = 1.0,
        faults: Iterable[Fault] = (),
        api_key: str = "sandbox",
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int = 0,
        old_not_found: bool = False,
        extras: bool = True,
        echo: bool = False,
    ) -> None:
        read = _read(script)
        if clock is None:
            clock = SystemClock() if read is None else FastClock(read.starts_at, speed)
        self.api_key = api_key
        self.world = World(clock, seed=seed, old_not_found=old_not_found, extras=extras)
        self.faults = Faults(faults, random.Random(seed))  # noqa: S311 - chance of faults, not secrets
        self.webhooks = Webhooks(self.world, self.faults, echo=echo)
        self.guests = None if read is None else Guests(self.world, read)
        self._host = host
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def clock(self) -> Clock:
        """The time guests live in."""
        return self.world.clock

    @property
    def origin(self) -> str:
        """`http://host:port`, once it runs."""
        if self._runner is None:
            raise RuntimeError("the sandbox is not running")
        host, port = self._runner.addresses[0][:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @property
    def base_url(self) -> str:
        """What a client takes as `CHANNEX_BASE_URL`."""
        return self.origin + PREFIX

    @property
    def finished(self) -> bool:
        """Whether the script is over."""
        return self.guests is None or self.guests.finished

    @property
    def events(self) -> list[dict[str, Any]]:
        """What happened, oldest first, as `GET /_sandbox/events` shows it."""
        self.world.settle()
        return [happening_data(self.world, one) for one in self.world.happenings]

    def audit(self, ledger: Iterable[Mapping[str, Any]]) -> dict[str, int]:
        """Hold the product's ledger against what really arrived; see `oracle.audit`."""
        return audit(self.world, ledger)

    async def wait_finished(self) -> None:
        """Wait until the script is over."""
        if self.guests is not None:
            await self.guests.wait()

    async def start(self) -> None:
        """Listen, and let the guests begin."""
        app = create_app(
            self.world,
            self.faults,
            api_key=self.api_key,
            webhooks=self.webhooks,
            finished=lambda: self.finished,
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        if self.guests is not None:
            self.guests.start()

    async def stop(self) -> None:
        """Stop guests and server; stopping twice is harmless."""
        if self.guests is not None:
            await self.guests.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()


def _read(script: Script | Path | str | None) -> Script | None:
    if script is None or isinstance(script, Script):
        return script
    return demo_script() if script == DEMO else load_script(Path(script))
