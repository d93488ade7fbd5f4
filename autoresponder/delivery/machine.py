"""The one state machine of every outgoing action; the table below is the one in docs/delivery.md.

    from        to          when                                                   what is known
    (new)       CLAIMED     the turn was decided                                   nothing left
    CLAIMED     CLAIMED     another worker takes the turn over                     nothing left
    CLAIMED     INTENT      right before the first byte, fence and epoch checked   may leave from now on
    CLAIMED     SENT        the same text is already in the thread                 applied
    CLAIMED     SUPPRESSED  somebody answered, the thread was closed …             not wanted
    CLAIMED     EXPIRED     older than max_age                                     too late
    CLAIMED     HELD        a person must look                                     nothing left
    INTENT      SENT        acknowledged with an id, or found in the thread        applied
    INTENT      RETRY       refused for certain (429, 401, 403, no connection),    not applied, or
                            or an action that may be repeated harmlessly           harmless
    INTENT      HELD        refused for good, or possibly applied and unprovable   a person looks
    INTENT      CLAIMED     proven absent after the quarantine of this very fence  not applied
    RETRY       CLAIMED     its time has come                                      not applied
    RETRY       SUPPRESSED, EXPIRED, HELD   as from CLAIMED                        not applied
    any         SENT        positive knowledge always wins                         applied

Every other move is a programming error and raises `AssertionError`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from autoresponder.decision import SkipReason
from autoresponder.records import Attached, Delivery, DeliveryState, PartKind, Via

S = DeliveryState

TRANSITIONS: frozenset[tuple[DeliveryState, DeliveryState]] = frozenset(
    {
        (S.CLAIMED, S.CLAIMED),
        (S.CLAIMED, S.INTENT),
        (S.CLAIMED, S.SUPPRESSED),
        (S.CLAIMED, S.EXPIRED),
        (S.CLAIMED, S.HELD),
        (S.INTENT, S.RETRY),
        (S.INTENT, S.HELD),
        (S.INTENT, S.CLAIMED),
        (S.RETRY, S.CLAIMED),
        (S.RETRY, S.SUPPRESSED),
        (S.RETRY, S.EXPIRED),
        (S.RETRY, S.HELD),
        *((state, S.SENT) for state in S),
    }
)


def _move(delivery: Delivery, to: DeliveryState, fence: int, **changes: Any) -> Delivery:
    if (delivery.state, to) not in TRANSITIONS:
        raise AssertionError(f"delivery {delivery.part}: {delivery.state} → {to} is not a legal move")
    if fence < delivery.fence and to is not S.SENT:
        raise AssertionError(f"delivery {delivery.part}: fence {fence} is older than {delivery.fence}")
    return replace(delivery, state=to, fence=max(fence, delivery.fence), **changes)


def begin(
    *, part: str, kind: PartKind, fence: int, body: str = "", attached: Attached | None = None
) -> Delivery:
    """A new delivery, claimed under `fence`, with its body (or the digest of its file) frozen."""
    return Delivery(part=part, kind=kind, fence=fence, body=body, attached=attached)


def claim(delivery: Delivery, *, fence: int) -> Delivery:
    """Take over a delivery that cannot have left (CLAIMED or RETRY)."""
    if delivery.state is S.INTENT:
        raise AssertionError("an intent is only left through its outcome or proven absence")
    return _move(delivery, S.CLAIMED, fence, not_before=None)


def intend(delivery: Delivery, *, fence: int, baseline: tuple[str, ...], now: datetime) -> Delivery:
    """State the intent to send; to be made durable before the first byte leaves."""
    if delivery.acknowledged:
        raise AssertionError("an acknowledged delivery is never sent again")
    attempt = delivery.attempt + 1
    return _move(
        delivery, S.INTENT, fence, attempt=attempt, baseline=baseline, intent_at=now, not_before=None
    )


def sent(delivery: Delivery, *, fence: int, remote_id: str | None, via: Via) -> Delivery:
    """It was applied."""
    return _move(
        delivery, S.SENT, fence, remote_id=remote_id, via=via, reason=None, detail="", not_before=None
    )


def retry(
    delivery: Delivery, *, fence: int, not_before: datetime, detail: str, reason: SkipReason | None = None
) -> Delivery:
    """It was definitely not applied and may be tried again from `not_before` on; `reason` when people must act."""
    return _move(delivery, S.RETRY, fence, not_before=not_before, detail=detail, reason=reason)


def hold(
    delivery: Delivery, *, fence: int, reason: SkipReason, detail: str, remote_id: str | None = None
) -> Delivery:
    """A person must look; `remote_id` names the message that is probably ours."""
    return _move(delivery, S.HELD, fence, reason=reason, detail=detail, remote_id=remote_id, not_before=None)


def suppress(delivery: Delivery, *, fence: int, reason: SkipReason, detail: str = "") -> Delivery:
    """It is not wanted any more."""
    return _move(delivery, S.SUPPRESSED, fence, reason=reason, detail=detail, not_before=None)


def expire(delivery: Delivery, *, fence: int, detail: str) -> Delivery:
    """It is too late to send it."""
    return _move(delivery, S.EXPIRED, fence, reason=SkipReason.TOO_OLD, detail=detail, not_before=None)


def absent(delivery: Delivery, *, observed_fence: int, fence: int) -> Delivery:
    """The attempt of `observed_fence` is proven not to have been applied: it may be claimed again.

    Binding the proof to the fence of the intent that was watched keeps an old timer from judging a
    newer attempt.
    """
    if delivery.state is not S.INTENT or delivery.fence != observed_fence:
        raise AssertionError("absence was proven for another attempt")
    return _move(delivery, S.CLAIMED, fence, unproven=delivery.unproven + 1)


def acknowledge(delivery: Delivery) -> Delivery:
    """The server said yes without naming the message: the intent stands, and is never repeated."""
    if delivery.state is not S.INTENT:
        raise AssertionError("only an intent can be acknowledged")
    return replace(delivery, acknowledged=True)
