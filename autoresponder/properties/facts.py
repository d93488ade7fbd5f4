"""Facts and secrets of one property, and when a secret may be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from autoresponder.config import Secret
from autoresponder.model import Booking, BookingStatus

CHECK_IN = time(15, 0)
"""When check-in begins where the fact `check_in_from` does not say."""


@dataclass(frozen=True, slots=True)
class Translated:
    """A text that is written in several languages.

    Attributes:
        texts: Language code to text.
    """

    texts: Mapping[str, str]


Simple = str | int | Decimal | bool | None
Fact = Simple | Translated | tuple[str | int | Decimal, ...]
"""What a fact can be. None means that it is not known, whatever groups and defaults say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """When guests may be told a secret."""

    before_arrival: timedelta = timedelta(hours=24)
    """So long before check-in on the day of arrival."""
    after_departure: timedelta = timedelta(0)
    """So long after the end of the day of departure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretFact:
    """A fact that only a guest with a confirmed booking may be told, around the stay."""

    name: str
    value: Secret | None
    """None when it could not be read (a variable that is not set, say)."""
    release: Release = Release()
    check_in: time = CHECK_IN
    """When check-in begins, property's time."""
    zone: ZoneInfo

    def window(self, booking: Booking) -> tuple[datetime, datetime] | None:
        """From when and until when a booking's guest may be told, in UTC; None without both dates.

        The window opens `before_arrival` before check-in and closes `after_departure` after the
        midnight that ends the day of departure, both by the property's clock.
        """
        if booking.arrival_date is None or booking.departure_date is None:
            return None
        if booking.departure_date < booking.arrival_date:
            return None
        arrival = datetime.combine(booking.arrival_date, self.check_in, self.zone)
        departure = datetime.combine(booking.departure_date, time(), self.zone) + timedelta(days=1)
        return (
            arrival.astimezone(UTC) - self.release.before_arrival,
            departure.astimezone(UTC) + self.release.after_departure,
        )

    def released(self, booking: Booking | None, now: datetime) -> bool:
        """Whether it may be told now: only for a confirmed booking, inside its window.

        Args:
            booking: The guest's booking, if there is one.
            now: The present, aware.
        """
        if booking is None or booking.status is not BookingStatus.CONFIRMED:
            return False
        window = self.window(booking)
        return window is not None and window[0] <= now < window[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyFacts:
    """All that is known about one property: its own entry, over its groups, over the defaults."""

    key: str
    """Its name in properties.yaml, or its Channex id when it is not in there."""
    name: str
    """Its name for guests; may be empty when neither the file nor Channex gives one."""
    timezone: ZoneInfo
    groups: tuple[str, ...] = ()
    language: str
    """Language to answer in when the guest's is not known."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    secrets: Mapping[str, SecretFact] = field(default_factory=dict)
    """A name that is a secret anywhere is in here and never among the facts."""
    listed: bool = True
    """Whether properties.yaml knows the property; one that it does not know has no facts at all."""
