"""The sandbox's HTTP answers: data, lists and the document's errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from autoresponder.sandbox.render import encode

_JSON = "application/json; charset=utf-8"

_ERRORS: dict[str, tuple[int, str]] = {
    "bad_request": (400, "Bad Request"),
    "unauthorized": (401, "Unauthorized"),
    "forbidden": (403, "Forbidden"),
    "resource_not_found": (404, "Resource Not Found"),
    "payload_too_large": (413, "Payload Too Large"),
    "validation_error": (422, "Validation Error"),
    "not_supported": (422, "Method not supported"),
    "http_too_many_requests": (429, "Too Many Requests"),
    "internal_server_error": (500, "Internal Server Error"),
    "bad_gateway": (502, "Bad Gateway"),
    "service_unavailable": (503, "Service Temporary Unavailable"),
    "gateway_timeout": (504, "Gateway Timeout"),
}


class Refusal(Exception):
    """The request is answered with an error of the API.

    Args:
        code: `errors.code`; it also says the status and the title.
        details: `errors.details`, or None for an error without.
        status: Another status than the code's own.
    """

    def __init__(self, code: str, details: Any = None, *, status: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.details = details
        self.status = status


def invalid(details: Mapping[str, Sequence[str]]) -> Refusal:
    """A 422 that names fields and what is wrong with each."""
    return Refusal("validation_error", {name: list(words) for name, words in details.items()})


def answer(body: Any, *, status: int = 200) -> web.Response:
    """A JSON answer."""
    return web.Response(body=encode(body), status=status, headers={"Content-Type": _JSON})


def data(value: Any, *, status: int = 200) -> web.Response:
    """One object."""
    return answer({"data": value}, status=status)


def page(items: Sequence[Any], meta: Mapping[str, Any]) -> web.Response:
    """A list."""
    return answer({"data": items, "meta": meta})


def done() -> web.Response:
    """Success without an object."""
    return answer({"meta": {"message": "Success"}})


def error(
    code: str, details: Any = None, *, status: int | None = None, old_not_found: bool = False
) -> web.Response:
    """An error with the API's envelope."""
    own_status, title = _ERRORS[code]
    if code == "resource_not_found" and old_not_found:
        # The API document's own spelling.
        code, title = "not_found", "Resouce Not Found"
    envelope: dict[str, Any] = {"code": code, "title": title}
    if details is not None:
        envelope["details"] = details
    return answer({"errors": envelope}, status=status or own_status)


def code_of_status(status: int) -> str:
    """The error code that Channex uses with an HTTP status."""
    if status == 422:
        return "validation_error"
    return next((code for code, (own, _) in _ERRORS.items() if own == status), "internal_server_error")
