"""`text`: phrases of the rule's own, judged sentence by sentence.

The condition holds when one sentence has one of `any`, all of `all`, and none of `none`. With `none` alone it
holds when no sentence of the turn has any of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

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
from autoresponder.rules.situation import Situation, summed_up


def _phrases_schema(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "type": "array",
        "items": {"type": "string", "minLength": 1, "examples": ["arrive ... before"]},
        "minItems": 1,
        "examples": [["early check-in", "arrive ... before"]],
    }


SCHEMA: Final[dict[str, Any]] = {
    "description": "Phrases, judged sentence by sentence: one of any, all of all, none of none.",
    "type": "object",
    "properties": {
        "any": _phrases_schema("One of these phrases is in the sentence."),
        "all": _phrases_schema("All of these phrases are in the sentence."),
        "none": _phrases_schema("None of these phrases is in the sentence."),
    },
    "additionalProperties": False,
    "minProperties": 1,
    "examples": [{"any": ["early check-in", "arrive ... before"], "none": ["no need"]}],
}


class TextCondition(Condition):
    """One sentence has the phrases."""

    def __init__(
        self,
        written: str,
        any_of: frozenset[int],
        all_of: frozenset[int],
        none_of: frozenset[int],
        *,
        asked: bool,
    ) -> None:
        self.written = written
        self._any = any_of
        self._all = all_of
        self._none = none_of
        self._asked = asked

    @property
    def triggers(self) -> frozenset[Atom] | None:
        """See `Condition.triggers`."""
        if self._any:
            return frozenset(self._any)
        return frozenset({min(self._all)}) if self._all else None

    def open_for_words(self, *, found: bool) -> bool:
        """See `Condition.open_for_words`."""
        return not (found and self._any) or bool(self._all or self._none or self._asked)

    @property
    def phrases(self) -> frozenset[int]:
        """See `Condition.phrases`."""
        return self._any | self._all

    def holds(self, situation: Situation) -> bool:
        """See `Condition.holds`."""
        wanted = bool(self._any or self._all)
        for sentence in situation.reading.sentences:
            if self._fits(sentence) is wanted:
                return wanted
        return not wanted

    def sentences(self, situation: Situation) -> frozenset[int]:
        """See `Condition.sentences`."""
        if not self._any and not self._all:
            return NOTHING
        return frozenset(
            [number for number, sentence in enumerate(situation.reading.sentences) if self._fits(sentence)]
        )

    def _fits(self, sentence: ReadSentence) -> bool:
        found = sentence.phrases
        if (self._any and self._any.isdisjoint(found)) or not self._none.isdisjoint(found):
            return False
        if self._asked:
            found = sentence.wanted
            if self._any and self._any.isdisjoint(found):
                return False
        return self._all <= found

    def actual(self, situation: Situation) -> str:
        """See `Condition.actual`."""
        return summed_up(self._notes(situation), "no sentence has any of it")

    def _notes(self, situation: Situation) -> Iterator[str]:
        for number, sentence in enumerate(situation.reading.sentences, start=1):
            wanted = sentence.words_of(self._any | self._all)
            spoilt = sentence.words_of(self._none)
            if wanted and spoilt:
                yield f"sentence {number} has {_quoted(wanted)}, but also {_quoted(spoilt)}"
            elif wanted or spoilt:
                merely = wanted and self._asked and not self._fits(sentence)
                yield f"sentence {number} {'only mentions' if merely else 'has'} {_quoted(wanted or spoilt)}"


def _quoted(words: tuple[str, ...]) -> str:
    return listed([f'"{word}"' for word in words])


def build(value: Any, path: Path, bench: Workbench) -> Condition | None:
    """Compile `text`."""
    parts: dict[str, frozenset[int]] = {}
    sound = True
    for key in ("any", "all", "none"):
        numbers = [
            bench.phrase((*path, key, place), written) for place, written in enumerate(value.get(key, ()))
        ]
        parts[key] = frozenset(number for number in numbers if number is not None)
        sound = sound and None not in numbers
    written = "text " + "; ".join(
        f"{key}: {listed(value[key])}" for key in ("any", "all", "none") if key in value
    )
    return (
        TextCondition(written, parts["any"], parts["all"], parts["none"], asked=bench.answers)
        if sound
        else None
    )


KIND: Final[ConditionKind] = ConditionKind(name="text", schema=SCHEMA, compile=build)
