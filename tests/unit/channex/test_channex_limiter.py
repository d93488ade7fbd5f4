from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from autoresponder.channex.limiter import RateLimiter, Unlimited
from autoresponder.clock import ManualClock
from autoresponder.errors import ChannexRateLimited


def clock() -> ManualClock:
    return ManualClock(datetime(2026, 5, 1, tzinfo=UTC))


def limiter(time: ManualClock, *, per_minute: int = 60, concurrency: int = 4) -> RateLimiter:
    return RateLimiter(
        per_minute=per_minute, concurrency=concurrency, monotonic=time.monotonic, sleep=time.sleep
    )


async def once(limit: RateLimiter, *, urgent: bool = False) -> None:
    async with asyncio.timeout(5):
        await limit.acquire(urgent=urgent)
    limit.release()


async def test_a_sixth_at_once_then_the_rate() -> None:
    time = clock()
    limit = limiter(time)
    for _ in range(10):
        await once(limit)
    assert time.monotonic() == 0
    for _ in range(60):
        await once(limit)
    assert time.monotonic() == pytest.approx(60, abs=1)


async def test_never_more_than_rate_and_burst_in_any_minute() -> None:
    time = clock()
    limit = limiter(time, per_minute=30)
    stamps = []
    for number in range(120):
        await once(limit)
        stamps.append(time.monotonic())
        if number == 60:
            time.advance(300)
    for start in stamps:
        assert sum(1 for s in stamps if start <= s < start + 60) <= 30 + 5 + 1


async def test_only_so_many_at_once() -> None:
    time = clock()
    limit = limiter(time, per_minute=6000, concurrency=2)
    running = most = 0

    async def work() -> None:
        nonlocal running, most
        async with asyncio.timeout(5):
            await limit.acquire()
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        limit.release()

    await asyncio.gather(*(work() for _ in range(20)))
    assert most == 2


async def test_after_a_429_everybody_waits_as_long_as_asked() -> None:
    time = clock()
    limit = limiter(time)
    limit.throttled(7.0)
    await asyncio.gather(*(once(limit) for _ in range(3)))
    assert time.monotonic() >= 7 + 3 * 2 - 1


async def test_a_429_halves_the_rate_once_and_it_recovers_slowly() -> None:
    time = clock()
    limit = limiter(time)
    limit.throttled(5.0)
    limit.throttled(5.0)
    assert limit.per_minute == 30
    time.advance(5 + 60)
    assert limit.per_minute == pytest.approx(36, abs=0.1)
    time.advance(3600)
    assert limit.per_minute == 60


async def test_again_and_again_never_stops_altogether() -> None:
    time = clock()
    limit = limiter(time, per_minute=160)
    for _ in range(20):
        limit.throttled(1.0)
        time.advance(1.1)
    assert limit.per_minute >= 10


async def test_a_429_without_a_time_still_brings_silence() -> None:
    time = clock()
    limit = limiter(time)
    limit.throttled(None)
    await once(limit)
    assert time.monotonic() >= 10


async def test_a_429_that_says_zero_still_brings_a_second() -> None:
    time = clock()
    limit = limiter(time)
    limit.throttled(0.0)
    await once(limit)
    assert time.monotonic() >= 1


async def test_silence_does_not_end_in_a_burst() -> None:
    time = clock()
    limit = limiter(time)
    limit.throttled(30.0)
    for _ in range(10):
        await once(limit)
    assert time.monotonic() >= 30 + 10


async def test_a_write_does_not_stand_in_line_but_reads_pay_for_it() -> None:
    time = clock()
    limit = limiter(time)
    for _ in range(10):
        await once(limit)
    for _ in range(5):
        await once(limit, urgent=True)
    assert time.monotonic() == 0
    await once(limit)
    assert time.monotonic() == pytest.approx(6, abs=0.1)


async def test_a_write_during_silence_is_refused_at_once() -> None:
    time = clock()
    limit = limiter(time)
    limit.throttled(20.0)
    time.advance(5)
    with pytest.raises(ChannexRateLimited) as caught:
        await limit.acquire(urgent=True)
    assert caught.value.retry_after == pytest.approx(15)
    assert time.monotonic() == 5


async def test_a_read_does_not_wait_out_a_long_silence() -> None:
    time = clock()
    limit = limiter(time)
    limit.throttled(3600.0)
    with pytest.raises(ChannexRateLimited) as caught:
        await limit.acquire()
    assert caught.value.retry_after == pytest.approx(3600)


async def test_a_cancelled_waiter_takes_no_place_along() -> None:
    time = clock()
    limit = limiter(time, concurrency=1)
    await limit.acquire()
    waiter = asyncio.create_task(limit.acquire())
    await asyncio.sleep(0)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    limit.release()
    await once(limit)


@pytest.mark.parametrize(("rate", "places"), [(0, 1), (1, 0)])
def test_a_limiter_that_lets_nothing_through_is_refused(rate: int, places: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        limiter(clock(), per_minute=rate, concurrency=places)


async def test_no_limit() -> None:
    free = Unlimited()
    free.throttled(100.0)
    await free.acquire()
    await free.acquire(urgent=True)
    free.release()
