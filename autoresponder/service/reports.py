"""What the service tells whoever watches: logs, metrics, dry-run output, the demo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from autoresponder.brain import Resolution
from autoresponder.records import JournalEntry, TurnRecord, Waiting
from autoresponder.turns import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnReport:
    """A turn that was decided, postponed, or came to its end."""

    record: TurnRecord
    entry: JournalEntry
    reading: Reading | None = None
    resolution: Resolution | None = None
    waiting: Waiting | None = None
    """Set when a guest waits for a person although the turn is not over."""


Watcher = Callable[[TurnReport], None]
"""Called for every report; must not block and must not raise."""
