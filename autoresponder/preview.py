"""What would be sent to every open thread, without any way to send: reads the account, decides, renders."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from autoresponder.brain import Knowledge, Resolution, resolve, unfinished
from autoresponder.channex.interface import ChannexReader
from autoresponder.config import Settings
from autoresponder.errors import ChannexError
from autoresponder.guards import Switches
from autoresponder.intake import Intake
from autoresponder.model import MessageThread, Property, Sender, Snapshot, StayStage
from autoresponder.records import ThreadRecord
from autoresponder.samples import at_stage
from autoresponder.templating import Gapped
from autoresponder.turns import Reading, read_turn

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One open thread and what would happen to it."""

    thread: MessageThread
    reading: Reading | None = None
    resolution: Resolution | None = None
    gapped: Gapped | None = None
    """The reply with its gaps marked, when it could not be written for want of a value."""
    problem: str = ""
    """Why the thread could not be read, or empty."""


async def open_threads(
    reader: ChannexReader,
    progress: Progress | None = None,
    *,
    tell: Callable[[str], None] = lambda _problem: None,
) -> list[MessageThread]:
    """Threads that are open and in which the property did not have the last word.

    Args:
        reader: The account.
        progress: Told how many entries were seen, and of how many.
        tell: Told of each entry that could not be read, and of each property that is left out, and why.

    Raises:
        ChannexError: The list could not be read.
    """
    found: dict[str, MessageThread] = {}
    ids: set[str] = set()
    seen = 0

    async def read(filters: Mapping[str, str] | None) -> None:
        nonlocal seen
        number = 0
        while True:
            number += 1
            page = await reader.message_threads(page=number, filters=filters)
            for thread in page.items:
                last = thread.last_message
                answered = last is not None and last.sender is Sender.PROPERTY
                if not thread.is_closed and not answered:
                    found.setdefault(thread.id, thread)
            for problem in page.unreadable:
                tell(problem)
            seen += len(page.items) + len(page.unreadable)
            if progress is not None:
                progress(seen, page.total)
            news = any(thread.id not in ids for thread in page.items)
            ids.update(thread.id for thread in page.items)
            if not page.has_more(news=news):
                return

    for entry in await reader.read_threads(read):
        tell(f"{entry.title or entry.id}: the Messages app is not installed; see Channex → Applications")
    return list(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One open thread as it was read; it can be decided as often as the rules change."""

    thread: MessageThread
    snapshot: Snapshot | None = None
    problem: str = ""
    """Why the thread could not be read, or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """How things should be looked at instead of as they are."""

    property: Property | None = None
    """Every guest is at this property."""
    stay: StayStage | None = None
    """Every guest is at this stage of the stay."""


async def seen(threads: Iterable[MessageThread], intake: Intake) -> AsyncIterator[Seen]:
    """Read each thread, one after the other."""
    for thread in threads:
        fresh = ThreadRecord(thread_id=thread.id)
        try:
            snapshot = await intake.complete(await intake.messages(thread.id, fresh, thread=thread))
        except ChannexError as error:
            yield Seen(thread=thread, problem=str(error))
            continue
        yield Seen(thread=thread, snapshot=snapshot)


def preview(
    found: Seen, knowledge: Knowledge, settings: Settings, *, now: datetime, instead: Instead | None = None
) -> Preview | None:
    """Decide a thread as the service would that meets it for the first time; None when nothing is open in it.

    Args:
        found: The thread as it was read.
        knowledge: Rules, templates, properties.
        settings: Guards and reply settings.
        now: The present, or another time to look from.
        instead: Another property or stage of the stay.
    """
    if found.snapshot is None:
        return Preview(thread=found.thread, problem=found.problem)
    snapshot = found.snapshot
    if instead is not None:
        snapshot = _as_if(snapshot, instead, knowledge, now)
    record = ThreadRecord(thread_id=found.thread.id)
    oldest = now - settings.guards.max_age
    reading = read_turn(snapshot, record, horizon=oldest)
    if reading.turn is None:
        return None
    resolution = resolve(
        knowledge,
        reading,
        record,
        switches=Switches(),
        replies=settings.replies,
        guards=settings.guards,
        activated_at=oldest,
        now=now,
        trace=True,
    )
    gapped = unfinished(knowledge, reading.turn, resolution, replies=settings.replies, now=now)
    return Preview(thread=found.thread, reading=reading, resolution=resolution, gapped=gapped)


def _as_if(snapshot: Snapshot, instead: Instead, knowledge: Knowledge, now: datetime) -> Snapshot:
    """The thread as it would be at another property or stage of the stay."""
    place = instead.property
    if place is not None:
        booking = snapshot.booking
        snapshot = replace(
            snapshot,
            thread=replace(snapshot.thread, property_id=place.id),
            booking=None if booking is None else replace(booking, property_id=place.id),
            property=place,
        )
    if instead.stay is None:
        return snapshot
    zone = knowledge.book.find(snapshot.thread.property_id, snapshot.property).timezone
    booking = at_stage(snapshot.booking, snapshot.thread, instead.stay, at=now, zone=zone)
    return replace(
        snapshot,
        thread=replace(snapshot.thread, booking_id=None if booking is None else booking.id),
        booking=booking,
    )
