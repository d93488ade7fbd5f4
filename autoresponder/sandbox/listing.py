"""Paging, order and filters of lists (API reference: pagination[…], order[…], filter[…])."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl
from uuid import UUID

from autoresponder.sandbox.stamps import read_stamp

DEFAULT_LIMIT = 10
MAX_LIMIT = 100
_MOST_PARAMETERS = 200

_KEY = re.compile(r"(pagination|order|filter)\[(\w+)\](?:\[(\w+)\])?")
_OPERATORS = frozenset({"eq", "not", "gt", "gte", "lt", "lte"})

T = TypeVar("T")


class BadQuery(Exception):
    """A parameter that cannot be used; answered with 422 and the parameter's name."""

    def __init__(self, field: str, message: str = "is invalid") -> None:
        super().__init__(f"{field} {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition, its value still text."""

    field: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list request asks for."""

    page: int = 1
    limit: int = DEFAULT_LIMIT
    order_by: str | None = None
    descending: bool = True
    filters: tuple[Filter, ...] = ()

    @property
    def start(self) -> int:
        """Index of the page's first entry."""
        return (self.page - 1) * self.limit


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """A field that lists can be ordered and filtered by."""

    get: Callable[[T], Any]
    cast: Callable[[str], Any]


@lru_cache(maxsize=512)
def parse_listing(query: str) -> Listing:
    """Read a raw query string. Parameters that Channex does not know are ignored, `page[limit]` too.

    Raises:
        BadQuery: A known parameter with a value that cannot be used.
    """
    page, limit, order_by, descending = 1, DEFAULT_LIMIT, None, True
    filters = []
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError as error:
        raise BadQuery("filter", "has too many parameters") from error
    for key, value in pairs:
        found = _KEY.fullmatch(key)
        if found is None:
            continue
        kind, name, operator = found.groups()
        if kind == "filter":
            filters.append(_filter(name, operator, value))
        elif operator is not None:
            continue
        elif kind == "order":
            order_by, descending = name, _direction(name, value)
        elif name == "page":
            page = _positive(name, value)
        elif name == "limit":
            limit = min(_positive(name, value), MAX_LIMIT)
    return Listing(page, limit, order_by, descending, tuple(filters))


def _filter(name: str, operator: str | None, value: str) -> Filter:
    if operator is None:
        return Filter(name, "in", value)
    if operator not in _OPERATORS:
        raise BadQuery(name)
    return Filter(name, operator, value)


def _direction(name: str, value: str) -> bool:
    if value not in ("asc", "desc"):
        raise BadQuery(name)
    return value == "desc"


def _positive(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value) > 0):
        raise BadQuery(name)
    return int(value)


def predicate(filters: Iterable[Filter], fields: Mapping[str, Field[T]]) -> Callable[[T], bool]:
    """A test that holds when every filter does.

    Raises:
        BadQuery: A filter on an unknown field, or a value of the wrong kind.
    """
    tests = [_test(entry, fields) for entry in filters]
    return lambda item: all(test(item) for test in tests)


def order_field(listing: Listing, fields: Mapping[str, Field[T]], default: str) -> Field[T]:
    """The field to sort by.

    Raises:
        BadQuery: The list cannot be ordered by the field asked for.
    """
    name = listing.order_by or default
    if name not in fields:
        raise BadQuery(name)
    return fields[name]


def select(
    items: Iterable[T],
    listing: Listing,
    fields: Mapping[str, Field[T]],
    *,
    default_order: str,
    default_descending: bool = True,
) -> tuple[list[T], dict[str, Any]]:
    """Filter, sort and cut a list; the page and its `meta`.

    Raises:
        BadQuery: See `predicate` and `order_field`.
    """
    by = order_field(listing, fields, default_order)
    descending = listing.descending if listing.order_by else default_descending
    test = predicate(listing.filters, fields)
    kept = sorted((item for item in items if test(item)), key=lambda item: _rank(by.get(item)))
    if descending:
        kept.reverse()
    meta = page_meta(listing, default_order, len(kept), descending=descending)
    return kept[listing.start : listing.start + listing.limit], meta


def page_meta(listing: Listing, default_order: str, total: int, *, descending: bool) -> dict[str, Any]:
    """The `meta` object that every list carries."""
    return {
        "page": listing.page,
        "limit": listing.limit,
        "total": total,
        "order_by": listing.order_by or default_order,
        "order_direction": "desc" if descending else "asc",
    }


def _rank(value: Any) -> tuple[bool, Any]:
    return (value is not None, value if value is not None else 0)


def _test(entry: Filter, fields: Mapping[str, Field[T]]) -> Callable[[T], bool]:
    field = fields.get(entry.field)
    if field is None:
        raise BadQuery(entry.field)
    texts = entry.value.split(",") if entry.operator == "in" else [entry.value]
    values = [read_value(Filter(entry.field, entry.operator, text), field) for text in texts]
    get, wanted = field.get, values[0]
    match entry.operator:
        case "in":
            return lambda item: get(item) in values
        case "eq":
            return lambda item: bool(get(item) == wanted)
        case "not":
            return lambda item: bool(get(item) != wanted)
        case "gt":
            return lambda item: (value := get(item)) is not None and bool(value > wanted)
        case "gte":
            return lambda item: (value := get(item)) is not None and bool(value >= wanted)
        case "lt":
            return lambda item: (value := get(item)) is not None and bool(value < wanted)
        case _:
            return lambda item: (value := get(item)) is not None and bool(value <= wanted)


def read_value(entry: Filter, field: Field[T]) -> Any:
    """A filter's value as the field's own kind.

    Raises:
        BadQuery: It is of another kind.
    """
    try:
        return field.cast(entry.value)
    except (ValueError, OverflowError) as error:
        raise BadQuery(entry.field) from error


def as_bool(text: str) -> bool:
    """Cast of a truth value."""
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def as_id(text: str) -> str:
    """Cast of an id; they are stored in lower case."""
    return str(UUID(text))


as_time = read_stamp
as_date = date.fromisoformat
as_text = str
