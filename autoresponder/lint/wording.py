"""Which phrases are found wherever another one is found: `parking` wherever `parking fee` is."""

from __future__ import annotations

from functools import lru_cache

from autoresponder.rules.vocabulary import NEGATION, NEGATION_AFTER, cue_book
from autoresponder.text.phrases import Kind, Phrase, PhraseError, Sequence, parse_phrase
from autoresponder.text.sentences import split

_FEW = 20


@lru_cache(maxsize=20_000)
def plain(written: str) -> Sequence | None:
    """A phrase as it is written, word by word; None for expressions and for what cannot be read."""
    words = written.lower().split(" ")
    if written.isascii() and len(words) <= _FEW and all(map(str.isalnum, words)):
        return tuple([(Kind.WORD, word) for word in words])  # nearly every phrase: words and nothing else
    phrase = _parsed(written)
    return phrase.sequences[0] if phrase is not None and phrase.sequences else None


def _parsed(written: str) -> Phrase | None:
    try:
        return parse_phrase(written)
    except PhraseError:
        return None


def same(one: str, other: str) -> bool:
    """Whether two phrases find the same."""
    if one == other:
        return True
    known = plain(one)
    return known is not None and known == plain(other)


def within(narrow: str, wide: str) -> bool:
    """Whether `wide` is found in every sentence that has `narrow` as it is written (not run together)."""
    if narrow == wide:
        return True
    inner, outer = plain(wide), plain(narrow)
    if inner is None or outer is None:
        return False
    width = len(inner)
    return any(
        all(map(_meets, inner, outer[start : start + width])) for start in range(len(outer) - width + 1)
    )


def _meets(wide: tuple[Kind, str], narrow: tuple[Kind, str]) -> bool:
    """Whether what an element of the narrow phrase finds, the other finds, too."""
    if wide == narrow:
        return True
    kind, text = wide
    if kind is Kind.PREFIX:
        return narrow[0] in (Kind.WORD, Kind.PREFIX) and narrow[1].startswith(text)
    return kind is Kind.TYPO and narrow == (Kind.WORD, text)


@lru_cache(maxsize=20_000)
def negates(written: str) -> bool:
    """Whether a phrase has a "not" of its own, which takes away what stands behind or before it."""
    kinds = cue_book().kinds
    return any(
        kinds[number] & (NEGATION | NEGATION_AFTER)
        for sentence in split(written)
        for number, _, _ in cue_book().index.find(sentence)
    )


def asked_within(narrow: str, wide: str) -> bool:
    """Like `within`, where the words must ask for something: "no parking fee?" asks, "no parking" does not."""
    return within(narrow, wide) and (same(narrow, wide) or not negates(narrow))
