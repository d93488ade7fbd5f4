"""How well the starter set understands guests: its decisions, held against labelled guest messages."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autoresponder.cli.explain import explain
from autoresponder.cli.loading import read_settings, read_workspace
from autoresponder.config import Settings
from autoresponder.decision import Outcome
from autoresponder.model import PropertyId, StayStage
from autoresponder.samples import Scene
from autoresponder.starter import sample_files, starter_files
from autoresponder.workspace import Workspace
from bench.measure.answer_figures import (
    FIGURES,
    HANDED_OVER,
    MUST_REACH_A_PERSON,
    Judged,
    Row,
    Tally,
    alarms,
    courtesy,
    escalation,
    figures,
    fits,
    groups_of,
    language_of,
    precision,
    recall,
    source_of,
)

NOW = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
WANTED = (
    "own.precision=0.97",
    "own.recall=0.85",
    "own.to_a_person=0.98",
    "each.precision=0.95",
    "each.quiet=1",
)
"""What is required when nothing else is said."""


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


def starter_workspace(folder: Path) -> tuple[Settings, Workspace]:
    """A working folder as `autoresponder init` makes it, read as every command reads it."""
    for name, text in {**starter_files(), **sample_files()}.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    settings = read_settings(folder)
    return settings, read_workspace(settings)


def answering_rules(workspace: Workspace) -> frozenset[str]:
    """Ids of the rules that have a reply."""
    return frozenset(rule.id for rule in workspace.ruleset.rules if rule.replies)


def judge(settings: Settings, workspace: Workspace, rows: Sequence[Row]) -> list[Judged]:
    """Decide each message as `explain --messages` does: a guest in the house, booked on Booking.com.

    What language the booking has is not told: guests write in other languages, too.
    """
    book = workspace.book
    key = book.keys()[0]
    place = PropertyId(book.channex_id(key) or "")
    zone = book.find(place, None).timezone
    return [
        Judged(
            row,
            explain(
                workspace,
                settings,
                Scene(texts=(row.text,), property_id=place, stay=StayStage.IN_STAY, at=NOW, zone=zone),
                trace=False,
            ).decision,
        )
        for row in rows
    ]


def report(judged: Sequence[Judged], answering: frozenset[str]) -> Iterator[str]:
    """All figures as lines of text."""
    for title, key in (("source", source_of), ("language", language_of)):
        yield f"\nby {title:<12}{'messages':>9}  {'precision':<19}{'recall':<19}{'to a person':<19}{'quiet':<17}"
        for name, part in groups_of(judged, key):
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


def as_data(judged: Sequence[Judged], answering: frozenset[str]) -> dict[str, object]:
    """All figures for programs: each as the right ones and the number of all."""
    return {
        "messages": len(judged),
        "all": _plain(figures(judged, answering)),
        "sources": {name: _plain(figures(part, answering)) for name, part in groups_of(judged, source_of)},
        "languages": {
            name: _plain(figures(part, answering)) for name, part in groups_of(judged, language_of)
        },
        "intents": {
            intent: _plain(
                {
                    "precision": precision(judged, intent),
                    "recall": recall(judged, answering, intent),
                }
            )
            for intent in sorted(answering)
        },
        "people": {
            intent: _plain({"precision": alarms(judged, intent), "recall": escalation(judged, [intent])})
            for intent in HANDED_OVER
        },
    }


def _plain(tallies: dict[str, Tally]) -> dict[str, object]:
    return {
        name: {"right": t.right, "of": t.all, "share": round(t.share, 4) if t.all else None}
        for name, t in tallies.items()
    }


@dataclass(frozen=True, slots=True)
class Requirement:
    """The least that one figure of one source must reach."""

    source: str
    figure: str
    least: float

    @classmethod
    def parse(cls, text: str) -> Requirement:
        """Read `own.precision=0.97`; `all` stands for every source together, `each` for each by itself."""
        where, _, least = text.partition("=")
        source, _, figure = where.rpartition(".")
        if not source or figure not in FIGURES:
            raise argparse.ArgumentTypeError(
                f"'{text}': write SOURCE.FIGURE=SHARE; figures: {', '.join(FIGURES)}"
            )
        try:
            return cls(source, figure, float(least))
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"'{text}': '{least}' is not a share such as 0.9") from error

    def missed_by(self, judged: Sequence[Judged], answering: frozenset[str]) -> Iterator[str]:
        """What falls short, one line each. A figure about no message at all falls short of nothing."""
        groups = [("all", list(judged))] if self.source == "all" else groups_of(judged, source_of)
        for name, part in groups:
            if self.source in (name, "all", "each"):
                tally = figures(part, answering)[self.figure]
                if tally.share < self.least:
                    yield f"{name}: {self.figure} is {tally}, wanted {self.least:g}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when guests are understood less well than required."""
    parser = argparse.ArgumentParser(prog="bench/answers", description=__doc__)
    parser.add_argument("data", type=Path, help="labelled messages, one JSON object a line")
    parser.add_argument("--source", help="only messages of this source, for example own")
    parser.add_argument("--missed", action="store_true", help="list what was not judged as labelled")
    parser.add_argument("--format", dest="form", choices=("table", "json"), default="table")
    parser.add_argument(
        "--require",
        type=Requirement.parse,
        action="append",
        metavar="SOURCE.FIGURE=SHARE",
        help=f"end with 1 below this; repeat it. SOURCE as shown, all, or each; FIGURE: {', '.join(FIGURES)}. "
        f"Without it: {' '.join(WANTED)}",
    )
    options = parser.parse_args(arguments)
    if not options.data.is_file():
        parser.error(f"there is no file {options.data}")
    rows = [row for row in read_rows(options.data) if options.source in (None, row.source)]
    if not rows:
        parser.error("no message to judge")
    with tempfile.TemporaryDirectory() as folder:
        settings, workspace = starter_workspace(Path(folder))
    answering = answering_rules(workspace)
    judged = judge(settings, workspace, rows)
    if options.form == "json":
        print(json.dumps(as_data(judged, answering), indent=2))
    else:
        outcomes = Counter(one.decision.outcome.value for one in judged)
        print(f"{len(judged)} messages: " + ", ".join(f"{n} {name}" for name, n in outcomes.most_common()))
        print("\n".join(report(judged, answering)))
        if options.missed:
            print("\nnot as labelled (wanted | decided | text)")
            print("\n".join(missed(judged, answering)))
    wanted = options.require or [Requirement.parse(text) for text in WANTED]
    short = [line for one in wanted for line in one.missed_by(judged, answering)]
    for line in short:
        print(line, file=sys.stderr)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
