"""Holding a folder's rules against a thread as if nothing had been said in it before: for `explain` and `why`."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from autoresponder.brain import Resolution, resolve
from autoresponder.config import GuardSettings, Settings
from autoresponder.decision import Outcome
from autoresponder.foresight import next_time
from autoresponder.guards import Switches
from autoresponder.model import Snapshot
from autoresponder.records import ThreadRecord
from autoresponder.turns import Reading, read_turn
from autoresponder.workspace import Workspace


def turn_at(snapshot: Snapshot, now: datetime) -> Reading:
    """What a look at a thread that nobody remembers says."""
    return read_turn(snapshot, _unknown(snapshot), horizon=now - GuardSettings().max_age)


def tried(
    workspace: Workspace, settings: Settings, snapshot: Snapshot, now: datetime, *, trace: bool
) -> Resolution:
    """Decide a thread with the very function that the service uses, its past and pauses aside."""
    return resolve(
        workspace,
        turn_at(snapshot, now),
        _unknown(snapshot),
        switches=Switches(),
        replies=settings.replies,
        guards=GuardSettings(settle=settings.guards.settle * 0, quiet_hours=settings.guards.quiet_hours),
        activated_at=now,
        now=now,
        trace=trace,
    )


def answered_from(
    workspace: Workspace, settings: Settings, snapshot: Snapshot, now: datetime
) -> datetime | None:
    """When the same words would be answered, were they written later; None when not, or already now.

    Args:
        workspace: The rules.
        settings: Their folder's settings.
        snapshot: The thread; its last message counts as written now.
        now: The present, aware.
    """

    def answered(at: datetime) -> bool:
        resolution = tried(workspace, settings, _written(snapshot, at), at, trace=False)
        return resolution.decision.outcome is Outcome.REPLY and not resolution.waits

    return None if not snapshot.messages or answered(now) else next_time(answered, now)


def _written(snapshot: Snapshot, at: datetime) -> Snapshot:
    """The same thread with its last message written at this time, the others as long before as they were."""
    gone = at - snapshot.messages[-1].inserted_at
    return replace(
        snapshot,
        messages=tuple(replace(m, inserted_at=m.inserted_at + gone) for m in snapshot.messages),
    )


def _unknown(snapshot: Snapshot) -> ThreadRecord:
    return ThreadRecord(thread_id=snapshot.thread.id)
