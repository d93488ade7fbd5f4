"""Folding and cutting into words."""

from __future__ import annotations

import pytest

from autoresponder.text.normalise import clean, fold, plain_form
from autoresponder.text.tokens import normalise, tokenise
from tests.support.effort import effort


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Early Check-In?", "early check in"),
        ("FRÜHER Café Ærø Łódź straße", "fruher cafe aero lodz strasse"),
        ("ＷＩＦＩ　ｐａｓｓ", "wifi pass"),
        ("wi\u200bfi pass\u00adword", "wifi password"),
        ("cafe\u0301", "cafe"),
        ("don’t l'arrivée", "don t l arrivee"),
        ("ok 👍🏽 ❤️", "ok 👍 ❤"),
        ("20€ or $5", "20 € or $ 5"),
        ("有停车场吗？", "有 停 车 场 吗"),
        ("wifi密码", "wifi 密 码"),
        ("안녕", "안 녕"),
        ("ｶﾞ", "ガ"),
        ("नमस्ते", "नमस्ते"),
        ("a_b", "a b"),
        ("see https://wifi.example/parking?x=1.", "see"),
        ("WWW.WIFI.EXAMPLE now", "now"),
        ("anna@example.com", "anna example com"),
        ("", ""),
        ("?!… — ;", ""),
    ],
)
def test_words_of_a_text(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_clean_keeps_what_the_guest_wrote() -> None:
    assert clean("Grüße\u200b aus KÖLN!") == "Grüße aus KÖLN!"


def test_fold_keeps_punctuation_and_lines() -> None:
    assert fold("Café – “ja”\nÜber 10:30!") == 'cafe - "ja"\nuber 10:30!'


def test_spans_lead_back_to_the_guest_s_words() -> None:
    tokens = tokenise("Grüße, wo ist das Ｗifi?")
    assert [tokens.text[start:end] for start, end in tokens.spans()] == ["Grüße", "wo", "ist", "das", "Ｗifi"]
    assert len(tokens.spans()) == len(tokens.words)


def test_hyphenated_words_are_also_one_word() -> None:
    assert tokenise("the wi-fi and e-mail").compounds == {1: ("wifi", 3), 4: ("email", 6)}


@pytest.mark.parametrize(
    "unit",
    ["a.", "?", "http://", "a-", "\n", "é? ", "x", "www.", "1. ", "停", "👍", "a\u0301", "\u200b", "½", "''"],
)
def test_a_hostile_text_takes_work_in_proportion_to_its_length(unit: str) -> None:
    def cost(length: int) -> int:
        text = (unit * length)[:length]
        return effort(lambda: tokenise(text))

    # Ten times the text may cost about ten times as much; a quadratic step would cost a hundred times.
    assert cost(50_000) < 12 * cost(5_000) + 100


@pytest.mark.parametrize(
    "text",
    [
        "Où est l’entrée ? Ça va",
        "a´b c`d e-f",
        "½ ß µ ªº ²",
        "£5 €5 $5",
        "wo\tist\r\ndas Auto",
        "\x07zwei\x85drei\xa0vier",
    ],
)
def test_a_plain_form_has_the_same_words(text: str) -> None:
    plain = plain_form(text)
    if plain is not None:
        assert len(plain) == len(text)
        assert tokenise(plain.decode()).words == tokenise(text).words
    # A sign that has no plain form makes the whole text be read the long way, word for word the same.
    longer = tokenise(f"{text} 停")
    assert longer.words == [*tokenise(text).words, "停"]
    assert longer.compounds == tokenise(text).compounds


def test_what_has_a_plain_form() -> None:
    assert plain_form("Où, là-bas ?") == b"Ou, la-bas ?"
    assert plain_form("l’été") == b"l'ete"
    assert plain_form("Straße") is None
    assert plain_form("a\x00b") is None
