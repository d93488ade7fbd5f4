"""Which rules could match whatever another one matches: found by their words, so that few pairs are compared."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from autoresponder.lint.wording import plain
from autoresponder.text.phrases import Kind

_WORDY = ("text", "topics")


class Candidates:
    """Rules by the words without which they do not match.

    Args:
        rules: The conditions of every rule, in rule order.
    """

    def __init__(self, rules: Sequence[Mapping[str, Any]]) -> None:
        self._rules = rules
        self._any_words: list[int] = []
        self._by_key: dict[Hashable, list[int]] = {}
        for number, when in enumerate(rules):
            keys = [_key(name, word) for name, word in _demanded(when)]
            if not keys or None in keys:
                self._any_words.append(number)
                continue
            for key in keys:
                self._by_key.setdefault(key, []).append(number)

    def of(self, number: int) -> list[int]:
        """Rules that could match whenever this one does, in rule order; it is among them."""
        found = set(self._any_words)
        for name, word in _certain(self._rules[number]):
            for key in _keys_met(name, word):
                found.update(self._by_key.get(key, ()))
        return sorted(found)


def _parts(when: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in when.items():
        if name == "all":
            for entry in value:
                yield from _parts(entry)
        else:
            yield name, value


def _demanded(when: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Words one of which must be there: those of the first condition that is about words."""
    for name, value in _parts(when):
        if name in _WORDY:
            words = value.get("any") or value.get("all", ())[:1] or value.get("only", ())
            if words:
                return [(name, word) for word in words]
    return []


def _certain(when: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Words for each of which a rule that matches the same must have one that is found there, too."""
    for name, value in _parts(when):
        if name in _WORDY:
            for words in (value.get("any", ())[:1], value.get("all", ()), value.get("only", ())[:1]):
                yield from ((name, word) for word in words)
        elif name == "any" and value:
            yield from _certain(value[0])


def _key(name: str, word: str) -> Hashable:
    """What a word of a rule is filed under."""
    if name == "topics":
        return name, word
    sequence = plain(word)
    if sequence is None:
        return name, word
    if all(kind in (Kind.WORD, Kind.GAP) for kind, _ in sequence):
        return sequence
    kind, text = sequence[0]
    return kind, text[:2] if kind is Kind.PREFIX else text


def _keys_met(name: str, word: str) -> Iterable[Hashable]:
    """What any phrase is filed under that is found wherever this one is."""
    yield name, word
    sequence = plain(word) if name == "text" else None
    for start in range(len(sequence or ())):
        assert sequence is not None
        kind, text = sequence[start]
        if kind is not Kind.GAP:
            yield from ((Kind.PREFIX, text[:2]), (Kind.TYPO, text), (Kind.WORD, text))
        for end in range(start + 1, len(sequence) + 1):
            yield sequence[start:end]
