"""Sentences: the unit in which topics and phrases are judged.

A sentence ends at a question mark, an exclamation mark, a full stop or a line end, in any script. It does
not end at `approx. 10`, `10.30`, `15. Mai`, `z.B.`, inside a web address, or where an e-mail programme
broke a long line. "But" and its like begin a new one: what is said before it may be taken back after it.
"""

from __future__ import annotations

import re
from typing import Final

from autoresponder.text.tokens import Compounds, prepare, tokenise, words_of

_TITLE_WORDS: Final = "mr mrs ms dr hr fr sr sra srta st mme mlle ing dott prof sig sigg dhr mevr ud uds"
_TITLES: Final = frozenset(_TITLE_WORDS.split())
_SHORTENED: Final = (
    "ca approx appr etc eg ie vs no nr num tel tfno ph apt ave av bldg min max std hrs incl excl inkl exkl "
    "bzw usw evtl ggf vgl str gem pag vd env pers bv evt resp depto"
)
_ABBREVIATIONS: Final = _TITLES | frozenset(_SHORTENED.split())
_MONTH_NAMES: Final = (
    "jan januar january janvier januari feb februar february fevrier februari mar marz march mars maart apr "
    "april avril mai may mei jun juni june juin jul juli july juillet aug august aout augustus sep sept "
    "september septembre okt oct oktober october octobre nov november novembre dez dec dezember december "
    "decembre"
)
_MONTHS: Final = frozenset(_MONTH_NAMES.split())
_BUT_WORDS: Final = "but however aber jedoch allerdings sondern cependant pourtant pero sino porem porém contudo però maar echter"
_AFTER_COMMA: Final = "mais mas ma"
"""These mean something else as well (more, my), so that only a comma before them makes them a "but"."""
_MAY_BE_BUT: Final = frozenset(f"{_BUT_WORDS} {_AFTER_COMMA}".split())
_BUT: Final = re.compile(
    rf"\b(?:{'|'.join(_BUT_WORDS.split())})\b|(?<=[,;])\s*(?:{'|'.join(_AFTER_COMMA.split())})\b",
    re.IGNORECASE,
)
_LEAST_WORDS: Final = 2
"""Words that a part of a sentence must have to be judged by itself."""
_QUESTION: Final = frozenset("?？؟")
_LINE_ENDS: Final = frozenset("\n\r\u2028\u2029\u0085\x0b\x0c")
_LONGEST_MONTH: Final = 16
_WRAP: Final = 60
"""A line of at least so many characters that runs on in lower case was broken by a mail programme."""


class Sentence:
    """One sentence of a guest. Immutable by agreement.

    Attributes:
        words: Folded words, in order; see `tokens`.
        compounds: Hyphenated words: index of the first one → the words as one, and the index after them.
        has_address: Whether its text has a web address in it, which is none of its words.
        question: Whether it ends with a question mark (or has a question mark as emoji).
    """

    has_address = False

    def __init__(
        self, source: str, start: int, end: int, words: list[str], compounds: Compounds, question: bool
    ) -> None:
        self._source = source
        self._start = start
        self._end = end
        self.words = words
        self.compounds = compounds
        self.question = question

    @property
    def text(self) -> str:
        """The guest's words, trimmed."""
        return self._source[self._start : self._end].strip()


def split(text: str) -> list[Sentence]:
    """Cut a text into sentences. Parts without a single word are left out. Never raises."""
    text, ends, source, cut, has_address = prepare(text)
    sentences: list[Sentence] = []
    words: list[str] = []
    compounds: Compounds = {}
    first_char = position = 0
    for start, stop, sign in ends:
        found, tied = cut(source, position, start)
        if not words:
            words, compounds = found, tied
        elif found:
            compounds = _shifted(compounds, tied, len(words))
            words += found
        position = stop
        asks = sign == "?" or (
            sign != "." and (not _QUESTION.isdisjoint(sign) or (sign == ";" and _greek(words)))
        )
        if not asks and sign != "!" and not _ends(text, start, stop, sign, first_char, words):
            continue
        if words:
            sentences.append(Sentence(text, first_char, stop, words, compounds, asks))
            words, compounds = [], {}
        elif asks and sentences and not sentences[-1].question:
            # A lone "?" on its own line belongs to the sentence before it.
            sentences[-1].question = True
        first_char = stop
    found, tied = cut(source, position, len(source)) if position < len(source) else ([], {})
    if words or found:
        compounds = _shifted(compounds, tied, len(words))
        sentences.append(Sentence(text, first_char, len(text), words + found, compounds, False))
    if has_address:
        for sentence in sentences:
            sentence.has_address = True
    return _finished(text, sentences)


