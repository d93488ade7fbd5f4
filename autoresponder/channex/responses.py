"""What an answer means: data, or the right error with a remedy. No I/O.

For a read every trouble is either a refusal or "unavailable", which may be repeated. For a write the
question is always whether it may have been applied: 408, 409, 425, every 5xx and anything unreadable
are `DeliveryUnknown`, because the server (or something before it) may have passed it on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

import msgspec

from autoresponder.channex.jsontext import NotJson, decode
from autoresponder.channex.requests import Kind, Request
from autoresponder.channex.waiting import retry_after
from autoresponder.errors import (
    ChannexForbidden,
    ChannexNotFound,
    ChannexNotSupported,
    ChannexRateLimited,
    ChannexRejected,
    ChannexUnauthorized,
    ChannexUnavailable,
    DeliveryUnknown,
)

_SHORT = 200
_THROTTLED = frozenset({"http_too_many_requests", "too_many_requests"})
_UNSETTLED = frozenset({303, 408, 409, 425})
"""Refusals after which a write may have been applied (303: "see what came of it")."""

_BASE_URL = "check channex.base_url: https://app.channex.io/api/v1 or https://staging.channex.io/api/v1"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A response as it came from the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    """Not in the repr: it holds guests' words."""
    complete: bool = True
    """False when the body was cut off, broken or larger than what is read."""

    @property
    def accepted(self) -> bool:
        """Whether the server says that it did what was asked."""
        return 200 <= self.status < 300

    def __repr__(self) -> str:
        return f"Answer(status={self.status}, complete={self.complete})"


class Envelope(msgspec.Struct, frozen=True):
    """`data` and `meta` of a successful answer."""

    data: Any
    """Not in the repr: it holds guests' words."""
    meta: Mapping[str, Any] = msgspec.field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Envelope(meta={self.meta!r})"


@dataclass(frozen=True, slots=True)
class Problem:
    """`errors` of an answer, as far as it could be read; texts are short and on one line."""

    code: str | None = None
    title: str | None = None
    details: str | None = None
    html: bool = False
    """The body is a web page: it comes from something before the API."""
    api: bool = False
    """The body is a JSON object, as the API's own refusals are."""


def interpret(request: Request, answer: Answer, *, now: datetime) -> Envelope:
    """Turn an answer into data.

    Args:
        request: What was asked.
        answer: What came back.
        now: For a `Retry-After` that is a date.

    Returns:
        The envelope; empty for writes of the kind MARK, whose body is never looked at.

    Raises:
        ChannexError: One of the tree in `errors`.
    """
    if not answer.accepted:
        _refuse(request, answer, now)
    return opened(request, answer)


def opened(request: Request, answer: Answer) -> Envelope:
    """What `interpret` makes of an answer that was accepted."""
    if request.kind is Kind.MARK:
        return Envelope(None)
    if not answer.complete:
        unusable(request, answer.status, "the answer broke off, or is too large")
    try:
        value = decode(answer.body)
    except NotJson:
        if _is_html(answer):
            unusable(request, answer.status, f"a web page came instead of JSON; {_BASE_URL}")
        unusable(request, answer.status, "the answer is not JSON")
    if not isinstance(value, dict) or value.get("data") is None:
        problem = _problem(answer)
        named = f" but error {problem.code}" if problem.code else ""
        unusable(request, answer.status, f"the answer has no data{named}")
    meta = value.get("meta")
    return Envelope(value["data"], meta if isinstance(meta, dict) else {})


def unusable(request: Request, status: int, why: str) -> NoReturn:
    """Raise the error for a success that cannot be read.

    Args:
        request: What was asked.
        status: The 2xx that came.
        why: Without guest text.
    """
    if request.kind is Kind.READ:
        raise ChannexUnavailable(f"{request.what}: {why} (HTTP {status})", status=status)
    raise DeliveryUnknown(
        f"{request.what}: accepted (HTTP {status}), but {why}: what was made is not known", status=status
    )


def _refuse(request: Request, answer: Answer, now: datetime) -> NoReturn:
    status = answer.status
    problem = _problem(answer)
    said = _said(status, problem)
    if status == 429 or (problem.code in _THROTTLED and 400 <= status < 500):
        wait = retry_after(answer.headers, now)
        ask = "" if wait is None else f"; the server asks to wait {wait:.0f} seconds"
        raise ChannexRateLimited(
            f"{request.what}: too many requests {said}{ask}",
            retry_after=wait,
            status=status,
            code=problem.code,
            details=problem.details,
        )
    if status >= 500 or status < 300 or status in _UNSETTLED:
        _unsettled(request, answer, problem, said, now)
    kind, text = _refusal(request, status, problem, said)
    raise kind(f"{request.what}: {text}", status=status, code=problem.code, details=problem.details)


