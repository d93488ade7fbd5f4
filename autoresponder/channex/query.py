"""Paths and queries as the API writes them: ids in a path, paging, order and filters. Pure.

Source: the API's general pages; `pagination[...]` counts, `page[...]` would be ignored without a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote, urlencode

from autoresponder.errors import ChannexRejected

MAX_LIMIT = 100
"""Most entries per page; the server's own default is 10."""

Query = tuple[tuple[str, str], ...]

_PLAIN_ID = re.compile(r"[A-Za-z0-9-]{1,200}")
_ODD_ID = re.compile(r"[\x00-\x20\x7f\\/?#%]|^\.{1,2}$")
_MAX_ID = 200
_FIELD = re.compile(r"[a-z][a-z0-9_]*(\.(gt|gte|lt|lte|eq|not))?")


@lru_cache(maxsize=256)
def encoded(query: Query) -> str:
    """A query as text; the same few are asked for again and again."""
    return urlencode(query, quote_via=quote)


def page_size(limit: int) -> int:
    """The nearest page size that the API knows, 1 to 100."""
    return max(1, min(limit, MAX_LIMIT))


def segment(value: str, noun: str) -> str:
    """An id as one path segment; nothing in it may reach another path.

    Raises:
        ChannexRejected: It cannot be an id.
    """
    if _PLAIN_ID.fullmatch(value):
        return value
    if not value or len(value) > _MAX_ID or _ODD_ID.search(value):
        raise ChannexRejected(f"{value[:40]!r} is not a {noun} id: copy the id (a UUID) as Channex shows it")
    try:
        return quote(value, safe="")
    except UnicodeEncodeError:
        raise ChannexRejected(f"this is not a {noun} id: it holds broken characters") from None


def paging(page: int, limit: int) -> Query:
    """The page wanted, counted from 1, and its size.

    Raises:
        ChannexRejected: There is no such page.
    """
    if page < 1:
        raise ChannexRejected(f"page {page}: pages count from 1")
    return (("pagination[page]", str(page)), ("pagination[limit]", str(page_size(limit))))


def order(name: str, *, descending: bool) -> Query:
    """The order wanted.

    Raises:
        ChannexRejected: `name` is no field.
    """
    if not _FIELD.fullmatch(name) or "." in name:
        raise ChannexRejected(f"{name[:40]!r} is not a field to sort by")
    return ((f"order[{name}]", "desc" if descending else "asc"),)


def filtering(filters: Mapping[str, str] | None) -> Query:
    """Filters as the port writes them: field, or field and operator with a dot between, to value.

    Raises:
        ChannexRejected: A name is neither.
    """
    pairs = []
    for name, value in (filters or {}).items():
        if not _FIELD.fullmatch(name):
            raise ChannexRejected(
                f"{name[:40]!r} is not a filter: write a field, or field.gt, .gte, .lt, .lte, .eq or .not"
            )
        column, _, operator = name.partition(".")
        pairs.append((f"filter[{column}][{operator}]" if operator else f"filter[{column}]", value))
    return tuple(pairs)
