"""The list of open threads for `preview`: what it leaves out, and what it says about it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from autoresponder.channex.interface import ChannexReader, Page
from autoresponder.errors import ChannexForbidden
from autoresponder.model import MessageThread, Property, PropertyId
from autoresponder.preview import open_threads
from tests.unit.core.builders import thread


class List:
    """An account with one page of threads, some of which make no sense."""

    read_threads = ChannexReader.read_threads

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


class Mixed(List):
    """An account that is refused as a whole, since one of its two properties has no Messages app."""

    def __init__(self, *installed: str) -> None:
        self._installed = installed

    async def message_threads(self, **how: Any) -> Page[MessageThread]:
        if how["filters"] is None or how["filters"]["property_id"] not in self._installed:
            raise ChannexForbidden("refused")
        return await super().message_threads()

    async def all_properties(self) -> AsyncIterator[Property]:
        yield Property(id=PropertyId("p1"), title="Seaview")
        yield Property(id=PropertyId("p2"), title="Loft")


async def test_a_property_without_the_messages_app_is_left_out_and_named() -> None:
    told: list[str] = []
    found = await open_threads(Mixed("p1"), tell=told.append)  # type: ignore[arg-type]
    assert [t.id for t in found] == ["t1"]
    assert told[1:] == ["Loft: the Messages app is not installed; see Channex → Applications"]


async def test_an_account_without_the_messages_app_anywhere_is_refused() -> None:
    with pytest.raises(ChannexForbidden, match="refused"):
        await open_threads(Mixed())  # type: ignore[arg-type]
