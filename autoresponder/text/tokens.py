"""Words with their places: how a text is cut into the units that phrases are made of.

A word is a run of letters and digits. In scripts that are written without spaces each character is a word
of its own, so that a phrase is found inside a longer run. Emoji and currency signs are words; other
punctuation is not. Web addresses are no words at all: `https://wifi.example` says nothing about Wi-Fi.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Final, TypeVar

from autoresponder.text.normalise import clean, fold, is_latin, plain_form

_UNSPACED: Final = (
    "\u0e01-\u0e3a\u0e40-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3031-\u3035\u3040-\u309a"
    "\u309d-\u30fa\u30fc-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese; Korean too, whose particles cling to the word."""
_MARKS: Final = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
)
_EMOJI: Final = (
    "\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff$¢£¥€₣-₿"
)
_URL: Final = r"(?:https?://|www\.|HTTPS?://|Https?://|Www\.|WWW\.)[^\s]*[^\s.,;:!?)\]}'\"…。？！]"
_END: Final = "[.!?;…。！？；؟।॥\n\r\u2028\u2029\u0085\x0b\x0c。．]"

_PLAIN: Final = re.compile(r"[a-z0-9]+|\$")
_WIDE: Final = re.compile(rf"[^\W_]+|[{_EMOJI}]")
_ANY: Final = re.compile(rf"[{_EMOJI}{_UNSPACED}]|(?:[^\W_{_UNSPACED}]|[{_MARKS}])+")
_WIDE_END: Final = re.compile(f"{_END}{_END}*")
"""Not written with a plus: `re` looks for a set of signs far quicker than for a run of them."""
_NEEDS_ANY: Final = re.compile(f"[{_UNSPACED}{_MARKS}]")
_ADDRESS: Final = re.compile(_URL)
_LETTERS: Final = bytes(
    ord(sign.lower()) if sign.isalnum() else ord("\n" if sign in ".!?;\n\r" else " ")
    for sign in map(chr, range(128))
) + bytes(128)
"""Plain form → what is left of it in words, with a line end for each sign that may end a sentence."""
_JOINER: Final = re.compile("[-'’‐‑´`]")
_MOST_TIED: Final = 5
"""Words that one joined form may be made of."""

Compounds = dict[int, tuple[str, int]]
"""Words tied by a hyphen or apostrophe: index of the first one → all of them as one word, index after."""
_NO_COMPOUNDS: Final[Compounds] = {}
End = tuple[int, int, str]
"""A run of signs that may end a sentence: where it begins, where it stops, the signs."""
Cut = Callable[[str, int, int], tuple[list[str], Compounds]]
"""Source, start, end → the folded words between them, and which are tied. The dictionary may be shared."""
Prepared = tuple[str, list[End], str, Cut, bool]
"""A text ready to be cut: cleaned; what may end a sentence; what is cut (every sign at its place, web addresses blanked
out); how; whether it has a web address. A plain tuple, since every message is one."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text cut into words."""

    text: str
    """The cleaned text that all places refer to."""
    words: list[str]
    """Folded words, in order."""
    compounds: Compounds

    def spans(self) -> list[tuple[int, int]]:
        """Where each word stands in `text`: start and end."""
        source = without_addresses(self.text)
        if source.isascii():
            return [match.span() for match in _PLAIN.finditer(source.lower())]
        return _spans(source)


def tokenise(text: str) -> Tokens:
    """Cut a text into words, in time proportional to its length. Never raises."""
    text, ends, source, cut, _ = prepare(text)
    words: list[str] = []
    compounds: Compounds = {}
    position = 0
    for start, stop, _ in (*ends, (len(source), 0, "")):
        found, tied = cut(source, position, start)
        if tied:
            shift = len(words)
            compounds.update((i + shift, (word, after + shift)) for i, (word, after) in tied.items())
        words += found
        position = stop
    return Tokens(text, words, compounds)


def prepare(text: str) -> Prepared:
    """Cleans a text and finds out how it is cut."""
    raw = plain_form(text)
    latin = False
    if raw is None:
        latin = not text.isascii() and is_latin(text)
        text = text if latin else clean(text)
    source = without_addresses(text)
    has_address = source is not text
    if has_address:
        raw = plain_form(source)
    if raw is None:
        ends = [(*end.span(), end[0]) for end in _WIDE_END.finditer(source)]
        return text, ends, source, _cut_of(source, latin=latin), has_address
    plain = raw.decode("ascii")
    letters = raw.translate(_LETTERS).decode("ascii")
    ends = _plain_ends(plain, letters)
    if "'" in plain or "-" in plain or "`" in plain:
        return text, ends, plain, _cut_tied, has_address
    if "$" in plain:
        return text, ends, plain, _cut_chunks, has_address
    return text, ends, letters, _cut_letters, has_address


