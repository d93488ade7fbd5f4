"""What all requests of a client share: connections, the key, and how an answer or a failure is read.

Connections are reused for as long as they were idle less than ten seconds, which is shorter than any
common server's patience: a thread is read right before a write, so the write finds a fresh connection.
If the server closes it in that very moment, the write is unknown and gets read back, which is safe.

Redirects are not followed, proxies of the environment are not used, and there are no cookies.
"""

from __future__ import annotations

import asyncio

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from autoresponder import __version__
from autoresponder.channex.deadlines import Deadlines, Watch
from autoresponder.channex.limiter import Limiter
from autoresponder.channex.query import encoded
from autoresponder.channex.requests import COMMON_HEADERS, Request
from autoresponder.channex.responses import Answer
from autoresponder.config import Secret
from autoresponder.errors import ChannexUnavailable

MAX_BODY = 32 * 1024 * 1024
"""Bytes of an answer that are read; a page of a hundred long messages has less than one megabyte."""

_KEEPALIVE = 10.0
_CONNECT = 10.0
"""Most seconds for DNS, TCP and TLS, within the whole timeout."""

BROKEN = (aiohttp.ClientError, HttpProcessingError, OSError, TimeoutError)
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
        base = URL(base_url, encoded=True)
        self._scheme, self._authority, self._path = base.scheme, base.raw_authority, base.raw_path.rstrip("/")
        self._api_key = api_key
        self._timeout = aiohttp.ClientTimeout(total=None, connect=min(timeout, _CONNECT))
        self.deadlines = Deadlines(timeout)
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
            timeout=self._timeout,
            trust_env=False,
            raise_for_status=False,
            trace_configs=traces,
        )

    def url(self, request: Request) -> URL:
        """The request's whole address."""
        # Put together, not parsed: parsing the same host for each request would cost more than all of this method.
        return URL.build(
            scheme=self._scheme,
            authority=self._authority,
            path=self._path + request.path,
            query_string=encoded(request.query) if request.query else "",
            encoded=True,
        )

    def scrub(self, body: bytes) -> bytes:
        """A refusal's body without the key, should a server echo it."""
        return body.replace(self._api_key.reveal().encode(), b"****")

    async def close(self) -> None:
        """Close the connections; closing twice is harmless."""
        self._closed = True
        self.deadlines.close()
        if self._connector is not None:
            await self._connector.close()
            self._connector = None


async def receive(wire: Wire, response: aiohttp.ClientResponse, watch: Watch) -> Answer:
    """Read an answer; a body that breaks off does not hide the status that came before it."""
    try:
        body, complete = await _body(response)
    except asyncio.CancelledError:
        if not watch.ran_out():
            raise
        body, complete = b"", False
    if response.status >= 300:
        body = wire.scrub(body)
    return Answer(status=response.status, headers=response.headers, body=body, complete=complete)


async def _body(response: aiohttp.ClientResponse) -> tuple[bytes, bool]:
    """The body as far as it comes, and whether that is all of it."""
    content = response.content
    body = bytearray()
    try:
        if content.is_eof():
            whole = content.read_nowait()
            if content.at_eof() and len(whole) <= MAX_BODY:
                return whole, True  # nearly always: it came in one piece with the headers
            body += whole
        while len(body) <= MAX_BODY and (chunk := await content.readany()):
            body += chunk
    except BROKEN:
        return bytes(body), False
    if len(body) > MAX_BODY:
        response.close()
    return bytes(body), len(body) <= MAX_BODY


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
