"""A loaded set of rules: what is asked for decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from autoresponder.decision import Decision
from autoresponder.model import Turn
from autoresponder.rules.compiler import CompiledRule
from autoresponder.rules.conditions.base import Atom
from autoresponder.rules.engine import conclude
from autoresponder.rules.reading import Reading
from autoresponder.rules.situation import Situation, Surroundings
from autoresponder.rules.spec import Rule
from autoresponder.rules.tracing import Tracer
from autoresponder.rules.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicInfo:
    """A topic as tools show it."""

    name: str
    title: str
    languages: tuple[str, ...]
    """Languages that it has phrases in, sorted."""


class RuleSet:
    """Rules and topics, compiled. Immutable; deciding has no effect on anything.

    Attributes:
        rules: Every rule, in rule order, disabled ones included.
        topics: Every topic, by name.
        version: Changes exactly when the content of the files changes.
    """

    def __init__(self, vocabulary: Vocabulary, rules: Sequence[CompiledRule], version: str) -> None:
        self.version = version
        self.rules: tuple[Rule, ...] = tuple(compiled.rule for compiled in rules)
        self.topics: Mapping[str, TopicInfo] = {
            topic.name: TopicInfo(name=topic.name, title=topic.title, languages=topic.languages)
            for topic in vocabulary.topics.values()
        }
        self._vocabulary = vocabulary
        self._compiled = tuple(rules)
        self._always: tuple[int, ...] = ()
        self._by_atom: Mapping[Atom, tuple[int, ...]] = {}
        self._open: list[tuple[Callable[[Situation], bool], ...] | None] = [None] * len(rules)
        """What is left to ask of each rule that was found by the guest's words; worked out when first found."""
        self._index_rules()
        self._tracer: Tracer | None = None

    @property
    def phrases(self) -> tuple[str, ...]:
        """Every phrase of rules and topics, as it was written."""
        return tuple(phrase.written for phrase in self._vocabulary.phrases)

    def _index_rules(self) -> None:
        """File each rule under what must be in the text for it to match."""
        by_atom: dict[Atom, list[int]] = {}
        always: list[int] = []
        for place, compiled in enumerate(self._compiled):
            if not compiled.rule.enabled:
                continue
            atoms = compiled.when.triggers
            if atoms is None:
                always.append(place)
            for atom in atoms or ():
                by_atom.setdefault(atom, []).append(place)
        self._always = tuple(always)
        self._by_atom = {atom: tuple(places) for atom, places in by_atom.items()}

    def decide(
        self,
        turn: Turn,
        surroundings: Surroundings,
        now: datetime,
        *,
        trace: bool = False,
        whole: bool = True,
    ) -> Decision:
        """Decide what to do with a turn. Pure, and the same with and without trace.

        Args:
            turn: The guest's messages.
            surroundings: Property, thread's past, settings.
            now: The present, aware.
            trace: Whether the decision tells for rules and conditions what they met.
            whole: Whether a trace tells so for every rule, and how near those that do not match came, which
                looks at every phrase of every rule; otherwise it only counts the rules about other words.
        """
        reading = Reading(turn, self._vocabulary, surroundings.property_name)
        situation = Situation(turn, surroundings, now, reading)
        candidates = self._candidates(reading)
        verdicts = conclude(self._matching(candidates, situation), situation)
        if not trace:
            return verdicts.decision
        if self._tracer is None:
            self._tracer = Tracer(self._vocabulary, self._compiled)
        among = None if whole else candidates
        return replace(verdicts.decision, trace=self._tracer.trace(situation, verdicts, among=among))

    def matching(self, turn: Turn, surroundings: Surroundings, now: datetime) -> tuple[str, ...]:
        """Ids of the rules whose conditions hold, in rule order: what `decide` concludes from. Pure."""
        reading = Reading(turn, self._vocabulary, surroundings.property_name)
        matching = self._matching(self._candidates(reading), Situation(turn, surroundings, now, reading))
        return tuple([compiled.rule.id for compiled in matching])

    def _matching(self, candidates: Sequence[int], situation: Situation) -> list[CompiledRule]:
        rules = self._compiled
        if not situation.turn.messages:
            return [rules[place] for place in candidates if rules[place].when.holds(situation)]
        matching = []
        for place in candidates:
            questions = self._open[place]
            if questions is None:
                questions = tuple([part.holds for part in rules[place].when.open_parts])
                self._open[place] = questions
            for holds in questions:
                if not holds(situation):
                    break
            else:
                matching.append(rules[place])
        return matching

    def _candidates(self, reading: Reading) -> Sequence[int]:
        """Places of the rules that can match at all, in rule order."""
        by_atom = self._by_atom
        found: set[int] = set()
        for sentence in reading.sentences:
            for number in sentence.phrases:
                if number in by_atom:
                    found.update(by_atom[number])
        for name in reading.topics:
            if name in by_atom:
                found.update(by_atom[name])
        if not found:
            return self._always
        found.update(self._always)
        return sorted(found)
