"""When the same message would be answered, if it came later: quiet hours end, a secret is released. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

_STEP = timedelta(hours=1)
_FAR = 21 * 24
"""Steps that are looked ahead."""
_FINE = timedelta(minutes=1)


def next_time(answered: Callable[[datetime], bool], now: datetime) -> datetime | None:
    """The next time at which a message would be answered.

    Args:
        answered: Whether it would be, came it at that time.
        now: The present, aware; at which it is not.

    Returns:
        To the minute; None when it is not answered within three weeks. What holds for less than an hour can be missed.
    """
    before = now.replace(second=0, microsecond=0)
    for _ in range(_FAR):
        after = (before + _STEP).replace(minute=0)
        if answered(after):
            return _first(answered, before, after)
        before = after
    return None


def _first(answered: Callable[[datetime], bool], before: datetime, after: datetime) -> datetime:
    """The first minute at which it is answered, between a time at which it is not and one at which it is."""
    while after - before > _FINE:
        middle = before + timedelta(minutes=int((after - before) / _FINE) // 2)
        if answered(middle):
            after = middle
        else:
            before = middle
    return after
