"""A regular expression is left out only where it cannot match."""

from __future__ import annotations

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from autoresponder.text.index import PhraseIndex
from autoresponder.text.normalise import fold
from autoresponder.text.phrases import PhraseError, parse_phrase
from autoresponder.text.required import required_atoms
from autoresponder.text.sentences import split

DIGITS = set("0123456789")


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\bgate\s+\d+", [{"gate"}, DIGITS]),
        ("(free|available) (from|for) [0-9]", [{"from", "for"}, {"free", "available"}, DIGITS]),
        ("abc [2-9]{2}", [{"abc"}, DIGITS]),
        ("abc [0-9]*", [{"abc"}]),
        ("abc [^0-9]", [{"abc"}]),
        ("abc [0-9x]", [{"abc"}]),
        (r"abc\D", [{"abc"}]),
        ("(dog|cat)? hair", [{"hair"}]),
        ("ab?cde", [{"cde"}]),
        ("abc+d", [{"abc"}]),
        ("x{2}yz", [{"yz"}]),
        ("[abc]def", [{"def"}]),
        ("(ab|c)", []),
        ("(?i)abc", []),
        ("a|bcd", []),
        (r"\Sabc", [{"abc"}]),
    ],
)
def test_what_an_expression_needs(pattern: str, needed: list[set[str]]) -> None:
    assert sorted(map(sorted, required_atoms(pattern))) == sorted(map(sorted, needed))


PIECES = [
    "ab",
    "abc",
    "b",
    "c",
    "a",
    "|",
    "(",
    ")",
    "?",
    "+",
    "*",
    "{2}",
    "{0,2}",
    "[ab]",
    "[^a]",
    "[0-9]",
    "[2-4]",
    r"\b",
    r"\d",
    " ",
    ".",
]
TEXTS = st.lists(
    st.sampled_from(["ab", "abc", "b", "c", "a", " ", "1", "23", "½", "-", "cab", "abab"]), max_size=12
).map("".join)


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join), st.lists(TEXTS, max_size=6))
def test_no_match_is_ever_missed(pattern: str, texts: list[str]) -> None:
    try:
        phrase = parse_phrase(f"re: {pattern}")
        compiled = re2.compile(pattern.strip())
    except (PhraseError, re2.error):
        return
    index = PhraseIndex([phrase])
    for text in texts:
        for sentence in split(text):
            assert bool(index.scan(sentence)) == (compiled.search(fold(sentence.text)) is not None)
