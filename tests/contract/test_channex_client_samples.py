"""Every operation of the client against the API document's samples, request and answer."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from yarl import URL

from autoresponder.channex.client import Client, ReadOnlyClient
from autoresponder.channex.interface import ChannexReader, ChannexWriter
from autoresponder.config import Secret
from autoresponder.errors import (
    ChannexError,
    ChannexForbidden,
    ChannexNotFound,
    ChannexNotSupported,
    ChannexRateLimited,
    ChannexRejected,
    ChannexUnauthorized,
    ChannexUnavailable,
    DeliveryUnknown,
)
from autoresponder.model import BookingId, PropertyId, ThreadId
from tests.support.aiohttp_shim import Answers
from tests.support.channex_samples import raw, sample

BASE = "https://staging.channex.io/api/v1"
KEY = "uK3y-abcdef-0123456789"
THREAD = ThreadId("20d1b08c-190e-4068-a77d-4a909a21835d")
BOOKING = BookingId("4d8240fd-d709-454b-a866-08bca2a5a909")
PAGE = "pagination[page]=1&pagination[limit]=100"
NEWEST = "order[inserted_at]=desc"
LISTED = f"{PAGE}&order[last_message_received_at]=desc"


@pytest.fixture
def answers() -> Iterator[Answers]:
    with Answers() as mocked:
        yield mocked


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client(base_url=BASE + "/", api_key=Secret(KEY)) as opened:
        yield opened


def _calls(answers: Answers) -> list[tuple[str, URL, dict[str, Any]]]:
    return [(m, u, call.kwargs) for (m, u), calls in answers.requests.items() for call in calls]


async def test_listing_threads(answers: Answers, client: Client) -> None:
    answers.get(f"{BASE}/message_threads?{LISTED}", body=raw("message_threads_list/200"))
    page = await client.message_threads()
    assert [t.title for t in page.items] == ["Maldonado Roxy"]
    assert (page.total, page.order_by, page.has_more(news=True)) == (1, "inserted_at", False)
    ((method, _, kwargs),) = _calls(answers)
    assert (method, kwargs["allow_redirects"]) == ("GET", False)
    assert kwargs["headers"]["user-api-key"] == KEY
    assert kwargs["headers"]["Accept"] == "application/json"


async def test_listing_threads_by_filter(answers: Answers, client: Client) -> None:
    query = (
        "pagination[page]=2&pagination[limit]=10&filter[property_id]=p1&filter[updated_at][gte]=2026-05-01"
    )
    body = sample("message_threads_list/200")
    body["meta"]["page"] = 2
    answers.get(f"{BASE}/message_threads?{query}", payload=body)
    page = await client.message_threads(
        page=2, limit=10, order_by=None, filters={"property_id": "p1", "updated_at.gte": "2026-05-01"}
    )
    assert len(page.items) == 1


async def test_reading_a_thread_and_its_messages(answers: Answers, client: Client) -> None:
    answers.get(f"{BASE}/message_threads/{THREAD}", body=raw("message_thread/200"))
    answers.get(
        f"{BASE}/message_threads/{THREAD}/messages?{PAGE}&{NEWEST}", body=raw("thread_messages_list/200")
    )
    assert (await client.message_thread(THREAD)).id == THREAD
    messages = await client.all_thread_messages(THREAD)
    assert [m.text for m in messages] == ["Special request text 1", "MESSAGE CONTENT"]


async def test_reading_an_inquiry(answers: Answers, client: Client) -> None:
    thread = ThreadId("b4153232-2e77-4ccf-8383-ae1119b01bc7")
    answers.get(f"{BASE}/message_threads/{thread}", body=raw("thread_inquiry/200"))
    answers.get(
        f"{BASE}/message_threads/{thread}/messages?{PAGE}&{NEWEST}",
        payload={"data": [sample("inquiry_system_message/message")], "meta": {"total": 1}},
    )
    assert (await client.message_thread(thread)).booking_id is None
    (message,) = await client.all_thread_messages(thread)
    assert message.inquiry is not None
    assert message.inquiry.number_of_adults == 3


async def test_reading_a_bookings_messages(answers: Answers, client: Client) -> None:
    answers.get(f"{BASE}/bookings/{BOOKING}/messages?{PAGE}&{NEWEST}", body=raw("booking_messages_list/200"))
    page = await client.booking_messages(BOOKING)
    assert [m.text for m in page.items] == ["Message"]


async def test_the_rest_of_the_reads(answers: Answers, client: Client) -> None:
    answers.get(
        f"{BASE}/bookings/{BOOKING}", payload={"data": {"id": BOOKING, "attributes": {"status": "new"}}}
    )
    answers.get(
        f"{BASE}/properties?{PAGE}",
        payload={"data": [{"id": "p1", "attributes": {"title": "A"}}], "meta": {"total": 1}},
    )
    answers.get(f"{BASE}/properties/p1", payload={"data": {"id": "p1", "attributes": {"title": "A"}}})
    answers.get(
        f"{BASE}/live_feed?{PAGE}&{NEWEST}&filter[event]=inquiry",
        payload={"data": [{"id": "e1", "attributes": {"event": "inquiry"}}]},
    )
    assert (await client.booking(BOOKING)).id == BOOKING
    assert [p.title async for p in client.all_properties()] == ["A"]
    assert (await client.property(PropertyId("p1"))).title == "A"
    assert [e.event for e in (await client.live_feed(filters={"event": "inquiry"})).items] == ["inquiry"]


async def test_installed_applications_are_read_to_the_last_page(answers: Answers, client: Client) -> None:
    def page(number: int, count: int) -> dict[str, Any]:
        entry = {"attributes": {"application_code": "channex_messages", "property_id": f"p{number}"}}
        return {"data": [entry] * count, "meta": {"page": number, "limit": 10, "total": 13}}

    for number, count in ((1, 10), (2, 3)):
        query = f"pagination[page]={number}&pagination[limit]=100"
        answers.get(f"{BASE}/applications/installed?{query}", payload=page(number, count))
    assert len(await client.installed_applications()) == 13


async def test_sending_a_text(answers: Answers, client: Client) -> None:
    answers.post(f"{BASE}/message_threads/{THREAD}/messages", body=raw("thread_message_send/200"))
    sent = await client.send_to_thread(THREAD, text="MESSAGE CONTENT")
    assert sent.message.id == "34849183-7c36-4ac4-9103-cfaeecbc2cc8"
    ((method, _, kwargs),) = _calls(answers)
    assert method == "POST"
    assert json.loads(kwargs["data"]) == sample("message_send/request")
    assert kwargs["headers"]["Content-Type"] == "application/json"
    assert kwargs["allow_redirects"] is False


async def test_sending_to_a_booking_a_text_and_then_a_file(answers: Answers, client: Client) -> None:
    url = f"{BASE}/bookings/{BOOKING}/messages"
    answers.post(url, body=raw("message_send/200"))
    answers.post(f"{BASE}/attachments", body=raw("attachment_create/200"))
    answers.post(url, body=raw("attachment_send/200"))
    await client.send_to_booking(BOOKING, text="MESSAGE CONTENT")
    uploaded = await client.upload_attachment(content=b"jpeg", file_name="photo.jpeg", file_type="image/jpeg")
    await client.send_to_booking(BOOKING, attachment_id=uploaded)
    bodies = [json.loads(k["data"]) for _, u, k in _calls(answers) if str(u) == url]
    assert bodies == [sample("message_send/request"), sample("attachment_send/request")]


async def test_a_sent_message_needs_only_its_id(answers: Answers, client: Client) -> None:
    answers.post(f"{BASE}/message_threads/{THREAD}/messages", payload={"data": {"id": "m1"}})
    assert (await client.send_to_thread(THREAD, text="x")).message.id == "m1"


async def test_closing_and_no_reply_needed_and_resolving(answers: Answers, client: Client) -> None:
    answers.post(f"{BASE}/message_threads/{THREAD}/close", body=raw("thread_close/200"))
    answers.post(f"{BASE}/message_threads/{THREAD}/no_reply_needed", status=204)
    answers.post(f"{BASE}/live_feed/e1/resolve", body=b"<html>", status=201)
    await client.close_thread(THREAD)
    await client.no_reply_needed(THREAD)
    await client.resolve_live_feed_event("e1", {"type": "preapproval"})
    assert [k["data"] for _, u, k in _calls(answers) if "message_threads" in str(u)] == [None, None]


Call = Callable[[Any], Awaitable[Any]]
READS: list[tuple[str, str, Call]] = [
    ("GET", f"/message_threads?{LISTED}", lambda c: c.message_threads()),
    ("GET", f"/message_threads/{THREAD}", lambda c: c.message_thread(THREAD)),
    ("GET", f"/message_threads/{THREAD}/messages?{PAGE}&{NEWEST}", lambda c: c.thread_messages(THREAD)),
    ("GET", f"/bookings/{BOOKING}/messages?{PAGE}&{NEWEST}", lambda c: c.booking_messages(BOOKING)),
    ("GET", f"/bookings/{BOOKING}", lambda c: c.booking(BOOKING)),
    ("GET", f"/properties?{PAGE}", lambda c: c.properties()),
    ("GET", "/properties/p1", lambda c: c.property("p1")),
    ("GET", f"/applications/installed?{PAGE}", lambda c: c.installed_applications()),
    ("GET", f"/live_feed?{PAGE}&{NEWEST}", lambda c: c.live_feed()),
]
WRITES: list[tuple[str, str, Call]] = [
    ("POST", f"/message_threads/{THREAD}/messages", lambda c: c.send_to_thread(THREAD, text="x")),
    ("POST", f"/bookings/{BOOKING}/messages", lambda c: c.send_to_booking(BOOKING, text="x")),
    (
        "POST",
        "/attachments",
        lambda c: c.upload_attachment(content=b"x", file_name="f", file_type="t"),
    ),
    ("POST", f"/message_threads/{THREAD}/close", lambda c: c.close_thread(THREAD)),
    ("POST", f"/message_threads/{THREAD}/no_reply_needed", lambda c: c.no_reply_needed(THREAD)),
    ("POST", "/live_feed/e1/resolve", lambda c: c.resolve_live_feed_event("e1", {"accept": True})),
]


@pytest.mark.parametrize(("method", "path", "call"), READS + WRITES)
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, raw("errors/401"), ChannexUnauthorized),
        (403, raw("errors/403"), ChannexForbidden),
        (404, raw("errors/404"), ChannexNotFound),
        (422, raw("errors/422_not_supported"), ChannexNotSupported),
        (400, b"null", ChannexRejected),
        (429, b"slow down", ChannexRateLimited),
        (307, b"", ChannexRejected),
    ],
)
async def test_refusals_of_every_operation(
    answers: Answers,
    client: Client,
    method: str,
    path: str,
    call: Call,
    status: int,
    body: bytes,
    kind: type[ChannexError],
) -> None:
    answers.add(BASE + path, method=method, status=status, body=body, repeat=True)
    with pytest.raises(kind) as caught:
        await call(client)
    assert type(caught.value) is kind
    assert KEY not in str(caught.value) + repr(caught.value)
    assert len(_calls(answers)) == 1


@pytest.mark.parametrize(("method", "path", "call"), READS)
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"<html>"),
        (503, b'{"errors": {"code": "service_unavailable"}}'),
        (200, b"null"),
        (200, b'{"data'),
        (200, b'{"data": 7}'),
    ],
)
async def test_reads_without_usable_answer(
    answers: Answers, client: Client, method: str, path: str, call: Call, status: int, body: bytes
) -> None:
    answers.add(BASE + path, method=method, status=status, body=body, repeat=True)
    with pytest.raises(ChannexUnavailable):
        await call(client)


@pytest.mark.parametrize(("method", "path", "call"), WRITES)
@pytest.mark.parametrize("status", [408, 409, 425, 500, 502, 503, 504])
async def test_writes_that_may_have_been_applied(
    answers: Answers, client: Client, method: str, path: str, call: Call, status: int
) -> None:
    answers.add(BASE + path, method=method, status=status, body=b"<html>", repeat=True)
    with pytest.raises(DeliveryUnknown):
        await call(client)
    assert len(_calls(answers)) == 1


@pytest.mark.parametrize(("method", "path", "call"), WRITES[:3])
@pytest.mark.parametrize("body", [b"", b"null", b'{"data": {}}', b'{"data": {"id": ""}}', b'{"data": []}'])
async def test_accepted_but_not_named(
    answers: Answers, client: Client, method: str, path: str, call: Call, body: bytes
) -> None:
    answers.add(BASE + path, method=method, body=body)
    with pytest.raises(DeliveryUnknown) as caught:
        await call(client)
    assert caught.value.status == 200


def test_the_read_only_client_has_no_write_and_no_way_to_one() -> None:
    writes = set(ChannexWriter.__abstractmethods__) - set(ChannexReader.__abstractmethods__)
    reader = ReadOnlyClient(base_url=BASE, api_key=Secret(KEY))
    assert not isinstance(reader, ChannexWriter)
    assert not issubclass(Client, ReadOnlyClient)
    seen: set[int] = set()
    stack: list[Any] = [reader]
    while stack:
        thing = stack.pop()
        if id(thing) in seen or not type(thing).__module__.startswith("autoresponder"):
            continue
        seen.add(id(thing))
        assert not any(hasattr(thing, name) for name in (*writes, "post", "request", "put", "delete"))
        stack.extend(vars(thing).values() if hasattr(thing, "__dict__") else ())
    assert len(seen) >= 3
