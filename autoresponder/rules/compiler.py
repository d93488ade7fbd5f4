"""Rule specs → compiled rules: conditions with their phrases numbered, and what can set each rule off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Any, Final

from autoresponder.attachments import KINDS, path_complaint
from autoresponder.decision import ActionKind
from autoresponder.model import Event
from autoresponder.problems import Problem, Severity
from autoresponder.rules.conditions import CONDITIONS
from autoresponder.rules.conditions.base import Condition, ConditionKind, Path
from autoresponder.rules.conditions.combine import AllOf
from autoresponder.rules.conditions.event import EventCondition
from autoresponder.rules.schema import RULES_SCHEMA
from autoresponder.rules.spec import Rule, RuleSpec
from autoresponder.rules.vocabulary import VocabularyBuilder
from autoresponder.text.phrases import PhraseError
from autoresponder.yamltext import Place, Source
from autoresponder.yamltext.validation import Schema, nearest, validator_for


class Powers(IntFlag):
    """What a rule may do, as the engine asks for it."""

    REPLIES = 1
    HANDS_OVER = 2
    """Tells a person."""
    ESCALATES = 4
    """Tells a person at once."""
    MARKS = 8
    """Marks the thread as needing no reply."""
    CLOSES = 16
    PREAPPROVES = 32


_POWERS: Final = {
    ActionKind.ESCALATE: Powers.HANDS_OVER | Powers.ESCALATES,
    ActionKind.HOLD: Powers.HANDS_OVER,
    ActionKind.NO_REPLY_NEEDED: Powers.MARKS,
    ActionKind.CLOSE: Powers.CLOSES,
    ActionKind.PREAPPROVE: Powers.PREAPPROVES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledRule:
    """A rule that is ready to be held against turns."""

    rule: Rule
    when: AllOf
    """Every condition, in the order in which they were written."""
    powers: int = field(init=False)
    """`Powers`, as a plain number: every decision asks for it."""

    def __post_init__(self) -> None:
        powers = Powers.REPLIES if self.rule.replies else Powers(0)
        for action in self.rule.actions:
            powers |= _POWERS.get(action, Powers(0))
        object.__setattr__(self, "powers", int(powers))


class Bench:
    """Compiles the conditions of one file's rules; see `conditions.base.Workbench`.

    Args:
        source: The file.
        builder: Collects phrases and knows the topics.
        sound: Whether the file follows its schema; otherwise each condition is checked before it is compiled,
            so that the sound ones are still looked through for problems.
    """

    def __init__(self, source: Source, builder: VocabularyBuilder, *, sound: bool = True) -> None:
        self.problems: list[Problem] = []
        self.rule = ""
        self.answers = False
        self.names_event = False
        self._source = source
        self._builder = builder
        self._sound = sound
        self._same: dict[tuple[str, str, bool], tuple[Condition, bool]] = {}
        """Conditions by how they are written, and whether an event is named in them: rules that say the same
        share one."""

    def phrase(self, path: Path, written: str) -> int | None:
        """See `Workbench.phrase`."""
        try:
            return self._builder.add(written)
        except PhraseError as error:
            self.problems.append(phrase_problem(self._source, path, error, self.rule))
            return None

    def topic(self, path: Path, name: str) -> str | None:
        """See `Workbench.topic`."""
        known = self._builder.topic_names
        if name in known:
            return name
        near = nearest(name, known)
        remedy = f"did you mean '{near}'?" if near else _known_topics(known)
        self.problem(path, "R002", f"there is no topic '{name}'", remedy)
        return None

    def topic_phrases(self, name: str) -> frozenset[int]:
        """See `Workbench.topic_phrases`."""
        return self._builder.topic_phrases(name)

    def when(self, path: Path, value: Mapping[str, Any]) -> Sequence[Condition]:
        """See `Workbench.when`."""
        conditions: list[Condition] = []
        for name, written in value.items():
            kind = CONDITIONS.get(name)
            if kind is None or not (self._sound or _fits(name, written)):
                continue
            condition = self._condition(kind, written, (*path, name))
            if condition is not None:
                conditions.append(condition)
        return conditions

    def _condition(self, kind: ConditionKind, written: Any, path: Path) -> Condition | None:
        same = (kind.name, repr(written), self.answers)
        known = self._same.get(same)
        if known is not None:
            condition, names_event = known
            self.names_event = self.names_event or names_event
            return condition
        before, named_before, self.names_event = len(self.problems), self.names_event, False
        compiled = kind.compile(written, path, self)
        self.names_event = self.names_event or isinstance(compiled, EventCondition)
        if compiled is not None and len(self.problems) == before:
            self._same[same] = (compiled, self.names_event)
        self.names_event = self.names_event or named_before
        return compiled

    def problem(
        self,
        path: Path,
        code: str,
        message: str,
        remedy: str = "",
        *,
        severity: Severity = Severity.ERROR,
        on_key: bool = False,
    ) -> None:
        """See `Workbench.problem`."""
        self.problems.append(
            self._source.problem(
                path, code, message, remedy, on_key=on_key, severity=severity, rule=self.rule
            )
        )

    def compile(self, spec: RuleSpec) -> CompiledRule:
        """Compile one rule; problems are collected in `problems`."""
        self.rule, self.answers, self.names_event = spec.rule.title, spec.rule.replies, False
        parts = list(self.when((*spec.path, "when"), spec.when))
        if not self.names_event:
            # A rule that says nothing about events is about messages.
            parts.insert(0, EventCondition(frozenset({Event.MESSAGE})))
        _check_actions(spec, self.problem)
        return CompiledRule(rule=spec.rule, when=AllOf(parts))


def phrase_problem(source: Source, path: Path, error: PhraseError, rule: str = "") -> Problem:
    """A finding about a place inside a phrase."""
    place = source.value(path)
    shift = error.offset + (1 if source.quoted(path) else 0)
    if shift + error.length > place.length + 1:
        shift = 0
    inside = Place(place.line, place.column + shift, max(1, min(error.length, place.length)))
    return source.problem_at(inside, "R005", str(error), error.remedy, rule=rule)


def _known_topics(known: Sequence[str]) -> str:
    if not known:
        return "no topics are defined: add a file in topics/"
    shown = ", ".join(sorted(known)[:12])
    return f"topics: {shown}" + (" …" if len(known) > 12 else "")


_schemas: dict[str, Schema] = {}


def _fits(name: str, written: Any) -> bool:
    schema = _schemas.get(name)
    if schema is None:
        schema = _schemas[name] = {**CONDITIONS[name].schema, "$defs": RULES_SCHEMA["$defs"]}
    return bool(validator_for(schema).is_valid(written))


def _check_actions(spec: RuleSpec, problem: Callable[..., None]) -> None:
    """What the schema cannot say about a rule's actions, in words that help."""
    rule, path = spec.rule, spec.path
    if rule.reply is not None and rule.text is not None:
        problem(
            (*path, "text"), "R004", "a rule has either 'reply' or 'text', not both", "keep one", on_key=True
        )
    if not spec.acts:
        problem(
            (*path, "id"),
            "R003",
            "this rule does nothing",
            "add 'reply' with a template's name, or 'then' with an action such as escalate",
        )
    if rule.replies and any(action == "no_reply_needed" for action in rule.actions):
        problem(
            (*path, "then"),
            "R006",
            "the rule answers, so marking the thread as needing no reply has no effect",
            "take no_reply_needed out, or the reply",
            severity=Severity.WARNING,
        )
    if rule.replies and ActionKind.HOLD in rule.actions:
        problem(
            (*path, "then", rule.actions.index(ActionKind.HOLD)),
            "R017",
            "the reply is sent although the rule says hold",
            "delete the reply; or write escalate: then it is sent, and a person is told",
            severity=Severity.WARNING,
        )
    if not rule.replies and ActionKind.PREAPPROVE in rule.actions:
        problem(
            (*path, "then"),
            "R014",
            "a pre-approval goes with an answer, and this rule does not answer",
            "add 'reply' or 'text'",
        )
    _check_files(spec, problem)
    if not rule.replies and rule.cooldown is not None:
        problem(
            (*path, "cooldown"),
            "R007",
            "'cooldown' has no effect: the rule does not answer",
            "take it out",
            severity=Severity.WARNING,
            on_key=True,
        )


def _check_files(spec: RuleSpec, problem: Callable[..., None]) -> None:
    """Files that no guest could get, as far as their names say."""
    rule, path = spec.rule, (*spec.path, "attach")
    if rule.attach and not rule.replies:
        problem(
            path,
            "R012",
            "a file goes out after an answer, and this rule does not answer",
            "add 'reply' or 'text'",
            on_key=True,
        )
    for place, name in enumerate(rule.attach):
        complaint = path_complaint(name)
        if complaint:
            problem(
                (*path, place) if spec.lists_files else path,
                "R013",
                complaint,
                f"name a file below files/: a {KINDS}, such as parking-map.jpg",
            )
