"""How long to wait: what a refusal's headers ask for, and the schedule of repeated reads. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_EPOCH_SECONDS = 1_000_000_000
_EPOCH_MILLISECONDS = 1_000_000_000_000
_LONGEST = 3600.0
"""Longest wait that is believed, in seconds: asking once an hour burdens nobody, and a number that a proxy got wrong
must not leave guests alone for a day."""

_RESET_HEADERS = ("ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset")


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait that the answer asks for, 0 to one hour, or None when it names none.

    `Retry-After` holds seconds or an HTTP date (RFC 9110, 10.2.3). Channex documents neither it nor the
    names of its rate limit headers, so the usual ones are tried too; their value is seconds from now, or
    seconds or milliseconds since 1970.

    Args:
        headers: Header names in any case.
        now: Aware.
    """
    lower = {name.lower(): value.strip() for name, value in headers.items()}
    named = lower.get("retry-after")
    if named:
        seconds = _number(named)
        if seconds is None:
            seconds = _until(named, now)
        if seconds is not None:
            return _bounded(seconds)
    for name in _RESET_HEADERS:
        reset = _number(lower.get(name, ""))
        if reset is not None:
            return _bounded(_from_reset(reset, now))
    return None


def backoff(attempt: int, rand: float, *, base: float = 0.5, cap: float = 30.0) -> float:
    """Seconds before the next attempt: full jitter over a span that doubles.

    Args:
        attempt: How many attempts have failed, from 1.
        rand: A random number in [0, 1).
        base: Longest wait after the first attempt.
        cap: Longest wait at all.
    """
    return rand * min(cap, base * 2.0 ** min(max(0, attempt - 1), 30))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _until(text: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()


def _from_reset(value: float, now: datetime) -> float:
    if value >= _EPOCH_MILLISECONDS:
        return value / 1000 - now.timestamp()
    if value >= _EPOCH_SECONDS:
        return value - now.timestamp()
    return value


def _bounded(seconds: float) -> float:
    return min(max(0.0, seconds), _LONGEST)
