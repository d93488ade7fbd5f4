"""Everything that is looked for in guests' words: phrases of rules and topics, and the cues.

`VocabularyBuilder` collects while files are read; `Vocabulary` is the finished, immutable result. The cues
are the same for everybody and live in a `CueBook` of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from autoresponder.text import cues, mentions
from autoresponder.text.index import PhraseIndex
from autoresponder.text.phrases import Phrase, parse_phrase

ASK_FIRST, ASK_ANYWHERE, SMALL_TALK, GREETING, THANKS, FILLER = 1, 2, 4, 8, 16, 32
NEGATION, NEGATION_AFTER, TAKEN_BACK, TOLD, NOT_TOLD, TELLS = 64, 128, 256, 512, 1024, 2048
SOCIAL: Final = SMALL_TALK | GREETING | THANKS | FILLER


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A named list of phrases."""

    name: str
    title: str
    any: frozenset[int]
    """Any of these phrases says it."""
    all: frozenset[int]
    """All of these must be in the sentence as well."""
    none: frozenset[int]
    """Any of these in the same sentence cancels it."""
    languages: tuple[str, ...]
    """Languages that it has phrases in, sorted."""
    asked: bool = False
    """Whether replies about it answer only what is asked, not what is told."""
    told: bool = False
    """Whether only a sentence that tells something has it, and none that asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The compiled phrases with what each of them means."""

    index: PhraseIndex
    phrases: tuple[Phrase, ...]
    topics: Mapping[str, Topic]
    owners: Mapping[int, tuple[Topic, ...]]
    """Phrase → topics of which it is one of `any`."""
    votes: Mapping[int, tuple[tuple[str, float], ...]]
    """Phrase → languages of the topic files that name it, and how much it speaks for each: together 1."""
    told: frozenset[str] = frozenset()
    """Topics that no sentence that asks has."""


class VocabularyBuilder:
    """Numbers phrases; the same phrase gets the same number wherever it is written."""

    def __init__(self) -> None:
        self._phrases: list[Phrase] = []
        self._numbers: dict[object, int] = {}
        self._written: dict[str, int] = {}
        self._languages: dict[int, dict[str, None]] = {}
        self._topics: dict[str, _TopicParts] = {}

    def add(self, written: str) -> int:
        """Number of a phrase.

        Raises:
            PhraseError: It cannot be used.
        """
        known = self._written.get(written)
        if known is None:
            known = self._written[written] = self._number(parse_phrase(written))
        return known

    def _number(self, phrase: Phrase) -> int:
        key = (phrase.sequences, phrase.pattern)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._phrases)
            self._phrases.append(phrase)
        return number

    def extend_topic(
        self,
        name: str,
        *,
        title: str,
        language: str | None,
        any_of: Sequence[int],
        all_of: Sequence[int],
        none_of: Sequence[int],
        asked: bool = False,
        told: bool = False,
    ) -> None:
        """Add a file's entries to a topic."""
        parts = self._topics.setdefault(name, _TopicParts())
        parts.title = parts.title or title
        parts.any.update(any_of)
        parts.all.update(all_of)
        parts.none.update(none_of)
        parts.asked = parts.asked or asked
        parts.told = parts.told or told
        if language:
            parts.languages.add(language)
            for number in any_of:
                self._languages.setdefault(number, {})[language] = None

    @property
    def topic_names(self) -> tuple[str, ...]:
        """Names of all topics so far."""
        return tuple(self._topics)

    def topic_phrases(self, name: str) -> frozenset[int]:
        """Phrases that speak for a topic."""
        parts = self._topics.get(name)
        return frozenset(parts.any) if parts else frozenset()

    def finish(self) -> Vocabulary:
        """Compile everything collected so far."""
        topics = {name: parts.topic(name) for name, parts in sorted(self._topics.items())}
        owners: dict[int, list[Topic]] = {}
        for topic in topics.values():
            for number in topic.any:
                owners.setdefault(number, []).append(topic)
        return Vocabulary(
            index=PhraseIndex(self._phrases),
            phrases=tuple(self._phrases),
            topics=topics,
            owners={number: tuple(found) for number, found in owners.items()},
            votes={
                number: tuple([(language, 1.0 / len(found)) for language in found])
                for number, found in self._languages.items()
            },
            told=frozenset(name for name, topic in topics.items() if topic.told),
        )


class _TopicParts:
    """A topic while its files are still being read."""

    def __init__(self) -> None:
        self.title = ""
        self.any: set[int] = set()
        self.all: set[int] = set()
        self.none: set[int] = set()
        self.languages: set[str] = set()
        self.asked = False
        self.told = False

    def topic(self, name: str) -> Topic:
        return Topic(
            name=name,
            title=self.title or name,
            any=frozenset(self.any),
            all=frozenset(self.all),
            none=frozenset(self.none),
            languages=tuple(sorted(self.languages)),
            asked=self.asked,
            told=self.told,
        )


@dataclass(frozen=True, slots=True)
class CueBook:
    """The cues, in an index of their own: they are looked for only when it matters what kind of sentence it is."""

    index: PhraseIndex
    kinds: tuple[int, ...]
    """Phrase of the index → bits of what kind of small words it is."""


@cache
def cue_book() -> CueBook:
    """The cues of all languages, compiled once."""
    blocks = (
        (ASK_FIRST, cues.entries(cues.ASK_FIRST, words=True)),
        (ASK_ANYWHERE, cues.entries(cues.ASK_ANYWHERE)),
        (SMALL_TALK, cues.entries(cues.SMALL_TALK)),
        (GREETING, cues.entries(cues.GREETINGS)),
        (THANKS, cues.entries(cues.THANKS)),
        (FILLER, cues.entries(cues.FILLERS)),
        (NEGATION, cues.entries(mentions.NEGATIONS)),
        (NEGATION_AFTER, cues.entries(mentions.NEGATIONS_AFTER)),
        (TAKEN_BACK, cues.entries(mentions.TAKEN_BACK)),
        (TOLD, cues.entries(mentions.TOLD)),
        (NOT_TOLD, cues.entries(mentions.NOT_TOLD)),
        (TELLS, cues.entries(mentions.TELLS, words=True)),
    )
    kinds: dict[str, int] = {}
    for kind, entries in blocks:
        for entry in entries:
            kinds[entry] = kinds.get(entry, 0) | kind
    return CueBook(PhraseIndex(parse_phrase(entry) for entry in kinds), tuple(kinds.values()))
