"""What an error of a write means for its delivery."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoresponder.delivery.outcome import Effect, judge, pause
from autoresponder.errors import (
    ChannexError,
    ChannexForbidden,
    ChannexNotFound,
    ChannexNotSupported,
    ChannexRateLimited,
    ChannexRejected,
    ChannexUnauthorized,
    ChannexUnavailable,
    DeliveryUnknown,
)


@pytest.mark.parametrize(
    ("error", "effect"),
    [
        (ChannexUnavailable("refused"), Effect.NOT_APPLIED),
        (ChannexRateLimited("slow down", retry_after=7), Effect.NOT_APPLIED),
        (ChannexUnauthorized("no", status=401), Effect.NOT_APPLIED),
        (ChannexForbidden("no", status=403), Effect.NOT_APPLIED),
        (ChannexRejected("no", status=422), Effect.REFUSED),
        (ChannexNotFound("no", status=404), Effect.REFUSED),
        (ChannexNotSupported("no", status=422), Effect.REFUSED),
        (DeliveryUnknown("timeout"), Effect.UNKNOWN),
        (DeliveryUnknown("bad gateway", status=502), Effect.UNKNOWN),
        (DeliveryUnknown("odd body", status=200), Effect.ACKNOWLEDGED),
        (ChannexError("something new"), Effect.UNKNOWN),
    ],
)
def test_each_error_has_one_meaning(error: ChannexError, effect: Effect) -> None:
    assert judge(error).effect is effect


def test_waiting_for_others_does_not_use_up_attempts() -> None:
    assert judge(ChannexRateLimited("slow down", retry_after=7)).wait == 7
    assert not judge(ChannexRateLimited("slow down")).counts
    assert not judge(ChannexForbidden("app missing")).counts
    assert judge(ChannexUnavailable("refused")).counts


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_the_pause_stays_within_its_bounds(attempt: int, rand: float) -> None:
    assert 0 <= pause(attempt, rand) <= 300
    assert pause(attempt, rand) <= 2.0 * 2 ** min(attempt - 1, 30)
