from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from autoresponder.channex import account
from autoresponder.channex.payloads import Unreadable
from autoresponder.model import BookingStatus

BOOKING: dict[str, Any] = {
    "id": "b1",
    "type": "booking",
    "attributes": {
        "property_id": "p1",
        "unique_id": "BDC-1",
        "ota_reservation_code": "1",
        "ota_name": "BookingCom",
        "status": "new",
        "arrival_date": "2026-05-02",
        "departure_date": "2026-05-05",
        "arrival_hour": "9:30",
        "amount": "220.00",
        "currency": "EUR",
        "payment_collect": "Property",
        "notes": "late\narrival",
        "occupancy": {"adults": 2, "children": "1", "infants": None},
        "customer": {"name": "Ana", "surname": "Lima", "language": "pt-BR", "country": "PT"},
        "services": [{"type": "Breakfast", "name": "Buffet"}, {"type": "Parking"}, "Cot", None, {}],
        "inserted_at": "2026-04-01T08:00:00.000000",
    },
    "relationships": {"message_thread": {"data": {"id": "t1", "type": "message_thread"}}},
}


def test_a_booking() -> None:
    booking = account.booking(BOOKING)
    assert (booking.id, booking.property_id, booking.thread_id) == ("b1", "p1", "t1")
    assert booking.status is BookingStatus.CONFIRMED
    assert (booking.arrival_date, booking.departure_date) == (date(2026, 5, 2), date(2026, 5, 5))
    assert (booking.nights, booking.arrival_hour) == (3, "09:30")
    assert (booking.amount, booking.currency, booking.payment_collect) == (
        Decimal("220.00"),
        "EUR",
        "property",
    )
    assert (booking.guest_name, booking.guest_surname) == ("Ana", "Lima")
    assert (booking.guest_language, booking.guest_country) == ("pt", "PT")
    assert (booking.adults, booking.children, booking.infants) == (2, 1, None)
    assert booking.services == ("Buffet", "Parking", "Cot")
    assert booking.inserted_at == datetime(2026, 4, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("new", BookingStatus.CONFIRMED),
        ("Modified", BookingStatus.CONFIRMED),
        ("cancelled", BookingStatus.CANCELLED),
        ("canceled", BookingStatus.CANCELLED),
        ("pending", BookingStatus.UNKNOWN),
        (None, BookingStatus.UNKNOWN),
        (7, BookingStatus.UNKNOWN),
    ],
)
def test_only_known_statuses_are_confirmed(written: object, status: BookingStatus) -> None:
    entry = {**BOOKING, "attributes": {**BOOKING["attributes"], "status": written}}
    assert account.booking(entry).status is status


@pytest.mark.parametrize("customer", [None, [], "x", {}, {"name": None, "language": 7}])
def test_a_booking_without_customer(customer: object) -> None:
    entry = {"id": "b1", "attributes": {"customer": customer, "occupancy": None, "services": None}}
    booking = account.booking(entry)
    assert (booking.guest_name, booking.guest_language, booking.adults) == ("", None, None)
    assert (booking.property_id, booking.nights, booking.services) == (None, None, ())


def test_a_property() -> None:
    found = account.property_(
        {"id": "p1", "attributes": {"title": " Seaview ", "timezone": "Europe/Lisbon", "country": "PT"}}
    )
    assert (found.title, found.timezone, found.country, found.is_active) == (
        "Seaview",
        "Europe/Lisbon",
        "PT",
        True,
    )
    bare = account.property_({"id": "p2", "attributes": {"title": None, "is_active": False}})
    assert (bare.title, bare.timezone, bare.is_active) == ("p2", None, False)


def test_an_installed_application() -> None:
    entry = {"id": "i1", "attributes": {"application_code": "channex_messages", "property_id": "p1"}}
    found = account.application(entry)
    assert (found.code, found.property_id, found.is_active) == ("channex_messages", "p1", True)
    nested = {"attributes": {"application": {"code": "c"}, "is_active": False}}
    related = {**nested, "relationships": {"property": {"data": {"id": "p2"}}}}
    other = account.application(related)
    assert (other.code, other.property_id, other.is_active) == ("c", "p2", False)
    with pytest.raises(Unreadable):
        account.application({"id": "i2"})


def test_a_feed_event() -> None:
    event = account.live_feed_event(
        {
            "id": "e1",
            "attributes": {
                "event": "inquiry",
                "property_id": "p1",
                "inserted_at": "2026-05-01T10:00:00",
                "payload": {"resolved": False},
            },
        }
    )
    assert (event.id, event.event, event.property_id) == ("e1", "inquiry", "p1")
    assert event.payload == {"resolved": False}
