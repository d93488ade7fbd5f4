from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoresponder.channex import fields


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2021-07-28T04:25:15.000000", datetime(2021, 7, 28, 4, 25, 15, tzinfo=UTC)),
        ("2021-07-28T04:25:22.613482", datetime(2021, 7, 28, 4, 25, 22, 613482, tzinfo=UTC)),
        ("2021-07-28T04:25:22.613", datetime(2021, 7, 28, 4, 25, 22, 613000, tzinfo=UTC)),
        ("2021-07-28T04:25:15", datetime(2021, 7, 28, 4, 25, 15, tzinfo=UTC)),
        ("2023-12-01T07:01:38.735Z", datetime(2023, 12, 1, 7, 1, 38, 735000, tzinfo=UTC)),
        ("2023-12-01T09:01:38+02:00", datetime(2023, 12, 1, 7, 1, 38, tzinfo=UTC)),
        (" 2023-12-01 07:01:38 ", datetime(2023, 12, 1, 7, 1, 38, tzinfo=UTC)),
    ],
)
def test_stamps_are_utc(written: str, instant: datetime) -> None:
    found = fields.stamp(written)
    assert found == instant
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the system cannot change its zone")
def test_a_stamp_without_zone_is_utc_wherever_the_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert fields.stamp("2021-07-28T04:25:15") == datetime(2021, 7, 28, 4, 25, 15, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "2021-02-30T00:00:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59-14:00", None, 7, {}],
)
def test_impossible_stamps_are_missing(written: object) -> None:
    assert fields.stamp(written) is None


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2023-12-02", date(2023, 12, 2)),
        ("2023-12-02T00:00:00", date(2023, 12, 2)),
        ("2023-02-30", None),
        ("0001-01-01", None),
        ("02.12.2023", None),
        (20231202, None),
        (None, None),
    ],
)
def test_days(written: object, found: date | None) -> None:
    assert fields.day(written) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("50.00", Decimal("50.00")),
        (" 7 ", Decimal(7)),
        (12.5, Decimal("12.5")),
        (-3, Decimal(-3)),
        ("50,00", None),
        ("NaN", None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        ("9" * 60, None),
        (True, None),
        (None, None),
        ("", None),
    ],
)
def test_amounts(written: object, found: Decimal | None) -> None:
    assert fields.decimal(written) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [(3, 3), ("3", 3), (3.0, 3), ("3.0", 3), (3.5, None), (-1, None), (True, None), ("many", None)],
)
def test_counts(written: object, found: int | None) -> None:
    assert fields.count(written) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("14:05", "14:05"),
        ("9:00", "09:00"),
        ("09:00:00", "09:00"),
        ("25:00", None),
        ("late", None),
        (9, None),
    ],
)
def test_hours(written: object, found: str | None) -> None:
    assert fields.hour(written) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [("en", "en"), ("EN-gb", "en"), ("pt_BR", "pt"), ("eng", None), ("", None), (None, None), ("x", None)],
)
def test_languages(written: object, found: str | None) -> None:
    assert fields.language(written) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("a-1", "a-1"),
        (17, "17"),
        ("", None),
        ("a b", None),
        ("a\n", None),
        ("x" * 201, None),
        (True, None),
        (1.5, None),
    ],
)
def test_ids(written: object, found: str | None) -> None:
    assert fields.identifier(written) == found


@pytest.mark.parametrize(
    ("written", "default", "found"),
    [
        (True, False, True),
        ("False", True, False),
        (None, True, True),
        (1, False, False),
        ("yes", False, False),
    ],
)
def test_flags(written: object, default: bool, found: bool) -> None:
    assert fields.flag(written, default) is found


def test_a_related_id_stands_in_the_relationship_or_among_the_attributes() -> None:
    entry = {"relationships": {"booking": {"data": {"id": "b1"}}}}
    assert fields.related(entry, {"booking_id": "b2"}, "booking") == "b1"
    assert fields.related({}, {"booking_id": "b2"}, "booking") == "b2"
    for broken in ({"relationships": None}, {"relationships": {"booking": {"data": None}}}, {}):
        assert fields.related(broken, {}, "booking") is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60) | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(JSON)
def test_any_value_is_read_or_missing(value: Any) -> None:
    for read in (
        fields.stamp,
        fields.day,
        fields.hour,
        fields.whole,
        fields.count,
        fields.decimal,
        fields.identifier,
        fields.language,
        fields.mapping,
        fields.text,
        fields.optional,
    ):
        read(value)
    assert len(fields.text(value, 10)) <= 10
    json.dumps(fields.count(value))
