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
    """At a start over a store that may forget, nothing is sent for a quarantine."""
    trusts_alive: bool = False
    """Not, though, when no service has left word in that store within a quarantine."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How much trouble there may be, in one life."""

    replicas: int = 2
    crashes: int = 0
    losses: int = 0
    """Times that the store is emptied, or a volatile one loses its last writes."""
    emptied: bool = True
    """Whether it may be emptied, and not only lose its last writes."""
    faults: int = 0
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


DURABLE = replace(PROGRAM, durable=True)


@dataclass(frozen=True, kw_only=True)
class Played:
    """A configuration that is explored to the end, and how much of it there is."""

    rules: Rules
    bounds: Bounds
    states: int
    transitions: int


CONFIGURATIONS: dict[str, Played] = {
    "two replicas, durable store, crash 1, fault 1": Played(
        rules=DURABLE, bounds=Bounds(crashes=1, faults=1), states=29_579, transitions=115_807
    ),
    "two replicas, durable store, fault 1, a person": Played(
        rules=DURABLE, bounds=Bounds(faults=1, person=True), states=21_250, transitions=78_179
    ),
    "one replica, volatile store, crash 1, loss 1, fault 1": Played(
        rules=PROGRAM,
        bounds=Bounds(replicas=1, crashes=1, losses=1, faults=1),
        states=36_721,
        transitions=121_085,
    ),
    "one replica, durable store, crash 1, fault 2, a person, masked text, late": Played(
        rules=DURABLE,
        bounds=Bounds(replicas=1, crashes=1, faults=2, person=True, masked=True, late=True),
        states=15_640,
        transitions=61_020,
    ),
}
"""What is explored at every run of the tests."""

LARGE: dict[str, tuple[Rules, Bounds]] = {
    "two replicas, durable store, loss 1": (DURABLE, Bounds(losses=1)),
    "two replicas, volatile store, loss 1": (PROGRAM, Bounds(losses=1)),
    "two replicas, durable store, crash 2, fault 1": (DURABLE, Bounds(crashes=2, faults=1)),
    "two replicas, durable store, fault 1, a person, masked text, late": (
        DURABLE,
        Bounds(faults=1, person=True, masked=True, late=True),
    ),
    "one replica, volatile store, crash 2, loss 1, fault 2": (
        PROGRAM,
        Bounds(replicas=1, crashes=2, losses=1, faults=2),
    ),
}
"""What `--large` explores besides."""


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

QUIET = Bounds()
ONE_LOSS = Bounds(losses=1)


def _mutant(
    steps: int, *, bounds: Bounds = QUIET, breaks: str = TWICE, durable: bool = True, **without: Any
) -> Mutant:
    return Mutant(
        rules=replace(PROGRAM, durable=durable, **without), bounds=bounds, breaks=breaks, steps=steps
    )


MUTANTS: dict[str, Mutant] = {
    "quarantine too short": _mutant(15, bounds=ONE_LOSS, quarantine=QUARANTINE - 1),
    "record after send": _mutant(13, intent_first=False),
    "lease takeover of an intent": _mutant(13, sticky_intent=False),
    "blind retry": _mutant(14, bounds=Bounds(faults=1), read_back=False),
    "no last look": _mutant(17, bounds=ONE_LOSS, last_look=False),
    "no epoch guard": _mutant(13, bounds=ONE_LOSS, sees_epoch=False),
    "unnoticed rollback": _mutant(13, bounds=ONE_LOSS, durable=False, sees_rollback=False),
    "no CAS on the intent": _mutant(7, breaks=FORGOTTEN, fenced=False),
    "unbounded gap between check and POST": _mutant(21, bounded_write=False),
    "timer not bound to the fence": _mutant(
        27, bounds=Bounds(replicas=1, losses=1, faults=2), timer_names_attempt=False
    ),
    "no start quarantine, volatile store": _mutant(
        15,
        bounds=Bounds(crashes=1, losses=1, emptied=False),
        durable=False,
        start_quarantine=False,
    ),
    "fences come again: an old lease fits": _mutant(
        8, bounds=replace(ONE_LOSS, fences_again=True), breaks=FORGOTTEN
    ),
    "fences come again: an old timer fits": _mutant(
        27, bounds=Bounds(replicas=1, losses=1, faults=2, fences_again=True)
    ),
    "start quarantine only over a store in use": _mutant(
        20,
        bounds=Bounds(replicas=1, crashes=2, losses=1, emptied=False),
        durable=False,
        trusts_alive=True,
    ),
    "a start over a store emptied a moment ago": _mutant(
        15, bounds=Bounds(crashes=1, losses=1, start_on_emptied=True)
    ),
}
"""Each is one line of the protocol, or of what it relies on, left out."""
