"""What a decision was taken on, kept with it in the journal, so that other rules can be tried on the same turn later."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace as changed

from autoresponder.decision import Outcome
from autoresponder.model import Booking, Event, Inquiry, Property, Turn

_NOTES = 1000
"""Characters kept of a booking's notes, which guests write."""


class Circumstances(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that rules can ask about a turn, besides the words themselves, and what they said then."""

    outcome: Outcome
    """What the rules alone wanted, before a guard or a missing value stopped it."""
    rules: tuple[str, ...] = ()
    """Ids of the rules that decided."""
    judged: tuple[str, ...] = ()
    """Ids of the messages that were judged; the others of the entry were history."""
    event: Event = Event.MESSAGE
    message_count: int = 0
    attachments: bool = False
    """Whether the guest sent any file."""
    first_contact: bool = False
    booking: Booking | None = None
    inquiry: Inquiry | None = None
    property: Property | None = None
    """As Channex describes it; what properties.yaml says is looked up anew."""


def circumstances(
    turn: Turn, *, outcome: Outcome, rules: tuple[str, ...], first_contact: bool
) -> Circumstances:
    """The circumstances of a turn.

    Args:
        turn: The turn.
        outcome: What the rules alone wanted.
        rules: Ids of the rules that decided.
        first_contact: Whether nothing was ever answered in this thread.
    """
    booking = turn.booking
    if booking is not None and len(booking.notes) > _NOTES:
        booking = changed(booking, notes=booking.notes[:_NOTES])
    return Circumstances(
        outcome=outcome,
        rules=rules,
        judged=tuple(m.id for m in turn.messages),
        event=turn.event,
        message_count=turn.thread.message_count,
        attachments=turn.has_attachments,
        first_contact=first_contact,
        booking=booking,
        inquiry=turn.inquiry,
        property=turn.property,
    )
