r"""What letters a regular expression cannot do without.

`\bgate\s+\d+` is found only where some word has "gate" in it and some word a digit, `(dog|cat) hair` only with
"hair". Words of guests are looked up once, so that an expression costs nothing until such a word occurs. In doubt
there is no answer.
"""

from __future__ import annotations

import re
from typing import Final

Atoms = frozenset[str]
"""Folded letters and digits, of which at least one must be part of a word of any text that matches."""

_LEAST: Final = 2
_MOST: Final = 50
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_COUNT: Final = re.compile(r"\{(\d+)(?:,\d*)?\}")
_DIGITS: Final = frozenset("0123456789")
_ONLY_DIGITS: Final = re.compile("[0-9]+(?:-[0-9]+)?]")
"""What stands behind the bracket of a set of digits. Which ones is not worked out."""
_OFTEN: Final = (
    "about and are around before but can check come could das der die end find for from get have hier ich "
    "les nos not our out para per que room stay that the there this uns until von was what when will with "
    "would you"
)
_USUAL: Final = frozenset(_OFTEN.split())
"""What guests write in every other message."""
_VOWELS: Final = frozenset("aeiou")
_BREAKS: Final = frozenset("bBdDsSwW.-/\\'?!+*$()[]{}|^,:;")
"""What may follow a backslash here without being a letter or digit that is looked for."""


class _Unclear(Exception):
    """Something that is not taken apart here."""


def required_atoms(pattern: str) -> list[Atoms]:
    """What an RE2 pattern needs: of each of these sets one atom; the rarest set first. Empty when unclear."""
    try:
        parser = _Parser(pattern)
        found = parser.alternatives()
    except _Unclear:
        return []
    return sorted(set(found), key=_rarity, reverse=True) if parser.at_end else []


class _Parser:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern.lower() if "\\" not in pattern else _lower(pattern)
        self._place = 0

    @property
    def at_end(self) -> bool:
        return self._place >= len(self._pattern)

    def alternatives(self) -> list[Atoms]:
        """Up to the end or a closing bracket; of several alternatives any will do, so their best sets are joined."""
        found = [self._sequence()]
        while self._peek() == "|":
            self._place += 1
            found.append(self._sequence())
        if len(found) == 1:
            return found[0]
        atoms: set[str] = set()
        for one in found:
            if not one:
                return []
            rarest: Atoms = max(one, key=_rarity)
            atoms |= rarest
        return [frozenset(atoms)] if len(atoms) <= _MOST else []

    def _sequence(self) -> list[Atoms]:
        """One alternative: what its parts need, all of it."""
        needed: list[Atoms] = []
        run = ""
        while (sign := self._peek()) not in ("", "|", ")"):
            letter, group = self._part(sign)
            least, exactly_once = self._repeats()
            if letter and least:
                run += letter
            if not (letter and exactly_once):
                needed, run = _with(needed, run), ""
            if least:
                needed = needed + group
        return _with(needed, run)

    def _part(self, sign: str) -> tuple[str, list[Atoms]]:
        """One part of a sequence: a letter that is looked for, or a group's atoms, or neither."""
        self._place += 1
        if sign == "(":
            return "", self._group()
        if sign == "[":
            return "", self._class()
        if sign == "\\":
            escaped = self._peek()
            if escaped not in _BREAKS:
                raise _Unclear
            self._place += 1
            return "", [_DIGITS] if escaped == "d" else []
        if sign in _PLAIN:
            return sign, []
        if sign in "*+?{":
            raise _Unclear
        return "", []

    def _group(self) -> list[Atoms]:
        if self._peek() == "?":
            if self._pattern[self._place : self._place + 2] != "?:":
                raise _Unclear
            self._place += 2
        found = self.alternatives()
        if self._peek() != ")":
            raise _Unclear
        self._place += 1
        return found

    def _class(self) -> list[Atoms]:
        """A set of signs: of one that has nothing but digits one is needed."""
        text, first = self._pattern, self._place
        if self._peek() == "^":
            self._place += 1
        if self._peek() == "]":
            self._place += 1
        while (sign := self._peek()) != "]":
            if sign in ("", "["):
                raise _Unclear
            self._place += 2 if sign == "\\" else 1
        self._place += 1
        if self._place > len(text):
            raise _Unclear
        return [_DIGITS] if _ONLY_DIGITS.fullmatch(text, first, self._place) else []

    def _repeats(self) -> tuple[bool, bool]:
        """Whether the part before is there at least once, and whether exactly once."""
        sign = self._peek()
        if sign not in ("*", "+", "?", "{"):
            return True, True
        least = sign == "+"
        if sign == "{":
            count = _COUNT.match(self._pattern, self._place)
            if count is None:
                raise _Unclear
            self._place = count.end()
            least = int(count[1]) > 0
        else:
            self._place += 1
        if self._peek() == "?":
            self._place += 1
        if self._peek() in ("*", "+", "?", "{") and self._peek():
            raise _Unclear
        return least, False

    def _peek(self) -> str:
        return self._pattern[self._place : self._place + 1]


def _lower(pattern: str) -> str:
    r"""Lower case, but for what follows a backslash: `\S` is not `\s`."""
    return re.sub(r"\\.|[A-Z]+", lambda m: m[0] if m[0][0] == "\\" else m[0].lower(), pattern)


def _with(needed: list[Atoms], run: str) -> list[Atoms]:
    return [*needed, frozenset({run})] if len(run) >= _LEAST or run.isdigit() else needed


def _rarity(atoms: Atoms) -> tuple[int, int, int]:
    """The less usual the most usual atom, the fewer words have one of them."""
    return min(map(_unusual, atoms)), min(map(len, atoms)), -len(atoms)


def _unusual(atom: str) -> int:
    """How seldom guests' words have these letters in them, roughly: 0 is often."""
    if atom in _USUAL or (len(atom) == _LEAST and not _VOWELS.isdisjoint(atom)):
        return 0
    return 1 if len(atom) == (1 if atom.isdigit() else _LEAST + 1) else 2
