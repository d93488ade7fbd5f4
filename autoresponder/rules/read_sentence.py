"""One sentence of a guest, with what was found in it: phrases, topics, questions, courtesy, mere mentions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from autoresponder.rules.vocabulary import (
    ASK_ANYWHERE,
    ASK_FIRST,
    GREETING,
    NEGATION,
    NEGATION_AFTER,
    NOT_TOLD,
    SMALL_TALK,
    SOCIAL,
    TAKEN_BACK,
    TELLS,
    THANKS,
    TOLD,
    Topic,
    Vocabulary,
    cue_book,
)
from autoresponder.text.cues import is_mere_sign
from autoresponder.text.index import Found
from autoresponder.text.sentences import Sentence

_SALUTATION = GREETING | THANKS | SMALL_TALK
"""What may stand before a question without making it less of one."""

_MOST_WORDS = 6
_NO_PHRASES: frozenset[int] = frozenset()
_NO_TOPICS: frozenset[str] = frozenset()

_NEGATED_WITHIN = 4
"""Words between a "not" and what it takes away, at most."""


class ReadSentence:
    """One sentence with what was found in it.

    Attributes:
        asked_after: Whether a question with no topic of its own follows: "We have a cot with us. Is that all right?"
    """

    __slots__ = (
        "_asks",
        "_cues",
        "_names",
        "_social",
        "_wanted",
        "asked_after",
        "hits",
        "phrases",
        "sentence",
        "topics",
        "vocabulary",
    )

    def __init__(
        self, sentence: Sentence, vocabulary: Vocabulary, names: Callable[[], frozenset[str]]
    ) -> None:
        self.sentence = sentence
        self.vocabulary = vocabulary
        self.hits = hits = vocabulary.index.find(sentence)
        self.phrases = frozenset([hit[0] for hit in hits]) if hits else _NO_PHRASES
        self.topics = _topics(self.phrases, vocabulary) if hits and vocabulary.owners else _NO_TOPICS
        self.asked_after = False
        self._names = names
        self._cues: list[tuple[int, int, int]] | None = None
        self._asks: bool | None = None
        self._social: bool | None = None
        self._wanted: frozenset[int] | None = None

    @property
    def _cue_hits(self) -> list[tuple[int, int, int]]:
        """Cues as (first word, word after, kind bits), in order; looked for when first asked for."""
        if self._cues is None:
            book = cue_book()
            self._cues = [
                (start, end, book.kinds[number]) for number, start, end in book.index.find(self.sentence)
            ]
        return self._cues

    def _has_cue(self, kinds: int) -> bool:
        return any(kind & kinds for _, _, kind in self._cue_hits)

    @property
    def asks(self) -> bool:
        """Whether something is asked or requested here, small talk aside."""
        if self._asks is None:
            self._asks = (self.sentence.question or self._has_ask_cue()) and not self.social
        return self._asks

    @property
    def wanted(self) -> frozenset[int]:
        """The phrases by which something may be asked for: without what is only mentioned.

        "We don't have a dog" and "we used the pool" ask for nothing; a question always asks.
        """
        if self._wanted is None:
            self._wanted = self._without_mentions() if self.hits else self.phrases
        return self._wanted

    @property
    def wanted_topics(self) -> frozenset[str]:
        """The topics that may be asked for; of those that must be asked for, none that is merely told of."""
        found, topics = self.topics, self.vocabulary.topics
        if not found:
            return found
        if self.wanted is not self.phrases:
            found = frozenset([name for name in found if not topics[name].any.isdisjoint(self.wanted)])
        asked = [name for name in found if topics[name].asked]
        return found.difference(asked) if asked and self.tells else found

    @property
    def tells(self) -> bool:
        """Whether it is a plain statement: a verb that tells, and nothing asked.

        "The internet is gone" tells; "we have not received the code" asks, if not in so many words.
        """
        if self.sentence.question or self.asked_after or self._has_ask_cue():
            return False
        kinds = 0
        for _, _, kind in self._cue_hits:
            kinds |= kind
        lacks = kinds & TAKEN_BACK and kinds & (NEGATION | NEGATION_AFTER)
        return bool(kinds & TELLS) and not lacks and not kinds & NOT_TOLD

    def _without_mentions(self) -> frozenset[int]:
        kinds = 0
        if not self.sentence.question:
            for _, _, kind in self._cue_hits:
                kinds |= kind
        if not kinds & (TOLD | NEGATION | NEGATION_AFTER) or self._has_ask_cue():
            return self.phrases
        if kinds & TOLD and not kinds & NOT_TOLD:
            return frozenset()
        if kinds & TAKEN_BACK or not kinds & (NEGATION | NEGATION_AFTER):
            return self.phrases
        before = [end for _, end, kind in self._cue_hits if kind & NEGATION]
        after = [start for start, _, kind in self._cue_hits if kind & NEGATION_AFTER]
        return frozenset(
            number
            for number, first, last in self.hits
            if not any(0 <= first - end <= _NEGATED_WITHIN for end in before)
            and not any(0 <= start - last <= _NEGATED_WITHIN for start in after)
        )

    @property
    def social(self) -> bool:
        """Whether there is nothing but greeting, thanks, names and filler words."""
        if self._social is None:
            polite = not self.sentence.question or self._has_cue(SMALL_TALK)
            self._social = polite and self.covered_by(())
        return self._social

    @property
    def thanks(self) -> bool:
        """Whether a word of thanks is in it."""
        return self._has_cue(THANKS)

    def covered_by(self, topics: Sequence[Topic]) -> bool:
        """Whether every word is courtesy, a name, or part of a phrase of these topics."""
        return self._first_other_word(SOCIAL, topics) is None

    def _first_other_word(self, kinds: int, topics: Sequence[Topic] = ()) -> int | None:
        """Index of the first word that is no such cue, no name, and no part of a phrase of these topics."""
        spans = [(start, end) for start, end, kind in self._cue_hits if kind & kinds]
        if topics:
            wanted = frozenset[int]().union(*(topic.any for topic in topics))
            spans += [(start, end) for number, start, end in self.hits if number in wanted]
        spans.sort()
        words = self.sentence.words
        spans.append((len(words), len(words)))
        names: frozenset[str] | None = None
        reach = 0
        for start, end in spans:
            while reach < start:
                word = words[reach]
                if not is_mere_sign(word):
                    names = self._names() if names is None else names
                    if word not in names:
                        return reach
                reach += 1
            if end > reach:
                reach = end
        return None

    def _has_ask_cue(self) -> bool:
        first: int | None = None
        for start, _, kind in self._cue_hits:
            if kind & ASK_ANYWHERE:
                return True
            if kind & ASK_FIRST:
                if first is None:
                    first = self._first_other_word(_SALUTATION) or 0
                if start in (0, first):
                    return True
        return False

    def words_of(self, phrases: frozenset[int]) -> tuple[str, ...]:
        """The guest's words that met one of these phrases, each once; the first few of them."""
        found = dict.fromkeys(self._words(hit) for hit in self.hits if hit[0] in phrases)
        return tuple(islice(found, _MOST_WORDS))

    def _words(self, hit: Found) -> str:
        number, start, end = hit
        if end > start:
            return " ".join(self.sentence.words[start:end])
        return self.vocabulary.phrases[number].written

    def evidence(self, topic: str) -> str:
        """A topic of this sentence with the words that say so."""
        words = self.words_of(self.vocabulary.topics[topic].any)
        return f'{topic} ("{words[0]}")' if words else topic


def _topics(phrases: frozenset[int], vocabulary: Vocabulary) -> frozenset[str]:
    owners = vocabulary.owners
    found: set[str] = set()
    for number in phrases:
        for topic in owners.get(number, ()):
            if topic.name not in found and topic.all <= phrases and topic.none.isdisjoint(phrases):
                found.add(topic.name)
    return frozenset(found) if found else _NO_TOPICS
