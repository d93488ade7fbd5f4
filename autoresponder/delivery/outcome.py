"""What an answer to a write means for its delivery: applied, not applied, or unknown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from autoresponder.decision import SkipReason
from autoresponder.errors import (
    ChannexError,
    ChannexForbidden,
    ChannexRateLimited,
    ChannexRejected,
    ChannexUnauthorized,
    ChannexUnavailable,
    DeliveryUnknown,
)

_REFUSED_PAUSE = 300.0
"""Seconds before a refused key or a missing app is tried again: a person has to act first."""


class Effect(Enum):
    """What is known about a write that raised."""

    NOT_APPLIED = "not applied, may be repeated"
    REFUSED = "not applied, repeating cannot help"
    UNKNOWN = "may have been applied"
    ACKNOWLEDGED = "very likely applied, but the answer did not name the message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How to go on after a failed write."""

    effect: Effect
    detail: str
    wait: float | None = None
    """Least seconds before the next attempt, when the server or the kind of error names one."""
    counts: bool = True
    """Whether it counts as an attempt; waiting for a rate limit or a person does not."""
    reason: SkipReason | None = None


def judge(error: ChannexError) -> Verdict:
    """Classify the error of a write; see the table in docs/delivery.md."""
    detail = str(error)
    match error:
        case DeliveryUnknown():
            accepted = error.status is not None and 200 <= error.status < 300
            return Verdict(effect=Effect.ACKNOWLEDGED if accepted else Effect.UNKNOWN, detail=detail)
        case ChannexRateLimited():
            return Verdict(effect=Effect.NOT_APPLIED, detail=detail, wait=error.retry_after, counts=False)
        case ChannexUnauthorized() | ChannexForbidden():
            return Verdict(
                effect=Effect.NOT_APPLIED,
                detail=detail,
                wait=_REFUSED_PAUSE,
                counts=False,
                reason=SkipReason.KEY_REFUSED,
            )
        case ChannexUnavailable():
            return Verdict(effect=Effect.NOT_APPLIED, detail=detail, wait=error.retry_after)
        case ChannexRejected():
            return Verdict(effect=Effect.REFUSED, detail=detail, reason=SkipReason.REJECTED)
        case _:
            return Verdict(effect=Effect.UNKNOWN, detail=detail)


def pause(attempt: int, rand: float, *, base: float = 2.0, cap: float = 300.0) -> float:
    """Seconds before the next attempt: full jitter over a doubling span.

    Args:
        attempt: How many attempts were made, from 1.
        rand: A random number in [0, 1).
        base: Longest pause after the first attempt.
        cap: Longest pause at all.
    """
    return rand * min(cap, base * 2.0 ** min(max(0, attempt - 1), 30))
