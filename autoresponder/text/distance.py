"""One slip of the finger: which words are one letter apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_MAX_WORD: Final = 40
"""No dictionary word is longer; what is longer is never a slip."""


def one_slip_apart(first: str, second: str) -> bool:
    """Whether two words are equal, or one letter is wrong, missing, too many, or two are swapped."""
    if first == second:
        return True
    if len(first) > len(second):
        first, second = second, first
    if len(second) - len(first) > 1:
        return False
    start = 0
    while start < len(first) and first[start] == second[start]:
        start += 1
    if len(first) < len(second):
        return first[start:] == second[start + 1 :]
    if first[start + 1 :] == second[start + 1 :]:
        return True
    swapped = second[start + 1 : start + 2] + second[start : start + 1]
    return first[start : start + 2] == swapped and first[start + 2 :] == second[start + 2 :]


class SlipIndex:
    """Finds the words one slip apart from a given one, at a cost that does not grow with their number.

    Every word is filed under itself and under itself without each of its letters; two words one slip
    apart share at least one such form.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._forms: dict[str, list[str]] = {}
        for word in words:
            for form in _forms(word):
                self._forms.setdefault(form, []).append(word)

    def near(self, word: str) -> list[str]:
        """Known words at most one slip from `word`, each once, in the order in which they were given."""
        if not self._forms or len(word) > _MAX_WORD:
            return []
        found: dict[str, None] = {}
        for form in _forms(word):
            for known in self._forms.get(form, ()):
                if known not in found and one_slip_apart(known, word):
                    found[known] = None
        return list(found)


def _forms(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}
