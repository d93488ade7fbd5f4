"""A turn's words, read once: sentences with the phrases and topics in them, questions, courtesy, language."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import pairwise
from typing import Final

from autoresponder.model import Turn
from autoresponder.rules.read_sentence import Names, ReadSentence
from autoresponder.rules.vocabulary import Vocabulary
from autoresponder.text.hints import hinted_language
from autoresponder.text.letter import own_words
from autoresponder.text.sentences import split

MAX_TEXT: Final = 100_000
"""Characters of one message that are read; a longer one has a part that no rule covers."""

_CLEAR_LEAD: Final = 0.5
"""Votes by which a language must lead: less than one phrase of its own decides nothing."""

_HINT_WEIGHT: Final = 1.5
"""Votes of the small words: more than one phrase that looks alike in two languages, less than two."""

_SAFE: Final = _HINT_WEIGHT + _CLEAR_LEAD
"""Votes that no hint can outvote when all are for one language."""

_HINT_WORDS: Final = 200
"""Words of a sentence that are asked for their language."""


class Unknown(Enum):
    """Not worked out yet."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN


class Reading:
    """All sentences of a turn.

    Attributes:
        sentences: In order, over all messages of the turn.
        topics: Topics found in any sentence.
        cut: Whether a message was too long to be read to its end.
    """

    cut = False
    _language: str | Unknown | None = UNKNOWN
    _phrase_language: str | Unknown | None = UNKNOWN
    _hint: str | Unknown | None = UNKNOWN

    def __init__(self, turn: Turn, vocabulary: Vocabulary, property_name: str = "") -> None:
        self.vocabulary = vocabulary
        self._turn = turn
        names = Names(turn, property_name)
        read: list[ReadSentence] = []
        for message in turn.messages:
            text = message.text
            if len(text) > MAX_TEXT:
                self.cut, text = True, text[:MAX_TEXT]
            for sentence in split(own_words(text)):
                read.append(ReadSentence(sentence, vocabulary, names))  # noqa: PERF401 - as quick as can be
        self.sentences: Sequence[ReadSentence] = read
        self.topics: frozenset[str]
        if len(read) == 1:
            self.topics = read[0].topics
        else:
            for before, following in pairwise(read):
                before.asked_after = following.sentence.question and not following.topics
            self.topics = frozenset().union(*[one.topics for one in read])

    @property
    def _booked(self) -> str | None:
        booking = self._turn.booking
        return booking.guest_language if booking is not None else None

    @property
    def language(self) -> str | None:
        """Language of the phrases that were found; else the booking's; else None. Never a guess."""
        if self._language is UNKNOWN:
            self._language = self._spoken() or self._booked
        return self._language

    def _spoken(self) -> str | None:
        """`language_of` all phrases."""
        if self._phrase_language is UNKNOWN:
            self._phrase_language = self._judged(self._votes(None))
        return self._phrase_language

    def language_of(self, phrases: frozenset[int]) -> str | None:
        """The language that most of these phrases speak, where one is ahead of the others.

        A phrase that stands in several languages' lists ("wifi") speaks for each of them a little. When
        several are level, the small words decide, else the booking's language, if it is one of them; else
        what small words there are.
        """
        for sentence in self.sentences:
            if not sentence.phrases <= phrases:
                return self._judged(self._votes(phrases))
        return self._spoken()

    def _judged(self, votes: dict[str, float]) -> str | None:
        """The language that is ahead; see `language_of`."""
        if not votes:
            return None
        if len(votes) == 1:
            # Small words of another language outweigh one phrase, but not two.
            (spoken,) = votes
            if votes[spoken] >= _SAFE:
                return spoken
        hint = self._hinted()
        if hint is not None:
            votes[hint] = votes.get(hint, 0.0) + _HINT_WEIGHT
        elif len(votes) == 1:
            return spoken
        most = max(votes.values())
        ahead = [language for language, count in votes.items() if count > most - _CLEAR_LEAD]
        if len(ahead) == 1:
            return ahead[0]
        return self._booked if self._booked in ahead else hinted_language(self._words(), among=ahead)

    def _votes(self, phrases: frozenset[int] | None) -> dict[str, float]:
        """Languages that the phrases found among these (None: all) speak for, and how many phrases do."""
        votes: dict[str, float] = {}
        known = self.vocabulary.votes
        for sentence in self.sentences:
            for number in sentence.phrases if phrases is None else sentence.phrases & phrases:
                if number in known:
                    for language, share in known[number]:
                        votes[language] = votes[language] + share if language in votes else share
        return votes

    def _words(self) -> list[str]:
        if len(self.sentences) == 1:
            return self.sentences[0].sentence.words[:_HINT_WORDS]
        return [word for sentence in self.sentences for word in sentence.sentence.words[:_HINT_WORDS]]

    def _hinted(self) -> str | None:
        if self._hint is UNKNOWN:
            self._hint = hinted_language(self._words())
        return self._hint

    def nothing_but(self, names: frozenset[str]) -> bool:
        """Whether the turn is these topics and courtesy, has at least one of the topics, and asks nothing."""
        return not self.why_not_only(names)

    def why_not_only(self, names: frozenset[str]) -> str:
        """What keeps the turn from being nothing but these topics; an empty text when nothing does."""
        if self.cut or self._turn.has_attachments:
            return (
                "a file came with it"
                if self._turn.has_attachments
                else "it is too long to be read to its end"
            )
        if names.isdisjoint(self.topics):
            return "none of these topics is in it"
        topics = [self.vocabulary.topics[name] for name in sorted(names)]
        for number, sentence in enumerate(self.sentences, start=1):
            if sentence.sentence.question and not sentence.social:
                return f"sentence {number} asks something"
            if not sentence.covered_by([topic for topic in topics if topic.name in sentence.topics]):
                return f"sentence {number} says more"
        return ""

    @property
    def courtesy(self) -> bool:
        """Whether the turn is nothing but courtesy with a word of thanks in it: it needs no answer."""
        if self.cut or self._turn.has_attachments or not self.sentences:
            return False
        return all(s.social for s in self.sentences) and any(s.thanks for s in self.sentences)
