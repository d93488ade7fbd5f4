"""At a start: how far the store's memory of what was sent can be relied on."""

from __future__ import annotations

from autoresponder.clock import Clock
from autoresponder.delivery.gate import SendGate
from autoresponder.ledger import Ledger

_FIRST_MOMENTS = 3.0
"""Seconds after which a new Redis that syncs every second has it on its disk that it is in use."""


async def mind_memory(ledger: Ledger, gate: SendGate, clock: Clock, *, quarantine: float) -> None:
    """Close the gate when the store has forgotten something a moment ago, or may have: that may be on its way.

    A durable store forgets nothing by itself, nor does one whose process is still the one that a service last
    left word of. Any other one may have forgotten its last moments, that word included: how old the word is
    says nothing. That there is none says nothing either, unless the store was never used at all; and then
    nothing is sent before the store can no longer forget that it is in use. That a memory was lost as a whole
    is known from whoever found it so while running.

    Args:
        ledger: The store, opened.
        gate: Of the service that starts.
        clock: Wall time.
        quarantine: Seconds after which whatever was sent shows in its thread.

    Raises:
        StoreError: The store cannot be used.
    """
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
