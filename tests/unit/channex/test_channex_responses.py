from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoresponder.channex import requests
from autoresponder.channex.requests import Request
from autoresponder.channex.responses import Answer, interpret
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
from tests.support.channex_samples import raw

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
READ = requests.message_thread("t1")
SEND = requests.send_to_thread("t1", text="Hello", attachment_id=None)
UPLOAD = requests.upload_attachment(b"x", file_name="f", file_type="t")
CLOSE = requests.close_thread("t1")
RESOLVE = requests.resolve_live_feed_event("e1", {"type": "preapproval"})
HTML = b"<!DOCTYPE html><html><body>guest words</body></html>"


def answer(status: int, body: Any = b"", *, complete: bool = True, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=names, body=content, complete=complete)


def error_of(request: Request, given_answer: Answer) -> ChannexError:
    with pytest.raises(ChannexError) as caught:
        interpret(request, given_answer, now=NOW)
    return caught.value


def test_data_and_meta_come_out() -> None:
    envelope = interpret(READ, answer(200, {"data": [1], "meta": {"total": 1}}), now=NOW)
    assert (envelope.data, envelope.meta) == ([1], {"total": 1})
    assert interpret(READ, answer(201, {"data": {}, "meta": None}), now=NOW).meta == {}


@pytest.mark.parametrize("request_", [READ, SEND, CLOSE])
@pytest.mark.parametrize(
    ("name", "status", "kind"),
    [
        ("errors/401", 401, ChannexUnauthorized),
        ("errors/403", 403, ChannexForbidden),
        ("errors/404", 404, ChannexNotFound),
        ("errors/422_not_supported", 422, ChannexNotSupported),
    ],
)
def test_the_documents_errors(request_: Request, name: str, status: int, kind: type[ChannexError]) -> None:
    error = error_of(request_, answer(status, raw(name)))
    assert type(error) is kind
    assert error.status == status
    assert error.code == json.loads(raw(name))["errors"]["code"]
    assert request_.what in str(error)


def test_a_missing_messages_app_says_what_to_do() -> None:
    text = str(error_of(READ, answer(403, raw("errors/403"))))
    assert "Messages app not installed" in text
    assert "Applications" in text


def test_a_forbidden_booking_is_not_blamed_on_the_messages_app() -> None:
    assert "Messages app" not in str(error_of(requests.booking("b1"), answer(403, raw("errors/403"))))


def test_a_firewalls_refusal_is_not_blamed_on_the_messages_app() -> None:
    error = error_of(READ, answer(403, HTML))
    assert isinstance(error, ChannexForbidden)
    assert "Messages app" not in str(error)
    assert "firewall" in str(error)


@pytest.mark.parametrize("body", [HTML, b"", b"Not Found", b"null", b"[]"])
def test_a_404_of_something_else_is_a_wrong_address_not_a_missing_booking(body: bytes) -> None:
    error = error_of(requests.booking("b1"), answer(404, body))
    assert type(error) is ChannexRejected
    assert "base_url" in str(error)


@pytest.mark.parametrize("errors", [None, [], {}, "gone", {"detail": "Not Found"}])
def test_a_404_of_the_api_is_a_missing_object_however_it_is_told(errors: object) -> None:
    assert type(error_of(READ, answer(404, {"errors": errors}))) is ChannexNotFound


def test_todays_code_for_missing_objects() -> None:
    body = {"errors": {"code": "resource_not_found", "title": "Resource Not Found"}}
    assert type(error_of(READ, answer(404, body))) is ChannexNotFound


@pytest.mark.parametrize(
    ("errors", "code", "details"),
    [
        ({"code": "bad_request", "details": {"id": ["is invalid"]}}, "bad_request", "id: is invalid"),
        ({"code": "bad_request", "details": ["restrictions is required"]}, "bad_request", "restrictions is"),
        ({"code": "x", "details": "plain"}, "x", "plain"),
        ([{"code": "first"}, {"code": "second"}], "first", None),
        (["only a text"], None, "only a text"),
        ("a text", None, None),
        (None, None, None),
        (7, None, None),
        ({"code": {"deep": 1}, "details": {"a": {"b": ["c"]}}}, None, "a: b: c"),
    ],
)
def test_error_objects_of_every_shape(errors: Any, code: str | None, details: str | None) -> None:
    error = error_of(SEND, answer(422, {"errors": errors}))
    assert type(error) is ChannexRejected
    assert error.code == code
    assert details is None or (error.details or "").startswith(details)


@pytest.mark.parametrize("body", [b"null", b"[]", b"{}", b"", b'{"errors"', HTML])
def test_refusals_without_readable_errors(body: bytes) -> None:
    assert type(error_of(SEND, answer(422, body))) is ChannexRejected


