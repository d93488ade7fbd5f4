"""One scan of a sentence finds every phrase of every rule and topic in it.

Phrases are filed under their first word. Each word of the sentence is looked up once: nearly all words of
nearly all messages begin no phrase and end there. Behind a first word hangs a tree of what may follow, which
is built when a guest first uses that word. So the cost depends on the message and on what is found in it,
not on how many phrases there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import re2

from autoresponder.text.distance import SlipIndex
from autoresponder.text.normalise import fold
from autoresponder.text.phrases import MAX_GAP, Kind, Phrase, Sequence, compiled_regex, regex_options
from autoresponder.text.required import required_atoms
from autoresponder.text.sentences import Sentence
from autoresponder.text.tokens import Compounds, words_of
from autoresponder.text.trees import SIGNS, Node, tree_of

_MEMO_SIZE = 50_000
_MEMO_WORD = 40
_LONGEST_FIND = 40
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")

Found = tuple[int, int, int]
"""Number of a phrase, index of its first word, index after its last word."""


class Hit(NamedTuple):
    """A phrase found in a sentence."""

    phrase: int
    """Number of the phrase: its place in what the index was built from."""
    start: int
    """Index of the first word."""
    end: int
    """Index after the last word."""


_Entry = tuple[tuple[int, ...], tuple[Node, ...], tuple[int, ...]] | None
"""What a word begins: phrases that it is all of, trees of those that go on; and the expressions that need
letters of it. None when nothing."""


class _Beginnings(dict[str, _Entry]):
    """Word of a guest → what it begins, worked out when it is first met."""

    def __init__(self, index: PhraseIndex) -> None:
        super().__init__()
        self._index = index

    def __missing__(self, word: str) -> _Entry:
        known = self._index.beginnings(word)
        if len(self) >= _MEMO_SIZE:
            self.clear()
        if len(word) <= _MEMO_WORD:
            self[word] = known
        return known


class PhraseIndex:
    """Finds phrases.

    Args:
        phrases: The phrases; a phrase's number is its place in this order.
    """

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._single: dict[str, list[int]] = {}
        self._longer: dict[str, list[tuple[Sequence, int]]] = {}
        self._trees: dict[str, Node] = {}
        self._prefixes: set[str] = set()
        self._typos: dict[str, None] = {}
        self._regexes: list[tuple[int, str]] = []
        for number, phrase in enumerate(phrases):
            for sequence in phrase.sequences:
                self._add(sequence, number)
            if phrase.pattern is not None:
                self._regexes.append((number, phrase.pattern))
        self._prefix_lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._slips = SlipIndex(self._typos)
        self._beginnings = _Beginnings(self)
        self._symbols: dict[str, tuple[str, ...]] = {}
        self._by_atom: dict[str, list[int]] = {}
        self._unguarded: list[int] = []
        for place, (_, pattern) in enumerate(self._regexes):
            atoms = required_atoms(pattern)
            for atom in atoms or ():
                self._by_atom.setdefault(atom, []).append(place)
            if not atoms:
                self._unguarded.append(place)
        self._atom_lengths = sorted({len(atom) for atom in self._by_atom})
        self._filter: Any = None
        self._folded: dict[str, str] = {}

    def _add(self, sequence: Sequence, number: int) -> None:
        kind, text = sequence[0]
        symbol = SIGNS[kind] + text if kind else text
        if len(sequence) == 1:
            self._single.setdefault(symbol, []).append(number)
            if kind is Kind.WORD:
                return
        else:
            self._longer.setdefault(symbol, []).append((sequence, number))
        for kind, text in sequence:
            if kind is Kind.PREFIX:
                self._prefixes.add(text)
            elif kind is Kind.TYPO:
                self._typos[text] = None

    def scan(self, sentence: Sentence) -> list[Hit]:
        """Every occurrence of every phrase in the sentence, in order of where it begins."""
        return [Hit(*found) for found in self.find(sentence)]

    def find(self, sentence: Sentence) -> list[Found]:
        """What `scan` finds, as plain tuples."""
        hits: list[Found] = []
        words, compounds = sentence.words, sentence.compounds
        needed: set[int] = set()
        for start, entry in enumerate(map(self._beginnings.__getitem__, words)):
            if entry is not None:
                self._begin(entry, start, start + 1, sentence, hits)
                if entry[2]:
                    needed.update(entry[2])
            if compounds and start in compounds:
                word, after = compounds[start]
                joined = self._beginnings[word]
                if joined is not None:
                    self._begin(joined, start, after, sentence, hits)
        if self._regexes and sentence.has_address:
            needed.update(range(len(self._regexes)))
        if needed or self._unguarded:
            self._find_regexes(needed, sentence, hits)
        return hits

    def _begin(self, entry: _Entry, start: int, after: int, sentence: Sentence, hits: list[Found]) -> None:
        assert entry is not None
        for number in entry[0]:
            hits.append((number, start, after))  # noqa: PERF401 - quicker than a generator for one or two
        for tree in entry[1]:
            self._walk(tree, start, after, sentence.words, sentence.compounds, hits)

    def beginnings(self, word: str) -> _Entry:
        """Which phrases begin with a guest's word."""
        ends: list[int] = []
        trees: list[Node] = []
        for symbol in self._symbols_of(word):
            ends += self._single.get(symbol, ())
            if symbol in self._longer:
                tree = self._trees.get(symbol)
                if tree is None:
                    tree = self._trees[symbol] = tree_of(self._longer[symbol])
                trees.append(tree)
        needed: set[int] = set()
        for length in self._atom_lengths:
            for first in range(len(word) - length + 1):
                needed.update(self._by_atom.get(word[first : first + length], ()))
        if not (ends or trees or needed):
            return None
        return tuple(ends), tuple(trees), tuple(needed)

    def _symbols_of(self, word: str) -> tuple[str, ...]:
        """What a guest's word meets: itself, beginnings of it, words one slip away."""
        known = self._symbols.get(word)
        if known is None:
            found = [word]
            for length in self._prefix_lengths:
                if length > len(word):
                    break
                if word[:length] in self._prefixes:
                    found.append("*" + word[:length])
            found += ["~" + near for near in self._slips.near(word)]
            known = tuple(found)
            if len(word) <= _MEMO_WORD:
                if len(self._symbols) >= _MEMO_SIZE:
                    self._symbols.clear()
                self._symbols[word] = known
        return known

    def _walk(
        self,
        node: Node,
        start: int,
        position: int,
        words: list[str],
        compounds: Compounds,
        hits: list[Found],
    ) -> None:
        """Follow a tree from `node`, with `position` the next word to look at."""
        for number in node.ends:
            hits.append((number, start, position))  # noqa: PERF401 - see above
        if node.edges:
            self._step(node, start, position, words, compounds, hits)
        if node.gap is not None:
            for later in range(position, min(position + MAX_GAP + 1, len(words))):
                self._step(node.gap, start, later, words, compounds, hits)

    def _step(
        self,
        node: Node,
        start: int,
        position: int,
        words: list[str],
        compounds: Compounds,
        hits: list[Found],
    ) -> None:
        if position >= len(words):
            return
        edges = node.edges
        for symbol in self._symbols_of(words[position]):
            child = edges.get(symbol)
            if child is not None:
                self._walk(child, start, position + 1, words, compounds, hits)
        if compounds and position in compounds:
            joined, after = compounds[position]
            for symbol in self._symbols_of(joined):
                child = edges.get(symbol)
                if child is not None:
                    self._walk(child, start, after, words, compounds, hits)

    def _find_regexes(self, needed: set[int], sentence: Sentence, hits: list[Found]) -> None:
        """Run the expressions whose letters occur; among those without such letters RE2 itself finds them."""
        text = self._fold(sentence.text)
        if self._unguarded:
            if self._filter is None:
                self._filter = _filter_of(self._regexes[place][1] for place in self._unguarded)
            needed.update(self._unguarded[found] for found in self._filter.Match(text, True) or ())
        for place in sorted(needed):
            number, pattern = self._regexes[place]
            match = compiled_regex(pattern).search(text)
            if match is not None:
                hits.append(_locate(number, match.group(), sentence.words))

    def _fold(self, text: str) -> str:
        """`fold`, with what is not ASCII looked up."""
        if text.isascii():
            return text.lower()
        return _BEYOND_ASCII.sub(self._fold_run, text.lower())

    def _fold_run(self, match: re.Match[str]) -> str:
        run = match[0]
        known = self._folded.get(run)
        if known is None:
            known = fold(run)
            if len(run) <= _MEMO_WORD:
                if len(self._folded) >= _MEMO_SIZE:
                    self._folded.clear()
                self._folded[run] = known
        return known


def _filter_of(patterns: Iterable[str]) -> Any:
    made = re2.Filter()
    options = regex_options()
    for pattern in patterns:
        made.Add(pattern, options)
    made.Compile()
    return made


def _locate(number: int, matched: str, words: list[str]) -> Found:
    """Which words a regular expression's find covers; none of them when it lies between words."""
    wanted = words_of(matched)
    if 0 < len(wanted) <= _LONGEST_FIND:
        for start in range(len(words) - len(wanted) + 1):
            if words[start : start + len(wanted)] == wanted:
                return number, start, start + len(wanted)
    return number, 0, 0
