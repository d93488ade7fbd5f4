from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoresponder.channex import account, payloads
from autoresponder.channex.jsontext import decode
from autoresponder.channex.payloads import Unreadable
from autoresponder.channex.responses import Envelope
from autoresponder.model import Provider, Sender
from tests.support.channex_samples import sample


def test_the_documents_booking_message() -> None:
    message = payloads.message(sample("booking_messages_list/200")["data"][0])
    assert message.id == "5848b518-07a4-4c8c-a998-2784d638ba30"
    assert message.thread_id == "4e160f0b-016a-424a-a30d-a9f0a8b1cbaa"
    assert (message.sender, message.text, message.attachments) == (Sender.GUEST, "Message", ())
    assert message.inserted_at == datetime(2021, 7, 28, 4, 25, 15, tzinfo=UTC)
    assert message.updated_at == datetime(2021, 7, 28, 4, 25, 22, 613482, tzinfo=UTC)
    assert message.from_guest
    assert message.inquiry is None


@pytest.mark.parametrize("name", ["message_send/200", "thread_message_send/200", "attachment_send/200"])
def test_the_documents_sent_message(name: str) -> None:
    message = payloads.message(sample(name)["data"])
    assert message.id == "34849183-7c36-4ac4-9103-cfaeecbc2cc8"
    assert (message.sender, message.from_guest) == (Sender.PROPERTY, False)


def test_the_documents_thread() -> None:
    thread = payloads.message_thread(sample("message_thread/200")["data"])
    assert thread == payloads.message_thread(sample("message_threads_list/200")["data"][0])
    assert (thread.title, thread.is_closed, thread.message_count) == ("Maldonado Roxy", False, 2)
    assert (thread.provider, thread.provider_name) == (Provider.BOOKING_COM, "BookingCom")
    assert thread.property_id == "71d34923-a8be-4682-9625-e4a2f080df92"
    assert thread.booking_id == "4d8240fd-d709-454b-a866-08bca2a5a909"
    assert thread.channel_id == "351f145d-cb8c-4df7-9f12-2f6854991b91"
    assert thread.last_message is not None
    assert thread.last_message.sender is Sender.PROPERTY
    assert thread.last_message_received_at == datetime(2021, 7, 27, 9, 43, 5, 864520, tzinfo=UTC)
    assert payloads.message_thread(sample("thread_close/200")["data"]).is_closed


def test_the_documents_inquiry_thread() -> None:
    thread = payloads.message_thread(sample("thread_inquiry/200")["data"])
    assert (thread.provider, thread.booking_id, thread.title) == (Provider.AIRBNB, None, "Andrew")


def test_the_documents_inquiry_card() -> None:
    message = payloads.message(sample("inquiry_system_message/message"))
    assert (message.sender, message.from_guest) == (Sender.SYSTEM, False)
    card = message.inquiry
    assert card is not None
    assert (card.status, card.nights, card.currency) == ("active", 1, "GBP")
    assert card.live_feed_event_id == "9a52c05b-ea75-4fad-aaab-21741c3be253"
    assert (card.checkin_date, card.checkout_date) == (date(2023, 12, 2), date(2023, 12, 3))
    assert card.payout == Decimal("50.00")
    assert (card.number_of_adults, card.number_of_children, card.number_of_pets) == (3, 0, 0)
    assert (card.guest_name, card.listing_name) == ("Andrew", "Channex Listing")
    assert card.non_response_at == datetime(2023, 12, 1, 7, 1, 38, 735000, tzinfo=UTC)
    assert card.details["listing_id"] == "16384756345"


def _card(**changes: Any) -> dict[str, Any]:
    entry: dict[str, Any] = sample("inquiry_system_message/message")
    entry["attributes"]["meta"]["booking_details"].update(changes)
    return entry


def test_the_newer_payout_field() -> None:
    entry = _card(payout_amount=120)
    del entry["attributes"]["meta"]["booking_details"]["expected_payout_amount_accurate"]
    card = payloads.message(entry).inquiry
    assert card is not None
    assert card.payout == Decimal(120)


def test_an_inquiry_card_with_odd_values_keeps_the_rest() -> None:
    card = payloads.message(
        _card(checkin_date="2023-02-30", nights="two", number_of_pets=-1, non_response_at=None, listing_id=7)
    ).inquiry
    assert card is not None
    assert (card.checkin_date, card.nights, card.number_of_pets, card.non_response_at) == (None,) * 4
    assert (card.listing_id, card.number_of_adults) == ("7", 3)


@pytest.mark.parametrize("meta", [None, {}, [], {"booking_details": None}, {"booking_details": "x"}])
def test_an_inquiry_card_without_details_is_still_one(meta: object) -> None:
    entry = _card()
    entry["attributes"]["meta"] = meta
    card = payloads.message(entry).inquiry
    assert card is not None
    assert card.nights is None


