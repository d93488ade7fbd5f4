"""Webhooks: registering, the envelope, who is called, retries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from autoresponder.sandbox.entities import Origin
from autoresponder.sandbox.faults import Fault, FaultKind
from autoresponder.sandbox.webhooks import RETRY_AFTER
from tests.support.sandbox_world import OTHER, PROPERTY, START, new_booking, new_thread, running


@dataclass
class Callback:
    """A receiver that answers with the statuses given, then 200."""

    statuses: list[int] = field(default_factory=list)
    received: list[tuple[dict[str, str], dict[str, str], Any]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.received.append((dict(request.headers), dict(request.query), await request.json()))
        self.news.set()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200, text="thanks")

    async def wait_for(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.received) < count:
                self.news.clear()
                await self.news.wait()


@asynccontextmanager
async def callback(statuses: Sequence[int] = ()) -> AsyncIterator[Callback]:
    receiver = Callback(list(statuses))
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    async with TestServer(app, host="127.0.0.1") as server:
        receiver.url = str(server.make_url("/hook"))
        yield receiver


def hook(url: str, **more: Any) -> dict[str, Any]:
    base = {"callback_url": url, "event_mask": "*", "property_id": PROPERTY, "is_active": True}
    return {"webhook": base | more}


async def test_registering() -> None:
    async with running() as api:
        url = "http://127.0.0.1:9/hook"
        status, body = await api.call("POST", "/webhooks", json={"webhook": {
            "callback_url": url, "event_mask": "message;inquiry", "property_id": PROPERTY}})  # fmt: skip
        assert status == 201
        shown = body["data"]["attributes"]
        # Documented defaults: neither active nor with data.
        assert (shown["is_active"], shown["send_data"], shown["is_global"]) == (False, False, False)
        path = f"/webhooks/{body['data']['id']}"
        assert (await api.get(path))["data"] == body["data"]
        assert (await api.get("/webhooks"))["meta"]["total"] == 1
        status, changed = await api.call("PUT", path, json=hook(url, send_data=True))
        assert (status, changed["data"]["attributes"]["send_data"]) == (200, True)
        assert (await api.call("DELETE", path))[0] == 200
        assert (await api.call("GET", path))[0] == 404


@pytest.mark.parametrize(
    ("change", "field_name"),
    [
        ({"callback_url": "http://example.com/hook"}, "callback_url"),
        ({"callback_url": "ftp://127.0.0.1/hook"}, "callback_url"),
        ({"callback_url": "http://127.0.0.1:99999/"}, "callback_url"),
        ({"callback_url": ""}, "callback_url"),
        ({"event_mask": "message,inquiry"}, "event_mask"),
        ({"event_mask": "messages"}, "event_mask"),
        ({"event_mask": None}, "event_mask"),
        ({"property_id": None}, "property_id"),
        ({"property_id": "seaview"}, "property_id"),
        ({"is_active": "yes"}, "is_active"),
        ({"headers": {"X-Secret": "a\r\nb"}}, "headers"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_registering_is_validated(change: dict[str, Any], field_name: str) -> None:
    async with running() as api:
        status, body = await api.call("POST", "/webhooks", json=hook("http://127.0.0.1:9/", **change))
        assert status == 422
        assert list(body["errors"]["details"]) == [field_name]


async def test_a_guest_message_is_reported_and_an_api_message_is_not() -> None:
    async with callback() as receiver, running() as api:
        body = hook(receiver.url, headers={"X-Channex-Secret": "s3"}, request_params={"via": "test"})
        await api.call("POST", "/webhooks", json=body)
        thread = new_thread(api.world)
        api.world.write(thread, "Hello", origin=Origin.GUEST)
        await receiver.wait_for(1)
        await api.send(thread, "Welcome")
        api.world.assign_booking(thread, new_booking(api.world))
        await receiver.wait_for(2)
        headers, query, envelope = receiver.received[0]
        assert headers["X-Channex-Secret"] == "s3"
        assert query == {"via": "test"}
        assert envelope == {
            "event": "message",
            "property_id": PROPERTY,
            "user_id": None,
            "timestamp": "2026-06-12T08:00:00.000000Z",
        }
        assert [one[2]["event"] for one in receiver.received] == [
            "message",
            "message_thread_booking_assigned",
        ]


async def test_with_data_the_payload_comes_along() -> None:
    async with callback() as receiver, running(echo=True) as api:
        await api.call("POST", "/webhooks", json=hook(receiver.url, send_data=True))
        thread = new_thread(api.world, provider="AirBNB")
        card = {
            "status": "active",
            "booking_details": {"nights": 2},
            "live_feed_event_id": api.world.new_id(),
        }
        message = api.world.write(thread, "Hello", origin=Origin.GUEST, meta={"name": "A", "role": "GUEST"})
        await receiver.wait_for(1)
        api.world.write(thread, "inquiry", origin=Origin.SYSTEM, meta=card)
        await receiver.wait_for(2)
        await api.send(thread, "Hi")
        await receiver.wait_for(3)
        first, second, third = (one[2] for one in receiver.received)
        assert first["payload"] == {
            "id": message.id,
            "message": "Hello",
            "meta": {"name": "A", "role": "GUEST"},
            "sender": "guest",
            "property_id": PROPERTY,
            "booking_id": thread.booking_id,
            "message_thread_id": thread.id,
            "attachments": [],
            "have_attachment": False,
            "ota_message_id": "900000001",
            "inserted_at": "2026-06-12T08:00:00.000000",
        }
        assert second["event"] == "inquiry"
        assert second["payload"]["live_feed_event_id"] == card["live_feed_event_id"]
        assert second["payload"]["booking_details"] == {"nights": 2}
        assert third["payload"]["sender"] == "property"


async def test_the_propertys_own_webhook_wins_over_a_global_one() -> None:
    async with callback() as own, callback() as everywhere, running() as api:
        await api.call("POST", "/webhooks", json=hook(own.url))
        await api.call("POST", "/webhooks", json=hook(everywhere.url, is_global=True, property_id=None))
        api.world.write(new_thread(api.world), "Here", origin=Origin.GUEST)
        await own.wait_for(1)
        api.world.write(new_thread(api.world, property_id=OTHER), "There", origin=Origin.GUEST)
        await everywhere.wait_for(1)
        assert [one[2]["property_id"] for one in own.received] == [PROPERTY]
        assert [one[2]["property_id"] for one in everywhere.received] == [OTHER]


async def test_masks_and_inactive_webhooks_are_respected() -> None:
    async with callback() as receiver, callback() as witness, running() as api:
        await api.call("POST", "/webhooks", json=hook(receiver.url, event_mask="inquiry;review"))
        await api.call("POST", "/webhooks", json=hook(receiver.url, is_active=False))
        await api.call("POST", "/webhooks", json=hook(witness.url, event_mask="booking;message"))
        api.world.write(new_thread(api.world), "Hello", origin=Origin.GUEST)
        await witness.wait_for(1)
        assert receiver.received == []


async def test_server_errors_are_retried_on_the_documented_schedule() -> None:
    async with callback([500, 503]) as receiver, running() as api:
        await api.call("POST", "/webhooks", json=hook(receiver.url))
        api.world.write(new_thread(api.world), "Hello", origin=Origin.GUEST)
        await receiver.wait_for(3)
        await api.server.webhooks.idle()
        log = list(api.server.webhooks.log)
        assert [(line.attempt, line.status) for line in log] == [(1, 500), (2, 503), (3, 200)]
        assert [line.at - START for line in log] == [
            timedelta(0),
            timedelta(minutes=1),
            timedelta(minutes=3),
        ]


async def test_eleven_retries_and_no_more() -> None:
    async with callback([500] * 50) as receiver, running() as api:
        await api.call("POST", "/webhooks", json=hook(receiver.url))
        api.world.write(new_thread(api.world), "Hello", origin=Origin.GUEST)
        await receiver.wait_for(12)
        await api.server.webhooks.idle()
        assert len(receiver.received) == 12
        assert api.server.webhooks.log[-1].at - START == timedelta(seconds=sum(RETRY_AFTER))


async def test_client_errors_are_dropped() -> None:
    async with callback([404]) as receiver, running() as api:
        await api.call("POST", "/webhooks", json=hook(receiver.url))
        thread = new_thread(api.world)
        api.world.write(thread, "One", origin=Origin.GUEST)
        await receiver.wait_for(1)
        api.world.write(thread, "Two", origin=Origin.GUEST)
        await receiver.wait_for(2)
        await api.server.webhooks.idle()
        assert [line.status for line in api.server.webhooks.log] == [404, 200]


async def test_duplicate_and_lost_deliveries() -> None:
    async with callback() as receiver, running() as api:
        api.server.faults.replace(
            [
                Fault(kind=FaultKind.DUPLICATE, operation="webhook", nth=1),
                Fault(kind=FaultKind.DROP_BEFORE, operation="webhook", nth=2),
            ]
        )
        await api.call("POST", "/webhooks", json=hook(receiver.url, send_data=True))
        thread = new_thread(api.world)
        for text in ("One", "Two", "Three"):
            api.world.write(thread, text, origin=Origin.GUEST)
        await receiver.wait_for(3)
        texts = sorted(one[2]["payload"]["message"] for one in receiver.received)
        assert texts == ["One", "One", "Three"]


async def test_the_test_call_reports_what_the_callback_said() -> None:
    async with callback([418]) as receiver, running() as api:
        assert await api.call("POST", "/webhooks/test", json=hook(receiver.url)) == (
            200,
            {"status_code": 418, "body": "thanks"},
        )
        assert receiver.received[0][2]["event"] == "test"
        nobody = hook("http://127.0.0.1:9/")
        assert await api.call("POST", "/webhooks/test", json=nobody) == (
            200,
            {"status_code": None, "body": "no answer"},
        )