def _unsettled(request: Request, answer: Answer, problem: Problem, said: str, now: datetime) -> NoReturn:
    if request.kind is not Kind.READ:
        raise DeliveryUnknown(
            f"{request.what}: the server failed {said}; it may have been applied",
            status=answer.status,
            code=problem.code,
            details=problem.details,
        )
    raise ChannexUnavailable(
        f"{request.what}: no usable answer {said}; it is asked again later",
        retry_after=retry_after(answer.headers, now),
        status=answer.status,
        code=problem.code,
        details=problem.details,
    )


_Refusal = type[ChannexRejected] | type[ChannexUnauthorized] | type[ChannexForbidden]


def _refusal(request: Request, status: int, problem: Problem, said: str) -> tuple[_Refusal, str]:
    """Error type and text of a refusal that is certainly not applied."""
    if 300 <= status < 400:
        return ChannexRejected, f"the server redirects elsewhere, which is not followed {said}; {_BASE_URL}"
    if status == 401:
        return ChannexUnauthorized, (
            f"the API key is refused {said}; make a key in Channex (User profile → API keys), set "
            "CHANNEX_API_KEY, and see that the key's user may see this property"
        )
    if status == 403:
        return ChannexForbidden, _forbidden(request, problem, said)
    if status == 404 and problem.api:
        return ChannexNotFound, f"does not exist, or no longer does {said}"
    if status == 404:
        return ChannexRejected, f"there is no such address on this server {said}; {_BASE_URL}"
    if problem.code == "not_supported":
        return ChannexNotSupported, f"the OTA has no messaging for this {said}; answer in the OTA itself"
    if status == 413:
        return ChannexRejected, f"too large for the API {said}; send something smaller"
    return ChannexRejected, f"refused {said}"


def _forbidden(request: Request, problem: Problem, said: str) -> str:
    if problem.html:
        return (
            f"refused by something before the API, such as a firewall {said}; "
            "see whether the key is limited to certain IP addresses"
        )
    if request.messages_app:
        return (
            f"Messages app not installed on the property {said}; "
            "open Channex → Applications and install the Messages app on it"
        )
    return f"the API key may not do this {said}; see the access of the key's user in Channex"


def _said(status: int, problem: Problem) -> str:
    parts = [f"HTTP {status}", *(part for part in (problem.code, problem.details) if part)]
    return f"({', '.join(parts)})"


def _problem(answer: Answer) -> Problem:
    """Read `errors`: an object by the document, but also seen as null, list or missing."""
    if _is_html(answer):
        return Problem(html=True)
    try:
        value = decode(answer.body)
    except NotJson:
        return Problem()
    if not isinstance(value, dict):
        return Problem()
    errors = value.get("errors")
    if isinstance(errors, list):
        first = next((entry for entry in errors if isinstance(entry, dict)), None)
        errors = first if first is not None else {"details": errors}
    if isinstance(errors, str):
        errors = {"title": errors}
    if not isinstance(errors, dict):
        return Problem(api=True)
    details = errors.get("details", errors.get("detail"))
    return Problem(
        code=_short(errors.get("code")),
        title=_short(errors.get("title")),
        details=_details(details),
        api=True,
    )


def _details(value: object) -> str | None:
    """Text of `details`, which is an object of lists, a list or a text."""
    if isinstance(value, dict):
        parts = [f"{key}: {_details(entry) or ''}".strip() for key, entry in list(value.items())[:5]]
        return _short("; ".join(parts))
    if isinstance(value, list):
        return _short(", ".join(text for entry in value[:5] if (text := _details(entry))))
    return _short(value)


def _short(value: object) -> str | None:
    if value is None or isinstance(value, (dict, list)):
        return None
    text = "".join(c if c.isprintable() else " " for c in str(value)[: _SHORT * 2]).strip()
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…" if text else None


def _is_html(answer: Answer) -> bool:
    start = answer.body[:200].lstrip().lower()
    kind = next((v for k, v in answer.headers.items() if k.lower() == "content-type"), "")
    return start.startswith((b"<!doctype", b"<html", b"<head", b"<body")) or "text/html" in kind.lower()
