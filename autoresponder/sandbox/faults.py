"""Fault switches: what goes wrong, where, and how often.

A fault names an operation (`send_to_thread`, `list_threads` …, or `*`) and how often it strikes. Chance
comes from a seeded generator, so a run can be repeated.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

import msgspec


class FaultKind(StrEnum):
    """What goes wrong."""

    STATUS = "status"
    """Refused with `status` before anything is applied; `body` json, html or empty; `retry_after`."""
    STATUS_AFTER = "status_after"
    """Applied, then answered with `status`."""
    TIMEOUT_AFTER = "timeout_after"
    """Applied, then never answered; the connection is dropped after `seconds`."""
    DROP_BEFORE = "drop_before"
    """The request is read, the connection dropped, nothing applied."""
    DROP_AFTER = "drop_after"
    """Applied, then the connection is dropped without an answer."""
    SLOW = "slow"
    """Handled after `seconds`."""
    TRUNCATED = "truncated"
    """Applied; the answer is cut in the middle of its JSON."""
    CUT = "cut"
    """Applied; the connection breaks in the middle of the answer's body."""
    GARBAGE = "garbage"
    """Applied; the answer is 200 with `body` html, null, empty or no_data."""
    LATE = "late"
    """A message is applied `seconds` later; the answer is `status`, or a dropped connection for 0."""
    HIDDEN = "hidden"
    """A message is accepted and answered, but seen in the thread only `seconds` later."""
    DUPLICATE = "duplicate"
    """Webhook deliveries only: delivered twice."""


WEBHOOK = "webhook"
"""The operation under which faults of webhook deliveries are looked up."""


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One switch."""

    kind: FaultKind
    operation: str = "*"
    """Name of an operation; `*` stands for anything, also inside (`send_*`)."""
    probability: float = 1.0
    """Chance that a matching request is struck."""
    nth: int | None = None
    """Strike only the n-th matching request (1-based), instead of by chance."""
    every: int | None = None
    """Strike every n-th matching request, instead of by chance."""
    times: int | None = None
    """Strike at most so often."""
    status: int = 503
    body: str = "json"
    retry_after: float | None = None
    """Seconds for the Retry-After header; none is sent when None."""
    seconds: float = 1.0
    """Real seconds, never sped up: clients' timeouts run on real time."""

    def __post_init__(self) -> None:
        if not 0 <= self.probability <= 1:
            raise ValueError("probability must be between 0 and 1")
        if not (self.status == 0 or 200 <= self.status <= 599):
            raise ValueError("status must be 0 or an HTTP status from 200 to 599")
        if self.seconds < 0:
            raise ValueError("seconds must not be below 0")
        if any(number is not None and number < 1 for number in (self.nth, self.every, self.times)):
            raise ValueError("nth, every and times count from 1")
        if self.body not in _BODIES:
            raise ValueError(f"body must be one of {', '.join(_BODIES)}")


_BODIES = ("json", "html", "null", "empty", "no_data")


class Faults:
    """The switches that are on.

    Args:
        faults: Asked in this order; the first that strikes is used.
        rng: Source of chance.
    """

    def __init__(self, faults: Iterable[Fault] = (), rng: random.Random | None = None) -> None:
        self._random = rng or random.Random(0)  # noqa: S311 - which request fails, not a secret
        self.replace(faults)

    def replace(self, faults: Iterable[Fault]) -> None:
        """Switch all faults off and these on."""
        self._faults = list(faults)
        self._seen = [0] * len(self._faults)
        self._struck = [0] * len(self._faults)

    def add(self, fault: Fault) -> None:
        """Switch one more on."""
        self._faults.append(fault)
        self._seen.append(0)
        self._struck.append(0)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is on."""
        return tuple(self._faults)

    @property
    def struck(self) -> int:
        """How many requests have been struck by the faults that are on."""
        return sum(self._struck)

    def strike(self, operation: str) -> Fault | None:
        """The fault that strikes this request, if any. Every call counts as one request."""
        if not self._faults:
            return None
        chosen: int | None = None
        for number, fault in enumerate(self._faults):
            if not fnmatchcase(operation, fault.operation):
                continue
            self._seen[number] += 1
            if chosen is None and self._hits(number, fault):
                chosen = number
        if chosen is None:
            return None
        self._struck[chosen] += 1
        return self._faults[chosen]

    def _hits(self, number: int, fault: Fault) -> bool:
        if fault.times is not None and self._struck[number] >= fault.times:
            return False
        if fault.nth is not None:
            return self._seen[number] == fault.nth
        if fault.every is not None:
            return self._seen[number] % fault.every == 0
        return fault.probability >= 1 or self._random.random() < fault.probability


def read_faults(value: Any) -> list[Fault]:
    """Read switches from plain data.

    Raises:
        ValueError: Something in it is no fault; the message says where.
    """
    try:
        return msgspec.convert(value, list[Fault])
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
