"""One turn as conditions see it: the turn, where it happens, the time, and the text read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from autoresponder.config import Answers, Partial
from autoresponder.model import Turn
from autoresponder.rules.reading import Reading

NO_TOPIC: Final = "no sentence has a topic"
_MOST_NOTES: Final = 8
"""A guest may write thousands of sentences; a trace stays readable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a decision depends on besides the turn: the property, the thread's past, the settings."""

    property_key: str | None
    """Name of the property in properties.yaml, or None when it is not listed there."""
    property_name: str = ""
    """Name that guests know."""
    groups: Iterable[str] = ()
    """Groups of the property."""
    zone: ZoneInfo
    """Time zone of the property."""
    language: str = "en"
    """The property's own language, two letters."""
    first_contact: bool = False
    """Whether nothing was ever answered in this thread."""
    answers: Answers = Answers.COMBINE
    partial: Partial = Partial.FLAG


class Situation:
    """A turn, its surroundings and the time, with what is worked out from them at most once."""

    def __init__(self, turn: Turn, surroundings: Surroundings, now: datetime, reading: Reading) -> None:
        self.turn = turn
        self.surroundings = surroundings
        self.now = now
        self.reading = reading
        # Kept by hand: a cached_property keeps nothing when this is machine code.
        self._local: datetime | None = None
        self._topic_notes: tuple[str, ...] | None = None
        self._only_mentioned: tuple[tuple[int, frozenset[str]], ...] | None = None
        self._topics_met = ""

    @property
    def local(self) -> datetime:
        """Wall time at the property."""
        if self._local is None:
            self._local = self.now.astimezone(self.surroundings.zone)
        return self._local

    @property
    def topic_notes(self) -> tuple[str, ...]:
        """What topics each sentence has, with the words that say so; for traces."""
        if self._topic_notes is None:
            self._topic_notes = tuple(self._noted())
        return self._topic_notes

    def _noted(self) -> Iterator[str]:
        for number, sentence in enumerate(self.reading.sentences, start=1):
            if sentence.topics:
                found = ", ".join(sentence.evidence(topic) for topic in sorted(sentence.topics))
                yield f"sentence {number} has {found}"

    @property
    def only_mentioned(self) -> tuple[tuple[int, frozenset[str]], ...]:
        """Sentences with topics that they mention without asking about them, counted from 1."""
        if self._only_mentioned is None:
            self._only_mentioned = tuple(
                (number, sentence.topics - sentence.wanted_topics)
                for number, sentence in enumerate(self.reading.sentences, start=1)
                if not sentence.topics <= sentence.wanted_topics
            )
        return self._only_mentioned

    @property
    def topics_met(self) -> str:
        """`topic_notes` on one line."""
        if not self._topics_met:
            self._topics_met = summed_up(self.topic_notes, NO_TOPIC)
        return self._topics_met

    @property
    def today(self) -> date:
        """Date at the property."""
        return self.local.date()


def summed_up(notes: Iterable[str], otherwise: str) -> str:
    """The first few notes of a trace, `…` when there are more; `otherwise` when there are none."""
    first = list(islice(notes, _MOST_NOTES + 1))
    if not first:
        return otherwise
    return "; ".join(first[:_MOST_NOTES]) + ("; …" if len(first) > _MOST_NOTES else "")
