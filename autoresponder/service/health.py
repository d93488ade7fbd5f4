"""`/healthz`, `/readyz` and `/metrics`.

Liveness says only that the loop turns; it never depends on Channex, so an outage there restarts nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from aiohttp import web

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
