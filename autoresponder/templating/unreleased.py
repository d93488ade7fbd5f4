"""Trying out what a reply does when its secret may not be told: before the window, after it, without a booking. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from enum import Enum

from msgspec.structs import replace as with_fields

from autoresponder.config import ReplySettings, Secret
from autoresponder.decision import Section, SkipReason
from autoresponder.model import BookingStatus, Turn
from autoresponder.properties import PropertyFacts, SecretFact
from autoresponder.templating.library import Templates
from autoresponder.templating.render import Held, render_in
from autoresponder.templating.sample import sample_turn

_MOMENT = timedelta(minutes=1)
_LONG_BEFORE = 365


class Asker(Enum):
    """A guest who may not be told a secret, and why not."""

    NOT_BOOKED = "not booked"
    CANCELLED = "cancelled"
    EARLY = "early"
    """Before the day of arrival, and before the window opens."""
    ARRIVING = "arriving"
    """On the day of arrival, but before the window opens."""
    LATE = "late"
    """After the stay and after the window."""


def would_name(
    section: Section,
    name: str,
    asker: Asker,
    facts: PropertyFacts,
    language: str,
    templates: Templates,
    settings: ReplySettings,
    day: datetime,
    *,
    days_ahead: int = _LONG_BEFORE,
) -> bool:
    """Whether a reply needs a secret for a guest who may not be told it, so that it would be held.

    What the reply would say about other secrets is not looked at; those are told here to everybody.

    Args:
        section: The reply.
        name: The secret; whether it has a value at the moment makes no difference.
        asker: The guest.
        facts: The property, which has this secret.
        language: The language of the reply.
        templates: Every template.
        settings: Greatest length.
        day: Any day; it becomes the day of arrival.
        days_ahead: So many days before the arrival the rule answers at the earliest.
    """
    secret = facts.secrets[name]
    told = {other: _STAND_IN for other in facts.secrets if other != name}
    facts = replace(
        facts,
        facts={**facts.facts, **told},
        secrets={name: replace(secret, value=secret.value or Secret(_STAND_IN))},
    )
    turn = sample_turn(facts, day, language=language)
    now = _moment(asker, turn, secret, facts, days_ahead)
    if now is None:
        return False
    result = render_in((section,), language, _seen_as(turn, asker), facts, now, templates, settings)
    return isinstance(result, Held) and result.reason is SkipReason.SECRET_NOT_RELEASED


_STAND_IN = "stands for a secret"


def _seen_as(turn: Turn, asker: Asker) -> Turn:
    if asker is Asker.NOT_BOOKED:
        return with_fields(turn, booking=None, thread=with_fields(turn.thread, booking_id=None))
    if asker is Asker.CANCELLED and turn.booking is not None:
        return with_fields(turn, booking=with_fields(turn.booking, status=BookingStatus.CANCELLED))
    return turn


def _moment(
    asker: Asker, turn: Turn, secret: SecretFact, facts: PropertyFacts, days_ahead: int
) -> datetime | None:
    """When such a guest writes; None when no guest can be one."""
    booking = turn.booking
    window = secret.window(booking) if booking is not None else None
    if booking is None or booking.arrival_date is None or window is None:
        return None
    opens, closes = window
    arrival = datetime.combine(booking.arrival_date, time(), facts.timezone).astimezone(UTC)
    if asker is Asker.LATE:
        return closes + _MOMENT
    if asker is Asker.ARRIVING:
        return arrival if arrival < opens else None
    if asker is Asker.EARLY:
        first = booking.arrival_date - timedelta(days=days_ahead)
        earliest = datetime.combine(first, time(), facts.timezone).astimezone(UTC)
        moment = min(arrival, opens) - _MOMENT
        return moment if earliest <= moment else None
    return opens + _MOMENT
