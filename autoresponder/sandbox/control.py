"""The sandbox's own interface, outside `/api/v1`: its clock, what happened, faults, audit, guests.

Answered on loopback only; it needs no key.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from autoresponder.clock import FastClock, SystemClock
from autoresponder.sandbox.answers import answer
from autoresponder.sandbox.entities import Happening, Origin
from autoresponder.sandbox.faults import Faults, read_faults
from autoresponder.sandbox.oracle import BadLedger, audit
from autoresponder.sandbox.stamps import zulu
from autoresponder.sandbox.world import World

_LONGEST_WAIT = 30.0
_PAGE = 1000
_GUEST_TEXT = 10_000

Handler = Callable[[web.Request], Awaitable[web.Response]]


class _BadRequest(Exception):
    """The body or a parameter cannot be used."""


class Control:
    """The handlers.

    Args:
        world: What is shown and changed.
        faults: What is switched.
        finished: Whether the script is over.
    """

    def __init__(self, world: World, faults: Faults, finished: Callable[[], bool]) -> None:
        self._world = world
        self._faults = faults
        self._finished = finished

    def register(self, app: web.Application) -> None:
        """Add the routes."""
        routes: tuple[tuple[str, str, Handler], ...] = (
            ("GET", "clock", self.clock),
            ("GET", "events", self.events),
            ("GET", "state", self.state),
            ("POST", "faults", self.switch),
            ("POST", "audit", self.audit),
            ("POST", "guest", self.guest),
        )
        for method, name, handler in routes:
            app.router.add_route(method, f"/_sandbox/{name}", _guarded(handler))

    async def clock(self, _: web.Request) -> web.Response:
        """`{now, speed}`: wall time of the sandbox and its seconds per real second."""
        clock = self._world.clock
        speed = clock.speed if isinstance(clock, FastClock) else float(isinstance(clock, SystemClock))
        return answer({"now": zulu(clock.now()), "speed": speed})

    async def events(self, request: web.Request) -> web.Response:
        """What happened after number `after`, oldest first; with `wait`, up to so many seconds for news."""
        after = _whole(request, "after")
        patience = min(float(_whole(request, "wait")), _LONGEST_WAIT)
        found = self._after(after)
        if not found and patience and not self._finished():
            news = asyncio.Event()

            def heard(_: Happening) -> None:
                news.set()

            self._world.listeners.append(heard)
            try:
                await asyncio.wait_for(news.wait(), patience)
            except TimeoutError:
                pass
            finally:
                self._world.listeners.remove(heard)
            found = self._after(after)
        return answer(
            {
                "events": [happening_data(self._world, one) for one in found],
                "last": found[-1].number if found else after,
                "finished": self._finished(),
            }
        )

    async def state(self, _: web.Request) -> web.Response:
        """Numbers and threads, for people who look."""
        world = self._world
        world.settle()
        threads = world.activity.slice(0, _PAGE, descending=True)
        return answer(
            {
                "now": zulu(world.clock.now()),
                "finished": self._finished(),
                "properties": [
                    {"key": p.key, "id": p.id, "title": p.title} for p in world.properties.values()
                ],
                "bookings": len(world.bookings),
                "threads": len(world.threads),
                "messages": sum(len(thread.messages) for thread in world.threads.values()),
                "pending": len(world.pending()),
                "faults": [msgspec.to_builtins(fault) for fault in self._faults.faults],
                "faults_struck": self._faults.struck,
                "newest_threads": [
                    {
                        "id": thread.id,
                        "key": thread.key,
                        "title": thread.title,
                        "provider": thread.provider,
                        "property": world.properties[thread.property_id].key,
                        "is_closed": thread.is_closed,
                        "messages": len(thread.messages),
                    }
                    for thread in threads
                ],
            }
        )

    async def switch(self, request: web.Request) -> web.Response:
        """Replace the fault switches by the list given; `[]` switches all off."""
        try:
            self._faults.replace(read_faults(await _json(request)))
        except ValueError as error:
            raise _BadRequest(f"faults: {error}") from error
        return answer({"faults": [msgspec.to_builtins(fault) for fault in self._faults.faults]})

    async def audit(self, request: web.Request) -> web.Response:
        """The ledger goes in (a list, or `{"ledger": [...]}`), the oracle's counts come out."""
        body = await _json(request)
        ledger = body.get("ledger") if isinstance(body, dict) else body
        if not isinstance(ledger, list):
            raise _BadRequest('send a list of ledger entries, or {"ledger": [...]}')
        try:
            return answer(audit(self._world, ledger))
        except BadLedger as error:
            raise _BadRequest(str(error)) from error

    async def guest(self, request: web.Request) -> web.Response:
        """A guest writes now: `{"thread": id or script key, "text": words}`."""
        body = await _json(request)
        if not isinstance(body, dict) or not isinstance(body.get("text"), str):
            raise _BadRequest('send {"thread": id or script key, "text": words}')
        text = body["text"]
        if not text.strip() or len(text) > _GUEST_TEXT:
            raise _BadRequest(f"text: 1 to {_GUEST_TEXT} characters")
        wanted = body.get("thread")
        world = self._world
        thread = world.threads.get(str(wanted)) or next(
            (one for one in world.threads.values() if one.key and one.key == wanted), None
        )
        if thread is None:
            raise _BadRequest("thread: there is none with this id or script key; see /_sandbox/state")
        message = world.write(thread, text, origin=Origin.GUEST)
        return answer({"thread_id": thread.id, "message_id": message.id})

    def _after(self, number: int) -> list[Happening]:
        self._world.settle()
        found = []
        for happening in reversed(self._world.happenings):
            if happening.number <= number:
                break
            found.append(happening)
        return found[::-1][:_PAGE]


def happening_data(world: World, happening: Happening) -> dict[str, Any]:
    """A happening as plain data for a live display."""
    shown: dict[str, Any] = {
        "number": happening.number,
        "at": zulu(happening.at),
        "kind": happening.kind,
        "note": happening.note,
    }
    thread, message = happening.thread, happening.message
    if thread is not None:
        shown |= {
            "thread_id": thread.id,
            "thread": thread.key,
            "title": thread.title,
            "provider": thread.provider,
            "property": world.properties[thread.property_id].title,
        }
    if message is not None:
        shown |= {
            "message_id": message.id,
            "text": message.text,
            "attachments": list(message.attachments),
        }
    return shown


def _guarded(handler: Handler) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        if not _is_local(request):
            return answer({"error": "the sandbox's control interface answers on loopback only"}, status=403)
        try:
            return await handler(request)
        except _BadRequest as problem:
            return answer({"error": str(problem)}, status=400)

    return handle


def _is_local(request: web.Request) -> bool:
    """Whether the caller is on this machine and no other site's page in a browser."""
    try:
        local = ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
    host = request.url.host or ""
    return local and host in ("127.0.0.1", "localhost", "::1") and "Origin" not in request.headers


async def _json(request: web.Request) -> Any:
    try:
        return msgspec.json.decode(await request.read())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _BadRequest("the body is no JSON") from error


def _whole(request: web.Request, name: str) -> int:
    written = request.query.get(name, "0")
    if not (written.isascii() and written.isdigit() and len(written) < 16):
        raise _BadRequest(f"{name}: must be a whole number, 0 or more")
    return int(written)
