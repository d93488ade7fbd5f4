"""Why rules ended as they did: conditions with the values they met, and the nearest thing to a match."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from autoresponder.decision import ConditionTrace, RuleTrace, Trace, Verdict
from autoresponder.model import Event
from autoresponder.rules.compiler import CompiledRule
from autoresponder.rules.conditions.base import Condition
from autoresponder.rules.conditions.event import EventCondition
from autoresponder.rules.engine import Verdicts
from autoresponder.rules.situation import Situation
from autoresponder.rules.vocabulary import Vocabulary
from autoresponder.text.distance import SlipIndex
from autoresponder.text.phrases import Phrase

_MOST_SENTENCES: Final = 200
_LONGEST_SENTENCE: Final = 1000
_MIN_SLIP_WORD: Final = 4
"""In shorter words one other letter makes another word."""

# Every decision that is kept asks for them once for each rule: names of another module are looked up each time.
_NOT_MATCHED: Final = Verdict.NOT_MATCHED
_USED: Final = Verdict.USED
_BEATEN: Final = Verdict.BEATEN
_DISABLED: Final = Verdict.DISABLED


class _Told(NamedTuple):
    """What a guest said, for telling how near a rule came."""

    words: frozenset[str]
    phrases: frozenset[int]


class Tracer:
    """Traces the rules of one rule set.

    Args:
        vocabulary: The phrases.
        rules: Every rule, in rule order.
    """

    def __init__(self, vocabulary: Vocabulary, rules: Sequence[CompiledRule]) -> None:
        self._phrases = vocabulary.phrases
        self._rules = rules
        self._enabled = sum(compiled.rule.enabled for compiled in rules)
        # Both are worked out when they are first needed: with thousands of rules they take their time.
        self._slips: SlipIndex | None = None
        self._familiar: frozenset[str] = frozenset()  # "could" is no slip for "mould" where phrases have both
        self._spoken: list[tuple[Condition, ...] | None] = [None] * len(rules)

    def trace(self, situation: Situation, verdicts: Verdicts, *, among: Sequence[int] | None = None) -> Trace:
        """Hold rules against the situation again and write down what is met.

        Args:
            situation: What was decided about.
            verdicts: What was decided.
            among: Places of the rules to tell of; None for every rule, and for how near each came.
        """
        sentences = situation.reading.sentences
        words: list[str] = []
        slips: dict[str, str] = {}
        if among is None:
            words = list(dict.fromkeys(word for s in sentences for word in s.sentence.words))
            index = self._slip_index()
            strange = [word for word in words if word not in self._familiar]
            slips = {known: word for word in strange for known in index.near(word)}
        told = (
            _Told(frozenset(words), frozenset[int]().union(*(s.phrases for s in sentences)))
            if among is None
            else None
        )
        about_message = situation.turn.event is Event.MESSAGE
        used, winner = frozenset(verdicts.used), verdicts.winner
        met: dict[Condition, ConditionTrace] = {}
        rules = []
        places = range(len(self._rules)) if among is None else among
        for place in places:
            compiled = self._rules[place]
            conditions = self._spoken_of(place) if about_message else compiled.when.parts
            matched = True
            found = []
            for condition in conditions:
                trace = met.get(condition)
                if trace is None:
                    trace = met[condition] = condition.trace(situation)
                if not trace.satisfied:
                    matched = False
                found.append(trace)
            traces = tuple(found)
            verdict = _NOT_MATCHED
            if matched:
                verdict = _USED if compiled.rule.id in used else _BEATEN
            if not compiled.rule.enabled:
                verdict = _DISABLED
            rules.append(
                RuleTrace(
                    rule_id=compiled.rule.id,
                    title=compiled.rule.title,
                    verdict=verdict,
                    conditions=traces,
                    beaten_by=winner if verdict is _BEATEN else None,
                    nearest_miss=""
                    if matched or told is None
                    else self._nearest_miss(conditions, traces, told, slips),
                )
            )
        return Trace(
            rules=tuple(rules),
            left_out=0 if among is None else self._enabled - len(rules),
            sentences=tuple([s.sentence.text[:_LONGEST_SENTENCE] for s in sentences[:_MOST_SENTENCES]]),
        )

    def _spoken_of(self, place: int) -> tuple[Condition, ...]:
        """The conditions of a rule that are worth telling when a message is judged."""
        spoken = self._spoken[place]
        if spoken is None:
            parts = self._rules[place].when.parts
            spoken = self._spoken[place] = tuple([p for p in parts if not _goes_without_saying(p)])
        return spoken

    def _slip_index(self) -> SlipIndex:
        """Every word of every rule that is long enough to be mistyped."""
        if self._slips is None:
            wanted = {
                word
                for compiled in self._rules
                for number in compiled.when.phrases
                for word in self._phrases[number].words
                if len(word) >= _MIN_SLIP_WORD
            }
            self._slips = SlipIndex(sorted(wanted))
            self._familiar = frozenset(word for phrase in self._phrases for word in phrase.words)
        return self._slips

    def _nearest_miss(
        self,
        conditions: Sequence[Condition],
        traces: Sequence[ConditionTrace],
        told: _Told,
        slips: dict[str, str],
    ) -> str:
        failed = [c for c, trace in zip(conditions, traces, strict=True) if not trace.satisfied]
        for condition in failed:
            for number in sorted(condition.phrases):
                miss = _near_phrase(self._phrases[number], told.words, slips)
                if miss:
                    return miss
        if len(failed) == 1 and len(traces) > 1 and _is_near(failed[0], told):
            return f"every condition but one holds: {failed[0].written}"
        return ""


def _is_near(condition: Condition, told: _Told) -> bool:
    """Whether a condition that fails is not about words, or has some of its words in the text all the same."""
    return not condition.phrases or not condition.phrases.isdisjoint(told.phrases)


def _goes_without_saying(part: Condition) -> bool:
    """Whether it is the condition that every rule about messages has by default: told only when it fails."""
    return isinstance(part, EventCondition) and part.wanted == frozenset({Event.MESSAGE})


def _near_phrase(phrase: Phrase, words: frozenset[str], slips: dict[str, str]) -> str:
    """How close a phrase came: all of it but for one slip, or most of its words."""
    missing = [word for word in phrase.words if word not in words]
    if len(missing) == 1 and missing[0] in slips:
        return f'closest word: "{slips[missing[0]]}", 1 letter off "{missing[0]}"'
    present = len(phrase.words) - len(missing)
    if missing and present >= 2 and len(missing) == 1:
        return f'closest phrase: "{phrase.written}", but "{missing[0]}" is not there'
    return ""
