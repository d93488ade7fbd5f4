"""How right decisions about labelled guest messages are: precision, recall, what reaches a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from autoresponder.decision import Decision, Outcome

HANDED_OVER = ("complaint", "emergency", "noise", "payment", "cancellation", "human_request")
"""Intents that no rule may answer: a person is told."""
MUST_REACH_A_PERSON = ("complaint", "emergency")
COURTESY = "thanks"
FIGURES = ("precision", "recall", "to_a_person", "quiet")
ALSO_MEANS = {
    "courtesy": ("thanks",),
    "locked_out": ("access", "complaint"),
    "service_animal": ("pets",),
    "cancellation": ("booking_change",),
    "complaint": ("noise", "cleaning"),
    "noise": ("complaint",),
    "emergency": ("complaint",),
}
"""Labels, besides its own name, for which a rule that tells a person is right, too."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled message; see the README of the data."""

    id: str
    text: str
    language: str
    intents: frozenset[str]
    source: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A message with what was decided."""

    row: Row
    decision: Decision

    @property
    def answers(self) -> tuple[str, ...]:
        """Rules that answered."""
        return self.decision.rules if self.decision.outcome is Outcome.REPLY else ()

    @property
    def quiet(self) -> bool:
        """Whether nothing happens and no person is told."""
        return self.decision.outcome in (Outcome.SILENT, Outcome.NO_REPLY_NEEDED)


@dataclass(slots=True)
class Tally:
    """Right ones among some."""

    right: int = 0
    all: int = 0

    def add(self, right: bool) -> None:
        self.all += 1
        self.right += right

    def __str__(self) -> str:
        return f"{self.right / self.all:.3f} ({self.right}/{self.all})" if self.all else "-"

    @property
    def share(self) -> float:
        return self.right / self.all if self.all else 1.0


def fits(rule: str, row: Row) -> bool:
    """Whether a rule is about what the guest wants."""
    return rule in row.intents or any(label in row.intents for label in ALSO_MEANS.get(rule, ()))


def precision(judged: Iterable[Judged], intent: str | None = None) -> Tally:
    """How many of the answers given were asked for."""
    tally = Tally()
    for one in judged:
        for rule in one.answers:
            if intent is None or rule == intent:
                tally.add(fits(rule, one.row))
    return tally


def recall(judged: Iterable[Judged], answering: frozenset[str], intent: str | None = None) -> Tally:
    """How many of the questions that a rule could answer were answered.

    Messages that a person must see anyway are left out. A guest at a locked door is as well served by a
    person as by an answer about keys.
    """
    tally = Tally()
    for one in judged:
        if one.row.intents.intersection(HANDED_OVER):
            continue
        for wanted in one.row.intents & answering:
            if intent is None or wanted == intent:
                by_person = wanted in ("access", "pets") and any(
                    rule in ("locked_out", "service_animal") for rule in one.decision.rules
                )
                tally.add(wanted in one.answers or by_person)
    return tally


def escalation(judged: Iterable[Judged], intents: Iterable[str]) -> Tally:
    """How many of these messages reach a person at once, without an answer."""
    wanted = frozenset(intents)
    tally = Tally()
    for one in judged:
        if one.row.intents & wanted:
            tally.add(one.decision.outcome is Outcome.ESCALATE)
    return tally


def alarms(judged: Iterable[Judged], rule: str) -> Tally:
    """How many of a handing-over rule's cases are cases for it."""
    tally = Tally()
    for one in judged:
        if one.decision.outcome is Outcome.ESCALATE and rule in one.decision.rules:
            tally.add(fits(rule, one.row))
    return tally


def courtesy(judged: Iterable[Judged]) -> tuple[Tally, Tally]:
    """Precision and recall of doing nothing."""
    quiet, thanks = Tally(), Tally()
    for one in judged:
        if one.quiet:
            quiet.add(one.row.intents <= {COURTESY, "greeting"})
        if one.row.intents == {COURTESY}:
            thanks.add(one.quiet)
    return quiet, thanks


def figures(judged: Sequence[Judged], answering: frozenset[str]) -> dict[str, Tally]:
    """The figures of some messages by name; `--require` knows them by these names."""
    return {
        "precision": precision(judged),
        "recall": recall(judged, answering),
        "to_a_person": escalation(judged, MUST_REACH_A_PERSON),
        "quiet": courtesy(judged)[0],
    }


def source_of(one: Judged) -> str:
    """Short name of where a message comes from."""
    return one.row.source.split(" ")[0].rsplit("/", 1)[-1]


def language_of(one: Judged) -> str:
    """Language of a message, as labelled."""
    return one.row.language


def groups_of(judged: Sequence[Judged], key: Callable[[Judged], str]) -> list[tuple[str, list[Judged]]]:
    """The messages of each source or language, most numerous first."""
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(key(one), []).append(one)
    return sorted(groups.items(), key=lambda entry: -len(entry[1]))
