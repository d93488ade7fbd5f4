"""Clean text in, clean text out: nothing that a guest cannot see may hide in a value or a reply."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n|[\r\u2028\u2029\x0b\x0c\x85]")
_SPACES = " \t\u00a0"
_MANY_LINES = re.compile(r"\n{3,}")

_KEPT = frozenset("\n\u200c\u200d\u200e\u200f")
"""Line feeds; joiners (Persian, emoji) and the plain direction marks of Hebrew and Arabic."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})
"""Control, format (with every direction override), surrogate and private characters."""

_LEFTOVERS = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_NOTHINGS = ("None", "undefined", "NaN", "null")
_NOTHING = re.compile(rf"(?<!\w)(?:None(?! of\b)|{'|'.join(_NOTHINGS[1:])})(?!\w)")

_SYMBOLS = frozenset({"So", "Sk"})
_ASCII_SYMBOLS = "^`"
"""Those of them that are ASCII."""
_LONGEST_NAME = 60
_NAME = re.compile(r"[^\W\d_]+(?:(?: & |[ '’.\-]{1,2})[^\W\d_]+)*\.?")
_PLAIN_NAME = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")
_ADDRESS = re.compile(r"[^\W\d_]{2}\.[^\W\d_]")
"""A dot inside a word: www.example, and no initial."""


def cleaned(text: str) -> str:
    """A text without control and direction characters, tabs as spaces, line ends as line feeds."""
    if text.replace("\n", "").isprintable():
        return text  # nearly every text: nothing hidden in it
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return "".join(
        character
        for character in text
        if character in _KEPT or unicodedata.category(character) not in _HIDDEN
    )


def tidy(text: str) -> str:
    """A reply as it is sent: cleaned, trimmed, with at most one empty line between paragraphs."""
    text = "\n".join([line.rstrip(_SPACES) for line in cleaned(text).split("\n")])
    return (_MANY_LINES.sub("\n\n", text) if "\n\n\n" in text else text).strip()


def fault(text: str, *, longest: int) -> str:
    """Why a tidy reply must not be sent, as a sentence; empty when it may.

    Args:
        text: The reply.
        longest: Most characters.
    """
    if not text:
        return "the reply is empty"
    if ("{" in text or "}" in text) and _LEFTOVERS.search(text):
        return "the reply holds braces of a template, such as {{ or %}"
    if any(word in text for word in _NOTHINGS) and _NOTHING.search(text):
        return "the reply holds a word that stands for a missing value, such as None"
    if len(text) > longest:
        return f"the reply has {len(text)} characters, more than {longest}"
    return ""


def person_name(text: str | None) -> str:
    """A guest's name fit to be written in a greeting, or an empty text.

    Names come from the guest: links, digits, braces or several lines in one make it unusable. Emoji are left
    out.
    """
    if text is None or "\n" in text.strip():
        return ""
    if len(text) <= _LONGEST_NAME and _PLAIN_NAME.fullmatch(text):
        return text
    if text.isascii() and text.isprintable() and not any(sign in text for sign in _ASCII_SYMBOLS):
        return _fit_for_greeting(" ".join(text.split()))  # of ASCII nothing is composed, marked or hidden
    shown = "".join(c for c in cleaned(text) if unicodedata.category(c) not in _SYMBOLS and c != "\ufe0f")
    name = " ".join(unicodedata.normalize("NFC", shown).split())
    bare = _without_marks(name)
    letters = all(character.isalpha() or character in " '’.-&" for character in bare)
    return name if letters and len(name) <= _LONGEST_NAME and _fit_for_greeting(bare) else ""


def _fit_for_greeting(bare: str) -> str:
    """The name if it is made like one, else an empty text."""
    fit = len(bare) <= _LONGEST_NAME and _NAME.fullmatch(bare) and not _ADDRESS.search(bare)
    return bare if fit else ""


def _without_marks(name: str) -> str:
    """The name with combining marks left out: Indic and decomposed names are letters and marks."""
    return "".join(c for c in name if not unicodedata.category(c).startswith("M") and c not in "\u200c\u200d")
