"""The sandbox serves the API document's samples, whole bodies, when its world is theirs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from autoresponder.clock import ManualClock
from autoresponder.sandbox.entities import Booking, Guest, Origin, Property, Thread
from autoresponder.sandbox.server import SandboxServer

_FIXTURES = Path(__file__).parents[1] / "fixtures" / "channex"

PROPERTY = "71d34923-a8be-4682-9625-e4a2f080df92"
CHANNEL = "351f145d-cb8c-4df7-9f12-2f6854991b91"
BOOKING = "4d8240fd-d709-454b-a866-08bca2a5a909"
THREAD = "20d1b08c-190e-4068-a77d-4a909a21835d"
MESSAGE_THREAD = "4e160f0b-016a-424a-a30d-a9f0a8b1cbaa"
INQUIRY_THREAD = "b4153232-2e77-4ccf-8383-ae1119b01bc7"


def sample(operation: str, name: str = "200") -> Any:
    return json.loads((_FIXTURES / operation / f"{name}.json").read_text("utf-8"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
async def server() -> AsyncIterator[SandboxServer]:
    clock = ManualClock(at("2021-07-27T09:00:00"))
    async with SandboxServer(clock=clock, extras=False, old_not_found=True) as sandbox:
        sandbox.world.add_property(Property(id=PROPERTY, title="Test Property"))
        yield sandbox


@pytest.fixture
async def api(server: SandboxServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers={"user-api-key": "sandbox"}) as session:
        yield session


def booking(server: SandboxServer) -> Booking:
    return server.world.add_booking(
        Booking(
            id=BOOKING,
            property_id=PROPERTY,
            guest=Guest(name="Roxy", surname="Maldonado"),
            inserted_at=at("2021-07-20T10:00:00"),
            arrival_date=date(2021, 8, 1),
            departure_date=date(2021, 8, 3),
        )
    )


def thread(server: SandboxServer, thread_id: str) -> Thread:
    made = server.world.add_thread(
        property_id=PROPERTY,
        provider="BookingCom",
        title="Maldonado Roxy",
        thread_id=thread_id,
        booking=booking(server),
        inserted_at=at("2021-07-27T09:32:14.281622"),
    )
    made.channel_id = CHANNEL
    return made


def maldonado(server: SandboxServer) -> Thread:
    made = thread(server, THREAD)
    server.world.write(
        made, "Hello", origin=Origin.GUEST, inserted_at=at("2021-07-27T09:32:10"), history=True
    )
    server.world.write(
        made,
        "Thanks for your message.",
        origin=Origin.HOST,
        inserted_at=at("2021-07-27T09:43:05.864520"),
        history=True,
    )
    made.updated_at = at("2021-07-27T09:43:05.868034")
    made.raw = None
    return made


def write_at(server: SandboxServer, made: Thread, moment: str, text: str, **more: Any) -> None:
    message = server.world.write(made, text, inserted_at=at(moment), history=True, **more)
    message.raw = None


async def get(api: aiohttp.ClientSession, server: SandboxServer, path: str, status: int = 200) -> Any:
    async with api.get(server.base_url + path) as answer:
        assert answer.status == status
        assert answer.content_type == "application/json"
        return await answer.json()


def advance(server: SandboxServer, moment: str) -> None:
    clock = server.clock
    assert isinstance(clock, ManualClock)
    clock.advance((at(moment) - clock.now()).total_seconds())


async def test_thread_list(server: SandboxServer, api: aiohttp.ClientSession) -> None:
    maldonado(server)
    # The document's sample is ordered by inserted_at; asked for, that order is echoed.
    body = await get(api, server, "/message_threads?order[inserted_at]=desc")
    assert body == sample("message_threads_list")


async def test_thread_list_echoes_the_order_in_use_today_by_default(
    server: SandboxServer, api: aiohttp.ClientSession
) -> None:
    maldonado(server)
    expected = sample("message_threads_list")
    expected["meta"]["order_by"] = "last_message_received_at"
    assert await get(api, server, "/message_threads") == expected


async def test_thread_by_id(server: SandboxServer, api: aiohttp.ClientSession) -> None:
    maldonado(server)
    assert await get(api, server, f"/message_threads/{THREAD}") == sample("message_thread")


async def test_close(server: SandboxServer, api: aiohttp.ClientSession) -> None:
    made = maldonado(server)
    advance(server, "2021-07-27T09:43:05.868034")
    async with api.post(f"{server.base_url}/message_threads/{THREAD}/close") as answer:
        assert (answer.status, await answer.json()) == (200, sample("thread_close"))
    assert made.is_closed


def special_request(server: SandboxServer, made: Thread, text: str) -> None:
    message = server.world.write(
        made,
        text,
        origin=Origin.GUEST,
        message_id="5848b518-07a4-4c8c-a998-2784d638ba30",
        inserted_at=at("2021-07-28T04:25:15"),
    )
    message.updated_at = at("2021-07-28T04:25:22.613482")


async def test_thread_messages(server: SandboxServer, api: aiohttp.ClientSession) -> None:
    made = thread(server, THREAD)
    special_request(server, made, "Special request text 1")
    message = server.world.write(
        made,
        "MESSAGE CONTENT",
        origin=Origin.API,
        message_id="34849183-7c36-4ac4-9103-cfaeecbc2cc8",
        inserted_at=at("2021-07-30T09:53:46.563215"),
        history=True,
    )
    assert message.sender == "property"
    assert await get(api, server, f"/message_threads/{THREAD}/messages") == sample("thread_messages_list")


async def test_booking_messages(server: SandboxServer, api: aiohttp.ClientSession) -> None:
    special_request(server, thread(server, MESSAGE_THREAD), "Message")
    assert await get(api, server, f"/bookings/{BOOKING}/messages") == sample("booking_messages_list")


@pytest.mark.parametrize(
    ("path", "operation"),
    [(f"/bookings/{BOOKING}/messages", "message_send"), (f"/message_threads/{MESSAGE_THREAD}/messages", "thread_message_send")],
)  # fmt: skip
async def test_send(server: SandboxServer, api: aiohttp.ClientSession, path: str, operation: str) -> None:
    thread(server, MESSAGE_THREAD)
    advance(server, "2021-07-30T09:53:46.563215")
    async with api.post(server.base_url + path, json=sample("message_send", "request")) as answer:
        body = await answer.json()
        assert answer.status == 200
    expected = sample(operation)
    # The id is the server's to choose.
    assert len(body["data"]["id"]) == 36
    expected["data"]["id"] = body["data"]["id"]
    assert body == expected


async def test_attachment(server: SandboxServer, api: aiohttp.ClientSession) -> None:
    thread(server, MESSAGE_THREAD)
    upload = sample("attachment_create", "request")
    upload["attachment"]["file"] = "aGVsbG8="
    async with api.post(f"{server.base_url}/attachments", json=upload) as answer:
        body = await answer.json()
    expected = sample("attachment_create")
    expected["data"]["id"] = body["data"]["id"]
    assert body == expected
    request = sample("attachment_send", "request")
    request["message"] = {"attachment_id": body["data"]["id"]}
    async with api.post(f"{server.base_url}/bookings/{BOOKING}/messages", json=request) as answer:
        sent = await answer.json()
        assert answer.status == 200
    assert sent["data"].keys() == sample("attachment_send")["data"].keys()
    assert sent["data"]["attributes"].keys() == sample("attachment_send")["data"]["attributes"].keys()
    (address,) = sent["data"]["attributes"]["attachments"]
    async with api.get(f"{server.base_url}/{address}") as answer:
        assert await answer.read() == b"hello"


async def test_thread_without_booking(server: SandboxServer, api: aiohttp.ClientSession) -> None:
    made = server.world.add_thread(
        property_id=PROPERTY,
        provider="AirBNB",
        title="Andrew",
        thread_id=INQUIRY_THREAD,
        inserted_at=at("2023-11-30T07:01:49.669975"),
    )
    made.channel_id = CHANNEL
    made.property_title = "Test Property"
    for minute in range(5):
        write_at(server, made, f"2023-11-30T07:0{minute + 2}:00", "Hi", origin=Origin.GUEST)
    write_at(server, made, "2023-11-30T07:17:40", "Hello", origin=Origin.HOST)
    made.updated_at = at("2023-11-30T07:17:51.536183")
    made.raw = None
    assert await get(api, server, f"/message_threads/{INQUIRY_THREAD}") == sample("thread_inquiry")


async def test_inquiry_card(server: SandboxServer, api: aiohttp.ClientSession) -> None:
    expected = sample("inquiry_system_message", "message")
    made = server.world.add_thread(
        property_id=PROPERTY, provider="AirBNB", title="Andrew", thread_id=INQUIRY_THREAD
    )
    message = server.world.write(
        made,
        "inquiry",
        origin=Origin.SYSTEM,
        message_id=expected["id"],
        meta=expected["attributes"]["meta"],
        inserted_at=at("2023-11-30T07:01:49.492378"),
    )
    message.updated_at = at("2023-11-30T07:01:49.775842")
    body = await get(api, server, f"/message_threads/{INQUIRY_THREAD}/messages")
    assert body["data"] == [expected]
    event_id = expected["attributes"]["meta"]["live_feed_event_id"]
    event = await get(api, server, f"/live_feed/{event_id}")
    assert event["data"]["attributes"]["payload"]["message_thread_id"] == INQUIRY_THREAD


async def test_errors(server: SandboxServer, api: aiohttp.ClientSession) -> None:
    made = thread(server, THREAD)
    async with aiohttp.ClientSession() as nobody, nobody.get(f"{server.base_url}/message_threads") as answer:
        assert (answer.status, await answer.json()) == (401, sample("errors", "401"))
    assert await get(api, server, f"/message_threads/{BOOKING}", 404) == sample("errors", "404")
    server.world.bookings[BOOKING].ota_name = "Offline"
    body = await get(api, server, f"/bookings/{BOOKING}/messages", 422)
    assert body == sample("errors", "422_not_supported")
    server.world.properties[PROPERTY].messages_app = False
    for path in ("/message_threads", f"/message_threads/{made.id}", f"/bookings/{BOOKING}/messages"):
        assert await get(api, server, path, 403) == sample("errors", "403")
