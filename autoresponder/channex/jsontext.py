"""JSON bytes → plain values, forgiving what a guest's broken emoji can do to a whole page."""

from __future__ import annotations

import json
from typing import Any

import msgspec


class NotJson(ValueError):
    """The bytes are no JSON, or JSON too deep or too large to be read."""


def decode(body: bytes) -> Any:
    """Read JSON.

    Half a surrogate pair (an emoji cut in two) and bytes that are no UTF-8 become U+FFFD: otherwise one
    such message would make its whole page unreadable for ever. A byte order mark in front is passed over.

    Raises:
        NotJson: It cannot be read at all.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _forgiving(body)
    except RecursionError:
        raise NotJson("nested too deeply") from None


def _forgiving(body: bytes) -> Any:
    try:
        return _whole(json.loads(body.decode("utf-8-sig", errors="replace")))
    except RecursionError:
        raise NotJson("nested too deeply") from None
    except ValueError:
        raise NotJson("not JSON") from None


def _whole(value: Any) -> Any:
    """The value with every half surrogate pair replaced."""
    if isinstance(value, str):
        return value.encode("utf-8", errors="surrogatepass").decode("utf-8", errors="replace")
    if isinstance(value, list):
        return [_whole(entry) for entry in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(entry) for key, entry in value.items()}
    return value
