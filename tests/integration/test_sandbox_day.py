"""The demo's day, played fast, and the control interface beside the API."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from autoresponder.clock import FastClock, ManualClock
from autoresponder.sandbox.entities import Happening, Origin
from autoresponder.sandbox.script import demo_script, parse_script
from autoresponder.sandbox.server import SandboxServer
from tests.support.sandbox_world import START, new_thread, running

_SPEED = 40_000.0
"""The day of sixteen hours in under two seconds."""


async def test_the_day_runs_to_its_end_and_everything_is_unaccounted_for_without_a_product() -> None:
    async with SandboxServer("demo", speed=_SPEED) as server:
        assert not server.finished
        await asyncio.wait_for(server.wait_finished(), 30)
        assert server.finished
        script = demo_script()
        threads = {thread.key: thread for thread in server.world.threads.values()}
        assert threads.keys() == {part.key for part in script.threads}
        counts = server.audit([])
        guests = sum(m.origin is Origin.GUEST for t in threads.values() for m in t.messages)
        assert counts["guest_messages"] == guests
        # Two inquiry cards are accounted for like guest messages.
        assert counts["unaccounted"] == guests + 2
        assert counts["replies_sent"] == counts["duplicates"] == 0
        assert threads["closed-thread"].is_closed
        assert threads["inquiry-card-only"].booking_id is not None
        # Nobody answered, so the guests who would have thanked did not.
        assert len(threads["wifi-en"].messages) == 1
        assert "host_wrote" in [event["kind"] for event in server.events]
        history = threads["closed-thread"].messages[0]
        assert history.inserted_at == history.updated_at == script.moment("-3 18:20")


async def test_a_careful_answerer_ends_with_nothing_doubled_and_nothing_lost() -> None:
    async with SandboxServer("demo", speed=_SPEED) as server:
        ledger: list[dict[str, Any]] = []

        def answer(happening: Happening) -> None:
            thread, message = happening.thread, happening.message
            if happening.kind not in ("guest_wrote", "inquiry") or thread is None or message is None:
                return
            entry = {"thread_id": thread.id, "message_ids": [message.id], "outcome": "reply", "parts": 1}
            ledger.append(entry)
            server.world.write(thread, f"Answer to {message.text}", origin=Origin.API)

        server.world.listeners.append(answer)
        await asyncio.wait_for(server.wait_finished(), 30)
        counts = server.audit(ledger)
        assert (counts["duplicates"], counts["unaccounted"]) == (0, 0)
        assert counts["turns"] == counts["replies_sent"] == len(ledger)
        wifi = next(t for t in server.world.threads.values() if t.key == "wifi-en")
        assert [m.sender for m in wifi.messages] == ["guest", "property", "guest", "property"]
        ledger.pop()
        assert server.audit(ledger)["unaccounted"] > 0


class LateClock(ManualClock):
    """Every wait ends so many wall seconds late."""

    late = 20.0

    async def sleep(self, seconds: float) -> None:
        await super().sleep(max(0.0, seconds) + self.late)


@pytest.mark.parametrize("late", [20.0, 150.0])
async def test_steps_carry_the_times_of_the_script(late: float) -> None:
    script = parse_script(
        "day: 2026-06-12\n"
        "properties: {a: {id: 5ea51e30-0001-4a00-8000-000000000001, title: A}}\n"
        "threads:\n"
        "  - {key: x, property: a, provider: AirBNB, guest: {name: G}, says: [\n"
        '      {at: "08:00:20", text: One}, {after: 9s, text: Two}, {after: 14s, text: Three, lag: 3s}]}\n',
        "day.yaml",
    )
    clock = LateClock(script.starts_at)
    clock.late = late
    async with SandboxServer(script, clock=clock) as server:
        await asyncio.wait_for(server.wait_finished(), 30)
        (thread,) = server.world.threads.values()
    stamps = [message.inserted_at.strftime("%H:%M:%S") for message in thread.messages]
    # Nearly on time: the script's moments. Much too late: the moment it was really written.
    on_time = ["07:00:20", "07:00:29", "07:00:40"]
    assert stamps == (on_time if late < 120 else ["07:02:50", "07:05:29", "07:08:10"])
    assert all(message.inserted_at < message.updated_at for message in thread.messages if late < 120)


async def test_the_same_script_has_the_same_ids() -> None:
    def ids(server: SandboxServer) -> dict[str, list[str]]:
        return {t.key: [t.id, *(m.id for m in t.messages)] for t in server.world.threads.values()}

    runs = []
    for _ in range(2):
        async with SandboxServer("demo", speed=200_000) as server:
            await asyncio.wait_for(server.wait_finished(), 30)
            runs.append(ids(server))
    assert runs[0] == runs[1]


async def test_a_step_after_a_hosts_message_waits_for_the_next_reply() -> None:
    script = parse_script(
        "day: 2026-06-12\n"
        "properties: {a: {id: 5ea51e30-0001-4a00-8000-000000000001, title: A}}\n"
        "threads:\n"
        "  - {key: x, property: a, provider: BookingCom, guest: {name: G}, says: [\n"
        "      {text: One}, {host: Two}, {after_reply: 1s, patience: 30m, text: Never}]}\n",
        "day.yaml",
    )
    server = SandboxServer(script, speed=_SPEED)
    assert not server.finished
    async with server:
        await asyncio.wait_for(server.wait_finished(), 30)
        (thread,) = server.world.threads.values()
        assert [message.text for message in thread.messages] == ["One", "Two"]


async def test_a_player_that_fails_is_not_silent() -> None:
    script = parse_script(
        "day: 2026-06-12\n"
        "properties: {a: {id: 5ea51e30-0001-4a00-8000-000000000001, title: A}}\n"
        "threads:\n"
        "  - {key: x, property: a, provider: BookingCom, guest: {name: G}, says: [{text: Hi}]}\n",
        "day.yaml",
    )
    async with SandboxServer(script) as server:
        server.world.properties.clear()
        with pytest.raises(KeyError):
            await server.wait_finished()
        with pytest.raises(KeyError):
            _ = server.finished


async def test_clock_and_state() -> None:
    async with running() as api:
        new_thread(api.world)
        assert await api.get("/_sandbox/clock") == {"now": "2026-06-12T08:00:00.000000Z", "speed": 0.0}
        state = await api.get("/_sandbox/state")
        assert (state["threads"], state["bookings"], state["finished"]) == (1, 1, True)
        assert state["newest_threads"][0]["property"] == "seaview"
    async with running(clock=FastClock(START, 50.0)) as api:
        assert (await api.get("/_sandbox/clock"))["speed"] == 50.0
    async with running(clock=None) as api:
        assert (await api.get("/_sandbox/clock"))["speed"] == 1.0


async def test_events_can_be_followed() -> None:
    async with running() as api:
        thread = new_thread(api.world)
        api.world.write(thread, "Hello", origin=Origin.GUEST)
        body = await api.get("/_sandbox/events")
        (event,) = body["events"]
        assert (event["kind"], event["text"], event["property"]) == (
            "guest_wrote",
            "Hello",
            "Seaview Apartments",
        )
        assert (body["last"], body["finished"]) == (1, True)
        assert (await api.get("/_sandbox/events?after=1"))["events"] == []
        await api.send(thread, "Hi")
        body = await api.get("/_sandbox/events?after=1")
        assert [e["kind"] for e in body["events"]] == ["reply_arrived"]


async def test_events_can_be_waited_for() -> None:
    script = parse_script(
        "day: 2026-06-12\n"
        "properties: {a: {id: 5ea51e30-0001-4a00-8000-000000000001, title: A}}\n"
        "threads:\n"
        "  - {key: x, property: a, provider: BookingCom, guest: {name: G}, says: [{after: 100s, text: Hi}]}\n",
        "day.yaml",
    )
    async with running(script=script, clock=FastClock(START, 1000.0)) as api:
        body = await api.get("/_sandbox/events?after=0&wait=20")
        assert [e["kind"] for e in body["events"]] == ["guest_wrote"]


async def test_faults_are_switched_and_guests_write_over_the_control_interface() -> None:
    async with running() as api:
        thread = new_thread(api.world)
        faults = [{"kind": "status", "status": 429, "operation": "list_threads"}]
        status, body = await api.call("POST", "/_sandbox/faults", json=faults)
        assert (status, body["faults"][0]["status"]) == (200, 429)
        assert (await api.call("GET", "/message_threads"))[0] == 429
        assert (await api.get("/_sandbox/state"))["faults_struck"] == 1
        assert (await api.call("POST", "/_sandbox/faults", json=[]))[1] == {"faults": []}
        assert (await api.call("GET", "/message_threads"))[0] == 200
        status, body = await api.call(
            "POST", "/_sandbox/guest", json={"thread": thread.id, "text": "Anybody there?"}
        )
        assert (status, body["thread_id"]) == (200, thread.id)
        ledger = [{"thread_id": thread.id, "message_ids": [body["message_id"]], "outcome": "hold"}]
        for form in (ledger, {"ledger": ledger}):
            status, counts = await api.call("POST", "/_sandbox/audit", json=form)
            assert (status, counts["held"], counts["unaccounted"]) == (200, 1, 0)


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("faults", [{"kind": "explode"}], "explode"),
        ("audit", {"entries": []}, "ledger"),
        ("audit", [{}], "ledger entry 1"),
        ("guest", {"thread": "nobody", "text": "Hi"}, "there is none"),
        ("guest", {"thread": "nobody", "text": " "}, "characters"),
        ("guest", ["Hi"], "send"),
    ],
)
async def test_the_control_interface_says_what_is_wrong(path: str, body: Any, words: str) -> None:
    async with running() as api:
        status, answer = await api.call("POST", f"/_sandbox/{path}", json=body)
        assert status == 400
        assert words in answer["error"]


async def test_the_control_interface_refuses_strangers() -> None:
    async with running() as api:
        for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
            assert (await api.call("GET", "/_sandbox/state", headers=headers))[0] == 403
        assert (await api.call("POST", "/_sandbox/faults", data=b"{"))[0] == 400
        assert (await api.call("GET", "/_sandbox/events?after=x"))[0] == 400


async def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_open() -> None:
    async with running() as api:
        port = int(api.server.origin.rsplit(":", 1)[1])
        with pytest.raises(OSError, match="in use"):
            await SandboxServer(port=port).start()


async def test_the_key_shows_up_nowhere() -> None:
    key = "very-secret-key"
    async with running(api_key=key) as api:
        thread = new_thread(api.world)
        await api.send(thread, "Hi")
        async with aiohttp.ClientSession() as session:
            for path in ("state", "events", "clock"):
                async with session.get(f"{api.server.origin}/_sandbox/{path}") as answer:
                    assert key not in await answer.text()
        assert key not in repr(api.server)


async def test_stopping_twice_is_harmless() -> None:
    server = SandboxServer()
    with pytest.raises(RuntimeError, match="not running"):
        _ = server.base_url
    await server.start()
    await server.stop()
    await server.stop()
