"""Recognising our own text when a thread is read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoresponder.delivery.matching import Strength, body_hash, comparable, find_copy
from tests.unit.core.builders import at, host, message

BODY = "Hello Anna,\n\nthe Wi-Fi is called Seaview-Guest, the password is blue-lemon-42.\n\nBest regards"


@pytest.mark.parametrize(
    "shown",
    [
        BODY,
        BODY.replace("\n", "\r\n"),
        "  " + BODY.replace("\n\n", "\n") + " ",
        BODY.replace("Wi-Fi", "Wi\u200b-Fi"),
        BODY.replace("é", "e\u0301"),
    ],
)
def test_the_same_words_in_other_clothes_are_a_strong_match(shown: str) -> None:
    match = find_copy([host("m9", 3, shown)], body=BODY, baseline=frozenset(), since=at(0))
    assert match is not None
    assert match.strength is Strength.STRONG


@pytest.mark.parametrize(
    "shown",
    [
        BODY.replace("blue-lemon-42", "[hidden]"),
        BODY[: len(BODY) // 2],
        BODY + "\n\nSent through Booking.com",
    ],
)
def test_masked_cut_or_decorated_text_is_only_a_weak_match(shown: str) -> None:
    match = find_copy([host("m9", 3, shown)], body=BODY, baseline=frozenset(), since=at(0))
    assert match is not None
    assert match.strength is Strength.WEAK


def test_another_text_a_guest_and_the_baseline_never_match() -> None:
    messages = [
        host("m1", 3, "You can park in the yard."),
        message("m2", 3, BODY),
        host("m3", 3, BODY),
        host("m4", -30, BODY),
    ]
    assert find_copy(messages, body=BODY, baseline=frozenset({"m3"}), since=at(0)) is None


def test_a_strong_match_wins_over_an_earlier_weak_one() -> None:
    messages = [host("m1", 1, BODY + " !"), host("m2", 2, BODY)]
    match = find_copy(messages, body=BODY, baseline=frozenset(), since=at(0))
    assert match is not None
    assert match.message.id == "m2"


@given(st.text())
def test_comparing_is_stable_and_blind_to_surrounding_space(text: str) -> None:
    assert comparable(comparable(text)) == comparable(text)
    assert body_hash(f"  {text}\r\n") == body_hash(text)
