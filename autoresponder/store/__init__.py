"""State that survives: the port, and one adapter for each kind of store.

`open_store` picks the adapter by URL and imports only that one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from autoresponder.errors import ConfigError
from autoresponder.store.interface import Store
from autoresponder.store.ordering import utc_now

__all__ = ["Store", "open_store"]

_FORMS = (
    "sqlite:///file.db (beside the settings), sqlite:////folder/file.db, redis://host:6379/0 or memory://"
)


def open_store(url: str, *, folder: Path | None = None, now: Callable[[], datetime] = utc_now) -> Store:
    """Make the store that `url` names; `await store.open()` connects it.

    Args:
        url: `sqlite:///relative.db`, `sqlite:////absolute.db`, `redis://`, `rediss://`, `unix://` or
            `memory://`.
        folder: Where a relative file path starts; the current folder when left out.
        now: Wall time by which a document's age is judged when old ones are purged.

    Raises:
        ConfigError: The URL cannot be used. It never repeats the URL, which may hold a password.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise ConfigError(f"store: this is no store address; write one of: {_FORMS}")
    if scheme == "memory":
        from autoresponder.store.memory import MemoryStore

        if rest.strip("/"):
            raise ConfigError("store: memory:// takes nothing after the slashes")
        return MemoryStore(now=now)
    if scheme == "sqlite":
        from autoresponder.store.sqlite import SqliteStore

        return SqliteStore(_database_path(rest, folder or Path()), now=now)
    if scheme in ("redis", "rediss", "unix"):
        from autoresponder.store.redis_store import RedisStore

        return RedisStore(url, now=now)
    raise ConfigError(f"store: unknown kind {scheme[:20]!r}; write one of: {_FORMS}")


def _database_path(rest: str, folder: Path) -> Path:
    """The file that a sqlite URL names."""
    if "?" in rest or "#" in rest:
        raise ConfigError("store: a sqlite address takes no ? or # part; write sqlite:///file.db")
    if not rest.startswith("/"):
        raise ConfigError("store: a sqlite address has three slashes: sqlite:///file.db")
    name = unquote(rest[1:])
    if not name or name.endswith("/") or "\0" in name:
        raise ConfigError("store: the sqlite address names no file; write sqlite:///file.db")
    if name == ":memory:":
        raise ConfigError("store: for a store that is forgotten at the end write memory://")
    path = folder / name
    if path.is_dir():
        raise ConfigError(f"store: {path} is a folder; name a file in it, such as sqlite:///file.db")
    if not path.parent.is_dir():
        raise ConfigError(f"store: the folder {path.parent} does not exist; make it, or name another file")
    return path
