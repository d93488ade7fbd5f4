"""Sentences: the unit in which topics and phrases are judged.

A sentence ends at a question mark, an exclamation mark, a full stop or a line end, in any script. It does
not end at `approx. 10`, `10.30`, `15. Mai`, `z.B.`, inside a web address, or where an e-mail programme
broke a long line. "But" and its like begin a new one: what is said before it may be taken back after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from autoresponder.text.tokens import Mark, Tokens, tokenise, words_of

_TITLE_WORDS = "mr mrs ms dr hr fr sr sra srta st mme mlle ing dott prof sig sigg dhr mevr ud uds"
_TITLES = frozenset(_TITLE_WORDS.split())
_SHORTENED = (
    "ca approx appr etc eg ie vs no nr num tel tfno ph apt ave av bldg min max std hrs incl excl inkl exkl "
    "bzw usw evtl ggf vgl str gem pag vd env pers bv evt resp depto"
)
_ABBREVIATIONS = _TITLES | frozenset(_SHORTENED.split())
_MONTH_NAMES = (
    "jan januar january janvier januari feb februar february fevrier februari mar marz march mars maart apr "
    "april avril mai may mei jun juni june juin jul juli july juillet aug august aout augustus sep sept "
    "september septembre okt oct oktober october octobre nov november novembre dez dec dezember december "
    "decembre"
)
_MONTHS = frozenset(_MONTH_NAMES.split())
_BUT_WORDS = "but however aber jedoch allerdings sondern cependant pourtant pero sino porem porém contudo però maar echter"
_AFTER_COMMA = "mais mas ma"
"""These mean something else as well (more, my), so that only a comma before them makes them a "but"."""
_MAY_BE_BUT = frozenset(f"{_BUT_WORDS} {_AFTER_COMMA}".split())
_BUT = re.compile(
    rf"\b(?:{'|'.join(_BUT_WORDS.split())})\b|(?<=[,;])\s*(?:{'|'.join(_AFTER_COMMA.split())})\b",
    re.IGNORECASE,
)
_LEAST_WORDS = 2
"""Words that a part of a sentence must have to be judged by itself."""
_QUESTION = frozenset("?？؟")
_LINE_ENDS = frozenset("\n\r\u2028\u2029\u0085\x0b\x0c")
_WRAP = 60
"""A line of at least so many characters that runs on in lower case was broken by a mail programme."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a guest."""

    text: str
    """The guest's words, trimmed."""
    words: list[str]
    """Folded words, in order; see `tokens`."""
    compounds: dict[int, tuple[str, int]] = field(default_factory=dict)
    """Hyphenated words: index of the first one → the words as one, and the index after them."""
    question: bool = False
    """Whether it ends with a question mark (or has a question mark as emoji)."""


def split(text: str) -> list[Sentence]:
    """Cut a text into sentences. Parts without a single word are left out. Never raises."""
    tokens = tokenise(text)
    sentences: list[Sentence] = []
    first_word, first_char = 0, 0
    question = False
    for mark in tokens.marks:
        sign = tokens.text[mark.start : mark.end]
        asks = not _QUESTION.isdisjoint(sign) or (sign == ";" and _greek(tokens, mark))
        if not _ends(tokens, mark, sign, first_char):
            continue
        if mark.before == first_word:
            # A lone "?" on its own line belongs to the sentence before it.
            if asks and sentences and not sentences[-1].question:
                sentences[-1] = _as_question(sentences[-1])
            first_char = mark.end
            continue
        sentences += _parts(_cut(tokens, first_word, mark.before, first_char, mark.end, asks or question))
        first_word, first_char = mark.before, mark.end
    if first_word < len(tokens.words):
        end = len(tokens.words)
        sentences += _parts(_cut(tokens, first_word, end, first_char, len(tokens.text), question=False))
    return sentences


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
        parts.append(_cut(tokens, 0, len(tokens.words), 0, len(tokens.text), asks))
    return parts


def _cut(tokens: Tokens, first: int, after: int, start: int, end: int, question: bool) -> Sentence:
    words = tokens.words[first:after]
    compounds = (
        {
            i - first: (word, stop - first)
            for i, (word, stop) in tokens.compounds.items()
            if first <= i < after
        }
        if tokens.compounds
        else {}
    )
    asks = question or "❓" in words or "❔" in words
    return Sentence(tokens.text[start:end].strip(), words, compounds, asks)


def _as_question(sentence: Sentence) -> Sentence:
    return Sentence(f"{sentence.text} ?", sentence.words, sentence.compounds, question=True)


def _ends(tokens: Tokens, mark: Mark, sign: str, first_char: int) -> bool:
    """Whether a mark ends a sentence."""
    text = tokens.text
    if not _LINE_ENDS.isdisjoint(sign):
        return len(sign.strip()) > 0 or not _wrapped(text, mark, sign, first_char)
    following = text[mark.end : mark.end + 1]
    if sign == "." or sign == ";":
        return _stop_ends(tokens, mark, following, sign)
    return True


def _wrapped(text: str, mark: Mark, sign: str, first_char: int) -> bool:
    if len(sign.replace("\r", "")) > 1 or mark.start - first_char < _WRAP:
        return False
    return text[mark.end : mark.end + 1].islower()


def _stop_ends(tokens: Tokens, mark: Mark, following: str, sign: str) -> bool:
    """`.` and `;`: an end before white space, unless the word before is an abbreviation or an ordinal."""
    before = tokens.text[mark.start - 1 : mark.start]
    if following and not following.isspace():
        # "Thanks.Is there Wi-Fi": no space, but a new sentence all the same.
        return sign == "." and before.islower() and following.isupper() and not _initial(tokens, mark)
    if sign == ";" or mark.before == 0:
        return True
    word = tokens.words[mark.before - 1]
    after = tokens.text[mark.end : mark.end + 2].strip()[:1]
    runs_on = after.islower() or after.isdecimal()
    if word in _ABBREVIATIONS:
        return not (runs_on or word in _TITLES)
    if len(word) == 1 and word.isalpha() and _initial(tokens, mark):
        return not runs_on and word == "m"
    if word.isdecimal() and len(word) <= 2 and mark.before < len(tokens.words):
        return not (after.islower() or tokens.words[mark.before] in _MONTHS)
    return True


def _greek(tokens: Tokens, mark: Mark) -> bool:
    """Greek writes its question mark as a semicolon."""
    return mark.before > 0 and "\u0370" <= tokens.words[mark.before - 1][-1] <= "\u03ff"


def _initial(tokens: Tokens, mark: Mark) -> bool:
    """Whether a single letter stands before: the `B` of `z.B.`, the `m` of `p.m.`."""
    before = tokens.text[max(0, mark.start - 2) : mark.start]
    return before[-1:].isalpha() and (len(before) == 1 or not before[0].isalnum())
