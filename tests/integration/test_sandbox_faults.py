"""Fault switches on the wire: what the client sees, and what was really applied."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from autoresponder.clock import ManualClock
from autoresponder.sandbox.entities import Origin, Thread
from autoresponder.sandbox.faults import Fault, FaultKind
from tests.support.sandbox_world import Api, new_thread, running

SEND = "send_to_thread"


async def struck(api: Api, thread: Thread, fault: Fault) -> tuple[int, str, Any]:
    """Status, text and headers of a send that is struck."""
    api.server.faults.replace([fault])
    url = f"{api.server.base_url}/message_threads/{thread.id}/messages"
    async with (
        aiohttp.ClientSession(headers={"user-api-key": "sandbox"}) as session,
        session.post(url, json={"message": {"message": "Hi"}}) as answer,
    ):
        return answer.status, await answer.text(), answer.headers


@pytest.mark.parametrize(("retry_after", "header"), [(None, None), (7, "7"), (0.5, "0.5")])
async def test_rate_limit(retry_after: float | None, header: str | None) -> None:
    async with running() as api:
        thread = new_thread(api.world)
        fault = Fault(kind=FaultKind.STATUS, operation=SEND, status=429, retry_after=retry_after)
        status, text, headers = await struck(api, thread, fault)
        assert status == 429
        assert '"http_too_many_requests"' in text
        assert headers.get("Retry-After") == header
        assert thread.messages == []


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (500, "json", "internal_server_error"),
        (502, "html", "<h1>502"),
        (503, "json", "service_unavailable"),
        (503, "empty", ""),
    ],
)
@pytest.mark.parametrize("kind", [FaultKind.STATUS, FaultKind.STATUS_AFTER])
async def test_server_errors(kind: FaultKind, status: int, body: str, words: str) -> None:
    async with running() as api:
        thread = new_thread(api.world)
        got, text, _ = await struck(api, thread, Fault(kind=kind, status=status, body=body))
        assert got == status
        assert words in text
        assert len(thread.messages) == (kind is FaultKind.STATUS_AFTER)


@pytest.mark.parametrize(
    ("kind", "applied"),
    [
        (FaultKind.DROP_BEFORE, 0),
        (FaultKind.DROP_AFTER, 1),
        (FaultKind.TIMEOUT_AFTER, 1),
        (FaultKind.CUT, 1),
    ],
)
async def test_broken_connections(kind: FaultKind, applied: int) -> None:
    async with running() as api:
        thread = new_thread(api.world)
        with pytest.raises((aiohttp.ClientError, ConnectionError)):
            await struck(api, thread, Fault(kind=kind, operation=SEND, seconds=0.01))
        assert len(thread.messages) == applied
        assert api.server.events[0]["kind"] == "fault"


async def test_a_client_that_gives_up_first_finds_the_message_applied() -> None:
    async with running() as api:
        thread = new_thread(api.world)
        api.server.faults.replace([Fault(kind=FaultKind.TIMEOUT_AFTER, operation=SEND, seconds=30)])
        with pytest.raises(TimeoutError):
            await api.call(
                "POST",
                f"/message_threads/{thread.id}/messages",
                json={"message": {"message": "Hi"}},
                timeout=aiohttp.ClientTimeout(total=0.1),
            )
        assert [m.text for m in thread.messages] == ["Hi"]


async def test_truncated_json_is_a_whole_answer_with_half_a_body() -> None:
    async with running() as api:
        thread = new_thread(api.world)
        status, text, _ = await struck(api, thread, Fault(kind=FaultKind.TRUNCATED))
        assert status == 200
        assert text.startswith('{"data":{')
        assert not text.endswith("}}}")
        assert len(thread.messages) == 1


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("html", "Maintenance"),
        ("null", "null"),
        ("empty", ""),
        ("no_data", '{"meta":{"message":"Success"}}'),
    ],
)
async def test_garbage(body: str, text: str) -> None:
    async with running() as api:
        thread = new_thread(api.world)
        status, got, _ = await struck(api, thread, Fault(kind=FaultKind.GARBAGE, body=body))
        assert status == 200
        assert text in got
        assert bool(text) == bool(got)
        assert len(thread.messages) == 1


async def test_slow_answers_come() -> None:
    async with running() as api:
        thread = new_thread(api.world)
        loop = asyncio.get_running_loop()
        before = loop.time()
        status, _, _ = await struck(api, thread, Fault(kind=FaultKind.SLOW, seconds=0.05))
        assert status == 200
        assert loop.time() - before >= 0.05


async def test_late_apply_fails_now_and_shows_up_later() -> None:
    async with running() as api:
        thread = new_thread(api.world)
        fault = Fault(kind=FaultKind.LATE, operation=SEND, seconds=20, status=504)
        status, _, _ = await struck(api, thread, fault)
        assert status == 504
        path = f"/message_threads/{thread.id}/messages"
        assert (await api.get(path))["data"] == []
        clock = api.server.clock
        assert isinstance(clock, ManualClock)
        clock.advance(19)
        assert (await api.get(path))["data"] == []
        clock.advance(1.5)
        (shown,) = (await api.get(path))["data"]
        assert shown["attributes"]["inserted_at"] == "2026-06-12T08:00:20.000000"
        assert api.world.pending() == ()


async def test_late_apply_with_status_zero_drops_the_connection() -> None:
    async with running() as api:
        thread = new_thread(api.world)
        with pytest.raises((aiohttp.ClientError, ConnectionError)):
            await struck(api, thread, Fault(kind=FaultKind.LATE, operation=SEND, seconds=20, status=0))
        assert len(api.world.pending()) == 1


async def test_hidden_messages_are_answered_at_once_and_seen_later() -> None:
    async with running() as api:
        thread = new_thread(api.world)
        fault = Fault(kind=FaultKind.HIDDEN, operation=SEND, seconds=15)
        status, text, _ = await struck(api, thread, fault)
        assert status == 200
        path = f"/message_threads/{thread.id}/messages"
        assert (await api.get(path))["data"] == []
        clock = api.server.clock
        assert isinstance(clock, ManualClock)
        clock.advance(15)
        (shown,) = (await api.get(path))["data"]
        assert shown["id"] in text
        assert shown["attributes"]["inserted_at"] == "2026-06-12T08:00:00.000000"


async def test_a_fault_strikes_only_its_operation_and_only_with_the_key() -> None:
    async with running() as api:
        thread = new_thread(api.world)
        api.world.write(thread, "Hello", origin=Origin.GUEST)
        api.server.faults.replace([Fault(kind=FaultKind.STATUS, operation="send_*", status=500, nth=2)])
        for _ in range(3):
            assert (await api.call("GET", f"/message_threads/{thread.id}"))[0] == 200
        statuses = [(await api.send(thread, f"{n}"))[0] for n in range(3)]
        assert statuses == [200, 500, 200]
        assert [m.text for m in thread.messages] == ["Hello", "0", "2"]


async def test_faults_of_status_say_the_documented_words() -> None:
    async with running() as api:
        new_thread(api.world)
        for status, code in ((401, "unauthorized"), (403, "forbidden"), (422, "validation_error")):
            api.server.faults.replace([Fault(kind=FaultKind.STATUS, status=status)])
            got, body = await api.call("GET", "/message_threads")
            assert (got, body["errors"]["code"]) == (status, code)
