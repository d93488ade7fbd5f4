"""Runs a service on the sandbox's time, which may be fast."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from autoresponder.clock import Clock, FastClock
from autoresponder.errors import ConfigError


async def sandbox_time(base_url: str) -> Clock:
    """A clock in step with the sandbox behind `base_url`.

    Raises:
        ConfigError: There is no sandbox there.
    """
    parts = urlsplit(base_url)
    url = urlunsplit((parts.scheme, parts.netloc, "/_sandbox/clock", "", ""))
    try:
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            row = await answer.json()
            now = datetime.fromisoformat(row["now"])
            speed = float(row["speed"])
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"there is no sandbox at {url}; start one with: autoresponder sandbox") from error
    start = now if now.tzinfo is not None else now.replace(tzinfo=UTC)
    return FastClock(start, speed)
