"""The state machine: every legal move works, every other move is refused."""

from __future__ import annotations

from itertools import product

import pytest

from autoresponder.decision import SkipReason
from autoresponder.delivery import machine
from autoresponder.delivery.machine import TRANSITIONS
from autoresponder.records import Delivery, DeliveryState, PartKind, Via
from tests.unit.core.builders import NOON

S = DeliveryState

MOVES = {
    S.CLAIMED: lambda d: machine.claim(d, fence=9),
    S.INTENT: lambda d: machine.intend(d, fence=9, baseline=(), now=NOON),
    S.SENT: lambda d: machine.sent(d, fence=9, remote_id="m", via=Via.ACK),
    S.RETRY: lambda d: machine.retry(d, fence=9, not_before=NOON, detail="later"),
    S.HELD: lambda d: machine.hold(d, fence=9, reason=SkipReason.REJECTED, detail="no"),
    S.SUPPRESSED: lambda d: machine.suppress(d, fence=9, reason=SkipReason.ANSWERED),
    S.EXPIRED: lambda d: machine.expire(d, fence=9, detail="late"),
}


def delivery(state: DeliveryState, fence: int = 3) -> Delivery:
    return Delivery(part="text", kind=PartKind.TEXT, state=state, fence=fence, body="hi")


@pytest.mark.parametrize(("start", "end"), list(product(S, S)), ids=lambda s: s.value)
def test_exactly_the_listed_moves_are_possible(start: DeliveryState, end: DeliveryState) -> None:
    move = MOVES[end]
    by_proof_only = (start, end) == (S.INTENT, S.CLAIMED)
    if (start, end) in TRANSITIONS and not by_proof_only:
        assert move(delivery(start)).state is end
    else:
        with pytest.raises(AssertionError):
            move(delivery(start))


def test_absence_frees_only_the_attempt_that_was_watched() -> None:
    freed = machine.absent(delivery(S.INTENT, fence=3), observed_fence=3, fence=5)
    assert freed.state is S.CLAIMED
    assert freed.fence == 5
    assert freed.unproven == 1
    with pytest.raises(AssertionError):
        machine.absent(delivery(S.INTENT, fence=4), observed_fence=3, fence=5)


def test_an_older_fence_can_only_bring_positive_knowledge() -> None:
    with pytest.raises(AssertionError):
        machine.hold(delivery(S.INTENT, fence=7), fence=6, reason=SkipReason.REJECTED, detail="no")
    found = machine.sent(delivery(S.INTENT, fence=7), fence=6, remote_id="m", via=Via.READBACK)
    assert found.state is S.SENT
    assert found.fence == 7


def test_an_acknowledged_delivery_is_never_sent_again() -> None:
    acknowledged = machine.acknowledge(delivery(S.INTENT))
    freed = machine.absent(acknowledged, observed_fence=3, fence=4)
    with pytest.raises(AssertionError):
        machine.intend(freed, fence=4, baseline=(), now=NOON)


def test_an_intent_counts_attempts_and_keeps_the_baseline() -> None:
    first = machine.intend(delivery(S.CLAIMED), fence=3, baseline=("a", "b"), now=NOON)
    assert (first.attempt, first.baseline, first.intent_at) == (1, ("a", "b"), NOON)
    again = machine.claim(machine.retry(first, fence=3, not_before=NOON, detail="429"), fence=4)
    second = machine.intend(again, fence=4, baseline=(), now=NOON)
    assert second.attempt == 2
    assert second.body == "hi"
