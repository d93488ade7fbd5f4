"""Store addresses: what each form gives, and what bad ones are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoresponder.errors import ConfigError
from autoresponder.store import open_store
from autoresponder.store.memory import MemoryStore
from autoresponder.store.redis_store import RedisStore
from autoresponder.store.sqlite import SqliteStore


async def test_a_relative_file_lies_beside_the_settings(tmp_path: Path) -> None:
    store = open_store("sqlite:///state.db", folder=tmp_path)
    assert isinstance(store, SqliteStore)
    await store.open()
    await store.close()
    assert (tmp_path / "state.db").is_file()


async def test_an_absolute_file_lies_where_it_says(tmp_path: Path) -> None:
    target = tmp_path / "mit Leerzeichen.db"
    store = open_store(f"sqlite:///{tmp_path}/mit%20Leerzeichen.db", folder=Path("/nowhere"))
    await store.open()
    await store.close()
    assert target.is_file()


def test_the_other_kinds() -> None:
    assert isinstance(open_store("memory://"), MemoryStore)
    for url in ("redis://localhost", "rediss://host:6380/1?ssl_cert_reqs=required", "unix:///run/redis.sock"):
        assert isinstance(open_store(url), RedisStore)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "no store address"),
        ("state.db", "sqlite:///file.db"),
        ("postgres://user:geheim@host/db", "unknown kind 'postgres'"),
        ("memory://x", "nothing after the slashes"),
        ("sqlite://state.db", "three slashes"),
        ("sqlite:///", "names no file"),
        ("sqlite:///folder/", "names no file"),
        ("sqlite:///:memory:", "memory://"),
        ("sqlite:///a.db?mode=ro", "no ? or # part"),
        ("sqlite:///missing/a.db", "does not exist; make it"),
        ("sqlite:///.", "is a folder"),
        ("redis://host/zero", "number of the database"),
        ("redis://host?geheim=1&socket_timeout=3", "unknown option"),
        ("redis://host?namespace=a:b", "namespace"),
        ("redis://:geheim/pass@word@host:6379", "%2F"),
        ("redis://host:port", "cannot be read"),
        ("redis://[::1", "cannot be read"),
        ("redis://host?db=two", "cannot be read"),
        ("redis://:12/pass@word@host", "%2F"),
        ("redis://:pass@word?geheim@host", "%3F"),
        ("redis://:pass@word#geheim@host", "%23"),
        ("unix://", "names no socket"),
    ],
)
def test_bad_addresses_are_explained_without_repeating_them(url: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        open_store(url, folder=tmp_path)
    assert says in str(caught.value)
    assert "pass@word" not in str(caught.value)
    assert "user:geheim" not in str(caught.value)
    assert "geheim@" not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_a_redis_store_shows_no_credentials() -> None:
    store = open_store("redis://user:geheim@127.0.0.1:1/4")
    assert "geheim" not in repr(store)
    assert "127.0.0.1:1/4" in repr(store)
    health = await store.health()
    assert "geheim" not in repr(health)
