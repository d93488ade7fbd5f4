"""Properties of reading guests' words: nothing raises, and doing it twice changes nothing."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from autoresponder.text.distance import SlipIndex, one_slip_apart
from autoresponder.text.index import PhraseIndex
from autoresponder.text.normalise import clean, fold
from autoresponder.text.phrases import PhraseError, parse_phrase
from autoresponder.text.sentences import split
from autoresponder.text.tokens import normalise, tokenise

ANYTHING = st.text(st.characters(), max_size=200)
CHATTY = st.text(st.sampled_from("aßİıÄe\u0301Ａ 1.?!\n-'…。吗ｶﾞ👍🏽\u200d\u200bﬁ½;:/www"), max_size=80)
TEXTS = st.one_of(ANYTHING, CHATTY)


@settings(max_examples=400)
@given(TEXTS)
@example("\ud800x")
@example("İ")
@example("ㅎㅏ")
@example("ﾞｶﾞ")
def test_folding_twice_is_folding_once(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    words = normalise(text)
    assert normalise(words) == words
    assert clean(clean(text)) == clean(text)


@settings(max_examples=200)
@given(TEXTS)
def test_case_and_width_make_no_difference_to_latin_words(text: str) -> None:
    latin = "".join(sign for sign in text if sign.isascii())
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() else sign for sign in latin)
    assert normalise(latin.upper()) == normalise(latin)
    if "://" not in latin.lower() and "www" not in latin.lower():
        assert normalise(wide) == normalise(latin)


@settings(max_examples=400)
@given(TEXTS)
def test_sentences_hold_every_word_once_and_in_order(text: str) -> None:
    tokens = tokenise(text)
    sentences = split(text)
    assert [word for sentence in sentences for word in sentence.words] == tokens.words
    assert all(sentence.words and sentence.text.strip() for sentence in sentences)
    spans = tokens.spans()
    assert len(spans) == len(tokens.words)
    assert all(0 <= start < end <= len(tokens.text) for start, end in spans)
    for sentence in sentences:
        for first, (word, after) in sentence.compounds.items():
            assert word == "".join(sentence.words[first:after])


@settings(max_examples=400)
@given(st.one_of(TEXTS, st.text("ab *~.…re:([\\d+)?", max_size=20)))
def test_a_phrase_is_taken_apart_or_refused_with_a_place(written: str) -> None:
    refusal: PhraseError | None = None
    try:
        phrase = parse_phrase(written)
    except PhraseError as error:
        refusal = error
    if refusal is None:
        assert phrase.sequences or phrase.pattern
        return
    assert refusal.remedy
    assert 0 <= refusal.offset <= len(written)
    assert refusal.length >= 1


@settings(max_examples=300)
@given(st.lists(st.text("abcé", min_size=1, max_size=4), min_size=1, max_size=4), TEXTS, TEXTS)
def test_a_plain_phrase_is_found_wherever_it_stands(words: list[str], before: str, after: str) -> None:
    phrase = " ".join(words)
    index = PhraseIndex([parse_phrase(phrase)])
    text = f"{before}\n\n{phrase.upper()}\n\n{after}"
    hits = [(sentence, hit) for sentence in split(text) for hit in index.scan(sentence)]
    assert any(hit.end - hit.start == len(words) for _, hit in hits)


@settings(max_examples=300)
@given(
    st.lists(st.lists(st.sampled_from(["a1", "b2", "c3", "...", "d*"]), min_size=1, max_size=4), max_size=5),
    CHATTY,
)
def test_an_index_of_many_finds_what_indexes_of_one_find(phrases: list[list[str]], text: str) -> None:
    parsed = []
    for words in phrases:
        try:
            parsed.append(parse_phrase(" ".join(words).replace("d*", "dd*")))
        except PhraseError:
            continue
    together = PhraseIndex(parsed)
    for sentence in split(text + " a1 b2 c3 ddx a1"):
        alone = {
            (number, hit.start, hit.end)
            for number, phrase in enumerate(parsed)
            for hit in PhraseIndex([phrase]).scan(sentence)
        }
        assert {(hit.phrase, hit.start, hit.end) for hit in together.scan(sentence)} == alone


def _distance(first: str, second: str) -> int:
    """Letters wrong, missing, too many or swapped with their neighbour: the plain table method."""
    rows = [[i + j if i * j == 0 else 0 for j in range(len(second) + 1)] for i in range(len(first) + 1)]
    for i in range(1, len(first) + 1):
        for j in range(1, len(second) + 1):
            cost = first[i - 1] != second[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
            if i > 1 and j > 1 and first[i - 1] == second[j - 2] and first[i - 2] == second[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


WORDS = st.text("abc", max_size=6)


@settings(max_examples=500)
@given(WORDS, WORDS)
def test_one_slip_is_a_distance_of_one(first: str, second: str) -> None:
    assert one_slip_apart(first, second) == (_distance(first, second) <= 1)


@settings(max_examples=200)
@given(st.lists(WORDS, max_size=12, unique=True), WORDS)
def test_the_slip_index_finds_all_and_only_near_words(known: list[str], word: str) -> None:
    assert SlipIndex(known).near(word) == [
        entry for entry in SlipIndex(known).near(word) if one_slip_apart(entry, word)
    ]
    assert set(SlipIndex(known).near(word)) == {entry for entry in known if one_slip_apart(entry, word)}
