from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import pytest

from autoresponder.channex.interface import ChannexReader, ChannexWriter, Page
from autoresponder.channex.retrying import RetryingReader
from autoresponder.errors import (
    ChannexError,
    ChannexForbidden,
    ChannexNotFound,
    ChannexRateLimited,
    ChannexRejected,
    ChannexUnauthorized,
    ChannexUnavailable,
)
from autoresponder.model import BookingId, PropertyId, ThreadId


class Flaky(ChannexReader):
    """Raises what it is given, call by call, then answers with its arguments."""

    def __init__(self, *errors: ChannexError) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def _call(self, *answer: Any) -> Any:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return answer

    async def message_threads(
        self,
        *,
        page: int = 1,
        limit: int = 100,
        order_by: str | None = "last_message_received_at",
        descending: bool = True,
        filters: Mapping[str, str] | None = None,
    ) -> Page[Any]:
        return await self._call("threads", page, limit, order_by, descending, filters)

    async def message_thread(self, thread_id: ThreadId) -> Any:
        return await self._call("thread", thread_id)

    async def thread_messages(self, thread_id: ThreadId, *, page: int = 1, limit: int = 100) -> Page[Any]:
        return await self._call("thread_messages", thread_id, page, limit)

    async def booking_messages(self, booking_id: BookingId, *, page: int = 1, limit: int = 100) -> Page[Any]:
        return await self._call("booking_messages", booking_id, page, limit)

    async def booking(self, booking_id: BookingId) -> Any:
        return await self._call("booking", booking_id)

    async def properties(self, *, page: int = 1, limit: int = 100) -> Page[Any]:
        return await self._call("properties", page, limit)

    async def property(self, property_id: PropertyId) -> Any:
        return await self._call("property", property_id)

    async def installed_applications(self) -> Sequence[Any]:
        return await self._call("applications")

    async def live_feed(
        self, *, page: int = 1, limit: int = 100, filters: Mapping[str, str] | None = None
    ) -> Page[Any]:
        return await self._call("feed", page, limit, filters)


def over(flaky: Flaky, waits: list[float], *, attempts: int = 4) -> RetryingReader:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    return RetryingReader(flaky, rand=lambda: 0.5, sleep=sleep, attempts=attempts)


async def test_an_unavailable_api_is_asked_again_with_growing_pauses() -> None:
    flaky, waits = Flaky(ChannexUnavailable("x"), ChannexUnavailable("x"), ChannexUnavailable("x")), []
    assert await over(flaky, waits).booking(BookingId("b1")) == ("booking", "b1")
    assert waits == [0.25, 0.5, 1.0]


async def test_the_server_decides_how_long() -> None:
    flaky, waits = (
        Flaky(ChannexRateLimited("x", retry_after=7.0), ChannexUnavailable("x", retry_after=2.0)),
        [],
    )
    await over(flaky, waits).message_thread(ThreadId("t1"))
    assert waits == [7.25, 2.5]


async def test_attempts_are_bounded() -> None:
    flaky, waits = Flaky(*(ChannexUnavailable(str(n)) for n in range(9))), []
    with pytest.raises(ChannexUnavailable, match="2"):
        await over(flaky, waits, attempts=3).properties()
    assert (flaky.calls, len(waits)) == (3, 2)


async def test_a_very_long_wait_is_left_to_the_caller() -> None:
    flaky, waits = Flaky(ChannexRateLimited("x", retry_after=3600.0)), []
    with pytest.raises(ChannexRateLimited):
        await over(flaky, waits).properties()
    assert waits == []


@pytest.mark.parametrize(
    "error", [ChannexNotFound("x"), ChannexRejected("x"), ChannexUnauthorized("x"), ChannexForbidden("x")]
)
async def test_refusals_are_not_repeated(error: ChannexError) -> None:
    flaky = Flaky(error)
    with pytest.raises(type(error)):
        await over(flaky, []).message_thread(ThreadId("t1"))
    assert flaky.calls == 1


Read = Callable[[ChannexReader], Awaitable[Any]]


@pytest.mark.parametrize(
    ("read", "answer"),
    [
        (
            lambda r: r.message_threads(page=2, limit=3, order_by="x", descending=False, filters={"a": "b"}),
            ("threads", 2, 3, "x", False, {"a": "b"}),
        ),
        (lambda r: r.message_thread("t1"), ("thread", "t1")),
        (lambda r: r.thread_messages("t1", page=2, limit=3), ("thread_messages", "t1", 2, 3)),
        (lambda r: r.booking_messages("b1", page=2, limit=3), ("booking_messages", "b1", 2, 3)),
        (lambda r: r.booking("b1"), ("booking", "b1")),
        (lambda r: r.properties(page=2, limit=3), ("properties", 2, 3)),
        (lambda r: r.property("p1"), ("property", "p1")),
        (lambda r: r.installed_applications(), ("applications",)),
        (lambda r: r.live_feed(page=2, limit=3, filters={"a": "b"}), ("feed", 2, 3, {"a": "b"})),
    ],
)
async def test_every_read_is_passed_on_whole_and_repeated(read: Read, answer: tuple[Any, ...]) -> None:
    flaky = Flaky(ChannexUnavailable("x"))
    assert await read(over(flaky, [])) == answer
    assert flaky.calls == 2


def test_it_has_no_writes() -> None:
    writes = set(ChannexWriter.__abstractmethods__) - set(ChannexReader.__abstractmethods__)
    assert writes
    assert not any(hasattr(RetryingReader, name) for name in writes)


def test_no_attempt_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        over(Flaky(), [], attempts=0)
