"""One sentence of a guest, with what was found in it: phrases, topics, questions, courtesy, mere mentions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

from autoresponder.model import Turn
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
from autoresponder.text.cues import is_mere_sign, name_words
from autoresponder.text.index import Found
from autoresponder.text.mentions import REFERRING, SUBJECTS, WITHOUT_SUBJECT
from autoresponder.text.sentences import Sentence

_SALUTATION: Final = GREETING | THANKS | SMALL_TALK
"""What may stand before a question without making it less of one."""

_MOST_WORDS: Final = 6
_LONGEST_NAME: Final = 200
_NO_PHRASES: Final[frozenset[int]] = frozenset()
_NO_TOPICS: Final[frozenset[str]] = frozenset()

_NEGATED: Final = NEGATION | NEGATION_AFTER
_UNREAD: Final = -1
_WITHOUT_SUBJECT: Final = frozenset(WITHOUT_SUBJECT.split())
_SUBJECTS: Final = frozenset(SUBJECTS.split())
_REFERRING: Final = frozenset(REFERRING.split())
_NEGATED_WITHIN: Final = 4
"""Words between a "not" and what it takes away, at most."""


class Names:
    """Words that are an address or a signature in a thread; worked out when first asked for."""

    def __init__(self, turn: Turn, property_name: str) -> None:
        self._turn = turn
        self._property_name = property_name

    def words(self) -> frozenset[str]:
        """The words, folded."""
        turn, booking = self._turn, self._turn.booking
        guest = (booking.guest_name, booking.guest_surname) if booking is not None else ()
        inquirer = (turn.inquiry.guest_name or "",) if turn.inquiry is not None else ()
        return _words_of_names((turn.thread.title, self._property_name, *guest, *inquirer))


@lru_cache(maxsize=4096)
def _words_of_names(names: tuple[str, ...]) -> frozenset[str]:
    return name_words(*[name[:_LONGEST_NAME] for name in names])


class ReadSentence:
    """One sentence with what was found in it.

    Attributes:
        asked_after: Whether a question with no topic of its own follows: "We have a cot with us. Is that all right?"
    """

    asked_after = False
    _cues: Sequence[tuple[int, int, int]] = ()
    _kinds = _UNREAD
    _asks: bool | None = None
    _asks_outright: bool | None = None
    _social: bool | None = None
    _wanted: frozenset[int] | None = None
    _wanted_topics: frozenset[str] | None = None

    def __init__(self, sentence: Sentence, vocabulary: Vocabulary, names: Names) -> None:
        self.sentence = sentence
        self.vocabulary = vocabulary
        self.hits = hits = vocabulary.index.find(sentence)
        self.phrases = frozenset([hit[0] for hit in hits]) if hits else _NO_PHRASES
        self._names = names
        self.topics = _topics(self.phrases, vocabulary) if hits and vocabulary.owners else _NO_TOPICS
        if (
            vocabulary.told
            and not vocabulary.told.isdisjoint(self.topics)
            and (sentence.question or self.asks_outright)  # a sentence about something is no small talk
        ):
            self.topics = self.topics.difference(vocabulary.told)

    def _cue_kinds(self) -> int:
        """Kinds of all cues of the sentence together. The cues are looked for when first asked for."""
        if self._kinds == _UNREAD:
            book = cue_book()
            kinds, together = book.kinds, 0
            cues: list[tuple[int, int, int]] = []
            for number, start, end in book.index.find(self.sentence):
                kind = kinds[number]
                together |= kind
                cues.append((start, end, kind))
            self._cues, self._kinds = cues, together
        return self._kinds

    @property
    def asks(self) -> bool:
        """Whether something is asked or requested here, small talk aside."""
        if self._asks is None:
            self._asks = (self.sentence.question or self.asks_outright) and not self.social
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
        if self._wanted_topics is None:
            self._wanted_topics = self._find_wanted_topics() if self.topics else self.topics
        return self._wanted_topics

    def _find_wanted_topics(self) -> frozenset[str]:
        found, topics = self.topics, self.vocabulary.topics
        if self.wanted is not self.phrases:
            found = frozenset([name for name in found if not topics[name].any.isdisjoint(self.wanted)])
        asked = [name for name in found if topics[name].asked]
        return found.difference(asked) if asked and self.tells else found

    @property
    def tells(self) -> bool:
        """Whether it is a plain statement: a verb that tells, and nothing asked.

        "The internet is gone" tells; "we have not received the code" asks, if not in so many words.
        """
        if self.sentence.question or self.asked_after:
            return False
        kinds = self._cue_kinds()
        if not kinds & TELLS or kinds & NOT_TOLD or (kinds & TAKEN_BACK and kinds & _NEGATED):
            return False
        return not self.asks_outright

    def _without_mentions(self) -> frozenset[int]:
        kinds = 0 if self.sentence.question else self._cue_kinds()
        if not kinds & (TOLD | _NEGATED) or self.asks_outright:
            return self.phrases
        if kinds & TOLD and not kinds & NOT_TOLD:
            return frozenset()
        if kinds & TAKEN_BACK or not kinds & _NEGATED:
            return self.phrases
        before = [end for _, end, kind in self._cues if kind & NEGATION]
        after = [start for start, _, kind in self._cues if kind & NEGATION_AFTER]
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
            kinds = self._cue_kinds()
            polite = not self.sentence.question or kinds & SMALL_TALK
            self._social = bool(polite) and self.covered_by(())
        return self._social

    @property
    def refers_back(self) -> bool:
        """Whether it names nothing that it could be about: "Could you send it to us?"."""
        others = [word for word in self.sentence.words if word not in _REFERRING and not is_mere_sign(word)]
        return not others or self._names.words().issuperset(others)

    @property
    def thanks(self) -> bool:
        """Whether a word of thanks is in it."""
        return bool(self._cue_kinds() & THANKS)

    def covered_by(self, topics: Sequence[Topic]) -> bool:
        """Whether every word is courtesy, a name, or part of a phrase of these topics."""
        return self._first_other_word(SOCIAL, topics) is None

    def _first_other_word(self, kinds: int, topics: Sequence[Topic] = ()) -> int | None:
        """Index of the first word that is no such cue, no name, and no part of a phrase of these topics."""
        spans = [(start, end) for start, end, kind in self._cues if kind & kinds] if self._cue_kinds() else []
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
                    names = self._names.words() if names is None else names
                    if word not in names:
                        return reach
                reach += 1
            if end > reach:
                reach = end
        return None

    @property
    def asks_outright(self) -> bool:
        """Whether words ask, whatever mark the sentence ends with."""
        if self._asks_outright is None:
            kinds = self._cue_kinds()
            self._asks_outright = bool(kinds & ASK_ANYWHERE) or (
                bool(kinds & ASK_FIRST) and self._begins_by_asking()
            )
        return self._asks_outright

    def _begins_by_asking(self) -> bool:
        places = [start for start, _, kind in self._cues if kind & ASK_FIRST]
        first = 0 if 0 in places else self._first_other_word(_SALUTATION) or 0
        return first in places and not self._reports_from(first)

    def _reports_from(self, first: int) -> bool:
        """Whether the verb there begins a report that leaves out who: "Haben den Schlüssel gefunden"."""
        kinds, words = self._kinds, self.sentence.words
        if self.sentence.question or not kinds & TOLD or kinds & NOT_TOLD:
            return False
        following = words[first + 1] if first + 1 < len(words) else ""
        return words[first] in _WITHOUT_SUBJECT and following not in _SUBJECTS

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
        if number in owners:
            for topic in owners[number]:
                if topic.name not in found and topic.all <= phrases and topic.none.isdisjoint(phrases):
                    found.add(topic.name)
    return frozenset(found) if found else _NO_TOPICS
