"""Registering webhooks (Webhooks page)."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from autoresponder.sandbox import answers
from autoresponder.sandbox.answers import Refusal, invalid
from autoresponder.sandbox.endpoint import Call, Operation
from autoresponder.sandbox.listing import Field, as_id, as_text, select
from autoresponder.sandbox.webhooks import EVENTS, Webhook, Webhooks, is_loopback_url

_FIELDS: dict[str, Field[Webhook]] = {
    "id": Field(lambda h: h.id, as_id),
    "callback_url": Field(lambda h: h.callback_url, as_text),
    "property_id": Field(lambda h: h.property_id, as_id),
}
_FLAGS = ("is_global", "is_active", "send_data", "protected")
_TEXT_MAPS = ("headers", "request_params")
_KEYS = frozenset({"callback_url", "event_mask", "property_id", *_FLAGS, *_TEXT_MAPS})
_MOST = 100
"""Webhooks at once."""


class WebhookRoutes:
    """The operations on one registry.

    Args:
        hooks: The registry.
    """

    def __init__(self, hooks: Webhooks) -> None:
        self._hooks = hooks

    def operations(self) -> tuple[tuple[str, str, str, Operation], ...]:
        """Name for fault switches, method, path, operation."""
        return (
            ("list_webhooks", "GET", "/webhooks", self.list),
            ("create_webhook", "POST", "/webhooks", self.create),
            ("test_webhook", "POST", "/webhooks/test", self.test),
            ("get_webhook", "GET", "/webhooks/{id}", self.get),
            ("update_webhook", "PUT", "/webhooks/{id}", self.update),
            ("delete_webhook", "DELETE", "/webhooks/{id}", self.delete),
        )

    async def list(self, call: Call) -> web.Response:
        """All webhooks."""
        items, meta = select(
            self._hooks.registered.values(),
            call.listing,
            _FIELDS,
            default_order="callback_url",
            default_descending=False,
        )
        return answers.page([_shown(hook) for hook in items], meta)

    async def create(self, call: Call) -> web.Response:
        """Register a callback: 201."""
        hook = _read(call, await call.body("webhook"), call.world.new_id())
        if len(self._hooks.registered) >= _MOST:
            raise invalid({"base": ["too many webhooks"]})
        self._hooks.registered[hook.id] = hook
        return answers.data(_shown(hook), status=201)

    async def test(self, call: Call) -> web.Response:
        """Call a callback once and say what it answered."""
        status, body = await self._hooks.test(_read(call, await call.body("webhook"), ""))
        return answers.answer({"status_code": status, "body": body})

    async def get(self, call: Call) -> web.Response:
        """One webhook."""
        return answers.data(_shown(self._known(call)))

    async def update(self, call: Call) -> web.Response:
        """Replace a webhook; the whole body is expected."""
        known = self._known(call)
        hook = _read(call, await call.body("webhook"), known.id)
        self._hooks.registered[hook.id] = hook
        return answers.data(_shown(hook))

    async def delete(self, call: Call) -> web.Response:
        """Forget a webhook."""
        del self._hooks.registered[self._known(call).id]
        return answers.done()

    def _known(self, call: Call) -> Webhook:
        hook = self._hooks.registered.get(call.id)
        if hook is None:
            raise Refusal("resource_not_found")
        return hook


def _read(call: Call, entity: dict[str, Any], identity: str) -> Webhook:
    problems = {name: ["is unknown"] for name in entity.keys() - _KEYS}
    problems |= {name: ["is invalid"] for name in _FLAGS if not isinstance(entity.get(name, False), bool)}
    problems |= {name: ["is invalid"] for name in _TEXT_MAPS if not _is_text_map(entity.get(name, {}))}
    url, mask, owner = entity.get("callback_url"), entity.get("event_mask"), entity.get("property_id")
    if not isinstance(url, str) or not url:
        problems["callback_url"] = ["can't be blank"]
    elif not is_loopback_url(url):
        problems["callback_url"] = ["invalid host"]
    if not isinstance(mask, str) or not mask:
        problems["event_mask"] = ["can't be blank"]
    elif mask != "*" and not EVENTS.issuperset(mask.split(";")):
        problems["event_mask"] = ["is invalid"]
    if owner is None:
        if entity.get("is_global") is not True:
            problems["property_id"] = ["can't be blank"]
    elif (
        not isinstance(owner, str)
        or owner not in call.world.properties
        or call.world.properties[owner].foreign
    ):
        problems["property_id"] = ["is invalid"]
    if problems:
        raise invalid(problems)
    return Webhook(
        id=identity,
        callback_url=str(url),
        event_mask=str(mask),
        property_id=owner,
        headers=dict(entity.get("headers", {})),
        request_params=dict(entity.get("request_params", {})),
        **{flag: entity.get(flag, False) for flag in _FLAGS},
    )


def _is_text_map(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(text, str) and "\n" not in text and "\r" not in text
        for pair in value.items()
        for text in pair
    )


def _shown(hook: Webhook) -> dict[str, Any]:
    attributes = {
        "id": hook.id,
        "callback_url": hook.callback_url,
        "event_mask": hook.event_mask,
        "property_id": hook.property_id,
        "is_global": hook.is_global,
        "is_active": hook.is_active,
        "send_data": hook.send_data,
        "headers": hook.headers,
        "request_params": hook.request_params,
        "protected": hook.protected,
        "is_signed": False,
        "signing_key_id": None,
    }
    relationships: dict[str, Any] = {}
    if hook.property_id is not None:
        relationships["property"] = {"data": {"id": hook.property_id, "type": "property"}}
    return {"id": hook.id, "type": "webhook", "attributes": attributes, "relationships": relationships}
