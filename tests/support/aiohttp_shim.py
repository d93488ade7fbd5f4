"""aioresponses, made to work with aiohttp 3.14 and later; the only place that knows of the trouble.

aiohttp 3.14 made `stream_writer` a required argument of `ClientResponse` (it reads `output_size` of it).
aioresponses 0.7.9 builds responses without it and so fails with a TypeError. `Answers` gives every
response a class that fills the gap; older aiohttp, which does not know the argument, never gets it.
When a newer aioresponses passes it by itself, this module can go and tests use `aioresponses` directly.
"""

from __future__ import annotations

import inspect
from typing import Any

from aiohttp import ClientResponse
from aioresponses import CallbackResult, aioresponses

__all__ = ["Answers", "CallbackResult"]

_KNOWS_STREAM_WRITER = "stream_writer" in inspect.signature(ClientResponse.__init__).parameters


class _NothingWritten:
    """A request writer that wrote nothing, as far as the response asks."""

    output_size = 0


class _Response(ClientResponse):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if _KNOWS_STREAM_WRITER:
            kwargs.setdefault("stream_writer", _NothingWritten())
        super().__init__(*args, **kwargs)


class Answers(aioresponses):
    """`aioresponses` whose responses aiohttp 3.14 can build."""

    def add(self, url: Any, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("response_class") is None:
            kwargs["response_class"] = _Response
        super().add(url, *args, **kwargs)
