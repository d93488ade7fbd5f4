"""What every request of the API goes through: key, id, faults, errors."""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from aiohttp import web

from autoresponder.sandbox import answers
from autoresponder.sandbox.answers import Refusal
from autoresponder.sandbox.faults import Fault, FaultKind, Faults
from autoresponder.sandbox.listing import BadQuery, Listing, parse_listing
from autoresponder.sandbox.world import World

MAX_BODY = 10 * 1024 * 1024
"""Bytes of one JSON request (documented limit)."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HTML = "<html><head><title>{0}</title></head><body><h1>{0}</h1><hr>nginx</body></html>"


@dataclass(slots=True)
class Call:
    """One request, as handlers see it."""

    world: World
    request: web.Request
    id: str
    """The id in the path, lower case; empty when the path has none."""
    later: float = 0.0
    """Seconds after which a message that is sent becomes visible."""
    accepted: bool = True
    """Whether a message seen later counts as made now."""

    @property
    def listing(self) -> Listing:
        """Paging, order and filters; raises `BadQuery`."""
        return parse_listing(self.request.rel_url.raw_query_string)

    async def body(self, name: str) -> dict[str, Any]:
        """The object under the one key that the body must have."""
        document = await self.document()
        if not isinstance(document, dict) or set(document) != {name}:
            raise Refusal("bad_request", [f"{name} is required"])
        entity = document[name]
        if not isinstance(entity, dict):
            raise Refusal("bad_request", [f"{name} is required"])
        return entity

    async def document(self) -> Any:
        """The body as plain data."""
        if self.request.content_type != "application/json":
            # Without the right type nobody parses the body, so no parameter arrives.
            raise Refusal("bad_request")
        try:
            return msgspec.json.decode(await self.request.read())
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Refusal("bad_request") from error


Operation = Callable[[Call], Awaitable[web.Response]]


class Gate:
    """Turns operations into aiohttp handlers.

    Args:
        world: The state behind the API.
        faults: Asked for every request that has the right key.
        api_key: The key that `user-api-key` must carry.
    """

    def __init__(self, world: World, faults: Faults, api_key: str) -> None:
        self._world = world
        self._faults = faults
        self._key = api_key.encode()

    def handler(self, name: str, operation: Operation) -> Callable[[web.Request], Awaitable[web.Response]]:
        """The handler of one operation; `name` is what fault switches call it."""

        async def handle(request: web.Request) -> web.Response:
            if not self._may_enter(request):
                return answers.error("unauthorized")
            world = self._world
            world.settle()
            call = Call(world, request, request.match_info.get("id", "").lower())
            fault = self._faults.strike(name)
            if fault is None:
                return await self._run(operation, call)
            world.happen("fault", note=f"{fault.kind} on {name}")
            return await self._struck(operation, call, fault)

        return handle

    def _may_enter(self, request: web.Request) -> bool:
        given = request.headers.get("user-api-key", "")
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._key)

    async def _run(self, operation: Operation, call: Call) -> web.Response:
        if call.id and _UUID.fullmatch(call.id) is None:
            return answers.error("bad_request", {"id": ["is invalid"]}, status=422)
        try:
            return await operation(call)
        except Refusal as refusal:
            return answers.error(
                refusal.code,
                refusal.details,
                status=refusal.status,
                old_not_found=self._world.old_not_found,
            )
        except BadQuery as problem:
            return answers.error("validation_error", {problem.field: [problem.message]})
        except web.HTTPRequestEntityTooLarge:
            return answers.error("payload_too_large")

    async def _struck(self, operation: Operation, call: Call, fault: Fault) -> web.Response:
        kind = fault.kind
        if kind in (FaultKind.STATUS, FaultKind.DROP_BEFORE):
            await call.request.read()
            return _refusal(fault) if kind is FaultKind.STATUS else _drop(call.request)
        if kind is FaultKind.SLOW:
            await asyncio.sleep(fault.seconds)
        if kind in (FaultKind.LATE, FaultKind.HIDDEN):
            call.later, call.accepted = fault.seconds, kind is FaultKind.HIDDEN
        return await _spoilt(await self._run(operation, call), call.request, fault)


async def _spoilt(reply: web.Response, request: web.Request, fault: Fault) -> web.Response:
    """What becomes of the answer to a request that was applied."""
    body = reply.body if isinstance(reply.body, bytes) else b""
    match fault.kind:
        case FaultKind.STATUS_AFTER:
            return _refusal(fault)
        case FaultKind.LATE:
            return _refusal(fault) if fault.status else _drop(request)
        case FaultKind.TIMEOUT_AFTER:
            await asyncio.sleep(fault.seconds)
            return _drop(request)
        case FaultKind.DROP_AFTER:
            return _drop(request)
        case FaultKind.TRUNCATED:
            return _raw(body[: len(body) // 2])
        case FaultKind.CUT:
            return await _cut(request, body)
        case FaultKind.GARBAGE:
            return _garbage(fault.body)
        case _:
            return reply


def _refusal(fault: Fault) -> web.Response:
    if fault.body == "json":
        reply = answers.error(answers.code_of_status(fault.status), status=fault.status)
    elif fault.body == "html":
        reply = web.Response(
            text=_HTML.format(f"{fault.status} sandbox fault"), status=fault.status, content_type="text/html"
        )
    else:
        reply = web.Response(status=fault.status)
    if fault.retry_after is not None:
        seconds = fault.retry_after
        reply.headers["Retry-After"] = str(int(seconds) if seconds == int(seconds) else seconds)
    return reply


def _garbage(body: str) -> web.Response:
    if body == "html":
        return web.Response(text=_HTML.format("Maintenance"), content_type="text/html")
    return _raw({"null": b"null", "empty": b""}.get(body, b'{"meta":{"message":"Success"}}'))


def _raw(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="application/json")


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _cut(request: web.Request, body: bytes) -> web.Response:
    """Promise the whole body, write half of it, and break the connection."""
    if request.transport is not None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        request.transport.write(head.encode() + body[: len(body) // 2])
        await asyncio.sleep(0)
        request.transport.close()
    return web.Response()
