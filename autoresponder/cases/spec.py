"""A test case as its author wrote it, with its place; frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from autoresponder.model import Provider, StayStage

DEFAULT_AT = datetime(2026, 6, 3, 12)  # noqa: DTZ001 - the property's own clock; its zone comes later
"""When guests write where a test does not say: the same in every run, so that replies stay the same."""


class Side(StrEnum):
    """Who wrote a line of a conversation."""

    GUEST = "guest"
    PROPERTY = "property"
    """A person."""
    AUTORESPONDER = "autoresponder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message of a conversation."""

    side: Side
    text: str
    before: timedelta = timedelta(0)
    """How long before the last message."""
    attachment: bool = False
    rule: str | None = None
    """The rule by which autoresponder answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFacts:
    """What a case says about the booking; None is: as for any guest."""

    arrival: date | None = None
    departure: date | None = None
    arrival_hour: str | None = None
    adults: int | None = None
    children: int | None = None
    infants: int | None = None
    amount: float | None = None
    currency: str | None = None
    code: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What must happen; None is: anything."""

    rules: frozenset[str] | None = None
    """Exactly these rules decide; empty for no rule."""
    not_rules: frozenset[str] = frozenset()
    outcome: str | None = None
    """An `Outcome`'s value, or `wait`."""
    reason: str | None = None
    person_told: bool | None = None
    unanswered: bool | None = None
    contains: tuple[str, ...] = ()
    not_contains: tuple[str, ...] = ()
    snapshot: bool = False
    language: str | None = None
    """Of the reply."""
    files: frozenset[str] | None = None
    """Exactly these go out after the reply."""
    preapproves: bool | None = None
    """Whether the reply comes with the pre-approval of an inquiry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test."""

    name: str
    file: str
    """Path relative to the working folder."""
    line: int
    """1-based."""
    column: int
    lines: tuple[Line, ...]
    """Oldest first; empty for an inquiry's card without words."""
    provider: Provider = Provider.BOOKING_COM
    place: str | None = None
    """Name in properties.yaml; None for the first one there."""
    stay: StayStage = StayStage.BEFORE_ARRIVAL
    at: datetime = DEFAULT_AT
    """When the last message is written, by the property's clock (naive)."""
    language: str | None = None
    guest: str = "Anna Berg"
    booking: BookingFacts = BookingFacts()
    inquiry: Mapping[str, Any] | None = None
    """What is on the inquiry's card; None when there is none."""
    expected: Expected = field(default_factory=Expected)
    known_gap: str | None = None

    @property
    def where(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"
