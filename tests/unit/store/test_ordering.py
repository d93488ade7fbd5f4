"""Stamps and commit names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from autoresponder.store.interface import Document, Entry
from autoresponder.store.ordering import commit_digest, from_micros, to_micros

STAMPS = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))]))


@given(STAMPS)
def test_stamps_come_back_exactly_and_in_utc(stamp: datetime) -> None:
    back = from_micros(to_micros(stamp))
    assert back == stamp
    assert back.tzinfo is UTC


@given(STAMPS, STAMPS)
def test_stamps_keep_their_order(one: datetime, two: datetime) -> None:
    assert (one < two) == (to_micros(one) < to_micros(two))


def test_a_stamp_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without time zone"):
        to_micros(datetime(2026, 5, 1))  # noqa: DTZ001 - what is refused


def test_a_digest_tells_any_difference() -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    document = Document(data=b"a", due_at=at)
    entry = Entry(id="e", key="k", at=at, data=b"x", refs=("r", "s"))
    variants = [
        (document, [entry]),
        (replace(document, data=b"b"), [entry]),
        (replace(document, due_at=None), [entry]),
        (replace(document, deadline=at), [entry]),
        (replace(document, due_at=None, waiting_since=at), [entry]),
        (document, []),
        (document, [entry, entry]),
        (document, [replace(entry, refs=("r, s",))]),
        (document, [replace(entry, data=b"xx")]),
        (document, [replace(entry, id="f")]),
    ]
    digests = [commit_digest(*variant) for variant in variants]
    assert len(set(digests)) == len(digests)
    assert digests[0] == commit_digest(replace(document), [replace(entry)])
