"""How well the starter set understands guests: its decisions, held against labelled guest messages."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from autoresponder.decision import Decision, Outcome
from autoresponder.model import Event, Turn
from autoresponder.rules import RuleSet, Surroundings, load_rules
from autoresponder.samples import Scene, scene_snapshot
from autoresponder.starter import starter_files

NOW = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
HANDED_OVER = ("complaint", "emergency", "noise", "payment", "cancellation", "human_request")
"""Intents that no rule may answer: a person is told."""
MUST_REACH_A_PERSON = ("complaint", "emergency")
COURTESY = "thanks"
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


def read_rows(path: Path) -> list[Row]:
    """The labelled messages of a file, one JSON object a line."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        entry = json.loads(line)
        rows.append(
            Row(
                entry["id"],
                entry["text"],
                entry.get("lang", "?"),
                frozenset(entry["intents"]),
                entry.get("source", "?"),
            )
        )
    return rows


def starter_rules() -> RuleSet:
    """The shipped rules and topics."""
    files = {path: text for path, text in starter_files().items() if path.startswith("rules/")}
    rules, problems = load_rules(files)
    if rules is None:
        raise SystemExit("\n".join(str(problem) for problem in problems))
    return rules


def judge(rules: RuleSet, rows: Sequence[Row]) -> list[Judged]:
    """Decide each message as that of a guest with a confirmed booking on Booking.com."""
    around = Surroundings(property_key="seaview", property_name="Seaview", zone=ZoneInfo("UTC"))
    return [Judged(row, rules.decide(_turn(row.text), around, NOW)) for row in rows]


def _turn(text: str) -> Turn:
    snapshot = scene_snapshot(Scene(texts=(text,), guest="", at=NOW))
    return Turn(
        event=Event.MESSAGE,
        thread=snapshot.thread,
        trigger=snapshot.messages[-1],
        messages=snapshot.messages,
        history=snapshot.messages,
        booking=snapshot.booking,
    )


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


def report(judged: Sequence[Judged], answering: frozenset[str]) -> Iterator[str]:
    """All figures as lines of text."""
    for title, key in (("source", _source), ("language", _language)):
        yield f"\nby {title:<12}{'messages':>9}  {'precision':<19}{'recall':<19}{'to a person':<19}{'quiet':<17}"
        for name, part in _groups(judged, key):
            yield (
                f"  {name[:19]:<19}{len(part):>4}  {precision(part)!s:<19}{recall(part, answering)!s:<19}"
                f"{escalation(part, MUST_REACH_A_PERSON)!s:<19}{courtesy(part)[0]!s:<17}"
            )
    yield f"\nby intent            answers: {'precision':<19}recall"
    for intent in sorted(answering):
        right, found = precision(judged, intent), recall(judged, answering, intent)
        if right.all or found.all:
            yield f"  {intent:<28}{right!s:<19}{found!s}"
    yield f"\nto a person                  {'precision':<19}recall"
    for intent in HANDED_OVER:
        yield f"  {intent:<27}{alarms(judged, intent)!s:<19}{escalation(judged, [intent])!s}"
    quiet, thanks = courtesy(judged)
    yield f"  {'thanks, nothing happens':<27}{quiet!s:<19}{thanks!s}"


def _source(one: Judged) -> str:
    return one.row.source.split(" ")[0].rsplit("/", 1)[-1]


def _language(one: Judged) -> str:
    return one.row.language


def _groups(judged: Sequence[Judged], key: Callable[[Judged], str]) -> list[tuple[str, list[Judged]]]:
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(key(one), []).append(one)
    return sorted(groups.items(), key=lambda entry: -len(entry[1]))


def missed(judged: Iterable[Judged], answering: frozenset[str]) -> Iterator[str]:
    """The messages that were not judged as their labels say, one a line."""
    for one in judged:
        wanted = one.row.intents
        wrong = [rule for rule in one.decision.rules if not fits(rule, one.row)]
        urgent = wanted.intersection(MUST_REACH_A_PERSON) and one.decision.outcome is not Outcome.ESCALATE
        left = (wanted & answering) - set(one.decision.rules)
        if wrong or urgent or (left and not wanted.intersection(HANDED_OVER)):
            did = f"{one.decision.outcome.value}: {', '.join(one.decision.rules) or '-'}"
            yield f"{','.join(sorted(wanted))} | {did} | {one.row.text!r}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when the realistic messages are understood too badly."""
    parser = argparse.ArgumentParser(prog="bench/answers", description=__doc__)
    parser.add_argument("data", type=Path, help="labelled messages, one JSON object a line")
    parser.add_argument("--source", help="only messages of this source, for example own")
    parser.add_argument("--missed", action="store_true", help="list what was not judged as labelled")
    parser.add_argument("--precision", type=float, default=0.9, help="least precision of answers, source own")
    parser.add_argument("--recall", type=float, default=0.7, help="least recall of answers, source own")
    options = parser.parse_args(arguments)
    if not options.data.is_file():
        parser.error(f"there is no file {options.data}")
    rows = [row for row in read_rows(options.data) if options.source in (None, row.source)]
    if not rows:
        parser.error("no message to judge")
    rules = starter_rules()
    answering = frozenset(rule.id for rule in rules.rules if rule.replies)
    judged = judge(rules, rows)
    outcomes = Counter(one.decision.outcome.value for one in judged)
    print(f"{len(judged)} messages: " + ", ".join(f"{n} {name}" for name, n in outcomes.most_common()))
    print("\n".join(report(judged, answering)))
    if options.missed:
        print("\nnot as labelled (wanted | decided | text)")
        print("\n".join(missed(judged, answering)))
    own = [one for one in judged if one.row.source == "own"]
    good = precision(own).share >= options.precision and recall(own, answering).share >= options.recall
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
