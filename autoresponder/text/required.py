r"""What letters a regular expression cannot do without.

`\bgate\s+\d+` is found only where some word has "gate" in it, `(dog|cat) hair` only with "hair". Words of guests
are looked up once, so that an expression costs nothing until such a word occurs. In doubt there is no answer.
"""

from __future__ import annotations

import re

Atoms = frozenset[str]
"""Folded letters and digits, of which at least one must be part of a word of any text that matches."""

_LEAST = 2
_MOST = 30
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_COUNT = re.compile(r"\{(\d+)(?:,\d*)?\}")
_BREAKS = frozenset("bBdDsSwW.-/\\'?!+*$()[]{}|^,:;")
"""What may follow a backslash here without being a letter or digit that is looked for."""


class _Unclear(Exception):
    """Something that is not taken apart here."""


def required_atoms(pattern: str) -> Atoms | None:
    """Atoms of an RE2 pattern, or None when it may match without any."""
    if not pattern.isascii():
        return None
    try:
        parser = _Parser(pattern)
        found = parser.alternatives()
        return found if parser.at_end else None
    except _Unclear:
        return None


class _Parser:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern.lower() if "\\" not in pattern else _lower(pattern)
        self._place = 0

    @property
    def at_end(self) -> bool:
        return self._place >= len(self._pattern)

    def alternatives(self) -> Atoms | None:
        """Up to the end or a closing bracket: every alternative must have atoms, and any of them will do."""
        found = [self._sequence()]
        while self._peek() == "|":
            self._place += 1
            found.append(self._sequence())
        atoms: set[str] = set()
        for one in found:
            if one is None:
                return None
            atoms |= one
        return frozenset(atoms) if len(atoms) <= _MOST else None

    def _sequence(self) -> Atoms | None:
        """One alternative: the best of what its parts need."""
        best: Atoms | None = None
        run = ""
        while (sign := self._peek()) not in ("", "|", ")"):
            letter, group = self._part(sign)
            least, exactly_once = self._repeats()
            if letter and least:
                run += letter
            if not (letter and exactly_once):
                best, run = _better(best, run), ""
            if group is not None and least:
                best = _best(best, group)
        return _better(best, run)

    def _part(self, sign: str) -> tuple[str, Atoms | None]:
        """One part of a sequence: a letter that is looked for, or a group's atoms, or neither."""
        self._place += 1
        if sign == "(":
            return "", self._group()
        if sign == "[":
            self._class()
        elif sign == "\\":
            escaped = self._peek()
            if escaped not in _BREAKS:
                raise _Unclear
            self._place += 1
        elif sign in _PLAIN:
            return sign, None
        elif sign in "*+?{":
            raise _Unclear
        return "", None

    def _group(self) -> Atoms | None:
        if self._peek() == "?":
            if self._pattern[self._place : self._place + 2] != "?:":
                raise _Unclear
            self._place += 2
        found = self.alternatives()
        if self._peek() != ")":
            raise _Unclear
        self._place += 1
        return found

    def _class(self) -> None:
        text = self._pattern
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


def _better(best: Atoms | None, run: str) -> Atoms | None:
    return _best(best, frozenset({run})) if len(run) >= _LEAST else best


def _best(first: Atoms | None, second: Atoms) -> Atoms:
    """The set whose shortest atom is the longest: it is met by the fewest words."""
    if first is None or not first:
        return second
    return max(first, second, key=lambda atoms: (min(map(len, atoms), default=0), -len(atoms)))
