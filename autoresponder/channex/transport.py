"""Requests on the wire, by aiohttp: a session that can only GET, and one that POSTs once.

Why a write is never repeated, by anybody:

* aiohttp repeats a request on a stale connection only for idempotent methods; POST is not among them.
  Should a version of it ever try, the second pass is stopped before its first byte (`_Attempt.started`).
* Redirects are not followed, environment proxies are not used, and there are no cookies.

What `before_write` guarantees: aiohttp's `on_request_headers_sent` fires, in spite of its name, before
the headers are even serialised: the connection stands (TCP and TLS), nothing of this request was written
to it. When the hook raises, the connection is closed unused. When it returns, the bytes follow without
waiting for anything, in the same or the next turn of the event loop. So "the hook was passed" is exactly
the border between "definitely not applied" and "may have been applied".

Connections are reused for as long as they were idle less than ten seconds, which is shorter than any
common server's patience: a thread is read right before a write, so the write finds a fresh connection.
If the server closes it in that very moment, the write is unknown and gets read back, which is safe.
"""

from __future__ import annotations

from types import SimpleNamespace

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from autoresponder import __version__
from autoresponder.channex.interface import BeforeWrite
from autoresponder.channex.limiter import Limiter
from autoresponder.channex.requests import COMMON_HEADERS, Request
from autoresponder.channex.responses import Answer
from autoresponder.config import Secret
from autoresponder.errors import ChannexUnavailable, DeliveryUnknown

MAX_BODY = 32 * 1024 * 1024
"""Bytes of an answer that are read; a page of a hundred long messages has less than one megabyte."""

_KEEPALIVE = 10.0
_CONNECT = 10.0
"""Most seconds for DNS, TCP and TLS, within the whole timeout."""

_BROKEN = (aiohttp.ClientError, HttpProcessingError, OSError, TimeoutError)
"""What aiohttp raises when a request fails; OSError holds TLS errors too."""


class Wire:
    """What all requests of a client share: address, key, limits and connections.

    Args:
        base_url: With scheme, without trailing slash.
        api_key: Goes into the `user-api-key` header and nowhere else.
        timeout: Seconds for a whole request.
        limiter: Asked before each request.
    """

    def __init__(self, *, base_url: str, api_key: Secret, timeout: float, limiter: Limiter) -> None:
        self._base_url = base_url
        self._api_key = api_key
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=min(timeout, _CONNECT))
        self._connector: aiohttp.TCPConnector | None = None
        self._closed = False
        self.limiter = limiter

    @property
    def connector(self) -> aiohttp.TCPConnector:
        """The connections, made on first use inside the running loop."""
        if self._closed:
            raise ChannexUnavailable("the Channex client is closed")
        if self._connector is None:
            self._connector = aiohttp.TCPConnector(keepalive_timeout=_KEEPALIVE, ttl_dns_cache=60)
        return self._connector

    def session(self, traces: list[aiohttp.TraceConfig] | None = None) -> aiohttp.ClientSession:
        """A session on the shared connections; the caller closes it."""
        return aiohttp.ClientSession(
            connector=self.connector,
            connector_owner=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={
                **COMMON_HEADERS,
                "user-api-key": self._api_key.reveal(),
                "User-Agent": f"autoresponder/{__version__}",
            },
            skip_auto_headers=("Content-Type",),  # an empty POST has none; octet-stream might be refused
            timeout=self._timeout,
            trust_env=False,
            raise_for_status=False,
            trace_configs=traces,
        )

    def url(self, request: Request) -> URL:
        """The request's whole address."""
        return URL(self._base_url + request.target, encoded=True)

    def scrub(self, body: bytes) -> bytes:
        """A refusal's body without the key, should a server echo it."""
        return body.replace(self._api_key.reveal().encode(), b"****")

    async def close(self) -> None:
        """Close the connections; closing twice is harmless."""
        self._closed = True
        if self._connector is not None:
            await self._connector.close()
            self._connector = None


