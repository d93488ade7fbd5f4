"""The phrase notation, and finding phrases."""

from __future__ import annotations

import pytest

from autoresponder.text.distance import SlipIndex, one_slip_apart
from autoresponder.text.index import PhraseIndex
from autoresponder.text.phrases import PhraseError, parse_phrase
from autoresponder.text.sentences import split
from tests.support.effort import effort


def found(phrase: str, text: str) -> bool:
    index = PhraseIndex([parse_phrase(phrase)])
    return any(index.scan(sentence) for sentence in split(text))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("wifi", "Is there WIFI?"),
        ("wifi", "is there wi-fi"),
        ("wi-fi", "wifi"),
        ("check in", "check-in"),
        ("check in", "Checkin!"),
        ("self check in", "selfcheck in"),
        ("self check in", "selfcheckin"),
        ("check in", "late check-in time"),
        ("café", "CAFE"),
        ("cafe", "café"),
        ("früher", "frueher"),
        ("park*", "parking"),
        ("early check*", "early checkin"),
        ("arrive ... before", "arrive before"),
        ("arrive ... before", "arrive 1 2 3 4 before"),
        ("a1 ... b2 ... c3", "a1 x b2 x x c3"),
        ("a1 … b2", "a1 b2"),
        ("~breakfast", "brekfast"),
        ("~breakfast", "braekfast"),
        ("~breakfast", "breakfasst"),
        ("~breakfast", "breakfadt"),
        ("~breakfast time", "breakfats time"),
        ("re: gate\\s+\\d+", "GATE  12"),
        ("re: früh(er)?", "Früher"),
        ("re: ^hello$", "bye. hello"),
        ("停车场", "请问有停车场吗"),
        ("停车场", "停-车-场"),
        ("ที่จอดรถ", "มีที่จอดรถไหม"),
        ("👍", "ok👍🏽"),
        ("what's", "whats up"),
        ("what's", "what’s up"),
    ],
)
def test_finds(phrase: str, text: str) -> None:
    assert found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("wifi", "wifis"),
        ("park", "parking"),
        ("check in", "in check"),
        ("check in", "check out in time"),
        ("arrive ... before", "arrive 1 2 3 4 5 before"),
        ("arrive ... before", "arrive. before"),
        ("~breakfast", "fast"),
        ("~breakfast", "brekfas"),
        ("re: gate\\s+\\d+", "the gate"),
        ("停车场", "停车"),
        ("wifi", "https://wifi.example/wifi"),
        ("👍", "👎"),
    ],
)
def test_does_not_find(phrase: str, text: str) -> None:
    assert not found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "offset", "length", "said"),
    [
        ("", 0, 1, "no words"),
        ("?!", 0, 2, "no words"),
        ("... before", 0, 3, "before and after"),
        ("arrive ...", 7, 3, "before and after"),
        ("aa ... bb ... cc ... dd", 17, 3, "at most 2 gaps"),
        ("pa*rk", 2, 1, "wrong place"),
        ("go *rk", 3, 1, "wrong place"),
        ("a*", 0, 2, "at least 2 letters"),
        ("~wifi", 0, 5, "at least 5 letters"),
        ("~breakfast*", 0, 11, "same word"),
        ("word " * 25, 0, 125, "at most 24 words"),
        ("re:", 0, 3, "without an expression"),
        ("re: a(b", 5, 1, "( is never closed"),
        ("re: ab[z-a]", 7, 3, "range"),
        ("re: (?=x)y", 4, 3, "(? cannot be used"),
        ("re: a*", 4, 2, "every text"),
        ("re: " + "a" * 501, 4, 501, "at most 500"),
        ("re: a{2000}", 5, 6, "too large"),
    ],
)
def test_a_phrase_that_cannot_be_used_says_where_and_what_to_do(
    phrase: str, offset: int, length: int, said: str
) -> None:
    with pytest.raises(PhraseError) as caught:
        parse_phrase(phrase)
    assert (caught.value.offset, caught.value.length) == (offset, length)
    assert said in str(caught.value)
    assert caught.value.remedy


def test_hits_carry_their_words() -> None:
    index = PhraseIndex(
        [parse_phrase("check in"), parse_phrase("early check in"), parse_phrase("re: [0-9]+ pm")]
    )
    (sentence,) = split("can we have early check-in, 3 pm say")
    hits = {(hit.phrase, hit.start, hit.end) for hit in index.scan(sentence)}
    assert hits == {(1, 3, 6), (0, 4, 6), (2, 6, 8)}


def test_one_index_finds_what_single_indexes_find() -> None:
    phrases = ["wifi", "check in", "park*", "arrive ... before", "~breakfast", "re: \\d+ pm", "停车场", "in*"]
    together = PhraseIndex([parse_phrase(phrase) for phrase in phrases])
    text = "Wi-Fi in the parking, arrive long before brekfast 5 pm, checkin 停车场 inside"
    (sentence,) = split(text)
    assert {hit.phrase for hit in together.scan(sentence)} == {
        number for number, phrase in enumerate(phrases) if found(phrase, text)
    }


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("wifi", "wifi", True),
        ("wifi", "wfi", True),
        ("wifi", "wwifi", True),
        ("wifi", "wify", True),
        ("wifi", "wfii", True),
        ("wifi", "fiwi", False),
        ("wifi", "wify2", False),
        ("ab", "ba", True),
        ("", "a", True),
        ("", "ab", False),
        ("abcd", "badc", False),
    ],
)
def test_one_slip(first: str, second: str, *, expected: bool) -> None:
    assert one_slip_apart(first, second) is expected
    assert one_slip_apart(second, first) is expected
    assert (second in SlipIndex([second]).near(first)) is expected


def test_the_cost_of_a_scan_does_not_grow_with_phrases_that_cannot_match() -> None:
    sentences = split("Hello, we arrive on Friday at ten. Is there a place where we can park the car?")

    def cost(count: int) -> int:
        phrases = [parse_phrase(f"word{n} other{n}") for n in range(count)]
        phrases += [parse_phrase(f"re: gate{n}x+\\d") for n in range(count // 20)]
        index = PhraseIndex(phrases)
        for sentence in sentences:
            index.scan(sentence)  # what is built at the first use is not the cost of a scan
        return effort(lambda: [index.scan(sentence) for sentence in sentences])

    assert cost(4000) <= 1.1 * cost(40)


def test_a_text_full_of_matches_stays_linear() -> None:
    index = PhraseIndex(
        [parse_phrase("a1 ... b2 ... c3"), parse_phrase("a1 a1 a1 x"), parse_phrase("b2 ... a1")]
    )

    def cost(count: int) -> int:
        (sentence,) = split("a1 b2 a1 a1 c3 " * count)
        return effort(lambda: index.scan(sentence))

    assert cost(2000) < 11 * cost(200)
