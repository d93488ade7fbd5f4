"""Words with their places: how a text is cut into the units that phrases are made of.

A word is a run of letters and digits. In scripts that are written without spaces each character is a word
of its own, so that a phrase is found inside a longer run. Emoji and currency signs are words; other
punctuation is not. Web addresses are no words at all: `https://wifi.example` says nothing about Wi-Fi.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from autoresponder.text.normalise import clean, fold

_UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3031-\u3035\u3040-\u309a"
    "\u309d-\u30fa\u30fc-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese; Korean too, whose particles cling to the word."""
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
)
_EMOJI = "\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff$¢£¥€₣-₿"
_URL = r"(?:https?://|www\.|HTTPS?://|Https?://|Www\.|WWW\.)[^\s]*[^\s.,;:!?)\]}'\"…。？！]"
_END = "[.!?;…。！？；؟।॥\n\r\u2028\u2029\u0085\x0b\x0c。．]+"

_PLAIN = re.compile(r"[a-z0-9]+|\$")
_PLAIN_END = re.compile(r"[.!?;\n\r\x0b\x0c]+")
_WIDE = re.compile(rf"[^\W_]+|[{_EMOJI}]")
_ANY = re.compile(rf"[{_EMOJI}{_UNSPACED}]|(?:[^\W_{_UNSPACED}]|[{_MARKS}])+")
_WIDE_END = re.compile(_END)
_NEEDS_ANY = re.compile(f"[{_UNSPACED}{_MARKS}]")
_ADDRESS = re.compile(_URL)
_JOINERS = frozenset("-'’‐‑´`")


class Mark(NamedTuple):
    """Something that may end a sentence: a run of points, question marks or line ends."""

    before: int
    """How many words stand before it."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text cut into words."""

    text: str
    """The cleaned text that all places refer to."""
    words: list[str]
    """Folded words, in order."""
    marks: list[Mark]
    """Possible sentence ends, in order."""
    compounds: dict[int, tuple[str, int]]
    """Words tied by a hyphen or apostrophe: index of the first one → all of them as one word, index after."""

    def spans(self) -> list[tuple[int, int]]:
        """Where each word stands in `text`: start and end."""
        source, plain = _source(self.text)
        return _spans(source, plain)


def tokenise(text: str) -> Tokens:
    """Cut a text into words, in time proportional to its length. Never raises."""
    text = clean(text)
    source, plain = _source(text)
    pattern = _pattern(source, plain)
    words: list[str] = []
    marks: list[Mark] = []
    position = 0
    for end in (_PLAIN_END if plain else _WIDE_END).finditer(source):
        start, stop = end.span()
        found = pattern.findall(source, position, start)
        words += found if plain else _folded_all(found)
        marks.append(Mark(len(words), start, stop))
        position = stop
    found = pattern.findall(source, position)
    words += found if plain else _folded_all(found)
    tied = not _JOINERS.isdisjoint(text)
    return Tokens(text, words, marks, _compounds(text, words, _spans(source, plain)) if tied else {})


def _source(text: str) -> tuple[str, bool]:
    """What is searched for words, every character at its place in `text`, and whether it is plain ASCII."""
    source = _ADDRESS.sub(_blank, text) if "://" in text or "ww." in text or "WW." in text else text
    # Lower-casing ASCII keeps every place and spares folding word by word.
    plain = source.isascii()
    return (source.lower() if plain else source), plain


def _spans(source: str, plain: bool) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for match in _pattern(source, plain).finditer(source):
        count = 1 if plain else len(_folded(match[0]))
        spans += [match.span()] * count
    return spans


def _folded_all(raw: list[str]) -> list[str]:
    return [word for piece in raw for word in _folded(piece)]


def _pattern(source: str, plain: bool) -> re.Pattern[str]:
    if plain:
        return _PLAIN
    return _ANY if _NEEDS_ANY.search(source) else _WIDE


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def words_of(text: str) -> list[str]:
    """The folded words of a text."""
    return tokenise(text).words


def normalise(text: str) -> str:
    """The folded words of a text with one space between them; normalising twice changes nothing."""
    return " ".join(tokenise(text).words)


_MEMO: dict[str, tuple[str, ...]] = {}
_MEMO_SIZE = 50_000


def _folded(word: str) -> tuple[str, ...]:
    """Folded form of one raw word; a few signs (½, ㎡) come apart into several words, or none."""
    known = _MEMO.get(word)
    if known is None:
        known = _fold_word(word)
        if len(_MEMO) >= _MEMO_SIZE:
            _MEMO.clear()
        if len(word) <= 64:
            _MEMO[word] = known
    return known


def _fold_word(word: str) -> tuple[str, ...]:
    folded = fold(word)
    pattern = _pattern(folded, folded.isascii())
    return tuple(pattern.findall(folded))


def _compounds(text: str, words: list[str], spans: list[tuple[int, int]]) -> dict[int, tuple[str, int]]:
    """`wi-fi` is two words and also one: both ways of writing are found."""
    found: dict[int, tuple[str, int]] = {}
    index, last = 0, len(words) - 1
    while index < last:
        stop = index
        while stop < last and stop - index < 4 and _tied(text, spans[stop][1], spans[stop + 1][0]):
            stop += 1
        if stop > index:
            found[index] = ("".join(words[index : stop + 1]), stop + 1)
        index = stop + 1
    return found


def _tied(text: str, end: int, start: int) -> bool:
    return start - end == 1 and text[end] in _JOINERS
