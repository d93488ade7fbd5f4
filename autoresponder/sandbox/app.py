"""The sandbox as an aiohttp application."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from autoresponder.sandbox import routes_account, routes_feed, routes_messages
from autoresponder.sandbox.answers import Refusal
from autoresponder.sandbox.control import Control
from autoresponder.sandbox.endpoint import MAX_BODY, Call, Gate
from autoresponder.sandbox.faults import Faults
from autoresponder.sandbox.routes_webhooks import WebhookRoutes
from autoresponder.sandbox.webhooks import Webhooks
from autoresponder.sandbox.world import World

PREFIX = "/api/v1"

WORLD: web.AppKey[World] = web.AppKey("world", World)
FAULTS: web.AppKey[Faults] = web.AppKey("faults", Faults)
WEBHOOKS: web.AppKey[Webhooks] = web.AppKey("webhooks", Webhooks)


def create_app(
    world: World,
    faults: Faults | None = None,
    *,
    api_key: str = "sandbox",
    webhooks: Webhooks | None = None,
    finished: Callable[[], bool] = lambda: True,
) -> web.Application:
    """Put the API, and the control interface beside it, around a world.

    Args:
        world: The state.
        faults: The switches; none by default.
        api_key: What `user-api-key` must carry.
        webhooks: The registry; by default one of its own.
        finished: Whether the script is over, for the control interface.
    """
    switches = faults or Faults()
    hooks = webhooks or Webhooks(world, switches)
    app = web.Application(client_max_size=MAX_BODY)
    app[WORLD], app[FAULTS], app[WEBHOOKS] = world, switches, hooks
    gate = Gate(world, switches, api_key)
    tables = (
        routes_messages.OPERATIONS,
        routes_account.OPERATIONS,
        routes_feed.OPERATIONS,
        WebhookRoutes(hooks).operations(),
    )
    for table in tables:
        for name, method, path, operation in table:
            app.router.add_route(method, PREFIX + path, gate.handler(name, operation))
    app.router.add_route("*", PREFIX + "/{tail:.*}", gate.handler("unknown", _unknown))
    Control(world, switches, finished).register(app)

    async def _webhooks_run(_: web.Application) -> None:
        await hooks.start()

    async def _webhooks_stop(_: web.Application) -> None:
        await hooks.stop()

    app.on_startup.append(_webhooks_run)
    app.on_shutdown.append(_webhooks_stop)
    return app


async def _unknown(_: Call) -> web.Response:
    raise Refusal("resource_not_found")
