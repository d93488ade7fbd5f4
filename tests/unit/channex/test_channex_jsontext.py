from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoresponder.channex.jsontext import NotJson, decode


def test_half_an_emoji_does_not_spoil_the_page() -> None:
    value = decode(b'{"data": [{"message": "hi \\ud83d", "\\udc00": [1]}, {"message": "\\ud83d\\ude00"}]}')
    assert value["data"][0]["message"].startswith("hi \ufffd")
    assert value["data"][1]["message"] == "\N{GRINNING FACE}"
    str(value).encode()


def test_bytes_that_are_no_utf8_become_replacement_characters() -> None:
    assert decode(b'{"a": "x\xff"}') == {"a": "x\ufffd"}


def test_a_byte_order_mark_is_passed_over() -> None:
    assert decode(b'\xef\xbb\xbf{"data": []}') == {"data": []}


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a": ', b"[" * 200_000, b"1" * 20_000 + b"x"])
def test_what_is_no_json_says_so(body: bytes) -> None:
    with pytest.raises(NotJson):
        decode(body)


@given(st.binary(max_size=200))
def test_any_bytes_are_json_or_not(body: bytes) -> None:
    try:
        decode(body)
    except NotJson:
        return
