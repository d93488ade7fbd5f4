"""What the rules as they are now say to a recorded turn: how near they came, and when they would answer."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace
from rich.console import Console

from autoresponder.brain import Resolution
from autoresponder.cli.showing import show_resolution
from autoresponder.cli.trying import answered_from, tried
from autoresponder.config import Settings
from autoresponder.decision import Outcome, RuleTrace, Trace, Verdict
from autoresponder.model import Snapshot
from autoresponder.recall import recall
from autoresponder.records import JournalEntry
from autoresponder.workspace import Workspace, load_workspace


@dataclass(frozen=True, slots=True)
class Hindsight:
    """The same turn, held against the rules as they are now."""

    resolution: Resolution
    """As it would have been decided at that time."""
    zone: ZoneInfo
    answered_from: datetime | None
    """From when on the same words would be answered, written from now on; None when never, or at once."""
    version: str
    """Of the rules."""


def hindsight(settings: Settings, entry: JournalEntry, now: datetime) -> Hindsight | None:
    """Hold the rules against a recorded turn.

    Args:
        settings: The folder's settings.
        entry: The recorded turn.
        now: The present, aware.

    Returns:
        None when the rules were never asked about it, or cannot be read at present.
    """
    recalled = recall(entry)
    if recalled is None:
        return None
    workspace, _ = load_workspace(settings, dict(os.environ))
    if workspace is None:
        return None
    turn = recalled.turn
    snapshot = Snapshot(
        thread=turn.thread,
        messages=turn.messages if turn.trigger in turn.messages else (*turn.messages, turn.trigger),
        booking=turn.booking,
        property=turn.property,
    )
    return _held_against(workspace, settings, snapshot, entry.at, now)


def _held_against(
    workspace: Workspace, settings: Settings, snapshot: Snapshot, then: datetime, now: datetime
) -> Hindsight:
    resolution = tried(workspace, settings, snapshot, then, trace=True)
    waits = resolution.decision.outcome is Outcome.HOLD or resolution.waits
    return Hindsight(
        resolution=resolution,
        zone=workspace.book.find(snapshot.thread.property_id, snapshot.property).timezone,
        answered_from=answered_from(workspace, settings, snapshot, now) if waits else None,
        version=workspace.version,
    )


def recorded_trace(entry: JournalEntry, seen: Hindsight | None) -> Trace | None:
    """The trace as it was recorded, with what the service leaves out because it costs more than the decision.

    That is how near each rule came, wherever that rule is still the same; and, while nothing has changed in the
    folder, the rules about words that the message does not have.
    """
    if entry.trace is None:
        return None
    trace = msgspec.convert(entry.trace, Trace)
    again = seen.resolution.decision.trace if seen is not None else None
    if again is None:
        return trace
    if seen is not None and seen.version == entry.workspace:
        recorded = {row.rule_id: row for row in trace.rules}
        others = sum(
            row.rule_id not in recorded and row.verdict is Verdict.NOT_MATCHED for row in again.rules
        )
        if others == trace.left_out:
            trace = replace(
                trace, rules=tuple(recorded.get(row.rule_id, row) for row in again.rules), left_out=0
            )
    hints = {row.rule_id: row for row in again.rules if row.nearest_miss}
    return replace(trace, rules=tuple(_hinted(row, hints.get(row.rule_id)) for row in trace.rules))


def _hinted(row: RuleTrace, again: RuleTrace | None) -> RuleTrace:
    if again is None or replace(again, nearest_miss=row.nearest_miss) != row:
        return row
    return replace(row, nearest_miss=again.nearest_miss)


def show_hindsight(console: Console, entry: JournalEntry, seen: Hindsight) -> None:
    """What would be different with the rules as they are now, and when there would be an answer."""
    decision = seen.resolution.decision
    then = entry.circumstances
    differs = then is not None and (then.outcome, then.rules) != (decision.outcome, decision.rules)
    if differs and not seen.resolution.waits:
        console.print("With the rules as they are now:")
        show_resolution(console, seen.resolution)
    if seen.answered_from is not None:
        moment = seen.answered_from.astimezone(seen.zone)
        console.print(f"The same words would be answered from {moment:%a %Y-%m-%d %H:%M} on.")
