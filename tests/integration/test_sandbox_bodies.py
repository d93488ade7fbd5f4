"""Whatever JSON is posted: an answer of the API, never a crash."""

from __future__ import annotations

import random
from typing import Any

import pytest

from autoresponder.sandbox.entities import Origin
from autoresponder.sandbox.feed import FeedEvent
from tests.support.sandbox_world import PROPERTY, START, Api, new_thread, running

_WORDS = [
    "message", "attachment_id", "file", "file_name", "file_type", "callback_url", "event_mask", "property_id",
    "headers", "is_active", "is_global", "type", "accept", "reason", "total_price", "preapproval", "",
    "http://127.0.0.1:9/", "*", PROPERTY, "aGk=", "\x00", "\u202e", "x" * 300, "decline", "text",
]  # fmt: skip


def junk(rng: random.Random, depth: int = 3) -> Any:
    """A made-up JSON value, often with the names that the API knows."""
    kind = rng.randrange(8 if depth else 6)
    if kind == 6:
        return [junk(rng, depth - 1) for _ in range(rng.randrange(3))]
    if kind == 7:
        return {rng.choice(_WORDS): junk(rng, depth - 1) for _ in range(rng.randrange(5))}
    if kind < 3:
        return rng.choice(_WORDS)
    return rng.choice([None, True, False, 0, -1, 10**30, 1.5])


async def objects(api: Api) -> list[tuple[str, str, str]]:
    """Method, path and the body's key of every operation that takes a body."""
    thread = new_thread(api.world)
    api.world.write(thread, "Hi", origin=Origin.GUEST)
    paths = [
        ("POST", f"/message_threads/{thread.id}/messages", "message"),
        ("POST", f"/bookings/{thread.booking_id}/messages", "message"),
        ("POST", "/attachments", "attachment"),
        ("POST", "/webhooks", "webhook"),
        ("POST", "/webhooks/test", "webhook"),
    ]
    for kind in ("inquiry", "reservation_request", "alteration_request"):
        event = FeedEvent(
            id=api.world.new_id(),
            event=kind,
            property_id=PROPERTY,
            channel_id=thread.channel_id,
            inserted_at=START,
            payload={},
        )
        api.world.feed.add(event)
        paths.append(("POST", f"/live_feed/{event.id}/resolve", "resolution"))
    return paths


@pytest.mark.parametrize("seed", range(3))
async def test_any_body_gets_an_answer_of_the_api(seed: int) -> None:
    rng = random.Random(seed)
    async with running() as api:
        for method, path, key in await objects(api):
            for _ in range(40):
                body = {key: junk(rng)} if rng.random() < 0.8 else junk(rng)
                status, answer = await api.call(method, path, json=body)
                assert status in (200, 201, 400, 422), (path, body)
                assert ("errors" in answer) == (status >= 400), (path, body)
        assert await api.get("/webhooks?pagination[limit]=100")


@pytest.mark.parametrize("seed", range(2))
async def test_any_body_gets_an_answer_of_the_control_interface(seed: int) -> None:
    rng = random.Random(seed)
    async with running() as api:
        thread = new_thread(api.world)
        words = ["thread_id", "message_ids", "outcome", "parts", "kind", "ledger", "reply", thread.id]
        for name in ("audit", "guest"):
            for _ in range(60):
                body: Any = junk(rng)
                if rng.random() < 0.6:
                    entry = {rng.choice(words): rng.choice([junk(rng), *words]) for _ in range(4)}
                    body = [entry] if name == "audit" else entry
                status, answer = await api.call("POST", f"/_sandbox/{name}", json=body)
                assert status in (200, 400), body
                assert ("error" in answer) == (status == 400)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"message":{"message":"\\ud800"}}',
        b'{"message":{"message":"\xff"}}',
        b"[" * 3000,
        b"null",
    ],
)
async def test_bytes_that_are_no_message_are_refused(raw: bytes) -> None:
    async with running() as api:
        thread = new_thread(api.world)
        path = f"/message_threads/{thread.id}/messages"
        headers = {"Content-Type": "application/json"}
        status, body = await api.call("POST", path, data=raw, headers=headers)
        assert (status, body["errors"]["code"]) == (400, "bad_request")
        assert thread.messages == []