class Reads:
    """Sends reads. There is no way to make it write: the method is not an argument.

    Args:
        wire: What is shared.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._session: aiohttp.ClientSession | None = None

    async def get(self, request: Request) -> Answer:
        """Send a GET and read the answer.

        Raises:
            ChannexUnavailable: No answer came.
            ChannexRateLimited: The limiter does not let it out.
        """
        if request.method != "GET":
            raise ValueError(f"{request.what}: not a read")
        wire = self._wire
        await wire.limiter.acquire()
        try:
            if self._session is None:
                self._session = wire.session()
            async with self._session.get(
                wire.url(request), headers=request.headers, allow_redirects=False
            ) as response:
                return await _answer(wire, response)
        except _BROKEN as error:
            failure = describe(error)
        finally:
            wire.limiter.release()
        raise ChannexUnavailable(f"{request.what}: {failure}")

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None


class _Attempt:
    """One write on its way: has it passed the border?"""

    __slots__ = ("before_write", "refusal", "started")

    def __init__(self, before_write: BeforeWrite | None) -> None:
        self.before_write = before_write
        self.started = False
        self.refusal: Exception | None = None


class _Stopped(Exception):
    """Raised inside aiohttp to give up a request before its first byte."""


class Writes:
    """Sends writes, each at most once.

    Args:
        wire: What is shared.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._session: aiohttp.ClientSession | None = None

    async def post(self, request: Request, before_write: BeforeWrite | None = None) -> Answer:
        """Send a POST, once, and read the answer.

        Args:
            request: What to send.
            before_write: See the module's text; what it raises is raised here, and nothing was sent.

        Raises:
            ChannexUnavailable: Not one byte was sent.
            ChannexRateLimited: The limiter does not let it out; nothing was sent.
            DeliveryUnknown: The request was, or may have been, sent; no answer came.
        """
        wire = self._wire
        await wire.limiter.acquire(urgent=True)
        attempt = _Attempt(before_write)
        try:
            if self._session is None:
                self._session = wire.session([_border()])
            async with self._session.post(
                wire.url(request),
                headers=request.headers,
                data=request.body,
                allow_redirects=False,
                trace_request_ctx=attempt,
            ) as response:
                return await _answer(wire, response)
        except _Stopped:
            failure = "the request was about to be repeated"
        except _BROKEN as error:
            attempt.started = attempt.started or isinstance(error, _AFTERWARDS)
            failure = describe(error)
        finally:
            wire.limiter.release()
        if attempt.refusal is not None:
            raise attempt.refusal
        if attempt.started:
            raise DeliveryUnknown(f"{request.what}: {failure} after it was sent; it may have been applied")
        raise ChannexUnavailable(f"{request.what}: {failure}; nothing was sent")

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None


_AFTERWARDS = (aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, aiohttp.ClientResponseError)
"""Errors that only a request on the wire can meet, should a substitute transport skip the border."""


def _border() -> aiohttp.TraceConfig:
    """Trace configuration that lets each attempt pass once, if its hook agrees."""

    async def check(
        _session: aiohttp.ClientSession,
        context: SimpleNamespace,
        _parameters: aiohttp.TraceRequestHeadersSentParams,
    ) -> None:
        attempt = context.trace_request_ctx
        if not isinstance(attempt, _Attempt):
            return
        if attempt.started:
            raise _Stopped
        if attempt.before_write is not None:
            try:
                attempt.before_write()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is raised again by `post`
                attempt.refusal = error
                raise _Stopped from None
        attempt.started = True

    config = aiohttp.TraceConfig()
    config.on_request_headers_sent.append(check)
    return config


async def _answer(wire: Wire, response: aiohttp.ClientResponse) -> Answer:
    """Read an answer; a body that breaks off does not hide the status that came before it."""
    body = bytearray()
    complete = True
    try:
        while chunk := await response.content.readany():
            body += chunk
            if len(body) > MAX_BODY:
                complete = False
                response.close()
                break
    except _BROKEN:
        complete = False
    refused = response.status >= 300
    text = wire.scrub(bytes(body)) if refused else bytes(body)
    return Answer(status=response.status, headers=response.headers, body=text, complete=complete)


def describe(error: BaseException) -> str:
    """What went wrong, in words, with a remedy where there is one; never holds headers or bodies."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return f"the host name {error.host[:100]} is not known; check channex.base_url and the network"
        case aiohttp.ClientSSLError():
            return f"no trusted TLS connection to {error.host[:100]}; check the clock, certificates, base_url"
        case aiohttp.ClientConnectorError():
            why = error.strerror or type(error.os_error).__name__
            return f"no connection to {error.host[:100]}:{error.port} ({str(why)[:100]})"
        case aiohttp.ConnectionTimeoutError():
            return "no connection in time"
        case TimeoutError():
            return "no answer in time"
        case aiohttp.ServerDisconnectedError() | ConnectionError() | aiohttp.ClientOSError():
            return "the connection broke"
        case aiohttp.InvalidURL():
            return "the address cannot be used; check channex.base_url"
        case aiohttp.ClientPayloadError() | aiohttp.ClientResponseError() | HttpProcessingError():
            return "the answer is not proper HTTP"
    return f"the connection failed ({type(error).__name__})"
