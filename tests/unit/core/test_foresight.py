"""When the same message would be answered, if it came later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from autoresponder.foresight import next_time

NOW = datetime(2026, 5, 1, 22, 10, 17, tzinfo=UTC)


@given(st.integers(1, 21 * 24 * 60 - 60), st.integers(0, 59))
def test_the_first_minute_is_found(minutes: int, past: int) -> None:
    now = NOW.replace(minute=past)
    first = now.replace(second=0) + timedelta(minutes=minutes)
    assert next_time(lambda at: at >= first, now) == first


def test_what_never_comes_is_not_waited_for() -> None:
    assert next_time(lambda _: False, NOW) is None


def test_hours_of_the_day() -> None:
    assert next_time(lambda at: 8 <= at.hour < 20, NOW) == datetime(2026, 5, 2, 8, tzinfo=UTC)
