"""Webhooks: who listens, and delivery with Channex's envelope and retry schedule.

Waits run on the world's clock, so a fast clock makes eleven tries of a day pass quickly. Only loopback
addresses are called: a pretend account has no business with anybody else's server.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections import deque
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from autoresponder.sandbox.entities import Happening, Thread
from autoresponder.sandbox.faults import WEBHOOK, FaultKind, Faults
from autoresponder.sandbox.feed import inquiry_payload, message_payload
from autoresponder.sandbox.render import encode
from autoresponder.sandbox.stamps import zulu
from autoresponder.sandbox.world import World

RETRY_AFTER = (60, 120, 240, 480, 900, 1800, 3600, 7200, 14400, 21600, 36000)
"""Wall seconds before each further try: 1, 2, 4, 8, 15, 30 minutes, 1, 2, 4, 6, 10 hours."""

EVENTS = frozenset(
    {
        "ari", "booking", "booking_new", "booking_modification", "booking_cancellation",
        "booking_unmapped_room", "booking_unmapped_rate", "non_acked_booking", "message", "inquiry",
        "reservation_request", "alteration_request", "accepted_reservation", "declined_reservation",
        "message_thread_booking_assigned", "review", "updated_review", "sync_error", "sync_warning",
        "rate_error", "new_channel", "updated_channel", "activate_channel", "deactivate_channel",
        "disconnect_channel", "disconnect_listing", "channel_removal_warning", "property_removal_warning",
    }
)  # fmt: skip

_TIMEOUT = aiohttp.ClientTimeout(total=10)
_UNDER_WAY = 1000
"""Deliveries at once, waiting ones included; beyond, the newest are dropped and logged."""
_LOG_KEPT = 1000

_Reply = AbstractAsyncContextManager[aiohttp.ClientResponse]
_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Webhook:
    """A registered callback."""

    id: str
    callback_url: str
    event_mask: str
    property_id: str | None
    is_global: bool = False
    is_active: bool = False
    send_data: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    request_params: dict[str, str] = field(default_factory=dict)
    protected: bool = False

    def wants(self, event: str, property_id: str) -> bool:
        """Whether the event goes to this callback."""
        if not self.is_active or not (self.is_global or self.property_id == property_id):
            return False
        return self.event_mask == "*" or event in self.event_mask.split(";")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A line of the webhook log."""

    at: datetime
    webhook_id: str
    event: str
    attempt: int
    status: int | None
    """HTTP status, or None when no answer came."""


class Webhooks:
    """Registered callbacks and what is on its way to them.

    Args:
        world: Its happenings are what is reported.
        faults: Looked up under the operation `webhook`: drop_before, slow and duplicate strike deliveries.
        echo: Whether messages sent over the API are reported too; observations disagree, so it is a switch.
    """

    def __init__(self, world: World, faults: Faults, *, echo: bool = False) -> None:
        self.registered: dict[str, Webhook] = {}
        self.log: deque[Delivery] = deque(maxlen=_LOG_KEPT)
        self._world = world
        self._faults = faults
        self._echo = echo
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen to the world."""
        self._session = aiohttp.ClientSession(timeout=_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar())
        self._world.listeners.append(self._heard)

    async def stop(self) -> None:
        """Give up what is on its way."""
        if self._heard in self._world.listeners:
            self._world.listeners.remove(self._heard)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def idle(self) -> None:
        """Wait until nothing is on its way."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def test(self, hook: Webhook) -> tuple[int | None, str]:
        """Call a callback once with a test event; its status and body."""
        envelope = self._envelope("test", hook.property_id, {}, send_data=True)
        try:
            async with self._post(hook, envelope) as reply:
                return reply.status, (await reply.content.read(4096)).decode("utf-8", "replace")
        except (aiohttp.ClientError, TimeoutError):
            return None, "no answer"

    def _heard(self, happening: Happening) -> None:
        if not self.registered or happening.thread is None:
            return
        event = self._event_of(happening)
        if event is None:
            return
        thread = happening.thread
        hooks = [hook for hook in self.registered.values() if hook.wants(event, thread.property_id)]
        if any(not hook.is_global for hook in hooks):
            # When both match, only the property's own webhook is called.
            hooks = [hook for hook in hooks if not hook.is_global]
        payload = _payload(event, thread, happening)
        for hook in hooks:
            self._launch(hook, event, self._envelope(event, thread.property_id, payload, hook.send_data))

    def _event_of(self, happening: Happening) -> str | None:
        if happening.kind == "reply_arrived":
            return "message" if self._echo else None
        return {
            "guest_wrote": "message",
            "inquiry": "inquiry",
            "booking_assigned": "message_thread_booking_assigned",
        }.get(happening.kind)

    def _launch(self, hook: Webhook, event: str, envelope: dict[str, Any]) -> None:
        fault = self._faults.strike(WEBHOOK)
        kind = None if fault is None else fault.kind
        if kind is FaultKind.DROP_BEFORE:
            return
        delay = fault.seconds if fault is not None and kind is FaultKind.SLOW else 0.0
        for _ in range(2 if kind is FaultKind.DUPLICATE else 1):
            if len(self._tasks) >= _UNDER_WAY:
                _log.warning("sandbox: too many webhook deliveries under way, one dropped")
                return
            task = asyncio.get_running_loop().create_task(self._deliver(hook, event, envelope, delay))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, hook: Webhook, event: str, envelope: dict[str, Any], delay: float) -> None:
        await asyncio.sleep(delay)
        for attempt, wait in enumerate((0, *RETRY_AFTER), start=1):
            if wait:
                await self._world.clock.sleep(wait)
            if hook.id not in self.registered:
                return
            status = await self._try(hook, envelope)
            self.log.append(
                Delivery(
                    at=self._world.clock.now(),
                    webhook_id=hook.id,
                    event=event,
                    attempt=attempt,
                    status=status,
                )
            )
            if status is not None and status < 500:
                return

    async def _try(self, hook: Webhook, envelope: dict[str, Any]) -> int | None:
        try:
            async with self._post(hook, envelope) as reply:
                return reply.status
        except (aiohttp.ClientError, TimeoutError):
            return None

    def _post(self, hook: Webhook, envelope: dict[str, Any]) -> _Reply:
        if self._session is None:
            raise RuntimeError("webhooks were not started")
        return self._session.post(
            hook.callback_url,
            data=encode(envelope),
            params=hook.request_params,
            headers={"Content-Type": "application/json", **hook.headers},
            allow_redirects=False,
        )

    def _envelope(
        self, event: str, property_id: str | None, payload: Mapping[str, Any], send_data: bool
    ) -> dict[str, Any]:
        envelope: dict[str, Any] = {
            "event": event,
            "property_id": property_id,
            "user_id": None,
            "timestamp": zulu(self._world.clock.now()),
        }
        if send_data:
            envelope["payload"] = dict(payload)
        return envelope


def _payload(event: str, thread: Thread, happening: Happening) -> dict[str, Any]:
    if event == "message_thread_booking_assigned" or happening.message is None:
        return {"booking_id": thread.booking_id, "message_thread_id": thread.id}
    if event == "inquiry":
        card = inquiry_payload(thread, happening.message)
        card.pop("resolved")
        return card | {"live_feed_event_id": (happening.message.meta or {}).get("live_feed_event_id")}
    return message_payload(thread, happening.message)


def is_loopback_url(url: str) -> bool:
    """Whether an address is http(s) on this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or host is None:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
