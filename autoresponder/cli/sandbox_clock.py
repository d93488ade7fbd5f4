"""The time that commands go by: the machine's own, or the sandbox's, which may be fast."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from autoresponder.clock import Clock, FastClock, SystemClock
from autoresponder.config import ChannexSettings
from autoresponder.errors import ConfigError

VARIABLE = "AUTORESPONDER_CLOCK"
"""`sandbox`: take the time from the sandbox behind the base URL."""


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


async def chosen_clock(settings: ChannexSettings) -> Clock:
    """The machine's clock, unless AUTORESPONDER_CLOCK says `sandbox`.

    Raises:
        ConfigError: The variable says something else, or there is no sandbox.
    """
    choice = os.environ.get(VARIABLE, "")
    if choice in {"", "system"}:
        return SystemClock()
    if choice == "sandbox":
        return await sandbox_time(settings.base_url)
    raise ConfigError(f"{VARIABLE} is '{choice[:40]}'; it can be 'sandbox', or not set")
