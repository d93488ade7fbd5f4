"""Redis addresses: what may stand in one, and a connection made from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from redis.asyncio.connection import AbstractConnection, Connection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from autoresponder.errors import ConfigError

_OPTIONS = frozenset(
    {
        *("db", "namespace", "client_name"),
        *("ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_cert_reqs", "ssl_check_hostname"),
    }
)
_NAMESPACE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True, repr=False)
class RedisAddress:
    """Where and how to connect; shows nothing of itself, since it may hold a password.

    Attributes:
        connect: Makes an unconnected connection.
        place: For messages: host, port and database, without credentials.
        namespace: Separates several stores in one database.
    """

    connect: Callable[[], AbstractConnection]
    place: str
    namespace: str


def parse_address(url: str, *, timeout: float) -> RedisAddress:
    """Read a `redis://`, `rediss://` or `unix://` URL.

    Args:
        url: `redis://[user:password@]host[:port][/db][?namespace=…]`.
        timeout: Seconds for connecting.

    Raises:
        ConfigError: The URL cannot be used. It never repeats the URL.
    """
    try:
        parts = _split(url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        namespace = options.pop("namespace", "main")
        _check(parts.scheme, parts.path, set(options), namespace)
        arguments = cast("dict[str, Any]", parse_url(urlunsplit(parts._replace(query=urlencode(options)))))
    except ConfigError:
        raise
    except ValueError:
        # The library's message may quote a part of the password; so nothing of it is kept.
        raise ConfigError(
            "store: this Redis address cannot be read; write redis://host:6379/0, and any of : / ? # @ % "
            "inside the user name or password as %3A %2F %3F %23 %40 %25"
        ) from None
    kind = arguments.pop("connection_class", Connection)
    arguments.update(
        socket_connect_timeout=timeout,
        socket_timeout=None,  # a whole round trip has one time limit, set where it is made
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )
    if parts.scheme != "unix":
        arguments["socket_keepalive"] = True
    return RedisAddress(lambda: kind(**arguments), _place(arguments), namespace)


def _split(url: str) -> SplitResult:
    """The parts of a URL; ValueError when a character of the password was taken for a separator."""
    parts = urlsplit(url)
    _ = parts.port  # raises when it is no number
    if parts.fragment or "@" in parts.path + parts.query:
        raise ValueError("a separator inside the password")
    return parts


def _check(scheme: str, path: str, options: set[str], namespace: str) -> None:
    unknown = sorted(options - _OPTIONS)
    if unknown:
        raise ConfigError(
            f"store: unknown option {unknown[0][:40]!r} in the Redis address; known are {', '.join(sorted(_OPTIONS))}"
        )
    if not _NAMESPACE.fullmatch(namespace):
        raise ConfigError("store: the namespace in the Redis address takes letters, digits, - _ and . only")
    if scheme == "unix" and not path:
        raise ConfigError("store: the address names no socket; write unix:///run/redis.sock")
    if scheme != "unix" and path.strip("/") and not path.strip("/").isdigit():
        raise ConfigError("store: after the host comes the number of the database: redis://host:6379/0")


def _place(arguments: dict[str, Any]) -> str:
    if "path" in arguments:
        where = str(arguments["path"])
    else:
        where = f"{arguments.get('host', 'localhost')}:{arguments.get('port', 6379)}"
    return f"{where}/{arguments.get('db', 0)}"
