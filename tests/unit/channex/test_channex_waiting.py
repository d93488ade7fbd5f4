from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoresponder.channex.waiting import backoff, retry_after

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"Retry-After": "-3"}, 0.0),
        ({"Retry-After": "999999999"}, 3600.0),
        ({"Retry-After": "Fri, 01 May 2026 12:00:30 GMT"}, 30.0),
        ({"Retry-After": "Fri, 01 May 2026 11:00:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({"RateLimit-Reset": "12"}, 12.0),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 20)}, 20.0),
        ({"x-ratelimit-reset": str(int(NOW.timestamp() * 1000) + 4000)}, 4.0),
        ({"Retry-After": "3", "RateLimit-Reset": "50"}, 3.0),
        ({"Retry-After": "soon", "RateLimit-Reset": "50"}, 50.0),
    ],
)
def test_what_the_server_asks_for(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


@given(st.dictionaries(st.sampled_from(["Retry-After", "X-RateLimit-Reset"]), st.text(max_size=40)))
def test_any_header_gives_a_bounded_wait_or_none(headers: dict[str, str]) -> None:
    wait = retry_after(headers, NOW)
    assert wait is None or 0 <= wait <= 3600


def test_backoff_doubles_up_to_its_cap() -> None:
    spans = [backoff(n, 0.999999, base=1, cap=8) for n in range(1, 7)]
    assert [round(s) for s in spans] == [1, 2, 4, 8, 8, 8]
    assert backoff(3, 0.0) == 0.0
    assert backoff(10_000, 0.5, cap=30) == 15.0
