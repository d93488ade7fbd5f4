"""Reads the thread back after an unknown outcome, and judges what it shows.

Presence settles at once. Absence counts only when the whole quarantine has passed on this process's own
clock, from its first sight of this very attempt, and the last read succeeded.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from autoresponder.channex.interface import ChannexReader
from autoresponder.clock import Clock
from autoresponder.config import DeliverySettings, OnAmbiguous
from autoresponder.decision import SkipReason
from autoresponder.delivery import machine
from autoresponder.delivery.matching import Strength, find_ours
from autoresponder.errors import ChannexNotFound
from autoresponder.ledger import HeldThread
from autoresponder.model import BookingId, Message, ThreadId
from autoresponder.parts import MESSAGES, Delivery, Via

READ_BACK_STEPS = (3.0, 10.0, 30.0, 60.0)
"""Real seconds between looks while a sent text is searched for; finding it ends the search."""

_KEEP_SIGHTINGS = 10_000


@dataclass(frozen=True, slots=True)
class Step:
    """What to record next about an intent."""

    delivery: Delivery
    due: timedelta | None = None
    """When to look again; None when the delivery moved on."""


class Reconciler:
    """Watches intents of unknown outcome.

    Args:
        reader: Reads the thread and the booking's messages.
        clock: Real time for the quarantine.
        settings: Quarantine, and whether a second attempt is ever made.
    """

    def __init__(self, reader: ChannexReader, clock: Clock, settings: DeliverySettings) -> None:
        self._reader = reader
        self._clock = clock
        self._settings = settings
        self._sightings: OrderedDict[tuple[str, str, int, int, datetime | None], float] = OrderedDict()

    def sight(self, thread_id: str, intent: Delivery) -> float:
        """When this process first saw this very attempt; a restart starts anew, which is only later."""
        key = (thread_id, intent.part, intent.attempt, intent.fence, intent.intent_at)
        first = self._sightings.setdefault(key, self._clock.monotonic())
        while len(self._sightings) > _KEEP_SIGHTINGS:
            self._sightings.popitem(last=False)
        return first

    async def look_back(self, held: HeldThread, intent: Delivery) -> Step:
        """Read the thread and judge the intent.

        Raises:
            ChannexError: It could not be read; nothing is concluded.
        """
        fence = held.fence
        if intent.kind not in MESSAGES:
            again = machine.retry(
                intent, fence=fence, not_before=self._clock.now(), detail="repeated: harmless"
            )
            return Step(again, timedelta(0))
        waited = self._clock.monotonic() - self.sight(held.record.thread_id, intent)
        turn = held.record.turn
        assert turn is not None
        messages = await self._read_everywhere(held, frozenset(turn.message_ids[:1]))
        trigger_at = next((m.inserted_at for m in messages if m.id == turn.trigger_id), turn.last_at)
        match = find_ours(messages, intent, baseline=frozenset(intent.baseline), since=trigger_at)
        if match is not None and match.strength is Strength.STRONG:
            return Step(machine.sent(intent, fence=fence, remote_id=match.message.id, via=Via.READBACK))
        if match is not None:
            detail = "a similar message stands in the thread; it was probably sent"
            return Step(_unsure(intent, fence, detail, match.message.id))
        if waited < self._settings.quarantine:
            return Step(intent, self._clock.wall(self._next_look(waited)))
        return Step(self._absent(intent, fence))

    def _absent(self, intent: Delivery, fence: int) -> Delivery:
        """The quarantine is over and the last read succeeded without a trace of the text."""
        again = self._settings.on_ambiguous is OnAmbiguous.RECONCILE and not intent.acknowledged
        if not again or intent.unproven:
            return _unsure(intent, fence, "sent, but not to be found in the thread; please look")
        return machine.absent(intent, observed_fence=intent.fence, fence=fence)

    def _next_look(self, waited: float) -> float:
        left = max(0.5, self._settings.quarantine - waited)
        step = next((s for s in READ_BACK_STEPS if s > waited), READ_BACK_STEPS[-1])
        return min(step, left)

    async def _read_everywhere(self, held: HeldThread, until: frozenset[str]) -> tuple[Message, ...]:
        """The thread by both ways there are; what only one of them shows counts."""
        thread_id = ThreadId(held.record.thread_id)
        messages = await self._reader.all_thread_messages(thread_id, until=until)
        booking_id = held.record.booking_id
        if booking_id is None:
            return messages
        try:
            page = await self._reader.booking_messages(BookingId(booking_id))
        except ChannexNotFound:
            return messages
        merged = {m.id: m for m in (*messages, *page.items)}
        return tuple(sorted(merged.values(), key=lambda m: m.inserted_at))


def _unsure(intent: Delivery, fence: int, detail: str, remote_id: str | None = None) -> Delivery:
    return machine.hold(
        intent, fence=fence, reason=SkipReason.DELIVERY_UNCERTAIN, detail=detail, remote_id=remote_id
    )
