"""`autoresponder replay`: what would have become of past messages with the rules as they are now?"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import msgspec

from autoresponder.app import opened_ledger
from autoresponder.brain import surroundings
from autoresponder.cli.explain import chosen_property
from autoresponder.cli.loading import folder_option, read_settings, read_workspace
from autoresponder.cli.message_lines import read_scenes
from autoresponder.cli.replay_report import Report, show
from autoresponder.cli.terminal import echo_json, progress
from autoresponder.config import Settings
from autoresponder.durations import parse_duration
from autoresponder.ledger import Ledger
from autoresponder.model import Turn
from autoresponder.recall import recall
from autoresponder.records import JournalEntry, ThreadRecord
from autoresponder.replay import Played, changes, coverage, never_fired, unanswered
from autoresponder.rules import Surroundings
from autoresponder.samples import scene_snapshot
from autoresponder.turns import read_turn
from autoresponder.workspace import Workspace

_PAGE = 500
_STEP = 500
"""Turns after which the progress bar moves."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A turn to be decided."""

    id: str
    turn: Turn
    text: str
    """The guest's words."""
    at: datetime
    first_contact: bool = True
    before: Played | None = None
    """What was decided then."""


class Side:
    """Rules with their folder's settings.

    Args:
        settings: The folder's settings.
        workspace: Its rules, topics and properties.
    """

    def __init__(self, settings: Settings, workspace: Workspace) -> None:
        self.settings = settings
        self.workspace = workspace
        self._around: dict[tuple[str | None, bool], Surroundings] = {}

    def decide(self, asked: Asked) -> Played:
        """What the rules say to a turn."""
        turn = asked.turn
        key = (turn.thread.property_id, asked.first_contact)
        around = self._around.get(key)
        if around is None:
            facts = self.workspace.book.find(turn.thread.property_id, turn.property)
            around = surroundings(facts, self.settings.replies, first_contact=asked.first_contact)
            self._around[key] = around
        decision = self.workspace.ruleset.decide(turn, around, asked.at)
        return Played(id=asked.id, text=asked.text, outcome=decision.outcome, rules=decision.rules)


def _span(_ctx: click.Context, _param: click.Parameter, value: str) -> timedelta:
    span = parse_duration(value)
    if span is None:
        raise click.BadParameter(
            f"'{value}' is no length of time: write a number with m, h or d, such as 30d"
        )
    return span


@click.command("replay")
@folder_option
@click.option(
    "--since", callback=_span, default="30d", show_default=True, metavar="TIME", help="How far back to look."
)
@click.option(
    "--messages",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A JSONL file of messages or threads instead of the recorded ones.",
)
@click.option("--property", "place", metavar="NAME", help="With --messages: a name in properties.yaml.")
@click.option(
    "--against",
    type=click.Path(path_type=Path, file_okay=False),
    help="Another working folder, whose rules are compared instead of what was decided then.",
)
@click.option("--fail-on-change", is_flag=True, help="End with 1 when anything would be decided differently.")
@click.option("--format", "form", type=click.Choice(["human", "json"]), default="human", show_default=True)
@click.pass_context
def command(
    ctx: click.Context,
    folder: Path,
    since: timedelta,
    messages: Path | None,
    place: str | None,
    against: Path | None,
    form: str,
    *,
    fail_on_change: bool,
) -> None:
    """Play past messages with the rules as they are now. Sends nothing, changes nothing.

    Tells what the rules cover, which never fired, which questions nobody answered, and what would be decided
    differently than it was.
    """
    if messages is not None and fail_on_change and against is None:
        raise click.UsageError("With --messages there is nothing to compare with: add --against FOLDER.")
    settings = read_settings(folder)
    now = Side(settings, read_workspace(settings))
    other = None
    if against is not None:
        there = read_settings(against)
        other = Side(there, read_workspace(there))
    with many_turns():
        report = _report(now, other, messages=messages, place=place, since=since, against=against)
    if form == "json":
        echo_json(report)
    else:
        show(report)
    if fail_on_change and report.changes:
        ctx.exit(1)


