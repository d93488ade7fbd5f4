"""What would be sent to every open thread, without any way to send: reads the account, decides, renders."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

from autoresponder.brain import Knowledge, Resolution, resolve
from autoresponder.channex.interface import ChannexReader
from autoresponder.config import Settings
from autoresponder.errors import ChannexError
from autoresponder.guards import Switches
from autoresponder.intake import Intake
from autoresponder.ledger import Ledger
from autoresponder.model import MessageThread, Sender
from autoresponder.records import ThreadRecord
from autoresponder.turns import Reading, read_turn

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One open thread and what would happen to it."""

    thread: MessageThread
    reading: Reading | None = None
    resolution: Resolution | None = None
    problem: str = ""
    """Why the thread could not be read, or empty."""


async def open_threads(
    reader: ChannexReader,
    progress: Progress | None = None,
    *,
    tell: Callable[[str], None] | None = None,
) -> list[MessageThread]:
    """Threads that are open and in which the property did not have the last word.

    Args:
        reader: The account.
        progress: Told how many entries were seen, and of how many.
        tell: Told of each entry that could not be read, and why.

    Raises:
        ChannexError: The list could not be read.
    """
    found: dict[str, MessageThread] = {}
    seen, number = 0, 0
    while True:
        number += 1
        page = await reader.message_threads(page=number)
        for thread in page.items:
            last = thread.last_message
            answered = last is not None and last.sender is Sender.PROPERTY
            if not thread.is_closed and not answered:
                found.setdefault(thread.id, thread)
        if tell is not None:
            for problem in page.unreadable:
                tell(problem)
        seen += len(page.items) + len(page.unreadable)
        if progress is not None:
            progress(seen, page.total)
        if not page.has_more:
            return list(found.values())


async def previews(
    threads: list[MessageThread],
    *,
    intake: Intake,
    ledger: Ledger | None,
    knowledge: Knowledge,
    settings: Settings,
    switches: Switches,
    activated_at: datetime,
    now: datetime,
) -> AsyncIterator[Preview]:
    """Decide each thread as the service would, one after the other.

    Args:
        threads: What to look at.
        intake: Reads snapshots.
        ledger: What the service remembers, or None for a fresh memory.
        knowledge: Rules, templates, properties.
        settings: Guards and reply settings.
        switches: What people have switched off.
        activated_at: Older messages count as history.
        now: The present, or another time to look from.
    """
    for thread in threads:
        record = None if ledger is None else await ledger.record(thread.id)
        record = record if record is not None else ThreadRecord(thread_id=thread.id)
        try:
            snapshot = await intake.complete(await intake.messages(thread.id, record, thread=thread))
        except ChannexError as error:
            yield Preview(thread=thread, problem=str(error))
            continue
        reading = read_turn(snapshot, record, horizon=now - settings.guards.max_age)
        if reading.turn is None:
            continue
        resolution = resolve(
            knowledge,
            reading,
            record,
            switches=switches,
            replies=settings.replies,
            guards=settings.guards,
            activated_at=activated_at,
            now=now,
            trace=True,
        )
        yield Preview(thread=thread, reading=reading, resolution=resolution)