@pytest.mark.parametrize(
    ("sender", "text"), [("guest", "inquiry"), ("property", "inquiry"), ("system", "reservation_request")]
)
def test_other_messages_open_no_inquiry(sender: str, text: str) -> None:
    entry = _card()
    entry["attributes"].update(sender=sender, message=text)
    assert payloads.message(entry).inquiry is None


@pytest.mark.parametrize(
    ("spelling", "provider"),
    [
        ("BookingCom", Provider.BOOKING_COM),
        ("Booking.com", Provider.BOOKING_COM),
        ("booking_com", Provider.BOOKING_COM),
        ("AirBNB", Provider.AIRBNB),
        ("Airbnb", Provider.AIRBNB),
        ("air-bnb", Provider.AIRBNB),
        ("Expedia", Provider.EXPEDIA),
        ("A-Expedia", Provider.EXPEDIA),
        ("Vrbo", Provider.OTHER),
        ("", Provider.OTHER),
    ],
)
def test_provider_spellings(spelling: str, provider: Provider) -> None:
    entry = sample("message_thread/200")["data"]
    entry["attributes"]["provider"] = spelling
    thread = payloads.message_thread(entry)
    assert (thread.provider, thread.provider_name) == (provider, spelling)


@pytest.mark.parametrize(
    ("spelling", "sender"),
    [
        ("guest", Sender.GUEST),
        ("Guest", Sender.GUEST),
        ("property", Sender.PROPERTY),
        ("system", Sender.SYSTEM),
        ("airbnb_support", Sender.OTHER),
        ("other", Sender.OTHER),
        ("", Sender.OTHER),
        (None, Sender.OTHER),
        (["guest"], Sender.OTHER),
    ],
)
def test_senders(spelling: object, sender: Sender) -> None:
    message = payloads.message(_message(sender=spelling))
    assert message.sender is sender
    assert message.from_guest is (sender is Sender.GUEST)


def _message(**changes: Any) -> dict[str, Any]:
    entry: dict[str, Any] = copy.deepcopy(sample("booking_messages_list/200")["data"][0])
    entry["attributes"].update(changes)
    return entry


@pytest.mark.parametrize(
    ("role", "guest"), [("GUEST", True), ("guest", True), ("COHOST", False), (None, True)]
)
def test_a_cohost_is_no_guest(role: str | None, guest: bool) -> None:
    message = payloads.message(_message(meta={"name": "X", "role": role}))
    assert message.from_guest is guest
    assert message.role == role


def test_a_message_with_little_in_it() -> None:
    message = payloads.message({"id": "m1", "attributes": {"inserted_at": "2026-05-01T10:00:00"}})
    assert (message.text, message.sender, message.thread_id, message.attachments) == (
        "",
        Sender.OTHER,
        None,
        (),
    )
    assert message.meta == {}


def test_an_id_among_the_attributes_and_a_flat_object() -> None:
    assert payloads.message({"attributes": {"id": "m1", "updated_at": "2026-05-01T10:00:00"}}).id == "m1"
    flat = payloads.message(
        {"id": "m2", "message": "hi", "sender": "guest", "inserted_at": "2026-05-01T10:00:00"}
    )
    assert (flat.id, flat.text, flat.sender) == ("m2", "hi", Sender.GUEST)


@pytest.mark.parametrize(
    "entry",
    [
        None,
        [],
        "m1",
        {},
        {"id": None, "attributes": {"inserted_at": "2026-05-01T10:00:00"}},
        {"id": "m 1", "attributes": {"inserted_at": "2026-05-01T10:00:00"}},
        {"id": "m1"},
        {"id": "m1", "attributes": {"inserted_at": "2026-02-30T10:00:00", "message": "PARROT"}},
    ],
)
def test_a_message_without_id_or_stamp_is_unreadable(entry: object) -> None:
    with pytest.raises(Unreadable) as caught:
        payloads.message(entry)
    assert "PARROT" not in str(caught.value)


def test_updated_at_or_the_fallback_stand_in_for_inserted_at() -> None:
    updated = _message(inserted_at=None, updated_at="2026-05-01T10:00:00")
    assert payloads.message(updated).inserted_at == datetime(2026, 5, 1, 10, tzinfo=UTC)
    now = datetime(2026, 5, 2, tzinfo=UTC)
    assert payloads.message({"id": "m1"}, fallback=now).inserted_at == now


def test_attachments_of_every_shape() -> None:
    links = [
        "attachments/1/photo.jpg",
        {"url": "https://cdn.example/2.png", "id": "a2"},
        {"id": "a3"},
        None,
        {},
        7,
        {"url": {"x": 1}, "id": "a4"},
        "  ",
    ]
    message = payloads.message(_message(attachments=links, message=None))
    assert message.attachments == ("attachments/1/photo.jpg", "https://cdn.example/2.png", "a3", "7", "a4")
    assert payloads.message(_message(attachments={"0": "x"})).attachments == ()


def test_long_texts_are_cut() -> None:
    message = payloads.message(_message(message="x" * 200_000, sender="y" * 5000))
    assert (len(message.text), len(message.sender_name)) == (payloads.MAX_TEXT, 100)


