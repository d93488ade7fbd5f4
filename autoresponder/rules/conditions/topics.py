"""`topics`: what the guest talks about, judged sentence by sentence.

The condition holds when one sentence has one of `any`, all of `all`, and none of `none`; with `none` alone,
when no sentence of the turn has any of them. `only` holds when the whole turn is nothing but these topics (greetings, names and words of thanks aside) and asks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from autoresponder.decision import ConditionTrace
from autoresponder.rules.conditions.base import (
    NOTHING,
    Atom,
    Condition,
    ConditionKind,
    Path,
    Workbench,
    listed,
)
from autoresponder.rules.read_sentence import ReadSentence
from autoresponder.rules.situation import NO_TOPIC, Situation, summed_up

_KEYS: Final = ("any", "all", "none", "only")


def _topics_schema(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "type": "array",
        "items": {"type": "string", "minLength": 1, "examples": ["wifi"]},
        "minItems": 1,
        "examples": [["wifi", "parking"]],
    }


SCHEMA: Final[dict[str, Any]] = {
    "description": "Topics, judged sentence by sentence: one of any, all of all, none of none; or only.",
    "type": "object",
    "properties": {
        "any": _topics_schema("One of these topics is in the sentence."),
        "all": _topics_schema("All of these topics are in the sentence."),
        "none": _topics_schema("None of these topics is in the sentence."),
        "only": _topics_schema(
            "The whole message is nothing but these topics, greetings and names aside, and asks nothing."
        ),
    },
    "additionalProperties": False,
    "minProperties": 1,
    "examples": [{"any": ["wifi"], "none": ["complaint"]}, {"only": ["courtesy"]}],
}


class TopicsCondition(Condition):
    """One sentence has the topics, or the whole turn has nothing else."""

    def __init__(self, wanted: dict[str, tuple[str, ...]], phrases: frozenset[int], *, asked: bool) -> None:
        self._any, self._all, self._none, self._only = (frozenset(wanted.get(key, ())) for key in _KEYS)
        self._phrases = phrases
        self._asked = asked
        self.written = "topics " + "; ".join(
            f"{key}: {listed(wanted[key])}" for key in _KEYS if key in wanted
        )

    @property
    def triggers(self) -> frozenset[Atom] | None:
        """See `Condition.triggers`."""
        if self._any:
            return frozenset(self._any)
        if self._all:
            return frozenset({min(self._all)})
        return frozenset(self._only) or None

    def open_for_words(self, *, found: bool) -> bool:
        """See `Condition.open_for_words`."""
        return not (found and self._any) or bool(self._all or self._none or self._only or self._asked)

    @property
    def phrases(self) -> frozenset[int]:
        """See `Condition.phrases`."""
        return self._phrases

    def holds(self, situation: Situation) -> bool:
        """See `Condition.holds`."""
        if self._only and not situation.reading.nothing_but(self._only):
            return False
        wanted = bool(self._any or self._all)
        for sentence in situation.reading.sentences:
            if self._fits(sentence) is wanted:
                return wanted
        return not wanted

    def sentences(self, situation: Situation) -> frozenset[int]:
        """See `Condition.sentences`."""
        if not (self._any or self._all or self._only):
            return NOTHING
        sentences = situation.reading.sentences
        if not (self._any or self._all):
            return frozenset(range(len(sentences)))
        return frozenset([number for number, sentence in enumerate(sentences) if self._fits(sentence)])

    def _fits(self, sentence: ReadSentence) -> bool:
        found = sentence.topics
        if (self._any and self._any.isdisjoint(found)) or not self._none.isdisjoint(found):
            return False
        if self._asked:
            found = sentence.wanted_topics
            if self._any and self._any.isdisjoint(found):
                return False
        return self._all <= found

    def actual(self, situation: Situation) -> str:
        """See `Condition.actual`."""
        if not self._only and not (self._asked and situation.only_mentioned):
            return situation.topics_met
        return summed_up(self._notes(situation), NO_TOPIC)

    def trace(self, situation: Situation) -> ConditionTrace:
        """See `Condition.trace`; most rules of a folder are about what the guest never mentions."""
        plain = self._any and not (self._all or self._only)
        if plain and self._any.isdisjoint(situation.reading.topics):
            return ConditionTrace(written=self.written, actual=situation.topics_met, satisfied=False)
        return super().trace(situation)

    def _notes(self, situation: Situation) -> Iterator[str]:
        reading = situation.reading
        if self._only and not reading.nothing_but(self._only):
            yield reading.why_not_only(self._only)
        yield from situation.topic_notes
        if self._asked:
            for number, topics in situation.only_mentioned:
                merely = (self._any | self._all) & topics
                if merely:
                    yield f"sentence {number} only mentions {listed(sorted(merely))}"


def build(value: Any, path: Path, bench: Workbench) -> Condition | None:
    """Compile `topics`."""
    wanted: dict[str, tuple[str, ...]] = {}
    phrases: set[int] = set()
    sound = True
    for key in _KEYS:
        if key not in value:
            continue
        names = [bench.topic((*path, key, place), name) for place, name in enumerate(value[key])]
        wanted[key] = tuple(name for name in names if name is not None)
        sound = sound and None not in names
        if key != "none":
            for name in wanted[key]:
                phrases |= bench.topic_phrases(name)
    return TopicsCondition(wanted, frozenset(phrases), asked=bench.answers) if sound else None


KIND: Final[ConditionKind] = ConditionKind(name="topics", schema=SCHEMA, compile=build)
