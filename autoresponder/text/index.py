"""One scan of a sentence finds every phrase of every rule and topic in it.

Phrases are filed under their first word. Each word of the sentence is looked up once: nearly all words of
nearly all messages begin no phrase and end there. Behind a first word hangs a tree of what may follow, which
is built when a guest first uses that word. So the cost depends on the message and on what is found in it,
not on how many phrases there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import re2

from autoresponder.text.distance import SlipIndex
from autoresponder.text.normalise import fold
from autoresponder.text.phrases import MAX_GAP, Kind, Phrase, Sequence, compiled_regex, regex_options
from autoresponder.text.required import Atoms, required_atoms
from autoresponder.text.sentences import Sentence
from autoresponder.text.tokens import Compounds, Memo, words_of
from autoresponder.text.trees import SIGNS, Node, tree_of

_MEMO_WORD: Final = 40
_LONGEST_FIND: Final = 40
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]+")

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


_Beginning = tuple[tuple[int, ...], tuple[Node, ...], tuple[int, ...]]
"""What a word begins: phrases that it is all of, trees of those that go on; and the expressions that need
letters of it."""


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
        self._symbols = Memo(self.symbols_of, longest=_MEMO_WORD)
        self._beginnings = Memo(self.beginnings, longest=_MEMO_WORD)
        self._by_atom: dict[str, list[int]] = {}
        self._unguarded: list[int] = []
        self._others: list[tuple[Atoms, ...]] = []
        for place, (_, pattern) in enumerate(self._regexes):
            atoms, *others = required_atoms(pattern) or [frozenset()]
            for atom in atoms:
                self._by_atom.setdefault(atom, []).append(place)
            if not atoms:
                self._unguarded.append(place)
            self._others.append(tuple(others))
        self._atom_lengths = sorted({len(atom) for atom in self._by_atom})
        self._filter: Any = None
        self._folded = Memo(fold, longest=_MEMO_WORD)

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
        """Every occurrence of every phrase in the sentence."""
        return [Hit(*found) for found in self.find(sentence)]

    def find(self, sentence: Sentence) -> list[Found]:
        """What `scan` finds, as plain tuples."""
        hits: list[Found] = []
        words, compounds = sentence.words, sentence.compounds
        needed: set[int] = set()
        symbols, last = self._symbols, len(words) - 1
        for start, entry in enumerate(map(self._beginnings.__getitem__, words)):
            if entry is None:
                continue
            ends, trees, expressions = entry
            for number in ends:
                hits.append((number, start, start + 1))  # noqa: PERF401 - nearly always it is one
            if expressions:
                needed.update(expressions)
            for tree in trees:
                # Most trees end at the next word, which is quicker seen here than there.
                following = words[start + 1] if start < last else ""
                if (
                    following not in tree.edges
                    and tree.gap is None
                    and (tree.plain or len(symbols[following]) == 1)
                    and start + 1 not in compounds
                ):
                    continue
                self._walk(tree, start, start + 1, words, compounds, hits)
        if compounds:
            self._find_joined(words, compounds, hits)
        if needed or self._unguarded or (sentence.has_address and self._regexes):
            self._find_regexes(needed, sentence, hits)
        return hits

    def _find_joined(self, words: list[str], compounds: Compounds, hits: list[Found]) -> None:
        """What begins at words that are tied into one."""
        for start, (word, after) in compounds.items():
            joined = self._beginnings[word]
            if joined is not None:
                hits.extend([(number, start, after) for number in joined[0]])
                for tree in joined[1]:
                    self._walk(tree, start, after, words, compounds, hits)

    def beginnings(self, word: str) -> _Beginning | None:
        """Which phrases begin with a guest's word."""
        ends: list[int] = []
        trees: list[Node] = []
        for symbol in self._symbols[word]:
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

    def symbols_of(self, word: str) -> tuple[str, ...]:
        """What a guest's word meets: itself, beginnings of it, words one slip away."""
        found = [word]
        for length in self._prefix_lengths:
            if length > len(word):
                break
            if word[:length] in self._prefixes:
                found.append("*" + word[:length])
        found += ["~" + near for near in self._slips.near(word)]
        return tuple(found)

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
        count = len(words)
        while True:
            for number in node.ends:
                hits.append((number, start, position))  # noqa: PERF401 - nearly always there is none
            if position >= count:
                return
            if node.gap is not None:
                self._leap(node.gap, start, position, words, compounds, hits)
            word, edges = words[position], node.edges
            if (node.plain or len(self._symbols[word]) == 1) and position not in compounds:
                if word not in edges:
                    return
                node = edges[word]
                position += 1
                continue
            children = self._next(node, position, words, compounds)
            if not children:
                return
            for child, after in children[1:]:
                self._walk(child, start, after, words, compounds, hits)
            node, position = children[0]

    def _leap(
        self,
        gap: Node,
        start: int,
        position: int,
        words: list[str],
        compounds: Compounds,
        hits: list[Found],
    ) -> None:
        """Follow a tree from behind a gap that begins at `position`."""
        symbols, edges, plain = self._symbols, gap.edges, gap.plain
        for later, word in enumerate(words[position : position + MAX_GAP + 1], start=position):
            if word in edges or not (plain or len(symbols[word]) == 1) or later in compounds:
                for child, after in self._next(gap, later, words, compounds):
                    self._walk(child, start, after, words, compounds, hits)

    def _next(
        self, node: Node, position: int, words: list[str], compounds: Compounds
    ) -> list[tuple[Node, int]]:
        """Where the word at a place leads: nodes, and the place behind it."""
        edges, after = node.edges, position + 1
        found = [(edges[symbol], after) for symbol in self._symbols[words[position]] if symbol in edges]
        if position in compounds:
            joined, after = compounds[position]
            found += [(edges[symbol], after) for symbol in self._symbols[joined] if symbol in edges]
        return found

    def _find_regexes(self, needed: set[int], sentence: Sentence, hits: list[Found]) -> None:
        """Run the expressions whose letters occur; among those without such letters RE2 itself finds them."""
        text = self._fold(sentence.text)
        if sentence.has_address:
            needed.update(range(len(self._regexes)))
        if self._unguarded:
            if self._filter is None:
                self._filter = _filter_of(self._regexes[place][1] for place in self._unguarded)
            needed.update(self._unguarded[found] for found in self._filter.Match(text, True) or ())
        for place in sorted(needed):
            if not _has_atoms(text, self._others[place]):
                continue
            number, pattern = self._regexes[place]
            match = compiled_regex(pattern).search(text)
            if match is not None:
                hits.append(_locate(number, match.group(), sentence.words))

    def _fold(self, text: str) -> str:
        """`fold`, with what is not ASCII looked up."""
        if text.isascii():
            return text.lower()
        return _BEYOND_ASCII.sub(lambda match: self._folded[match[0]], text.lower())


def _has_atoms(text: str, needed: tuple[Atoms, ...]) -> bool:
    """Whether a folded text has one atom of each of these sets. Loops, since every candidate comes through here."""
    for atoms in needed:
        for atom in atoms:
            if atom in text:
                break
        else:
            return False
    return True


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
