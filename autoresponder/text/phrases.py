r"""The phrase notation: what an author writes, taken apart into what the index looks for.

| written            | finds |
|--------------------|-------|
| `check in`         | whole words: check in, check-in, checkin |
| `park*`            | words that begin so |
| `arrive ... before`| both, in this order, up to four words between |
| `~breakfast`       | also with one letter wrong, missing, too many or swapped |
| `re: \bgate\s+\d+` | a regular expression, run by RE2, whose time is proportional to the text |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any, Final

import re2

from autoresponder.errors import AutoresponderError
from autoresponder.text.normalise import fold
from autoresponder.text.patterns import pattern_fault
from autoresponder.text.tokens import words_of

MAX_GAP: Final = 4
"""Most words that `...` may stand for."""
MIN_TYPO: Final = 5
"""Shortest word, in letters, for which `~` allows a slip."""
_MIN_PREFIX: Final = 2
_MAX_GAPS: Final = 2
_MAX_WORDS: Final = 24
_MAX_PATTERN: Final = 500

_GAP: Final = re.compile(r"\.{3,}|…")
_SIMPLE: Final = re.compile("[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
"""What most phrases are: words and nothing else."""
_CHUNK: Final = re.compile(r"\S+")
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


class Kind(IntEnum):
    """How one element of a phrase meets a word."""

    WORD = 0
    PREFIX = 1
    TYPO = 2
    GAP = 3


Element = tuple[Kind, str]
"""What to look for at one place: the kind and the folded text."""
Sequence = tuple[Element, ...]


class PhraseError(AutoresponderError):
    """A phrase that cannot be used.

    Attributes:
        offset: Where in the phrase, in characters from its start.
        length: How many characters are meant; at least 1.
        remedy: What to write instead.
    """

    def __init__(self, message: str, *, offset: int = 0, length: int = 1, remedy: str = "") -> None:
        super().__init__(message)
        self.offset = offset
        self.length = max(1, length)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase taken apart."""

    written: str
    sequences: tuple[Sequence, ...] = ()
    """Ways to write it; any of them will do. Empty for a regular expression."""
    pattern: str | None = None
    """RE2 source, for `re:` phrases."""

    @property
    def words(self) -> tuple[str, ...]:
        """The folded words of the plainest way to write it, for suggestions."""
        first = self.sequences[0] if self.sequences else ()
        return tuple(text for kind, text in first if kind is not Kind.GAP)


