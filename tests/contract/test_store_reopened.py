"""A store whose memory is gone is opened again by everybody who finds out, all at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from autoresponder.errors import EpochChanged, StoreError
from autoresponder.store.interface import Document, Store
from tests.support.redis_server import redis_server
from tests.support.store_backends import KINDS, Backend, make_backend


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with redis_server() as url:
        yield url


@pytest.fixture(params=KINDS)
async def backend(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Backend]:
    url = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    made = make_backend(request.param, tmp_path, url)
    yield made
    await made.close()


async def _use(store: Store) -> bool:
    """What a part of the service does that finds the memory gone; True when it worked at once."""
    for number in range(50):
        try:
            await store.put("name", b"value")
        except EpochChanged:
            await store.open()
        except StoreError:
            await asyncio.sleep(0)
        else:
            return number == 0
    raise AssertionError("the store never came back")


async def test_a_store_that_everybody_opens_again_at_once_works_for_everybody(backend: Backend) -> None:
    store = await backend.connect()
    before = store.epoch
    backend.forget()
    at_once = await asyncio.gather(*(_use(store) for _ in range(8)))
    assert not all(at_once)
    assert store.epoch != before
    lease = await store.acquire("key", owner="me", ttl=60)
    assert lease is not None
    await store.commit(lease, Document(data=b"{}"), release=True)
    assert await store.get("name") == b"value"


async def test_opening_and_closing_at_once_leaves_it_as_the_last_one_wanted(backend: Backend) -> None:
    store = await backend.connect()
    await asyncio.gather(store.open(), store.open(), store.close(), store.open(), store.close())
    with pytest.raises(StoreError):
        await store.put("name", b"value")
    await asyncio.gather(store.open(), store.close(), store.open())
    await store.put("name", b"value")
