"""Holds what happens in a case against what its author expects; pure.

What happens is decided by the function that the service uses, so that a green test speaks for the service.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from autoresponder.brain import Knowledge, Resolution, resolve
from autoresponder.cases.snapshots import snapshot_path
from autoresponder.cases.spec import Case
from autoresponder.cases.stage import set_stage
from autoresponder.config import Settings
from autoresponder.decision import ActionKind, Outcome, RuleTrace
from autoresponder.guards import Switches
from autoresponder.model import PropertyId
from autoresponder.schemas.cases import WAIT
from autoresponder.turns import read_turn


class Verdict(StrEnum):
    """How a case ended."""

    PASSED = "passed"
    FAILED = "failed"
    KNOWN_GAP = "known_gap"
    """It fails, as its author knows."""
    GAP_CLOSED = "gap_closed"
    """It works by now, so that it must no longer be called a known gap; counts as a failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One thing that is not as expected."""

    about: str
    """`rule`, `outcome`, `reply`, `snapshot` …"""
    message: str
    """One line, plain words."""
    expected_text: str | None = None
    """The whole reply that was expected, where it can be compared with `Result.text`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a case."""

    case: Case
    verdict: Verdict
    resolution: Resolution
    failures: tuple[Failure, ...] = ()
    lost: tuple[RuleTrace, ...] = ()
    """The expected rules that did not decide, each with the reason."""
    won: tuple[RuleTrace, ...] = ()
    """The rules that decided unexpectedly, each with the reason."""

    @property
    def red(self) -> bool:
        """Whether it counts against the whole."""
        return self.verdict in (Verdict.FAILED, Verdict.GAP_CLOSED)

    @property
    def text(self) -> str | None:
        """The reply, or None when there is none."""
        return reply_of(self.resolution)


class Judge:
    """Tries cases on one generation of the manager's files.

    Args:
        knowledge: Rules, templates, properties.
        settings: Guards and how replies are put together.
        snapshots: Path → recorded reply, of every recorded reply.
    """

    def __init__(
        self, knowledge: Knowledge, settings: Settings, snapshots: Mapping[str, str] | None = None
    ) -> None:
        self._knowledge = knowledge
        self._settings = settings
        self._guards = replace(settings.guards, settle=timedelta(0))
        self._snapshots = snapshots or {}
        keys = knowledge.book.keys()
        self._first = keys[0] if keys else None

    def try_case(self, case: Case) -> Result:
        """Let the case happen and judge it."""
        resolution = self.happen(case, trace=False)
        failures = tuple(self._failures(case, resolution))
        if case.known_gap is not None:
            verdict = Verdict.KNOWN_GAP if failures else Verdict.GAP_CLOSED
            return Result(case=case, verdict=verdict, resolution=resolution, failures=failures)
        if not failures:
            return Result(case=case, verdict=Verdict.PASSED, resolution=resolution)
        lost, won = self._why(case, resolution)
        return Result(
            case=case, verdict=Verdict.FAILED, resolution=resolution, failures=failures, lost=lost, won=won
        )

    def happen(self, case: Case, *, trace: bool) -> Resolution:
        """What would happen."""
        book = self._knowledge.book
        place = case.place or self._first
        found = None if place is None else book.channex_id(place)
        property_id = None if found is None else PropertyId(found)
        stage = set_stage(case, property_id, book.find(property_id, None).timezone)
        return resolve(
            self._knowledge,
            read_turn(stage.snapshot, stage.record, horizon=stage.now - self._guards.max_age),
            stage.record,
            switches=Switches(),
            replies=self._settings.replies,
            guards=self._guards,
            activated_at=stage.now,
            now=stage.now,
            trace=trace,
        )

    def _failures(self, case: Case, resolution: Resolution) -> Iterator[Failure]:
        expected, decision = case.expected, resolution.decision
        got = frozenset(decision.rules)
        if expected.rules is not None and got != expected.rules:
            more = f"   (if that is right, write  rules: [{', '.join(sorted(got))}])"
            hint = more if expected.rules and expected.rules < got else ""
            yield Failure(about="rule", message=f"expected {_rules(expected.rules)}, got {_rules(got)}{hint}")
        unwanted = expected.not_rules & got
        if unwanted:
            yield Failure(about="not_rules", message=f"{_rules(unwanted)} must not decide, but did")
        outcome = outcome_of(resolution)
        if expected.outcome not in (None, outcome):
            yield Failure(
                about="outcome",
                message=f"expected the outcome {expected.outcome}, got {outcome}{_because(resolution)}",
            )
        reason = resolution.stop.reason if resolution.stop is not None else decision.reason
        if expected.reason is not None and (reason is None or expected.reason != reason.value):
            yield Failure(
                about="reason",
                message=f"expected the reason {expected.reason}, got {reason.value if reason else 'none'}",
            )
        if expected.person_told not in (None, decision.notify):
            text = (
                "a person is not told" if expected.person_told else "a person is told, though none should be"
            )
            yield Failure(about="person_told", message=text)
        if expected.unanswered not in (None, decision.partial):
            text = (
                "every question is answered, though one should stay open"
                if expected.unanswered
                else "part of the message asks something that no rule is about"
            )
            yield Failure(about="unanswered", message=text)
        yield from self._reply_failures(case, resolution)

    def _reply_failures(self, case: Case, resolution: Resolution) -> Iterator[Failure]:
        expected = case.expected
        if not (
            expected.contains
            or expected.not_contains
            or expected.snapshot
            or expected.language
            or expected.files is not None
            or expected.preapproves is not None
        ):
            return
        text = reply_of(resolution)
        if text is None:
            yield Failure(about="reply", message=f"there is no reply{_because(resolution)}")
            return
        flat = " ".join(text.split()).casefold()
        for words in expected.contains:
            if " ".join(words.split()).casefold() not in flat:
                yield Failure(about="reply", message=f"the reply does not say “{words}”")
        for words in expected.not_contains:
            if " ".join(words.split()).casefold() in flat:
                yield Failure(about="reply", message=f"the reply says “{words}”, which it must not")
        language = resolution.reply.language if resolution.reply is not None else None
        if expected.language is not None and language != expected.language:
            yield Failure(
                about="language", message=f"expected the language {expected.language}, got {language}"
            )
        yield from _beside(case, resolution)
        if expected.snapshot:
            yield from self._snapshot_failures(case, text)

    def _snapshot_failures(self, case: Case, text: str) -> Iterator[Failure]:
        path = snapshot_path(case)
        recorded = self._snapshots.get(path)
        if recorded is None:
            yield Failure(
                about="snapshot",
                message=f"the reply was never recorded ({path} is missing): autoresponder test --update",
            )
        elif recorded != text:
            yield Failure(
                about="snapshot",
                message=f"the reply is not the recorded one ({path})",
                expected_text=recorded,
            )

    def _why(self, case: Case, resolution: Resolution) -> tuple[tuple[RuleTrace, ...], tuple[RuleTrace, ...]]:
        """The rules that should have decided and did not, and those that did and should not have."""
        expected, got = case.expected, frozenset(resolution.decision.rules)
        missing = (expected.rules or frozenset()) - got
        surplus = (got - expected.rules if expected.rules is not None else frozenset()) | (
            expected.not_rules & got
        )
        if not missing and not surplus:
            return (), ()
        trace = self.happen(case, trace=True).decision.trace
        rows = trace.rules if trace is not None else ()
        return (
            tuple(row for row in rows if row.rule_id in missing),
            tuple(row for row in rows if row.rule_id in surplus),
        )


def outcome_of(resolution: Resolution) -> str:
    """The outcome as tests name it."""
    return WAIT if resolution.waits else resolution.decision.outcome.value


def _beside(case: Case, resolution: Resolution) -> Iterator[Failure]:
    """What comes with the words: files, and the pre-approval of an inquiry."""
    expected = case.expected
    files = {file.path for file in resolution.files}
    if expected.files is not None and files != expected.files:
        wanted, found = (", ".join(sorted(names)) or "none" for names in (expected.files, files))
        yield Failure(about="files", message=f"expected the files: {wanted}; got: {found}")
    preapproves = ActionKind.PREAPPROVE in resolution.decision.actions
    if expected.preapproves is not None and preapproves is not expected.preapproves:
        text = "the inquiry is pre-approved" if preapproves else "the inquiry is not pre-approved"
        yield Failure(about="preapproves", message=text)


def reply_of(resolution: Resolution) -> str | None:
    """The reply that goes out, now or after a wait."""
    if resolution.reply is None or resolution.decision.outcome is not Outcome.REPLY:
        return None
    return resolution.reply.text


def _rules(names: frozenset[str]) -> str:
    if not names:
        return "no rule"
    return ("rule " if len(names) == 1 else "rules ") + ", ".join(sorted(names))


def _because(resolution: Resolution) -> str:
    stop = resolution.stop
    text = stop.explanation if stop is not None else resolution.decision.explanation
    return f": {text}" if text else ""
