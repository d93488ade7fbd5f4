"""A turn's words, read once: sentences with the phrases and topics in them, questions, courtesy, language."""

from __future__ import annotations

from collections.abc import Iterable

from autoresponder.model import Turn
from autoresponder.rules.vocabulary import (
    ASK_ANYWHERE,
    ASK_FIRST,
    SMALL_TALK,
    SOCIAL,
    THANKS,
    Topic,
    Vocabulary,
)
from autoresponder.text.cues import is_mere_sign, name_words
from autoresponder.text.index import Hit
from autoresponder.text.sentences import Sentence, split

MAX_TEXT = 100_000
"""Characters of one message that are read; a longer one has a part that no rule covers."""


class ReadSentence:
    """One sentence with what was found in it."""

    __slots__ = ("_asks", "_names", "_social", "hits", "phrases", "sentence", "topics", "vocabulary")

    def __init__(self, sentence: Sentence, vocabulary: Vocabulary, names: frozenset[str]) -> None:
        self.sentence = sentence
        self.vocabulary = vocabulary
        self.hits = vocabulary.index.scan(sentence)
        self.phrases = frozenset([hit.phrase for hit in self.hits])
        self.topics = _topics(self.phrases, vocabulary)
        self._names = names
        self._asks: bool | None = None
        self._social: bool | None = None

    @property
    def asks(self) -> bool:
        """Whether something is asked or requested here, small talk aside."""
        if self._asks is None:
            self._asks = not self.social and (self.sentence.question or self._has_ask_cue())
        return self._asks

    @property
    def social(self) -> bool:
        """Whether there is nothing but greeting, thanks, names and filler words."""
        if self._social is None:
            kinds = self.vocabulary.cues
            polite = not self.sentence.question or any(
                kinds.get(number, 0) & SMALL_TALK for number in self.phrases
            )
            self._social = polite and self.covered_by(SOCIAL, ())
        return self._social

    @property
    def thanks(self) -> bool:
        """Whether a word of thanks is in it."""
        kinds = self.vocabulary.cues
        return any(kinds.get(number, 0) & THANKS for number in self.phrases)

    def covered_by(self, kinds: int, topics: Iterable[Topic]) -> bool:
        """Whether every word belongs to a cue of these kinds, to a phrase of these topics, or to a name."""
        covered = self._covered(kinds, topics)
        return all(
            covered[place] or word in self._names or is_mere_sign(word)
            for place, word in enumerate(self.sentence.words)
        )

    def _covered(self, kinds: int, topics: Iterable[Topic]) -> bytearray:
        covered = bytearray(len(self.sentence.words))
        wanted = frozenset().union(*(topic.any for topic in topics))
        cues = self.vocabulary.cues
        reach = 0
        # Hits come in order of where they begin; what is covered already need not be covered again,
        # which keeps a hostile text with thousands of overlapping hits linear.
        for hit in sorted(self.hits, key=lambda hit: (hit.start, hit.end)):
            if hit.end > reach and (hit.phrase in wanted or cues.get(hit.phrase, 0) & kinds):
                for place in range(max(hit.start, reach), hit.end):
                    covered[place] = 1
                reach = hit.end
        return covered

    def _has_ask_cue(self) -> bool:
        cues = self.vocabulary.cues
        first: int | None = None
        for hit in self.hits:
            kind = cues.get(hit.phrase, 0)
            if kind & ASK_ANYWHERE:
                return True
            if kind & ASK_FIRST:
                if first is None:
                    first = self._first_telling_word()
                if hit.start in (0, first):
                    return True
        return False

    def _first_telling_word(self) -> int:
        """Index of the first word that is no greeting or name."""
        covered = self._covered(SOCIAL, ())
        for place, word in enumerate(self.sentence.words):
            if not (covered[place] or word in self._names or is_mere_sign(word)):
                return place
        return 0

    def words_of(self, phrases: frozenset[int]) -> tuple[str, ...]:
        """The guest's words that met one of these phrases, each once."""
        return tuple(dict.fromkeys(self._words(hit) for hit in self.hits if hit.phrase in phrases))

    def _words(self, hit: Hit) -> str:
        if hit.end > hit.start:
            return " ".join(self.sentence.words[hit.start : hit.end])
        return self.vocabulary.phrases[hit.phrase].written


def _topics(phrases: frozenset[int], vocabulary: Vocabulary) -> frozenset[str]:
    owners = vocabulary.owners
    found: set[str] = set()
    for number in phrases:
        for topic in owners.get(number, ()):
            if topic.name not in found and topic.all <= phrases and topic.none.isdisjoint(phrases):
                found.add(topic.name)
    return frozenset(found)


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
            for sentence in split(message.text[:MAX_TEXT])
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
        two are level, the booking's language decides if it is one of them.
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
        most = max(votes.values())
        ahead = [language for language, count in votes.items() if count > most - 1e-9]
        if len(ahead) == 1:
            return ahead[0]
        return self._booked if self._booked in ahead else None

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
            if not sentence.covered_by(SOCIAL, [topic for topic in topics if topic.name in sentence.topics]):
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
