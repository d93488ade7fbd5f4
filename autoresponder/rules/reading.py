"""A turn's words, read once: sentences with the phrases and topics in them, questions, courtesy, language."""

from __future__ import annotations

from autoresponder.model import Turn
from autoresponder.rules.read_sentence import ReadSentence
from autoresponder.rules.vocabulary import Vocabulary
from autoresponder.text.cues import name_words
from autoresponder.text.hints import hinted_language
from autoresponder.text.letter import own_words
from autoresponder.text.sentences import split

MAX_TEXT = 100_000
"""Characters of one message that are read; a longer one has a part that no rule covers."""

_CLEAR_LEAD = 0.5
"""Votes by which a language must lead: less than one phrase of its own decides nothing."""

_HINT_WEIGHT = 1.5
"""Votes of the small words: more than one phrase that looks alike in two languages, less than two."""

_HINT_WORDS = 200
"""Words of a sentence that are asked for their language."""


class Reading:
    """All sentences of a turn.

    Attributes:
        sentences: In order, over all messages of the turn.
        topics: Topics found in any sentence.
        cut: Whether a message was too long to be read to its end.
    """

    __slots__ = (
        "_booked",
        "_has_files",
        "_language",
        "_language_known",
        "cut",
        "sentences",
        "topics",
        "vocabulary",
    )

    def __init__(self, turn: Turn, vocabulary: Vocabulary, property_name: str = "") -> None:
        self.vocabulary = vocabulary
        names = _names(turn, property_name)
        self.cut = any(len(message.text) > MAX_TEXT for message in turn.messages)
        self.sentences = tuple(
            ReadSentence(sentence, vocabulary, names)
            for message in turn.messages
            for sentence in split(own_words(message.text[:MAX_TEXT]))
        )
        self.topics: frozenset[str] = frozenset().union(*(sentence.topics for sentence in self.sentences))
        self._has_files = turn.has_attachments
        self._booked = turn.booking.guest_language if turn.booking is not None else None
        self._language: str | None = None
        self._language_known = False

    @property
    def language(self) -> str | None:
        """Language of the phrases that were found; else the booking's; else None. Never a guess."""
        if not self._language_known:
            self._language = self.language_of(None) or self._booked
            self._language_known = True
        return self._language

    def language_of(self, phrases: frozenset[int] | None) -> str | None:
        """The language that most of these phrases (None: of all) speak, where one is ahead of the others.

        A phrase that stands in several languages' lists ("wifi") speaks for each of them a little. When
        several are level, the small words decide, else the booking's language, if it is one of them; else
        what small words there are.
        """
        votes: dict[str, float] = {}
        languages = self.vocabulary.languages
        for sentence in self.sentences:
            for number in sorted(sentence.phrases if phrases is None else sentence.phrases & phrases):
                spoken = languages.get(number, ())
                for language in spoken:
                    votes[language] = votes.get(language, 0.0) + 1.0 / len(spoken)
        if not votes:
            return None
        words = [word for sentence in self.sentences for word in sentence.sentence.words[:_HINT_WORDS]]
        hint = hinted_language(words)
        if hint is not None:
            votes[hint] = votes.get(hint, 0.0) + _HINT_WEIGHT
        most = max(votes.values())
        ahead = [language for language, count in votes.items() if count > most - _CLEAR_LEAD]
        if len(ahead) == 1:
            return ahead[0]
        return self._booked if self._booked in ahead else hinted_language(words, among=ahead)

    def nothing_but(self, names: frozenset[str]) -> bool:
        """Whether the turn is these topics and courtesy, has at least one of the topics, and asks nothing."""
        return not self.why_not_only(names)

    def why_not_only(self, names: frozenset[str]) -> str:
        """What keeps the turn from being nothing but these topics; an empty text when nothing does."""
        if self.cut or self._has_files:
            return "a file came with it" if self._has_files else "it is too long to be read to its end"
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
        if self.cut or self._has_files or not self.sentences:
            return False
        return all(s.social for s in self.sentences) and any(s.thanks for s in self.sentences)


def _names(turn: Turn, property_name: str) -> frozenset[str]:
    """Words that are an address or a signature in this thread."""
    booking = turn.booking
    guest = (booking.guest_name, booking.guest_surname) if booking is not None else ()
    inquirer = (turn.inquiry.guest_name or "",) if turn.inquiry is not None else ()
    names = (turn.thread.title, property_name, *guest, *inquirer)
    return _cached_names(names)


_NAMES: dict[tuple[str, ...], frozenset[str]] = {}


def _cached_names(names: tuple[str, ...]) -> frozenset[str]:
    known = _NAMES.get(names)
    if known is None:
        if len(_NAMES) > 4096:
            _NAMES.clear()
        known = _NAMES[names] = name_words(*(name[:200] for name in names))
    return known