def regex_options() -> Any:
    """RE2's options for guest text: any case, bounded memory, nothing on stderr."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 4 << 20
    return options


@lru_cache(maxsize=20_000)
def compiled_regex(pattern: str) -> Any:
    """A regular expression, compiled by RE2; kept, since a phrase is checked before it is looked for."""
    return re2.compile(pattern, regex_options())


def parse_phrase(written: str) -> Phrase:
    """Take a phrase apart.

    Raises:
        PhraseError: It is empty, or uses the notation wrongly; says where and what to do.
    """
    if _SIMPLE.fullmatch(written):
        words = written.lower().split(" ")
        if len(words) <= _MAX_WORDS:
            simple: Sequence = tuple([(Kind.WORD, word) for word in words])
            return Phrase(
                written, (simple,) if len(words) == 1 else tuple(dict.fromkeys(_joined_forms(simple)))
            )
    if written.lstrip().startswith("re:"):
        return _parse_regex(written)
    plain = _parse_words(written)
    forms = [plain]
    expanded = written.translate(_UMLAUTS)
    if expanded != written:
        forms.append(_parse_words(expanded))
    sequences: dict[Sequence, None] = {}
    for form in forms:
        sequences.update(dict.fromkeys(_joined_forms(form)))
    return Phrase(written, tuple(sequences))


def _parse_words(written: str) -> Sequence:
    elements: list[Element] = []
    position = 0
    parts = list(_GAP.finditer(written))
    if len(parts) > _MAX_GAPS:
        raise PhraseError(
            f"at most {_MAX_GAPS} gaps (...) in one phrase",
            offset=parts[_MAX_GAPS].start(),
            length=3,
            remedy="make two phrases of it, or list them under 'all'",
        )
    for gap in parts:
        before = _parse_chunks(written, position, gap.start())
        if not before:
            raise _lonely_gap(gap.start())
        elements += [*before, (Kind.GAP, "")]
        position = gap.end()
    last = _parse_chunks(written, position, len(written))
    if parts and not last:
        raise _lonely_gap(parts[-1].start())
    elements += last
    if not elements:
        raise PhraseError(
            "this phrase has no words", length=len(written), remedy="write letters, digits or an emoji"
        )
    if len(elements) > _MAX_WORDS:
        raise PhraseError(
            f"a phrase may have at most {_MAX_WORDS} words",
            length=len(written),
            remedy="keep the few words that matter, with ... between them",
        )
    return tuple(elements)


def _lonely_gap(offset: int) -> PhraseError:
    return PhraseError(
        "a gap (...) needs words before and after it", offset=offset, length=3, remedy="leave the ... out"
    )


def _parse_chunks(written: str, start: int, end: int) -> list[Element]:
    elements: list[Element] = []
    for chunk in _CHUNK.finditer(written, start, end):
        elements += _parse_chunk(chunk[0], chunk.start())
    return elements


def _parse_chunk(raw: str, offset: int) -> list[Element]:
    """One piece between spaces: a word, perhaps hyphenated, perhaps with `~` before or `*` after."""
    typo, prefix = raw.startswith("~"), raw.endswith("*")
    core = raw[1:] if typo else raw
    core = core[:-1] if prefix else core
    for sign, advice in (("*", "put it at the end: park*"), ("~", "put it before the word: ~breakfast")):
        if sign in core:
            place = offset + raw.index(sign, 1) if sign in raw[1:] else offset
            raise PhraseError(f"'{sign}' stands in the wrong place", offset=place, remedy=advice)
    words = words_of(core)
    if typo and prefix:
        raise PhraseError(
            "'~' and '*' cannot be used on the same word", offset=offset, length=len(raw), remedy="keep one"
        )
    if prefix:
        return _prefix(words, raw, offset)
    if typo:
        if not any(len(word) >= MIN_TYPO for word in words):
            raise PhraseError(
                f"'~' needs a word of at least {MIN_TYPO} letters",
                offset=offset,
                length=len(raw),
                remedy="a slip in a short word makes another word: list the spellings you mean",
            )
        return [(Kind.TYPO if len(word) >= MIN_TYPO else Kind.WORD, word) for word in words]
    return [(Kind.WORD, word) for word in words]


def _prefix(words: list[str], raw: str, offset: int) -> list[Element]:
    if not words or (len(words[-1]) < _MIN_PREFIX and words[-1].isascii()):
        raise PhraseError(
            f"'*' needs at least {_MIN_PREFIX} letters before it",
            offset=offset,
            length=len(raw),
            remedy="write more of the word: park*",
        )
    # In scripts without spaces every character is a word, so that each phrase is a beginning anyway.
    last = Kind.PREFIX if len(words[-1]) >= _MIN_PREFIX else Kind.WORD
    return [*((Kind.WORD, word) for word in words[:-1]), (last, words[-1])]


def _joined_forms(form: Sequence) -> list[Sequence]:
    """The phrase itself, with each pair of neighbours written as one word, and short ones all in one."""
    forms = [form]
    forms.extend(
        (*form[:i], (form[i + 1][0], form[i][1] + form[i + 1][1]), *form[i + 2 :])
        for i in range(len(form) - 1)
        if _can_join(form[i], form[i + 1])
    )
    if len(form) == 3 and all(_can_join(form[i], form[i + 1]) for i in range(2)):
        forms.append(((form[2][0], "".join(text for _, text in form)),))
    return forms


def _can_join(first: Element, second: Element) -> bool:
    spaced = len(first[1]) > 1 or first[1].isascii()
    return first[0] is Kind.WORD and second[0] in (Kind.WORD, Kind.PREFIX) and spaced


def _parse_regex(written: str) -> Phrase:
    start = written.index("re:") + 3
    start += len(written[start:]) - len(written[start:].lstrip())
    source = written[start:].rstrip()
    if not source:
        raise PhraseError("'re:' without an expression", length=3, remedy="write one after it: re: gate \\d+")
    if len(source) > _MAX_PATTERN:
        raise PhraseError(
            f"an expression may have at most {_MAX_PATTERN} characters",
            offset=start,
            length=len(source),
            remedy="split it into several phrases",
        )
    pattern = "".join(sign if sign.isascii() else (fold(sign) or sign) for sign in source)
    try:
        compiled = compiled_regex(pattern)
    except re2.error as error:
        message, offset, length, remedy = pattern_fault(error, source)
        raise PhraseError(message, offset=start + offset, length=length, remedy=remedy) from None
    if compiled.search("") is not None:
        raise PhraseError(
            "this expression is found in every text, even an empty one",
            offset=start,
            length=len(source),
            remedy="use + instead of *, or drop the ?",
        )
    return Phrase(written, pattern=pattern)
