"""Sends writes, each at most once, and knows whether one may have been applied.

Why a write is never repeated, by anybody:

* aiohttp repeats a request on a stale connection only for idempotent methods; POST is not among them.
  Should a version of it ever try, the second pass is stopped before its first byte (`_Attempt.started`).
* Redirects are not followed, and the client's own repetition (`retrying`) knows reads only.

What `before_write` guarantees: aiohttp's `on_request_headers_sent` fires, in spite of its name, before
the headers are even serialised: the connection stands (TCP and TLS), nothing of this request was written
to it. When the hook raises, the connection is closed unused. When it returns, the bytes follow without
waiting for anything, in the same or the next turn of the event loop. So "the hook was passed" is exactly
the border between "definitely not applied" and "may have been applied".
"""

from __future__ import annotations

from types import SimpleNamespace

import aiohttp

from autoresponder.channex.interface import BeforeWrite
from autoresponder.channex.requests import Request
from autoresponder.channex.responses import Answer
from autoresponder.channex.wire import BROKEN, Wire, describe, receive
from autoresponder.errors import ChannexUnavailable, DeliveryUnknown

_AFTERWARDS = (aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, aiohttp.ClientResponseError)
"""Errors that only a request on the wire can meet, should a substitute transport skip the border."""

_UNTYPED = ("Content-Type",)
"""What an empty POST must not have: the type that aiohttp would give it (octet-stream) might be refused."""


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
            with wire.deadlines.watch() as watch:
                async with self._session.post(
                    wire.url(request),
                    headers=request.headers,
                    skip_auto_headers=_UNTYPED if request.body is None else None,
                    data=request.body,
                    allow_redirects=False,
                    trace_request_ctx=attempt,
                ) as response:
                    return await receive(wire, response, watch)
        except _Stopped:
            failure = "the request was about to be repeated"
        except BROKEN as error:
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
