"""Lengths of time as people write them: 45s, 10m, 24h, 7d."""

from __future__ import annotations

import re
from datetime import timedelta

DURATION = "^[0-9]{1,6}[smhd]$"
"""What a written duration looks like, as a regular expression for schemas."""

_DURATION = re.compile(r"([0-9]{1,6})([smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_duration(text: str) -> timedelta | None:
    """Read `45s`, `10m`, `24h` or `7d`; None when the text is none of these."""
    match = _DURATION.fullmatch(text)
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]]) if match else None


def write_duration(length: timedelta) -> str:
    """The shortest way to write a duration: `timedelta(hours=48)` is `2d`."""
    seconds = int(length.total_seconds())
    for unit in ("d", "h", "m"):
        if seconds and seconds % _UNITS[unit] == 0:
            return f"{seconds // _UNITS[unit]}{unit}"
    return f"{seconds}s"


def spoken(length: timedelta) -> str:
    """A length of time as people say it: `25 min`, `5 h 10 min`, `3 days`; never below zero."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    return f"{minutes // 1440} days"
