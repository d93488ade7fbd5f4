from __future__ import annotations

import asyncio

import pytest

from autoresponder.channex.deadlines import Deadlines


async def _never() -> None:
    await asyncio.Event().wait()


async def test_a_request_that_takes_too_long_is_stopped() -> None:
    deadlines = Deadlines(0.01)
    with pytest.raises(TimeoutError), deadlines.watch():
        await _never()
    await asyncio.sleep(0)  # the task itself goes on: nothing of the stop is left
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_a_request_in_time_is_left_alone() -> None:
    deadlines = Deadlines(60)
    with deadlines.watch() as watch:
        assert not watch.over
    assert watch.over
    watch.stop()
    await asyncio.sleep(0)


async def test_each_of_several_requests_has_its_own_time() -> None:
    deadlines = Deadlines(0.02)
    ended: list[str] = []

    async def request(name: str, answer: asyncio.Event) -> None:
        try:
            with deadlines.watch():
                await answer.wait()
        except TimeoutError:
            ended.append(f"{name} late")
        else:
            ended.append(f"{name} answered")

    answers = [asyncio.Event() for _ in range(3)]
    tasks = [asyncio.create_task(request(str(n), answer)) for n, answer in enumerate(answers)]
    await asyncio.sleep(0)
    answers[1].set()
    await asyncio.gather(*tasks)
    assert ended == ["1 answered", "0 late", "2 late"]


async def test_a_later_request_is_watched_after_the_earlier_ones_are_over() -> None:
    deadlines = Deadlines(0.01)
    with deadlines.watch():
        pass
    for _ in range(2):
        with pytest.raises(TimeoutError), deadlines.watch():
            await _never()


async def test_whoever_is_cancelled_stays_cancelled() -> None:
    deadlines = Deadlines(60)

    async def request() -> None:
        with deadlines.watch():
            await _never()

    task = asyncio.create_task(request())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_late_and_cancelled_at_once_is_cancelled() -> None:
    deadlines = Deadlines(60)

    async def request() -> None:
        with deadlines.watch() as watch:
            watches.append(watch)
            await _never()

    watches: list[object] = []
    task = asyncio.create_task(request())
    await asyncio.sleep(0)
    watches[0].stop()  # type: ignore[attr-defined]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_another_error_is_not_taken_for_lateness() -> None:
    deadlines = Deadlines(0.01)

    async def breaks() -> None:
        try:
            await _never()
        except asyncio.CancelledError:
            raise KeyError from None  # as a library may that is stopped in the middle of its work

    with pytest.raises(KeyError), deadlines.watch():
        await breaks()
    await asyncio.sleep(0)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_closing_ends_the_watch() -> None:
    deadlines = Deadlines(0.01)
    with deadlines.watch():
        deadlines.close()
        done = asyncio.Event()
        asyncio.get_running_loop().call_later(0.03, done.set)
        await done.wait()
