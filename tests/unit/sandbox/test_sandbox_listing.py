"""Lists: whatever comes in the query, and the same page as plain sorting would give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoresponder.sandbox.activity import ActivityIndex
from autoresponder.sandbox.entities import Thread
from autoresponder.sandbox.listing import (
    BadQuery,
    Field,
    Listing,
    as_bool,
    as_date,
    as_id,
    as_text,
    as_time,
    parse_listing,
    predicate,
    select,
)

START = datetime(2026, 6, 12, tzinfo=UTC)

FIELDS: dict[str, Field[dict[str, Any]]] = {
    "size": Field(lambda row: row["size"], int),
    "time": Field(lambda row: row["time"], as_time),
    "day": Field(lambda row: row["time"].date(), as_date),
    "open": Field(lambda row: row["open"], as_bool),
    "owner": Field(lambda row: row["owner"], as_id),
    "name": Field(lambda row: row["name"], as_text),
}
OPERATORS = ["", "[eq]", "[not]", "[gt]", "[gte]", "[lt]", "[lte]", "[like]"]


def rows(sizes: list[int | None]) -> list[dict[str, Any]]:
    return [
        {"size": size, "time": START + timedelta(days=n), "open": n % 2 == 0, "owner": None, "name": f"{n}"}
        for n, size in enumerate(sizes)
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([f"filter[{name}]{op}" for name in (*FIELDS, "x") for op in OPERATORS]),
            st.text() | st.sampled_from(["0001-01-01T00:00:00+14:00", "true", "2026-06-12", "9" * 5000]),
        ),
        max_size=4,
    )
)
def test_any_filter_is_used_or_refused_by_name(pairs: list[tuple[str, str]]) -> None:
    refused = None
    try:
        listing = parse_listing(urlencode(pairs))
        test = predicate(listing.filters, FIELDS)
    except BadQuery as problem:
        refused = problem
    if refused is None:
        assert all(test(row) in (True, False) for row in rows([1, None, 3]))
    else:
        assert any(f"[{refused.field}]" in key for key, _ in pairs)


@given(st.text())
def test_any_query_is_read_or_refused(query: str) -> None:
    try:
        listing = parse_listing(query)
    except BadQuery:
        return
    assert listing.page >= 1
    assert 1 <= listing.limit <= 100


@given(
    st.lists(st.none() | st.integers(-5, 5), max_size=30),
    st.integers(1, 10),
    st.booleans(),
)
def test_pages_put_together_are_the_whole_sorted_list(
    sizes: list[int | None], limit: int, descending: bool
) -> None:
    table = rows(sizes)
    seen: list[int | None] = []
    for page in range(1, len(sizes) // limit + 2):
        items, meta = select(table, Listing(page, limit, "size", descending), FIELDS, default_order="time")
        assert (meta["total"], meta["order_by"]) == (len(sizes), "size")
        seen += [row["size"] for row in items]
    expected = sorted(sizes, key=lambda size: (size is not None, size or 0), reverse=descending)
    assert seen == expected


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("filter[size]=1,3", [1, 3]),
        ("filter[size][eq]=2", [2]),
        ("filter[size][not]=2", [1, None, 3]),
        ("filter[size][gt]=1&filter[size][lt]=3", [2]),
        ("filter[size][gte]=2", [2, 3]),
        ("filter[size][lte]=2", [1, 2]),
        ("filter[open]=true&filter[name][not]=0", [None]),
        ("filter[day][gt]=2026-06-13", [None, 3]),
        ("filter[time][gte]=2026-06-14T00:00:00Z", [None, 3]),
    ],
)
def test_operators(written: str, kept: list[int | None]) -> None:
    test = predicate(parse_listing(written).filters, FIELDS)
    assert [row["size"] for row in rows([1, 2, None, 3]) if test(row)] == kept


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 50)), max_size=40),
    st.integers(0, 10),
    st.integers(0, 10),
)
def test_the_activity_index_keeps_the_order(moves: list[tuple[int, int]], start: int, size: int) -> None:
    index = ActivityIndex()
    threads: dict[int, Thread] = {}
    for number, minutes in moves:
        moment = START + timedelta(minutes=minutes)
        thread = threads.get(number)
        if thread is None:
            thread = threads[number] = Thread(
                id=str(number),
                title="",
                provider="BookingCom",
                property_id="p",
                number=number,
                inserted_at=moment,
                updated_at=moment,
                last_message_received_at=moment,
            )
        thread.last_message_received_at = moment
        index.place(thread)
    expected = sorted(threads.values(), key=lambda t: (t.last_message_received_at, t.number))
    assert len(index) == len(expected)
    assert list(index.ordered(descending=False)) == expected
    assert list(index.ordered(descending=True)) == expected[::-1]
    assert index.slice(start, start + size, descending=False) == expected[start : start + size]
    assert index.slice(start, start + size, descending=True) == expected[::-1][start : start + size]