def _finished(text: str, sentences: list[Sentence]) -> list[Sentence]:
    """Question marks as emoji, and the two sides of a "but"."""
    if not text.isascii() and ("❓" in text or "❔" in text):
        for sentence in sentences:
            if "❓" in sentence.words or "❔" in sentence.words:
                sentence.question = True
    for sentence in sentences:
        if not _MAY_BE_BUT.isdisjoint(sentence.words):
            return [part for whole in sentences for part in _parts(whole)]
    return sentences


def _shifted(compounds: Compounds, more: Compounds, shift: int) -> Compounds:
    """The compounds with those of the words behind; `compounds` itself when it has any, so that time stays linear."""
    if not more:
        return compounds
    moved = {i + shift: (word, after + shift) for i, (word, after) in more.items()}
    if not compounds:
        return moved
    compounds.update(moved)
    return compounds


def _parts(sentence: Sentence) -> list[Sentence]:
    """A sentence, cut before every "but" that has some words on both sides."""
    if _MAY_BE_BUT.isdisjoint(sentence.words):
        return [sentence]
    text = sentence.text
    cuts = [0]
    for match in _BUT.finditer(text):
        if len(words_of(text[cuts[-1] : match.start()])) >= _LEAST_WORDS:
            cuts.append(match.start())
    if len(words_of(text[cuts[-1] :])) < _LEAST_WORDS:
        cuts.pop()
    if len(cuts) < 2:
        return [sentence]
    parts = []
    for start, end in zip(cuts, (*cuts[1:], len(text)), strict=True):
        tokens = tokenise(text[start:end])
        asks = sentence.question and end == len(text)
        part = Sentence(text, start, end, tokens.words, tokens.compounds, asks)
        part.has_address = sentence.has_address
        parts.append(part)
    return parts


def _ends(text: str, start: int, end: int, sign: str, first_char: int, words: list[str]) -> bool:
    """Whether a mark ends a sentence."""
    if sign == "." or sign == ";":
        return _stop_ends(text, start, end, sign, words)
    if not _LINE_ENDS.isdisjoint(sign):
        return len(sign.strip()) > 0 or not _wrapped(text, start, end, sign, first_char)
    return True


def _wrapped(text: str, start: int, end: int, sign: str, first_char: int) -> bool:
    if len(sign.replace("\r", "")) > 1 or start - first_char < _WRAP:
        return False
    return text[end : end + 1].islower()


def _stop_ends(text: str, start: int, end: int, sign: str, words: list[str]) -> bool:
    """`.` and `;`: an end before white space, unless the word before is an abbreviation or an ordinal."""
    following = text[end : end + 1]
    if following and not following.isspace():
        # "Thanks.Is there Wi-Fi": no space, but a new sentence all the same.
        before = text[start - 1 : start]
        return sign == "." and before.islower() and following.isupper() and not _initial(text, start)
    if sign == ";" or not words or not following:
        return True
    word = words[-1]
    after = text[end : end + 2].strip()[:1]
    runs_on = after.islower() or after.isdecimal()
    if word in _ABBREVIATIONS:
        return not (runs_on or word in _TITLES)
    if len(word) == 1 and word.isalpha() and _initial(text, start):
        return not runs_on and word == "m"
    if word.isdecimal() and len(word) <= 2:
        next_words = words_of(text[end : end + _LONGEST_MONTH])
        return not next_words or not (after.islower() or next_words[0] in _MONTHS)
    return True


def _greek(words: list[str]) -> bool:
    """Greek writes its question mark as a semicolon."""
    return bool(words) and "\u0370" <= words[-1][-1] <= "\u03ff"


def _initial(text: str, start: int) -> bool:
    """Whether a single letter stands before: the `B` of `z.B.`, the `m` of `p.m.`."""
    before = text[max(0, start - 2) : start]
    return before[-1:].isalpha() and (len(before) == 1 or not before[0].isalnum())
