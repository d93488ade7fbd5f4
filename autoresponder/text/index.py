"""One scan of a sentence finds every phrase of every rule and topic in it.

Phrases live in a tree of words. Each word of the sentence is first looked up once: nearly all words of
nearly all messages are no phrase's business and end there. So the cost depends on the message and on what
is found in it, not on how many phrases there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import re2

from autoresponder.text.distance import SlipIndex
from autoresponder.text.normalise import fold
from autoresponder.text.phrases import MAX_GAP, Kind, Phrase, Sequence, regex_options
from autoresponder.text.sentences import Sentence
from autoresponder.text.tokens import words_of

_MEMO_SIZE = 50_000
_MEMO_WORD = 40
_LONGEST_FIND = 40
_NONE: tuple[int, ...] = ()


class Hit(NamedTuple):
    """A phrase found in a sentence."""

    phrase: int
    """Number of the phrase: its place in what the index was built from."""
    start: int
    """Index of the first word."""
    end: int
    """Index after the last word."""


class _Node:
    """A place in the tree: which symbols lead on, which phrases end here."""

    __slots__ = ("edges", "ends", "gap")

    def __init__(self) -> None:
        self.edges: dict[int, _Node] = {}
        self.ends: tuple[int, ...] = ()
        self.gap: _Node | None = None


class PhraseIndex:
    """Finds phrases.

    Args:
        phrases: The phrases; a phrase's number is its place in this order.
    """

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._root = _Node()
        self._symbols: tuple[dict[str, int], ...] = ({}, {}, {})
        self._count = 0
        self._regexes: list[tuple[int, Any]] = []
        self._filter = re2.Filter()
        for number, phrase in enumerate(phrases):
            for sequence in phrase.sequences:
                self._add(sequence, number)
            if phrase.pattern is not None:
                self._add_regex(phrase.pattern, number)
        if self._regexes:
            self._filter.Compile()
        prefixes = self._symbols[Kind.PREFIX]
        self._prefix_lengths = sorted({len(prefix) for prefix in prefixes})
        self._slips = SlipIndex(self._symbols[Kind.TYPO])
        self._memo: dict[str, tuple[int, ...]] = {}

    def _add(self, sequence: Sequence, number: int) -> None:
        node = self._root
        for kind, text in sequence:
            if kind is Kind.GAP:
                if node.gap is None:
                    node.gap = _Node()
                node = node.gap
                continue
            table = self._symbols[kind]
            symbol = table.get(text)
            if symbol is None:
                symbol = table[text] = self._count
                self._count += 1
            node = node.edges.setdefault(symbol, _Node())
        node.ends = (*node.ends, number)

    def _add_regex(self, pattern: str, number: int) -> None:
        options = regex_options()
        self._filter.Add(pattern, options)
        self._regexes.append((number, re2.compile(pattern, options)))

    def scan(self, sentence: Sentence) -> list[Hit]:
        """Every occurrence of every phrase in the sentence, in order of where it begins."""
        memo = self._memo
        symbols: list[tuple[int, ...]] = []
        interesting = False
        for word in sentence.words:
            known = memo.get(word)
            if known is None:
                known = self._look_up(word)
            if known:
                interesting = True
            symbols.append(known)
        hits: list[Hit] = []
        if interesting or sentence.compounds:
            self._walk_all(symbols, self._alternatives(sentence), hits)
        if self._regexes:
            self._scan_regexes(sentence, hits)
        return hits

    def _look_up(self, word: str) -> tuple[int, ...]:
        """Symbols that a word of a guest satisfies."""
        words, prefixes, typos = self._symbols
        found: list[int] = []
        if word in words:
            found.append(words[word])
        for length in self._prefix_lengths:
            if length > len(word):
                break
            symbol = prefixes.get(word[:length])
            if symbol is not None:
                found.append(symbol)
        found.extend(typos[known] for known in self._slips.near(word))
        symbols = tuple(found) if found else _NONE
        if len(word) <= _MEMO_WORD:
            if len(self._memo) >= _MEMO_SIZE:
                self._memo.clear()
            self._memo[word] = symbols
        return symbols

    def _alternatives(self, sentence: Sentence) -> dict[int, tuple[tuple[int, ...], int]]:
        """Hyphenated words read as one word: index → its symbols and the index after it."""
        found: dict[int, tuple[tuple[int, ...], int]] = {}
        for index, (word, after) in sentence.compounds.items():
            known = self._memo.get(word)
            symbols = self._look_up(word) if known is None else known
            if symbols:
                found[index] = (symbols, after)
        return found

    def _walk_all(
        self,
        symbols: list[tuple[int, ...]],
        alternatives: dict[int, tuple[tuple[int, ...], int]],
        hits: list[Hit],
    ) -> None:
        root = self._root.edges
        for start, known in enumerate(symbols):
            for symbol in known:
                node = root.get(symbol)
                if node is not None:
                    _walk(node, start, start + 1, symbols, alternatives, hits)
            if start in alternatives:
                joined, after = alternatives[start]
                for symbol in joined:
                    node = root.get(symbol)
                    if node is not None:
                        _walk(node, start, after, symbols, alternatives, hits)

    def _scan_regexes(self, sentence: Sentence, hits: list[Hit]) -> None:
        """RE2 first finds which expressions' required letters occur at all; only those run."""
        text = fold(sentence.text)
        for place in self._filter.Match(text, True) or ():
            number, compiled = self._regexes[place]
            match = compiled.search(text)
            if match is not None:
                hits.append(_locate(number, match.group(), sentence.words))


def _walk(
    node: _Node,
    start: int,
    position: int,
    symbols: list[tuple[int, ...]],
    alternatives: dict[int, tuple[tuple[int, ...], int]],
    hits: list[Hit],
) -> None:
    """Follow the tree from `node`, with `position` the next word to look at."""
    if node.ends:
        hits.extend(Hit(number, start, position) for number in node.ends)
    if position >= len(symbols):
        return
    if node.edges:
        _step(node, start, position, symbols, alternatives, hits)
    if node.gap is not None:
        for later in range(position, min(position + MAX_GAP + 1, len(symbols))):
            _step(node.gap, start, later, symbols, alternatives, hits)


def _step(
    node: _Node,
    start: int,
    position: int,
    symbols: list[tuple[int, ...]],
    alternatives: dict[int, tuple[tuple[int, ...], int]],
    hits: list[Hit],
) -> None:
    for symbol in symbols[position]:
        child = node.edges.get(symbol)
        if child is not None:
            _walk(child, start, position + 1, symbols, alternatives, hits)
    if position in alternatives:
        joined, after = alternatives[position]
        for symbol in joined:
            child = node.edges.get(symbol)
            if child is not None:
                _walk(child, start, after, symbols, alternatives, hits)


def _locate(number: int, matched: str, words: list[str]) -> Hit:
    """Which words a regular expression's find covers; none of them when it lies between words."""
    wanted = words_of(matched)
    if 0 < len(wanted) <= _LONGEST_FIND:
        for start in range(len(words) - len(wanted) + 1):
            if words[start : start + len(wanted)] == wanted:
                return Hit(number, start, start + len(wanted))
    return Hit(number, 0, 0)
