"""How the protocol is played: as the program does it, with one guard rail taken away, and how far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

QUARANTINE = 3
"""Ticks; the least that is safe: applied late (1), shown late (1), and a tick to be past it."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The protocol. The defaults are the program's; times are ticks."""

    quarantine: int = QUARANTINE
    lease: int = 1
    grace: int = 0
    """Most ticks between the intent and the check right before the first byte."""
    idle: int = 0
    """After so many ticks between that check and the bytes the server has closed the connection."""
    attempts: int = 2
    durable: bool = False
    """Whether the store keeps what it acknowledged through a loss of power."""
    hold_ambiguous: bool = False
    """Whether a second attempt is never made (`on_ambiguous: hold`)."""

    intent_first: bool = True
    sticky_intent: bool = True
    read_back: bool = True
    last_look: bool = True
    sees_epoch: bool = True
    sees_rollback: bool = True
    fenced: bool = True
    bounded_write: bool = True
    timer_names_attempt: bool = True
    """The quarantine is timed for the attempt's number and the fence of its intent."""
    timer_names_intent: bool = False
    """It is also timed for the intent's own time: fences come again when the store loses its memory."""
    start_quarantine: bool = True
    """At a start over a store that may forget and was in use a moment ago nothing is sent for a quarantine."""
    owner_checked: bool = False
    """Whether the store refuses a commit under the right fence by one who does not hold it."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How much trouble there may be, in one life."""

    crashes: int = 1
    losses: int = 1
    faults: int = 1
    """Answers and writes that go wrong."""
    person: bool = False
    """Whether somebody may answer the guest."""
    masked: bool = False
    """Whether the OTA may show our text altered."""
    start_on_emptied: bool = False
    """Whether a service may start over a store that was emptied less than a quarantine ago."""
    fences_again: bool = False
    """Whether fences that a lost memory had given out are given out again."""
    late: bool = False
    """Whether the message may become too old to be answered."""


PROGRAM = Rules()


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A guard rail left out."""

    rules: Rules
    bounds: Bounds
    """The trouble that it takes to miss it."""
    breaks: str
    steps: int
    """Length of the shortest way to the break."""


TWICE = "the guest gets the reply twice"
FORGOTTEN = "an intent was forgotten"

QUIET = Bounds(crashes=0, losses=0, faults=0)
ONE_LOSS = replace(QUIET, losses=1)


def _mutant(steps: int, *, bounds: Bounds = QUIET, breaks: str = TWICE, **without: Any) -> Mutant:
    return Mutant(rules=replace(PROGRAM, **without), bounds=bounds, breaks=breaks, steps=steps)


MUTANTS: dict[str, Mutant] = {
    "quarantine too short": _mutant(15, bounds=ONE_LOSS, quarantine=QUARANTINE - 1),
    "record after send": _mutant(13, intent_first=False),
    "lease takeover of an intent": _mutant(13, sticky_intent=False),
    "blind retry": _mutant(14, bounds=replace(QUIET, faults=1), read_back=False),
    "no last look": _mutant(17, bounds=ONE_LOSS, last_look=False),
    "no epoch guard": _mutant(13, bounds=ONE_LOSS, sees_epoch=False),
    "unnoticed rollback": _mutant(13, bounds=ONE_LOSS, sees_rollback=False),
    "no CAS on the intent": _mutant(7, breaks=FORGOTTEN, fenced=False),
    "unbounded gap between check and POST": _mutant(21, bounded_write=False),
}
"""Each is one line of the protocol left out."""
