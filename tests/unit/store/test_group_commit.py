"""The thread that runs operations in groups."""

from __future__ import annotations

import asyncio
import threading

import pytest

from autoresponder.errors import StoreUnavailable
from autoresponder.store.group_commit import GroupThread, Job, Session


class Recorder(Session[list[int]]):
    """Notes the size of each group; `gate` holds the thread back."""

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.context: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.closed = 0
        self.refuse: Exception | None = None

    def open(self) -> None:
        if self.refuse is not None:
            raise self.refuse

    def run(self, jobs: list[Job[list[int]]]) -> None:
        self.gate.wait(10)
        self.groups.append(len(jobs))
        for job in jobs:
            try:
                job.result = job.operation(self.context)
            except ValueError as error:
                job.error = error

    def close(self) -> None:
        self.closed += 1


def add(number: int, context: list[int]) -> int:
    context.append(number)
    return number


async def test_calls_of_one_moment_form_one_group_in_order() -> None:
    session = Recorder()
    thread = GroupThread("t", session)
    await thread.start()
    calls = [thread.call(lambda context, n=n: add(n, context)) for n in range(100)]
    assert await asyncio.gather(*calls) == list(range(100))
    assert session.context == list(range(100))
    assert session.groups == [100]
    await thread.stop()
    assert session.closed == 1


async def test_what_arrives_during_a_group_forms_the_next() -> None:
    session = Recorder()
    thread = GroupThread("t", session)
    await thread.start()
    session.gate.clear()
    tasks = []
    for number in range(50):
        tasks.append(asyncio.create_task(thread.call(lambda context, n=number: add(n, context))))
        await asyncio.sleep(0)
    session.gate.set()
    assert await asyncio.gather(*tasks) == list(range(50))
    assert len(session.groups) <= 4
    await thread.stop()


async def test_an_error_goes_to_its_caller_alone() -> None:
    thread = GroupThread("t", Recorder())
    await thread.start()

    def fail(context: list[int]) -> int:
        raise ValueError("mine")

    results = await asyncio.gather(
        thread.call(lambda context: 1),
        thread.call(fail),
        thread.call(lambda context: 3),
        return_exceptions=True,
    )
    assert (results[0], results[2]) == (1, 3)
    assert isinstance(results[1], ValueError)
    await thread.stop()


async def test_stopping_finishes_what_waits_and_refuses_what_comes() -> None:
    session = Recorder()
    thread = GroupThread("t", session)
    with pytest.raises(StoreUnavailable):
        await thread.call(lambda context: 1)
    await thread.stop()
    await thread.start()
    waiting = asyncio.create_task(thread.call(lambda context: add(1, context)))
    await asyncio.sleep(0)
    await asyncio.gather(thread.stop(), thread.stop())
    assert await waiting == 1
    assert session.closed == 1
    with pytest.raises(StoreUnavailable):
        await thread.call(lambda context: 1)


async def test_a_cancelled_caller_disturbs_nobody() -> None:
    session = Recorder()
    thread = GroupThread("t", session)
    await thread.start()
    session.gate.clear()
    tasks = [asyncio.create_task(thread.call(lambda context, n=n: add(n, context))) for n in range(10)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.sleep(0)
    session.gate.set()
    assert [await task for task in tasks[1::2]] == [1, 3, 5, 7, 9]
    assert session.context == list(range(10))
    await thread.stop()


async def test_a_session_that_cannot_open_fails_the_start() -> None:
    session = Recorder()
    session.refuse = StoreUnavailable("no")
    thread = GroupThread("t", session)
    with pytest.raises(StoreUnavailable, match="no"):
        await thread.start()
    with pytest.raises(StoreUnavailable):
        await thread.call(lambda context: 1)
    await thread.stop()
    assert session.closed == 1
