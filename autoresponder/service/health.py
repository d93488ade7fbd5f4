"""`/healthz`, `/readyz` and `/metrics`.

Liveness says only that the loop turns; it never depends on Channex, so an outage there restarts nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout, web

from autoresponder.config import ListenSettings
from autoresponder.errors import ConfigError
from autoresponder.service.metrics import Metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Whether the service can do its work, and why not."""

    ready: bool
    store: str
    channex: str
    rules: str
    sending: str
    files: str = "ok"
    """`ok`, or why the files on disk are not the rules in force."""

    @property
    def body(self) -> dict[str, object]:
        """What `/readyz` answers."""
        return asdict(self)


def health_app(readiness: Callable[[], Readiness], metrics: Metrics) -> web.Application:
    """The application that answers probes."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def readyz(_: web.Request) -> web.Response:
        state = readiness()
        return web.json_response(state.body, status=200 if state.ready else 503)

    async def numbers(_: web.Request) -> web.Response:
        metrics.ready.set(1 if readiness().ready else 0)
        return web.Response(
            body=metrics.render(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", numbers)
    return app


_PATIENCE = 3.0
"""Seconds that a running service has to answer."""

_LONGEST = 65_536
"""Bytes of an answer that are read; ours is shorter by far."""


def readiness_address(settings: ListenSettings) -> str | None:
    """Where a service with these settings answers on this machine; None when it does not."""
    if not settings.enabled or settings.port == 0:
        return None
    host = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/readyz"


async def ask_readiness(address: str) -> Readiness | None:
    """What a running service says about itself; None when nobody answers there, or something else does."""
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=_PATIENCE)) as session,
            session.get(address, allow_redirects=False) as answer,
        ):
            body = bytearray()
            async for chunk in answer.content.iter_any():
                body += chunk
                if len(body) > _LONGEST:
                    return None
        return msgspec.json.decode(body, type=Readiness)
    except (ClientError, OSError, TimeoutError, ValueError):  # msgspec's errors are ValueErrors
        return None


class HealthServer:
    """Serves the probes while the service runs."""

    def __init__(
        self, settings: ListenSettings, readiness: Callable[[], Readiness], metrics: Metrics
    ) -> None:
        self._settings = settings
        self._runner = web.AppRunner(health_app(readiness, metrics), access_log=None)

    async def start(self) -> int:
        """Start serving; returns the port.

        Raises:
            ConfigError: The address cannot be used.
        """
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._settings.host, self._settings.port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise ConfigError(
                f"cannot listen on {self._settings.host}:{self._settings.port} ({error.strerror}); "
                "choose another port with `listen:` in autoresponder.yaml or AUTORESPONDER_LISTEN=off"
            ) from error
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Stop serving."""
        await self._runner.cleanup()
