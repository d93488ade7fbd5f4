"""The server's time, as `doctor` asks for it: by a documented request, from whatever Date it answers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from autoresponder.app import server_time
from autoresponder.config import ChannexSettings


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Fri, 01 May 2026 12:00:00 GMT", datetime(2026, 5, 1, 12, tzinfo=UTC)),
        ("Fri, 01 May 2026 14:00:00 +0200", datetime(2026, 5, 1, 12, tzinfo=UTC)),
        ("Fri, 01 May 2026 12:00:00 -0000", datetime(2026, 5, 1, 12, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
    ],
)
async def test_the_date_of_a_refusal_will_do(date: str, expected: datetime | None) -> None:
    asked: list[tuple[str, str, bool]] = []

    async def refuse(request: web.Request) -> web.Response:
        asked.append((request.method, request.path, "user-api-key" in request.headers))
        return web.Response(status=401, headers={"Date": date})

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", refuse)
    async with TestServer(app) as server:
        found = await server_time(ChannexSettings(base_url=f"{server.make_url('/api/v1')}/"))
    assert found == expected
    assert asked == [("GET", "/api/v1/properties", False)]
