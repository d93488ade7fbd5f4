"""The client against real sockets: what was sent, how often, and what a failure is taken for."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from autoresponder.channex import wire
from autoresponder.channex.client import Client, ReadOnlyClient
from autoresponder.channex.limiter import RateLimiter
from autoresponder.clock import SystemClock
from autoresponder.config import Secret
from autoresponder.errors import (
    AutoresponderError,
    ChannexError,
    ChannexForbidden,
    ChannexNotFound,
    ChannexRateLimited,
    ChannexRejected,
    ChannexUnavailable,
    ConfigError,
    DeliveryUnknown,
)
from autoresponder.model import ThreadId
from tests.support.channex_samples import raw
from tests.support.raw_server import Behave, RawServer, raw_server, reply, resets, says, stays_silent

KEY = "uK3y-abcdef-0123456789"
THREAD = ThreadId("t1")
SENT = reply(200, raw("thread_message_send/200"))
READ = reply(200, raw("message_thread/200"))
REFUSED = "http://127.0.0.1:9"


def client(base_url: str, *, timeout: float = 5.0, **options: Any) -> Client:
    return Client(base_url=base_url, api_key=Secret(KEY), timeout=timeout, **options)


class Gone(AutoresponderError):
    """What a hook raises."""


def refuse() -> None:
    raise Gone("too late")


WRITES: list[Callable[[Client, Callable[[], None] | None], Awaitable[Any]]] = [
    lambda c, hook: c.send_to_thread(THREAD, text="Hello", before_write=hook),
    lambda c, hook: c.close_thread(THREAD, before_write=hook),
    lambda c, hook: c.no_reply_needed(THREAD, before_write=hook),
]


async def test_what_goes_on_the_wire() -> None:
    async with raw_server(says(SENT)) as server, client(server.base_url) as c:
        await c.send_to_thread(THREAD, text="Grüße \N{GRINNING FACE}")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    lines = head.decode("ascii").split("\r\n")
    names = {line.split(":")[0].lower(): line.partition(":")[2].strip() for line in lines[1:]}
    assert lines[0] == "POST /api/v1/message_threads/t1/messages HTTP/1.1"
    assert names["user-api-key"] == KEY
    assert (names["content-type"], names["accept"]) == ("application/json", "application/json")
    assert names["user-agent"].startswith("autoresponder/")
    assert "cookie" not in names
    assert json.loads(body) == {"message": {"message": "Grüße \N{GRINNING FACE}"}}


async def test_an_empty_post_says_so() -> None:
    async with raw_server(says(reply(200, b"{}"))) as server, client(server.base_url) as c:
        await c.close_thread(THREAD)
    head = server.requests[0].lower()
    assert b"content-length: 0" in head
    assert b"content-type" not in head


async def test_connections_are_reused() -> None:
    async with raw_server(says(READ)) as server, client(server.base_url) as c:
        for _ in range(5):
            await c.message_thread(THREAD)
    async with raw_server(says(SENT)) as writes, client(writes.base_url) as c:
        for _ in range(5):
            await c.send_to_thread(THREAD, text="x")
    assert (server.connections, writes.connections) == (1, 1)


async def test_a_cookie_is_not_kept() -> None:
    answer = reply(200, raw("message_thread/200"), b"Set-Cookie: a=b; Path=/")
    async with raw_server(says(answer)) as server:
        named = server.base_url.replace("127.0.0.1", "localhost")  # cookies of bare addresses never count
        async with client(named) as c:
            await c.message_thread(THREAD)
            await c.message_thread(THREAD)
    assert len(server.requests) == 2
    assert not any(b"cookie" in request.lower() for request in server.requests)


@pytest.mark.parametrize("write", WRITES)
async def test_a_hook_that_raises_stops_the_write_before_its_first_byte(write: Any) -> None:
    async with raw_server(says(SENT)) as server, client(server.base_url) as c:
        with pytest.raises(Gone, match="too late"):
            await write(c, refuse)
        assert server.connections == 1
        await c.message_thread(THREAD)
    assert [request[:3] for request in server.requests] == [b"GET"]


async def test_a_hook_that_raises_on_a_used_connection_stops_the_write_too() -> None:
    async with raw_server(says(SENT)) as server, client(server.base_url) as c:
        await c.send_to_thread(THREAD, text="first")
        before = server.bytes_seen
        with pytest.raises(Gone):
            await c.send_to_thread(THREAD, text="second", before_write=refuse)
        await c.send_to_thread(THREAD, text="third")
    bodies = [request.partition(b"\r\n\r\n")[2] for request in server.requests]
    assert [json.loads(body)["message"]["message"] for body in bodies] == ["first", "third"]
    assert server.bytes_seen > before


@pytest.mark.parametrize("write", WRITES)
async def test_the_hook_is_called_once_with_the_connection_standing_and_nothing_sent(write: Any) -> None:
    seen: list[tuple[int, int]] = []
    async with raw_server(says(SENT)) as server, client(server.base_url) as c:
        await write(c, lambda: seen.append((len(server.requests), server.bytes_seen)))
    assert seen == [(0, 0)]
    assert len(server.requests) == 1


@pytest.mark.parametrize("write", WRITES)
async def test_no_connection_is_definite_and_the_hook_is_not_called(write: Any) -> None:
    called: list[int] = []
    async with client(f"{REFUSED}/api/v1") as c:
        with pytest.raises(ChannexUnavailable, match="nothing was sent"):
            await write(c, lambda: called.append(1))
    assert called == []


async def test_an_unknown_host_is_definite() -> None:
    async with client("http://no-such-host.invalid/api/v1") as c:
        with pytest.raises(ChannexUnavailable, match="nothing was sent"):
            await c.send_to_thread(THREAD, text="x")
        with pytest.raises(ChannexUnavailable, match="base_url"):
            await c.message_thread(THREAD)


async def test_a_server_that_speaks_no_tls_is_definite() -> None:
    async with (
        raw_server(resets) as server,
        client(server.base_url.replace("http:", "https:"), timeout=0.5) as c,
    ):
        with pytest.raises(ChannexUnavailable, match="nothing was sent"):
            await c.send_to_thread(THREAD, text="x")
    assert server.requests == []


async def test_a_server_that_never_accepts_is_definite() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        blockers = []
        for _ in range(4):
            blocker = socket.socket()
            blocker.setblocking(False)
            blocker.connect_ex(full.getsockname())
            blockers.append(blocker)
        async with client(f"http://127.0.0.1:{full.getsockname()[1]}", timeout=0.3) as c:
            with pytest.raises(ChannexUnavailable, match="nothing was sent"):
                await c.send_to_thread(THREAD, text="x")
        for blocker in blockers:
            blocker.close()


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("behave", [resets, stays_silent, says(b"", then_close=True), says(b"HTTP/1.1 2")])
async def test_anything_after_the_first_byte_is_unknown_and_not_repeated(write: Any, behave: Behave) -> None:
    async with raw_server(behave) as server, client(server.base_url, timeout=0.3) as c:
        with pytest.raises(DeliveryUnknown, match="may have been applied") as caught:
            await write(c, None)
    assert caught.value.status is None
    assert len(server.requests) == 1


async def test_a_stale_connection_makes_a_write_unknown_but_never_double() -> None:
    async def once_then_reset(server: RawServer, request: bytes, writer: asyncio.StreamWriter) -> None:
        if len(server.requests) == 1:
            writer.write(SENT)
            await writer.drain()
        else:
            writer.transport.abort()

    async with raw_server(once_then_reset) as server, client(server.base_url) as c:
        await c.send_to_thread(THREAD, text="first")
        with pytest.raises(DeliveryUnknown):
            await c.send_to_thread(THREAD, text="second")
    assert len(server.requests) == 2


async def test_a_connection_closed_while_idle_is_not_used_for_a_write() -> None:
    async with raw_server(says(SENT, then_close=True)) as server, client(server.base_url) as c:
        for _ in range(3):
            await c.send_to_thread(THREAD, text="x")
            await _until(lambda: _idle(c) == 0)
    assert (server.connections, len(server.requests)) == (3, 3)


async def _until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until something has arrived that is already on its way."""
    for _ in range(100_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came")


def _idle(c: Client) -> int:
    pools = c._wire.connector._conns.values()
    return sum(1 for pool in pools for protocol, _ in pool if protocol.is_connected())


CUT = b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"data": {"id": "m1"'


async def test_a_cut_off_success_is_unknown_for_a_message_and_fine_for_a_mark() -> None:
    async with raw_server(says(CUT, then_close=True)) as server, client(server.base_url) as c:
        with pytest.raises(DeliveryUnknown) as caught:
            await c.send_to_thread(THREAD, text="x")
        assert caught.value.status == 200
        await c.close_thread(THREAD)
        with pytest.raises(ChannexUnavailable, match="broke off"):
            await c.message_thread(THREAD)


async def test_a_cut_off_refusal_is_still_a_refusal() -> None:
    cut = b'HTTP/1.1 422 No\r\nContent-Length: 500\r\n\r\n{"errors"'
    async with raw_server(says(cut, then_close=True)) as server, client(server.base_url) as c:
        with pytest.raises(ChannexRejected):
            await c.send_to_thread(THREAD, text="x")


async def test_a_slow_body_is_cut_off_by_the_timeout() -> None:
    async with raw_server(says(CUT)) as server, client(server.base_url, timeout=0.3) as c:
        with pytest.raises(DeliveryUnknown) as caught:
            await c.send_to_thread(THREAD, text="x")
        assert caught.value.status == 200  # accepted: never to be sent again
        with pytest.raises(ChannexUnavailable):
            await c.message_thread(THREAD)


async def test_a_slow_refusal_is_still_a_refusal() -> None:
    slow = b'HTTP/1.1 422 No\r\nContent-Length: 500\r\n\r\n{"errors"'
    async with raw_server(says(slow)) as server, client(server.base_url, timeout=0.3) as c:
        with pytest.raises(ChannexRejected):
            await c.send_to_thread(THREAD, text="x")


@pytest.mark.parametrize(("size", "fine"), [(90_000, True), (110_000, False)])
async def test_a_huge_answer_is_not_swallowed(monkeypatch: pytest.MonkeyPatch, size: int, fine: bool) -> None:
    monkeypatch.setattr(wire, "MAX_BODY", 100_000)
    body = json.dumps({"data": {"id": "t1", "attributes": {"title": "x" * size}}}).encode()
    async with raw_server(says(reply(200, body))) as server, client(server.base_url) as c:
        if fine:
            assert (await c.message_thread(THREAD)).id == THREAD
            return
        with pytest.raises(ChannexUnavailable, match="too large"):
            await c.message_thread(THREAD)


async def test_a_broken_compression_is_no_answer() -> None:
    answer = reply(200, b"this is not gzip", b"Content-Encoding: gzip")
    async with raw_server(says(answer)) as server, client(server.base_url) as c:
        with pytest.raises(ChannexUnavailable):
            await c.message_thread(THREAD)
        with pytest.raises(DeliveryUnknown):
            await c.send_to_thread(THREAD, text="x")


@pytest.mark.parametrize(
    "answer", [b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 banana\r\n\r\n", b"\x00\x01\x02\r\n\r\n"]
)
async def test_what_is_not_http(answer: bytes) -> None:
    async with raw_server(says(answer, then_close=True)) as server, client(server.base_url, timeout=2) as c:
        with pytest.raises(ChannexUnavailable):
            await c.message_thread(THREAD)
        with pytest.raises(DeliveryUnknown):
            await c.send_to_thread(THREAD, text="x")
    assert sum(1 for request in server.requests if request.startswith(b"POST")) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_redirects_are_not_followed_and_take_no_key_along(status: int) -> None:
    async with raw_server(says(READ)) as elsewhere:
        where = f"Location: http://127.0.0.1:{elsewhere.port}/".encode()
        async with raw_server(says(reply(status, b"", where))) as server, client(server.base_url) as c:
            with pytest.raises(ChannexRejected, match="base_url"):
                await c.message_thread(THREAD)
            with pytest.raises(ChannexRejected, match="base_url"):
                await c.send_to_thread(THREAD, text="x")
    assert elsewhere.connections == 0


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with (
        raw_server(says(READ)) as proxy,
        raw_server(says(READ)) as server,
        client(server.base_url) as c,
    ):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        await c.message_thread(THREAD)
    assert (proxy.connections, server.connections) == (0, 1)


async def test_cancellation_stays_cancellation() -> None:
    async with raw_server(stays_silent) as server, client(server.base_url) as c:
        task = asyncio.create_task(c.send_to_thread(THREAD, text="x"))
        await asyncio.wait_for(server.arrived.wait(), 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert len(server.requests) == 1


async def test_a_429_silences_the_whole_client() -> None:
    clock = SystemClock()
    limiter = RateLimiter(per_minute=6000, concurrency=4, monotonic=clock.monotonic)
    answer = reply(429, raw("errors/401"), b"Retry-After: 100")
    async with raw_server(says(answer)) as server, client(server.base_url, limiter=limiter) as c:
        with pytest.raises(ChannexRateLimited) as caught:
            await c.message_thread(THREAD)
        assert caught.value.retry_after == 100
        with pytest.raises(ChannexRateLimited) as caught:
            await c.send_to_thread(THREAD, text="x")
        assert 90 < (caught.value.retry_after or 0) <= 100
        with pytest.raises(ChannexRateLimited):
            await c.message_thread(THREAD)
    assert len(server.requests) == 1


async def test_every_failure_gives_its_place_back() -> None:
    clock = SystemClock()
    limiter = RateLimiter(per_minute=60_000, concurrency=1, monotonic=clock.monotonic)
    async with raw_server(resets) as server, client(server.base_url, limiter=limiter, timeout=2) as c:
        async with asyncio.timeout(10):
            for _ in range(3):
                with pytest.raises(ChannexUnavailable):
                    await c.message_thread(THREAD)
                with pytest.raises(DeliveryUnknown):
                    await c.send_to_thread(THREAD, text="x")
                with pytest.raises(Gone):
                    await c.send_to_thread(THREAD, text="x", before_write=refuse)


async def test_a_closed_client_sends_nothing() -> None:
    async with raw_server(says(SENT)) as server:
        c = client(server.base_url)
        await c.send_to_thread(THREAD, text="x")
        await c.close()
        await c.close()
        for call in (c.message_thread(THREAD), c.send_to_thread(THREAD, text="x")):
            with pytest.raises(ChannexUnavailable, match="closed"):
                await call
    assert len(server.requests) == 1


FAULTS: list[Behave] = [
    resets,
    says(CUT, then_close=True),
    says(b"HTTP/1.1 banana\r\n\r\n", then_close=True),
    *(
        says(reply(status, json.dumps({"errors": {"code": KEY, "title": KEY, "details": [KEY]}}).encode()))
        for status in (400, 401, 403, 404, 422, 429, 500)
    ),
]


@pytest.mark.parametrize("behave", FAULTS)
async def test_the_key_never_leaks(behave: Behave, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    said: list[str] = []
    async with raw_server(behave) as server, client(server.base_url, timeout=2) as c:
        said.append(repr(c) + repr(vars(c)) + repr(vars(c._wire)))
        for call in (c.message_thread(THREAD), c.send_to_thread(THREAD, text="x")):
            try:
                await call
            except ChannexError as error:
                said.append(_everything(error))
    assert len(said) == 3
    assert any(KEY.encode() in request for request in server.requests)
    assert KEY not in "".join(said) + caplog.text


def _everything(error: BaseException | None) -> str:
    """All that a log or a traceback with reprs could show of an error and of what caused it."""
    text = ""
    while error is not None:
        text += f"{error!s} {error!r} {vars(error)!r} {error.args!r}"
        error = error.__cause__ or error.__context__
    return text


async def test_a_read_only_client_only_ever_gets() -> None:
    async with raw_server(says(READ)) as server:
        reader = ReadOnlyClient(base_url=server.base_url, api_key=Secret(KEY))
        async with reader:
            await reader.message_thread(THREAD)
    assert [request.split(b" ")[0] for request in server.requests] == [b"GET"]


async def test_nothing_is_left_open() -> None:
    """An unclosed session or connection warns when it is collected, and a warning fails the test."""
    async with raw_server(says(SENT)) as server:
        c = client(server.base_url)
        async with c:
            await c.send_to_thread(THREAD, text="x")
            await c.message_thread(THREAD)
            connector = c._wire.connector
        assert connector.closed
        del c, connector
        gc.collect()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "app.channex.io/api/v1",
        "ftp://x/api",
        "https://",
        "http://a b/",
        "http://[::1",
        "http://ü.example",
    ],
)
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ConfigError, match="base_url"):
        client(url)


@pytest.mark.parametrize(
    "url", ["https://me:pass@x.example/api", "https://x.example/?a=1", "https://x.example/#f"]
)
def test_an_address_with_more_in_it(url: str) -> None:
    with pytest.raises(ConfigError, match="more than an address") as caught:
        client(url)
    assert "pass@" not in str(caught.value)


@pytest.mark.parametrize("key", ["", "abc\n", "a b", "ключ", "a\x00b"])
def test_a_key_that_is_none(key: str) -> None:
    with pytest.raises(ConfigError, match="key") as caught:
        Client(base_url="https://x.example/api/v1", api_key=Secret(key))
    assert not key or key not in str(caught.value)


async def test_a_post_is_not_repeated_even_if_aiohttp_wanted_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """aiohttp repeats what is idempotent on a connection that went stale; POST must not become such."""
    assert "POST" not in aiohttp.client.IDEMPOTENT_METHODS
    monkeypatch.setattr(aiohttp.client, "IDEMPOTENT_METHODS", frozenset({"GET", "POST"}))
    called: list[int] = []
    async with raw_server(resets) as server, client(server.base_url) as c:
        with pytest.raises(DeliveryUnknown):
            await c.send_to_thread(THREAD, text="x", before_write=lambda: called.append(1))
    assert len(server.requests) == 1
    assert called == [1]


async def test_a_missing_object_and_a_missing_app() -> None:
    async with raw_server(says(reply(404, raw("errors/404")))) as server, client(server.base_url) as c:
        with pytest.raises(ChannexNotFound):
            await c.message_thread(THREAD)
    async with raw_server(says(reply(403, raw("errors/403")))) as server, client(server.base_url) as c:
        with pytest.raises(ChannexForbidden, match="Messages app"):
            await c.send_to_thread(THREAD, text="x")


async def test_an_untrusted_certificate_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        if os.environ.get("CI"):
            pytest.fail("openssl is needed: apt-get install openssl")
        pytest.skip("openssl is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = f"{openssl} req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost"
    await asyncio.to_thread(
        subprocess.run,
        [*command.split(), "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    async with raw_server(says(SENT), tls=context) as server:
        c = client(server.base_url.replace("http:", "https:"))
        async with c:
            with pytest.raises(ChannexUnavailable, match=r"TLS.*nothing was sent"):
                await c.send_to_thread(THREAD, text="x")
    assert server.bytes_seen == 0