def _report(
    now: Side,
    other: Side | None,
    *,
    messages: Path | None,
    place: str | None,
    since: timedelta,
    against: Path | None,
) -> Report:
    if messages is not None:
        asked, left_out = of_file(messages, now.workspace, place), 0
    else:
        asked, left_out = asyncio.run(_of_journal(now.settings, since))
    after = played(now, asked, "replaying")
    before: list[Played] | None = None
    if other is not None:
        before = played(other, asked, f"replaying {against}")
    elif messages is None:
        before = [a.before for a in asked if a.before is not None]
    return Report(
        coverage=coverage(after),
        not_compared=left_out,
        never_fired=never_fired(after, [rule.id for rule in now.workspace.ruleset.rules]),
        unanswered=unanswered(after),
        changes=None if before is None else changes(before, after),
        source=str(messages) if messages is not None else f"the last {_days(since)}",
        against=None if against is None else str(against),
    )


def _days(span: timedelta) -> str:
    days = span / timedelta(days=1)
    return f"{days:g} days" if days != 1 else "day"


@contextmanager
def many_turns() -> Iterator[None]:
    """While thousands of turns are held: none of them is part of a cycle, so looking for cycles is wasted time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def played(side: Side, asked: Sequence[Asked], title: str) -> list[Played]:
    """What the rules of one side say to every turn; with a progress bar."""
    found: list[Played] = []
    with progress(title) as bar:
        (task,) = bar.task_ids
        for start in range(0, len(asked), _STEP):
            found += [side.decide(turn) for turn in asked[start : start + _STEP]]
            bar.update(task, completed=len(found), total=len(asked))
    return found


def of_file(file: Path, workspace: Workspace, place: str | None) -> list[Asked]:
    """The turns of a file of messages, see `message_lines`.

    Args:
        file: The file.
        workspace: The folder whose property the guests write to.
        place: Name of the property; None for the only one, or for none in particular.

    Raises:
        click.UsageError: The file or a line cannot be read, or there is no such property.
    """
    property_id = chosen_property(workspace, place)
    zone = workspace.book.find(property_id, None).timezone
    at = datetime.now(UTC)
    record = ThreadRecord(thread_id="sample-thread")
    found = []
    for number, (identity, scene) in enumerate(
        read_scenes(file, property_id=property_id, zone=zone, at=at), 1
    ):
        turn = read_turn(scene_snapshot(scene), record, horizon=at - timedelta(days=1)).turn
        if turn is not None:
            found.append(Asked(id=identity or str(number), turn=turn, text=turn.text, at=at))
    return found


async def _of_journal(settings: Settings, since: timedelta) -> tuple[list[Asked], int]:
    """Recorded turns, and how many there are beside them that the rules were never asked about."""
    found: list[Asked] = []
    left_out = 0
    async with opened_ledger(settings) as ledger:
        async for entry in _entries(ledger, datetime.now(UTC) - since):
            recalled = recall(entry)
            if recalled is None:
                left_out += 1
                continue
            name = f"{entry.thread_id}/{entry.trigger_id}"
            then = recalled.then
            text = recalled.turn.text
            found.append(
                Asked(
                    id=name,
                    turn=recalled.turn,
                    text=text,
                    at=entry.at,
                    first_contact=then.first_contact,
                    before=Played(id=name, text=text, outcome=then.outcome, rules=then.rules),
                )
            )
    return found, left_out


async def _entries(ledger: Ledger, since: datetime) -> AsyncIterator[JournalEntry]:
    """Every entry since then, page by page: with their traces they are large.

    Entries of the same moment may stand on two pages.
    """
    seen: set[tuple[str, str]] = set()
    limit = _PAGE
    while True:
        page = await ledger.decisions(since=since, limit=limit)
        fresh = [e for e in page if (e.thread_id, e.trigger_id) not in seen]
        seen.update((e.thread_id, e.trigger_id) for e in fresh)
        for entry in fresh:
            yield entry
        if len(page) < limit:
            return
        if fresh:
            since, limit = page[-1].at, _PAGE
        else:
            limit *= 2