def _plain_ends(plain: str, letters: str) -> list[End]:
    """What may end a sentence in an ASCII text; `letters` has line ends there and nowhere else."""
    ends: list[End] = []
    start = letters.find("\n")
    while start >= 0:
        stop = start + 1
        while letters[stop : stop + 1] == "\n":
            stop += 1
        ends.append((start, stop, plain[start:stop]))
        start = letters.find("\n", stop)
    return ends


def _cut_of(source: str, *, latin: bool) -> Cut:
    """How a text is cut that has no plain form."""
    if not latin and _NEEDS_ANY.search(source):
        return _cut_any
    return _cut_tied if _JOINER.search(source) else _cut_chunks


def _cut_letters(source: str, start: int, end: int) -> tuple[list[str], Compounds]:
    return source[start:end].split(), _NO_COMPOUNDS


def _cut_chunks(source: str, start: int, end: int) -> tuple[list[str], Compounds]:
    return list(chain.from_iterable(map(_chunk_memo, source[start:end].split()))), _NO_COMPOUNDS


def _cut_any(source: str, start: int, end: int) -> tuple[list[str], Compounds]:
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    for match in _ANY.finditer(source, start, end):
        folded = _fold_memo(match[0])
        words += folded
        spans += [match.span()] * len(folded)
    return words, _compounds(source, words, spans)


def _cut_tied(source: str, start: int, end: int) -> tuple[list[str], Compounds]:
    words: list[str] = []
    compounds: Compounds = {}
    for folded, ties in map(_tied_memo, source[start:end].split()):
        if ties:
            shift = len(words)
            for first, joined, after in ties:
                compounds[shift + first] = (joined, shift + after)
        words += folded
    return words, compounds


def without_addresses(text: str) -> str:
    """The text with web addresses blanked out, every other sign at its place; the text itself when it has none."""
    if "." not in text and "/" not in text:
        return text
    return _ADDRESS.sub(_blank, text) if "://" in text or "ww." in text or "WW." in text else text


def _spans(source: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for match in _pattern(source).finditer(source):
        spans += [match.span()] * len(_fold_memo(match[0]))
    return spans


def _pattern(source: str) -> re.Pattern[str]:
    return _ANY if _NEEDS_ANY.search(source) else _WIDE


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def words_of(text: str) -> list[str]:
    """The folded words of a text."""
    return tokenise(text).words


def normalise(text: str) -> str:
    """The folded words of a text with one space between them; normalising twice changes nothing."""
    return " ".join(tokenise(text).words)


_MEMO_SIZE: Final = 50_000
_MEMO_WORD: Final = 64


Known = TypeVar("Known")


class Memo(dict[str, Known]):
    """Piece of a text → what was worked out about it, kept when it is short, forgotten when there are too many."""

    def __init__(self, work: Callable[[str], Known], longest: int = _MEMO_WORD) -> None:
        super().__init__()
        self._work = work
        self._longest = longest

    def __missing__(self, piece: str) -> Known:
        known = self._work(piece)
        if len(self) >= _MEMO_SIZE:
            self.clear()
        if len(piece) <= self._longest:
            self[piece] = known
        return known


def _fold_word(word: str) -> tuple[str, ...]:
    """One raw word, folded; a few signs (½, ㎡) come apart into several words, or none."""
    folded = fold(word)
    return tuple((_PLAIN if folded.isascii() else _pattern(folded)).findall(folded))


def _chunk_words(chunk: str) -> tuple[str, ...]:
    """The words of what stands between spaces."""
    if chunk.isascii():
        return tuple(_PLAIN.findall(chunk.lower()))
    return tuple(chain.from_iterable(map(_fold_memo, _WIDE.findall(chunk))))


def _chunk_ties(chunk: str) -> tuple[tuple[str, ...], tuple[tuple[int, str, int], ...]]:
    """The same, with where words are also one (`wi-fi`): both ways of writing are found."""
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    if chunk.isascii():
        chunk = chunk.lower()
    for match in (_PLAIN if chunk.isascii() else _WIDE).finditer(chunk):
        folded = _fold_memo(match[0])
        words += folded
        spans += [match.span()] * len(folded)
    ties = _compounds(chunk, words, spans)
    return tuple(words), tuple((first, joined, after) for first, (joined, after) in ties.items())


_fold_memo = Memo(_fold_word).__getitem__
_chunk_memo = Memo(_chunk_words).__getitem__
_tied_memo = Memo(_chunk_ties).__getitem__


def _compounds(text: str, words: list[str], spans: list[tuple[int, int]]) -> Compounds:
    found: Compounds = {}
    index, last = 0, len(words) - 1
    while index < last:
        stop = index
        while (
            stop < last and stop - index < _MOST_TIED - 1 and _tied(text, spans[stop][1], spans[stop + 1][0])
        ):
            stop += 1
        if stop > index:
            found[index] = ("".join(words[index : stop + 1]), stop + 1)
        index = stop + 1
    return found


def _tied(text: str, end: int, start: int) -> bool:
    return start - end == 1 and _JOINER.match(text, end) is not None