def test_error_texts_are_short_and_on_one_line() -> None:
    body = {"errors": {"code": "x" * 9000, "details": ["a\nb\x1b[31m" * 5000]}}
    text = str(error_of(SEND, answer(400, body)))
    assert len(text) < 700
    assert text.isprintable()


@pytest.mark.parametrize("request_", [READ, SEND, UPLOAD, CLOSE])
@pytest.mark.parametrize(
    ("status", "code"),
    [(429, "http_too_many_requests"), (429, "too_many_requests"), (429, None), (403, "too_many_requests")],
)
def test_too_many_requests(request_: Request, status: int, code: str | None) -> None:
    error = error_of(request_, answer(status, {"errors": {"code": code}}, Retry_After="12"))
    assert isinstance(error, ChannexRateLimited)
    assert error.retry_after == 12.0
    assert "12 seconds" in str(error)


def test_a_rate_limit_without_a_wait() -> None:
    error = error_of(READ, answer(429, HTML))
    assert isinstance(error, ChannexRateLimited)
    assert error.retry_after is None


@pytest.mark.parametrize("status", [300, 301, 302, 304, 307, 308])
@pytest.mark.parametrize("request_", [READ, SEND])
def test_redirects_are_refused_with_the_remedy(request_: Request, status: int) -> None:
    error = error_of(request_, answer(status, b"", Location="https://elsewhere.example"))
    assert type(error) is ChannexRejected
    assert "base_url" in str(error)


@pytest.mark.parametrize("status", [303, 408, 409, 425, 500, 502, 503, 504, 599, 600, 101])
def test_unsettled_statuses(status: int) -> None:
    read = error_of(READ, answer(status, HTML, Retry_After="5"))
    assert isinstance(read, ChannexUnavailable)
    assert read.retry_after == 5.0
    for request in (SEND, UPLOAD, CLOSE, RESOLVE):
        assert type(error_of(request, answer(status, HTML))) is DeliveryUnknown


@pytest.mark.parametrize("status", [400, 402, 405, 406, 410, 413, 418, 422, 451])
def test_other_refusals_are_definite(status: int) -> None:
    assert type(error_of(SEND, answer(status))) is ChannexRejected
    assert type(error_of(READ, answer(status))) is ChannexRejected


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{}", b'{"data": null}', b'{"data": [', HTML, b'"data"', b"7"]
)
def test_a_success_that_says_nothing(body: bytes) -> None:
    read = error_of(READ, answer(200, body))
    assert type(read) is ChannexUnavailable
    for request in (SEND, UPLOAD):
        write = error_of(request, answer(200, body))
        assert type(write) is DeliveryUnknown
        assert write.status == 200


def test_a_success_that_broke_off() -> None:
    cut = answer(200, raw("message_send/200"), complete=False)
    assert type(error_of(READ, cut)) is ChannexUnavailable
    assert type(error_of(SEND, cut)) is DeliveryUnknown


def test_a_web_page_instead_of_data_hints_at_the_address() -> None:
    assert "base_url" in str(error_of(READ, answer(200, HTML)))


def test_a_success_that_holds_an_error_names_it() -> None:
    assert "odd_code" in str(error_of(READ, answer(200, {"errors": {"code": "odd_code"}})))


@pytest.mark.parametrize("request_", [CLOSE, requests.no_reply_needed("t1"), RESOLVE])
@pytest.mark.parametrize("body", [b"", b"null", HTML, b"{}", b"\xff"])
@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_marks_succeed_on_any_2xx(request_: Request, body: bytes, status: int) -> None:
    assert interpret(request_, answer(status, body, complete=False), now=NOW).data is None


def test_bodies_never_show_in_errors_or_reprs() -> None:
    secret = b'{"data": "the guest said PARROT", "x": '
    for status in (200, 400, 404, 500):
        error = error_of(READ, answer(status, secret))
        assert "PARROT" not in str(error) + repr(error)
    assert "PARROT" not in repr(answer(200, secret, Via="PARROT"))


@given(
    request_=st.sampled_from([READ, SEND, UPLOAD, CLOSE]),
    status=st.integers(100, 700),
    body=st.one_of(
        st.binary(max_size=60),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=9),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["errors", "data", "meta", "code", "details", "title"]), inner, max_size=4
                )
            ),
            max_leaves=8,
        ).map(lambda value: json.dumps(value).encode()),
    ),
    complete=st.booleans(),
)
def test_any_answer_gives_data_or_one_of_our_errors(
    request_: Request, status: int, body: bytes, complete: bool
) -> None:
    try:
        interpret(request_, answer(status, body, complete=complete), now=NOW)
    except DeliveryUnknown:
        assert request_ is not READ
    except ChannexUnavailable:
        assert request_ is READ
    except ChannexError:
        assert not 200 <= status < 300
    else:
        assert 200 <= status < 300
