"""What conditions say about event, OTA, booking and stay: all states there are, one by one.

There are few enough of them to count: a condition is the set of the states in which it may hold, and the set of
those in which it surely holds. What else it asks (words, hours, numbers) is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from autoresponder.model import BookingStatus, Provider, StayStage

_WORDS, _CARD, _BOTH = "message", "inquiry", "both"
_STAYING: tuple[str | None, ...] = (
    StayStage.BEFORE_ARRIVAL.value,
    StayStage.ARRIVAL_DAY.value,
    StayStage.IN_STAY.value,
    StayStage.DEPARTURE_DAY.value,
    StayStage.AFTER_STAY.value,
    None,
)
"""Stages of a booking that is not cancelled; None when its dates are not known."""

_BOOKINGS: tuple[tuple[str, str | None], ...] = (
    ("none", StayStage.INQUIRY.value),
    ("cancelled", StayStage.CANCELLED.value),
    *((status, stage) for status in ("confirmed", BookingStatus.UNKNOWN.value) for stage in _STAYING),
)

_STATES: tuple[tuple[str, str, str, str | None], ...] = tuple(
    (event, provider.value, booking, stage)
    for event, provider, (booking, stage) in product((_WORDS, _CARD, _BOTH), Provider, _BOOKINGS)
    if event == _WORDS or provider is Provider.AIRBNB  # only Airbnb has inquiries
)

EVERY = (1 << len(_STATES)) - 1
"""The set of all states; sets are numbers, a bit for each state."""


def _where(place: int, values: frozenset[str | None]) -> int:
    return sum(1 << number for number, state in enumerate(_STATES) if state[place] in values)


_MESSAGES = _where(0, frozenset({_WORDS, _BOTH}))
_CARDS = _where(0, frozenset({_CARD, _BOTH}))
_ON_AIRBNB = _where(1, frozenset({Provider.AIRBNB.value}))
NOT_BOOKED = _where(2, frozenset({"none"}))
"""States without a booking."""
_BOOKED = EVERY & ~NOT_BOOKED
CONFIRMED = _where(2, frozenset({BookingStatus.CONFIRMED.value}))
"""States with a confirmed booking."""


@dataclass(frozen=True, slots=True)
class States:
    """Where a condition may hold, and where it surely does."""

    may: int = EVERY
    must: int = 0

    @property
    def never(self) -> bool:
        """Whether there is no state in which it could hold."""
        return not self.may

    @property
    def always(self) -> bool:
        """Whether it holds in every state."""
        return self.must == EVERY


def at_stages(*stages: StayStage) -> int:
    """States at one of these stages of the stay."""
    return _where(3, frozenset(stage.value for stage in stages))


def of_when(when: Mapping[str, Any]) -> States:
    """The states of a whole `when`, that of a rule."""
    may, must = EVERY, EVERY
    for states in (*(of(name, value) for name, value in when.items()), *_unsaid(when)):
        may, must = may & states.may, must & states.must
    return States(may, must)


def _unsaid(when: Mapping[str, Any]) -> Iterator[States]:
    """A rule that says nothing about events is about messages."""
    if not names_event(when):
        yield States(_MESSAGES, _MESSAGES)


def names_event(when: Mapping[str, Any]) -> bool:
    """Whether a `when` speaks of events, here or in one of its groups."""
    if "event" in when:
        return True
    groups = (when.get(name) for name in ("any", "all", "none"))
    return any(
        names_event(entry)
        for group in groups
        if isinstance(group, list)
        for entry in group
        if isinstance(entry, Mapping)
    )


def of(name: str, value: Any) -> States:
    """The states of one condition as it is written."""
    if name in ("any", "all", "none"):
        return _of_group(name, [_of_entry(entry) for entry in value])
    if name == "inquiry":
        return States(_ON_AIRBNB)
    if name == "stay_details":
        return States(_BOOKED)
    if name not in ("event", "provider", "booking", "stay"):
        return States()
    named = frozenset(value if isinstance(value, list) else [value])
    if name == "event":
        found = (_MESSAGES if _WORDS in named else 0) | (_CARDS if _CARD in named else 0)
    elif name == "provider":
        found = _where(1, named)
    elif name == "booking":
        found = EVERY if "any" in named else _where(2, named)
    else:
        found = _where(3, named)
    return States(found, found)


def _of_entry(entry: Mapping[str, Any]) -> States:
    may, must = EVERY, EVERY
    for name, value in entry.items():
        states = of(name, value)
        may, must = may & states.may, must & states.must
    return States(may, must)


def _of_group(name: str, entries: list[States]) -> States:
    may, must = (EVERY, EVERY) if name == "all" else (0, 0)
    for states in entries:
        if name == "all":
            may, must = may & states.may, must & states.must
        else:
            may, must = may | states.may, must | states.must
    return States(EVERY & ~must, EVERY & ~may) if name == "none" else States(may, must)
