"""Making words comparable: case, accents, width and look-alike signs no longer matter.

`clean` keeps the guest's own words readable (it is what traces show); `fold` makes them comparable;
`normalise` is the folded words alone, one space between them. All three take time in proportion to the
length of the text, whatever it holds.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_INVISIBLE: Final = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
    f"|[{chr(0xD800)}-{chr(0xDFFF)}]"
)
"""What a reader cannot see: zero-width signs, direction marks, variation and skin-tone selectors."""

_HALF_WIDTH: Final = re.compile("[\uff65-\uff9f]+")
"""Half-width kana put the voice mark behind the letter; as one run they become full-width letters."""

_ACCENTS: Final = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u064b-\u065f\u0670]")
"""Marks that readers of Latin, Greek, Cyrillic, Hebrew and Arabic leave out when they type in a hurry."""

_SIGNS: Final = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
        "ŧ": "t", "ŋ": "n", "ĸ": "k", "ə": "e",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "ʼ": "'", "`": "'", "´": "'",
        "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "«": '"', "»": '"',
    }
)  # fmt: skip

_LATIN: Final = re.compile("[\t\n\r -~\u00a1-\u00ac\u00ae-\u024f\u2013\u2014\u2018-\u201e\u2026\u20ac]*")
"""What nearly all guests write: nothing in it is invisible, comes apart, or stands for something else."""

_FOREIGN: Final = 0x80
"""What stands in `_PLAIN` for a sign that has no plain form of its own length."""

_ROUNDS: Final = 4
"""Folding a folded text changes nothing; strange mixtures need a second or third round to get there."""


def clean(text: str) -> str:
    """The text in composed form and without invisible characters; otherwise as the guest wrote it."""
    if text.isascii():
        if text.isprintable() or text.replace("\n", "").isprintable():
            return text
        return _INVISIBLE.sub("", text)
    if is_latin(text):
        return text
    composed = unicodedata.normalize("NFC", text)
    visible = _HALF_WIDTH.sub(_widen, _INVISIBLE.sub("", composed))
    # Taking a joiner out may bring a letter and its accent together, so compose once more.
    return composed if visible == composed else unicodedata.normalize("NFC", visible)


def is_latin(text: str) -> bool:
    """Whether there is nothing in a text but Latin letters in composed form and common signs."""
    return _LATIN.fullmatch(text) is not None


def _widen(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def fold(text: str) -> str:
    """The text in the form in which words are compared; punctuation and line ends stay.

    Compatibility forms are resolved (full-width, ligatures), upper case is folded, accents are taken off,
    dashes and quotes become plain. Folding twice is the same as folding once.
    """
    if text.isascii():
        return clean(text).lower()
    for _ in range(_ROUNDS):
        folded = _fold_once(text)
        if folded == text:
            break
        text = folded
    return text


def _fold_once(text: str) -> str:
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", plain))
    return unicodedata.normalize("NFKC", bare).translate(_SIGNS)


def _plain_sign(code: int) -> int:
    """One sign of Latin-1 without its accent; a blank for punctuation; `_FOREIGN` when it has no such form."""
    sign = chr(code)
    if code < _FOREIGN:
        return code if sign.isprintable() or sign in "\t\n\r" else _FOREIGN
    if sign == "´":
        return ord("'")  # written for an apostrophe, and ties words as one does
    folded = fold(sign)
    if not sign.isalnum():
        return _FOREIGN if not is_latin(sign) or sign in "¢£¥" else ord(" ")
    return ord(folded) if len(folded) == 1 and folded.isascii() else _FOREIGN


_PLAIN: Final = bytes(map(_plain_sign, range(256)))
"""Latin-1 → ASCII that is cut into the same words."""


def plain_form(text: str) -> bytes | None:
    """A text in ASCII, every sign at its place, that has the same words when they are folded; None if it has none.

    Most of what is written in Western Europe has one (`été à Évora`), and is then read as quickly as English.
    There is nothing in such a text that would have to be cleaned away.
    """
    try:
        plain = text.replace("’", "'").encode("latin-1").translate(_PLAIN)
    except UnicodeEncodeError:
        return None
    return plain if plain.isascii() else None
