"""At a start: how far the store's memory of what was sent can be relied on."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from autoresponder.clock import Clock
from autoresponder.delivery.gate import SendGate
from autoresponder.delivery.mark import Mark, Seen
from autoresponder.ledger import Ledger

_FIRST_MOMENTS = 3.0
"""Seconds after which a new Redis that syncs every second has it on its disk that it is in use."""


_BESIDE = timedelta(seconds=30)
"""Replicas of one machine leave word in the store and in their mark at nearly the same time."""
_SINCE = timedelta(minutes=2)
"""So long a service may have been at work after it last left word."""
_MACHINE = timedelta(days=30)
"""A machine that left no word for so long is gone."""


async def leave_mark(ledger: Ledger, mark: Mark, now: datetime) -> None:
    """Leave word in the store, and then outside of it that this was done.

    Raises:
        StoreError: The store cannot be used.
    """
    seen = await mark.load()
    machine = uuid.uuid4().hex if seen is None else seen.machine
    await ledger.see(machine, now)
    await mark.save(Seen(machine, now))


async def _exchanged(ledger: Ledger, mark: Mark, clock: Clock, quarantine: float) -> bool:
    """Whether this is not the memory in which this machine left word a while ago."""
    seen = await mark.load()
    if seen is None or clock.now() - seen.at >= clock.wall(quarantine) + _SINCE:
        return False
    known = await ledger.seen(seen.machine)
    return known is None or known < seen.at - _BESIDE


async def mind_memory(ledger: Ledger, gate: SendGate, clock: Clock, *, quarantine: float, mark: Mark) -> None:
    """Leave the mark, and close the gate when the store has forgotten something a moment ago, or may have: that may be on its way.

    A durable store forgets nothing by itself, nor does one whose process is still the one that a service last
    left word of. Any other one may have forgotten its last moments, that word included: how old the word is
    says nothing. That there is none says nothing either, unless the store was never used at all; and then
    nothing is sent before the store can no longer forget that it is in use. That a memory was lost as a whole,
    or put back from a copy, is known from whoever found it so while running, and from the mark of this machine.

    Args:
        ledger: The store, opened.
        gate: Of the service that starts.
        clock: Wall time.
        quarantine: Seconds after which whatever was sent shows in its thread.
        mark: Of this machine.

    Raises:
        StoreError: The store cannot be used.
    """
    exchanged = await _exchanged(ledger, mark, clock, quarantine)
    if exchanged:
        await ledger.has_forgotten(clock.now())
    await leave_mark(ledger, mark, clock.now())
    if exchanged:
        gate.close_for(quarantine, "the store lost its memory")
        return
    await ledger.forget_machines(clock.now() - _MACHINE)
    forgot, last = await ledger.forgot_at(), await ledger.last_alive()
    if forgot is not None and clock.now() - forgot < clock.wall(quarantine):
        gate.close_for(quarantine, "the store lost its memory")
        return
    health = await ledger.health()
    if health.durable or (last is not None and health.incarnation and last[1] == health.incarnation):
        return
    if last is not None or forgot is not None or await ledger.activated():
        gate.close_for(quarantine, "the store may have forgotten the last moments")
    elif health.incarnation:  # a server that can go down by itself, other than a memory of our own
        gate.close_for(_FIRST_MOMENTS, "a new store could still forget that it is in use")
