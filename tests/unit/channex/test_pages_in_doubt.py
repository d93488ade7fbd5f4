"""Whether a list goes on, from servers that send fewer rows than they were asked for, or count wrongly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from autoresponder.channex import payloads
from autoresponder.channex.interface import ChannexReader, Page
from autoresponder.channex.responses import Envelope
from autoresponder.errors import ChannexUnavailable
from autoresponder.model import Message, ThreadId

_ASKED = 100


def _rows(first: int, past: int) -> list[dict[str, object]]:
    stamp = "2026-05-01T10:00:00.000000"
    return [
        {"id": f"m{n}", "attributes": {"message": str(n), "sender": "guest", "inserted_at": stamp}}
        for n in range(first, past)
    ]


class Server:
    """Holds some messages, sends `size` a page whatever is asked for, and says `meta` about them."""

    def __init__(self, held: int, size: int, meta: Callable[[int, int], dict[str, object]]) -> None:
        self._held, self._size, self._meta = held, size, meta
        self.asked = 0

    async def thread_messages(self, thread_id: ThreadId, *, page: int = 1) -> Page[Message]:
        assert thread_id
        self.asked += 1
        first = (page - 1) * self._size
        rows = _rows(first, min(first + self._size, self._held))
        envelope = Envelope(rows, self._meta(page, len(rows)))
        return payloads.page(envelope, payloads.message, page=page, limit=_ASKED)


async def _read(server: Any) -> int:
    found = await ChannexReader.all_thread_messages(cast("ChannexReader", server), ThreadId("t1"))
    return len(found)


_META: dict[str, Callable[[int, int], dict[str, object]]] = {
    "nothing": lambda _page, _count: {},
    "the total only": lambda _page, _count: {"total": 37},
    "the size that was asked for": lambda page, _count: {"page": page, "limit": _ASKED, "total": 37},
    "that size, and no total": lambda page, _count: {"page": page, "limit": _ASKED},
    "a total of none": lambda page, _count: {"page": page, "limit": 10, "total": 0},
    "the rows of the page as total": lambda page, count: {"page": page, "limit": 10, "total": count},
}


@pytest.mark.parametrize("said", _META)
async def test_a_server_that_sends_small_pages_and_does_not_say_so_is_read_to_its_end(said: str) -> None:
    assert await _read(Server(37, 10, _META[said])) == 37


@pytest.mark.parametrize(
    ("held", "size", "requests"), [(1, 100, 1), (99, 100, 1), (250, 100, 3), (37, 10, 4)]
)
async def test_a_server_that_says_how_much_it_holds_is_asked_no_further(
    held: int, size: int, requests: int
) -> None:
    server = Server(held, size, lambda page, _count: {"page": page, "limit": size, "total": held})
    assert await _read(server) == held
    assert server.asked == requests


async def test_a_server_that_sends_the_same_page_for_ever_is_left() -> None:
    class Same(Server):
        async def thread_messages(self, thread_id: ThreadId, *, page: int = 1) -> Page[Message]:
            assert page
            return await super().thread_messages(thread_id, page=1)

    server = Same(37, 10, lambda _page, _count: {})
    assert await _read(server) == 10
    assert server.asked == 2


async def test_a_thread_of_which_nothing_can_be_read_is_not_an_empty_one() -> None:
    class Garbled(Server):
        async def thread_messages(self, thread_id: ThreadId, *, page: int = 1) -> Page[Message]:
            assert thread_id
            envelope = Envelope(["?", None], {"page": page, "limit": 10, "total": 2})
            return payloads.page(envelope, payloads.message, page=page, limit=_ASKED)

    with pytest.raises(ChannexUnavailable, match=r"messages of thread t1: .*entry 1 of page 1"):
        await _read(Garbled(2, 10, _META["nothing"]))