def test_a_thread_with_little_in_it() -> None:
    thread = payloads.message_thread(
        {
            "id": "t1",
            "attributes": {"last_message": {}, "title": None},
            "relationships": {"booking": {"data": None}},
        }
    )
    assert (thread.title, thread.is_closed, thread.message_count, thread.booking_id) == ("", False, 0, None)
    assert (thread.last_message, thread.inserted_at, thread.property_id) == (None, None, None)


def test_newer_thread_attributes() -> None:
    entry = sample("thread_inquiry/200")["data"]
    entry["attributes"].update(ota_message_thread_id=123, meta={"live_feed_event_id": "e1"}, new_field=[1])
    thread = payloads.message_thread(entry)
    assert (thread.ota_message_thread_id, thread.meta["live_feed_event_id"]) == ("123", "e1")


def _envelope(data: object, **meta: object) -> Envelope:
    return Envelope(data, meta)


def test_a_page_keeps_what_the_server_said() -> None:
    whole = sample("thread_messages_list/200")
    page = payloads.page(Envelope(whole["data"], whole["meta"]), payloads.message, page=1, limit=100)
    assert [m.text for m in page.items] == ["MESSAGE CONTENT", "Special request text 1"]
    assert (page.page, page.limit, page.total) == (1, 10, 2)
    assert (page.order_by, page.order_direction, page.unreadable) == ("inserted_at", "desc", ())
    assert not page.has_more(news=True)


def test_one_unreadable_entry_does_not_take_the_others_along() -> None:
    good = _message()
    page = payloads.page(_envelope([good, {"id": "m9"}, 7, good]), payloads.message, page=2, limit=4)
    assert len(page.items) == 2
    assert [p.split(":")[0] for p in page.unreadable] == ["entry 2 of page 2", "entry 3 of page 2"]
    assert "m9" in page.unreadable[0]
    assert page.has_more(news=True)


@pytest.mark.parametrize("meta", [{}, {"page": None, "limit": 0, "total": "x"}, {"page": "1", "limit": True}])
def test_a_page_whose_server_says_little(meta: dict[str, object]) -> None:
    page = payloads.page(Envelope([], meta), payloads.message, page=1, limit=50)
    assert (page.page, page.limit, page.total, page.has_more(news=False)) == (1, 50, None, False)


def test_another_page_than_asked_for_is_no_page() -> None:
    with pytest.raises(Unreadable, match="page 2 was asked for and page 1 came"):
        payloads.page(_envelope([], page=1), payloads.message, page=2, limit=50)


@pytest.mark.parametrize("data", [{}, "x", 7])
def test_a_page_that_is_no_list(data: object) -> None:
    with pytest.raises(Unreadable, match="list"):
        payloads.page(_envelope(data), payloads.message, page=1, limit=50)


def test_the_id_of_an_upload() -> None:
    assert (
        payloads.created_id(sample("attachment_create/200")["data"]) == "c40a00f9-d3d3-4809-8d46-adc378c95f20"
    )
    with pytest.raises(Unreadable):
        payloads.created_id({"type": "attachment"})


_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["guest", "system", "inquiry", "2026-05-01T10:00:00", "2026-05-01", "m1", "12.5"])
)
_NAMES = st.sampled_from(
    [
        *("id", "attributes", "relationships", "message_thread", "booking", "property", "data", "meta"),
        *("message", "sender", "inserted_at", "updated_at", "attachments", "booking_details", "nights"),
        *("provider", "last_message", "checkin_date", "customer", "occupancy", "services", "status", "url"),
        *("application_code", "payload", "is_closed", "message_count", "amount", "arrival_hour", "role"),
    ]
)
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES, inner, max_size=7),
    max_leaves=25,
)
_READERS = (
    payloads.message,
    payloads.message_thread,
    payloads.created_id,
    account.booking,
    account.property_,
    account.application,
    account.live_feed_event,
)


@given(_JSON, st.sampled_from(_READERS))
def test_any_json_is_read_or_unreadable(value: Any, read: Any) -> None:
    entry = decode(json.dumps(value).encode())
    try:
        found = read(entry)
    except Unreadable:
        return
    repr(found).encode("utf-8")


@given(st.dictionaries(_NAMES, _JSON, max_size=8), st.sampled_from(_READERS))
def test_any_attributes_beside_an_id_are_read(attributes: dict[str, Any], read: Any) -> None:
    entry = {
        "id": "x1",
        "attributes": {**attributes, "inserted_at": "2026-05-01T10:00:00", "application_code": "c"},
        "relationships": attributes,
    }
    assert read(entry) is not None


@given(_JSON, _JSON)
def test_any_page_is_read_or_unreadable(data: Any, meta: Any) -> None:
    envelope = Envelope(data, meta if isinstance(meta, dict) else {})
    try:
        page = payloads.page(envelope, payloads.message, page=1, limit=10)
    except Unreadable:
        return
    assert len(page.items) + len(page.unreadable) == len(data)
