from __future__ import annotations

import base64
import json

import pytest

from autoresponder.channex import requests
from autoresponder.channex.requests import Kind
from autoresponder.errors import ChannexRejected
from tests.support.channex_samples import sample

THREAD = "20d1b08c-190e-4068-a77d-4a909a21835d"


def test_thread_list_names_page_order_and_filters() -> None:
    request = requests.message_threads(
        page=2,
        limit=50,
        order_by="last_message_received_at",
        filters={"property_id": "p1", "updated_at.gte": "2026-05-01T00:00:00"},
    )
    assert (request.method, request.path, request.body) == ("GET", "/message_threads", None)
    assert request.query == (
        ("pagination[page]", "2"),
        ("pagination[limit]", "50"),
        ("order[last_message_received_at]", "desc"),
        ("filter[property_id]", "p1"),
        ("filter[updated_at][gte]", "2026-05-01T00:00:00"),
    )
    assert request.target == (
        "/message_threads?pagination%5Bpage%5D=2&pagination%5Blimit%5D=50"
        "&order%5Blast_message_received_at%5D=desc&filter%5Bproperty_id%5D=p1"
        "&filter%5Bupdated_at%5D%5Bgte%5D=2026-05-01T00%3A00%3A00"
    )


def test_servers_own_order_and_ascending() -> None:
    assert "order" not in requests.message_threads().target
    ascending = requests.message_threads(order_by="inserted_at", descending=False)
    assert ("order[inserted_at]", "asc") in ascending.query


@pytest.mark.parametrize(("asked", "sent"), [(0, "1"), (10, "10"), (100, "100"), (5000, "100")])
def test_page_size_stays_within_what_the_api_takes(asked: int, sent: str) -> None:
    assert ("pagination[limit]", sent) in requests.properties(limit=asked).query


@pytest.mark.parametrize("name", ["", "a b", "updated_at.like", "x]=1&y[", "Updated", "a.gte.lt"])
def test_odd_filter_is_refused(name: str) -> None:
    with pytest.raises(ChannexRejected, match="not a filter"):
        requests.message_threads(filters={name: "1"})


@pytest.mark.parametrize("name", ["", "inserted_at.gte", "x]=1&y["])
def test_odd_order_is_refused(name: str) -> None:
    with pytest.raises(ChannexRejected, match="sort by"):
        requests.message_threads(order_by=name)


def test_pages_count_from_one() -> None:
    with pytest.raises(ChannexRejected, match="count from 1"):
        requests.thread_messages(THREAD, page=0)


@pytest.mark.parametrize(
    "bad",
    ["", ".", "..", "a/b", "../bookings", "a?b", "a#b", "a\\b", "a b", "a\n", "x" * 201, "%2e%2e", "\ud800"],
)
def test_odd_ids_never_reach_a_path(bad: str) -> None:
    for build in (requests.message_thread, requests.booking, requests.close_thread, requests.thread_messages):
        with pytest.raises(ChannexRejected, match="id"):
            build(bad)


def test_other_characters_are_percent_encoded() -> None:
    assert requests.message_thread("ä:b").path == "/message_threads/%C3%A4%3Ab"


def test_sending_a_text_is_the_documents_payload() -> None:
    request = requests.send_to_thread(THREAD, text="MESSAGE CONTENT", attachment_id=None)
    assert request.path == f"/message_threads/{THREAD}/messages"
    assert json.loads(request.body or b"") == sample("message_send/request")
    assert request.kind is Kind.CREATE
    assert request.headers == {"Content-Type": "application/json"}


def test_sending_an_attachment_is_the_documents_payload() -> None:
    wanted = sample("attachment_send/request")
    request = requests.send_to_booking("b1", text=None, attachment_id=wanted["message"]["attachment_id"])
    assert request.path == "/bookings/b1/messages"
    assert json.loads(request.body or b"") == wanted


@pytest.mark.parametrize(("text", "attachment"), [(None, None), ("x", "a1")])
def test_a_message_is_one_of_the_two(text: str | None, attachment: str | None) -> None:
    with pytest.raises(ChannexRejected, match="either"):
        requests.send_to_thread(THREAD, text=text, attachment_id=attachment)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_empty_text_is_refused_before_sending(text: str) -> None:
    with pytest.raises(ChannexRejected, match="empty"):
        requests.send_to_thread(THREAD, text=text, attachment_id=None)


def test_text_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(ChannexRejected, match="JSON"):
        requests.send_to_thread(THREAD, text="half \ud83d", attachment_id=None)


def test_upload_is_the_documents_payload() -> None:
    request = requests.upload_attachment(b"\xff\xd8jpeg", file_name="photo.jpeg", file_type="image/jpeg")
    body = json.loads(request.body or b"")
    wanted = sample("attachment_create/request")
    assert body.keys() == wanted.keys()
    assert body["attachment"].keys() == wanted["attachment"].keys()
    assert base64.b64decode(body["attachment"]["file"]) == b"\xff\xd8jpeg"
    assert (request.path, request.method) == ("/attachments", "POST")


def test_upload_has_bounds() -> None:
    largest = requests.upload_attachment(b"x" * requests.MAX_ATTACHMENT, file_name="f", file_type="t")
    assert len(largest.body or b"") < 10_000_000
    with pytest.raises(ChannexRejected, match="smaller"):
        requests.upload_attachment(b"x" * (requests.MAX_ATTACHMENT + 1), file_name="f", file_type="t")
    with pytest.raises(ChannexRejected, match="empty"):
        requests.upload_attachment(b"", file_name="f", file_type="t")


def test_marks_have_no_payload() -> None:
    close, needless = requests.close_thread("t1"), requests.no_reply_needed("t1")
    assert (close.path, close.body, close.kind) == ("/message_threads/t1/close", None, Kind.MARK)
    assert (needless.path, needless.body) == ("/message_threads/t1/no_reply_needed", None)
    assert not close.headers


def test_resolving_wraps_the_resolution() -> None:
    request = requests.resolve_live_feed_event("e1", {"type": "preapproval"})
    assert request.path == "/live_feed/e1/resolve"
    assert json.loads(request.body or b"") == {"resolution": {"type": "preapproval"}}


def test_what_goes_to_a_guest_is_not_in_the_repr() -> None:
    assert "door code" not in repr(requests.send_to_thread("t1", text="door code 4711", attachment_id=None))
