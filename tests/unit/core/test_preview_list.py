"""The list of open threads for `preview`: what it leaves out, and what it says about it."""

from __future__ import annotations

from typing import Any

from autoresponder.channex.interface import Page
from autoresponder.model import MessageThread
from autoresponder.preview import open_threads
from tests.unit.core.builders import thread


class List:
    """An account with one page of threads, some of which make no sense."""

    async def message_threads(self, **_: Any) -> Page[MessageThread]:
        return Page(
            items=(thread(), thread(id="t2", is_closed=True)),
            unreadable=("entry 3 of page 1: not an object",),
            total=3,
            page=1,
            limit=10,
            order_by=None,
            order_direction=None,
        )


async def test_what_cannot_be_read_is_told() -> None:
    told: list[str] = []
    found = await open_threads(List(), tell=told.append)  # type: ignore[arg-type]
    assert [t.id for t in found] == ["t1"]
    assert told == ["entry 3 of page 1: not an object"]
