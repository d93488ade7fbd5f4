"""Wherever a send breaks, the guest has the reply exactly once, and what is recorded is true."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from autoresponder.config import DeliverySettings, OnAmbiguous
from autoresponder.delivery.courier import Courier
from autoresponder.delivery.outcome import Effect, Verdict
from autoresponder.ledger import HeldThread
from autoresponder.records import Delivery, DeliveryState, Via
from tests.wire.broken_send import End, Stage, every_break, sizes, stage
from tests.wire.proxy import Break, How, Side
from tests.wire.skipping_loop import SkippingLoop, play

S = DeliveryState
_ALL = (388 - 100) * 4 + (680 - 100) * 3
"""Fewer bytes than a send and its answer have, each with every way to break: a guard against testing nothing."""


def wrong(ends: list[End]) -> list[str]:
    """The promises that were broken, with where the send broke."""
    return [f"{', then '.join(map(str, end.breaks))}: {end.wrong}" for end in ends if end.wrong]


@pytest.mark.slow
@pytest.mark.parametrize("share", range(2))
def test_a_send_that_breaks_at_any_byte_reaches_the_guest_once(share: int) -> None:
    async def played(loop: SkippingLoop) -> list[End]:
        async with stage(loop) as s:
            ends = [await s.deliver(one) for one in every_break(await sizes(s))[share::2]]
            assert s.wire.broken.total() == len(ends)
            return ends

    ends = play(played)
    assert wrong(ends) == []
    assert len(ends) >= _ALL / 2
    met = Counter((end.delivery.via, end.sends) for end in ends)
    assert set(met) == {(Via.ACK, 1), (Via.ACK, 2), (Via.READBACK, 1)}
    # An answer that came through to its last byte is the only one that is believed as it is.
    assert met[Via.ACK, 1] <= 2


@pytest.mark.slow
def test_a_send_that_breaks_twice_is_never_double_and_never_wrongly_recorded() -> None:
    async def played(loop: SkippingLoop) -> list[End]:
        chance = random.Random(5)
        async with stage(loop) as s:
            breaks = every_break(await sizes(s))
            pairs = [chance.sample(breaks, 2) for _ in range(300)]
            return [await s.deliver(*pair) for pair in pairs]

    ends = play(played)
    assert wrong(ends) == []
    met = Counter((end.delivery.state, len(end.copies)) for end in ends)
    assert set(met) == {(S.SENT, 1), (S.HELD, 0)}
    assert met[S.HELD, 0] > 20


@pytest.mark.slow
def test_strict_at_most_once_sends_one_request_wherever_it_breaks() -> None:
    async def played(loop: SkippingLoop) -> list[End]:
        async with stage(loop, settings=DeliverySettings(on_ambiguous=OnAmbiguous.HOLD)) as s:
            return [await s.deliver(one) for one in every_break(await sizes(s), stride=7)[::5]]

    ends = play(played)
    assert {end.sends for end in ends} == {1}
    assert {(end.delivery.state, len(end.copies)) for end in ends} == {(S.SENT, 1), (S.HELD, 0)}


@pytest.mark.parametrize("side", Side)
def test_bytes_that_come_one_by_one_change_nothing(side: Side) -> None:
    async def played(loop: SkippingLoop) -> End:
        async with stage(loop) as s:
            whole = (await sizes(s))[0 if side is Side.REQUEST else 2]
            return await s.deliver(Break(side, whole, How.SLICED))

    end = play(played)
    assert end.wrong is None
    assert (end.delivery.via, end.sends) == (Via.ACK, 1)


async def _some(s: Stage) -> list[End]:
    return [await s.deliver(one) for one in every_break(await sizes(s), stride=50)[::25]]


def test_the_proof_fails_without_a_quarantine() -> None:
    async def played(loop: SkippingLoop) -> list[End]:
        async with stage(loop, settings=DeliverySettings(quarantine=0.0)) as s:
            return await _some(s)

    assert any("late" in text and "2 copies" in text for text in wrong(play(played)))


class _TakesUnknownForFailed(Courier):
    async def _settle_failure(self, held: HeldThread, intent: Delivery, verdict: Verdict) -> HeldThread:
        return await super()._settle_failure(held, intent, replace(verdict, effect=Effect.NOT_APPLIED))


def test_the_proof_fails_when_an_unknown_outcome_counts_as_a_failure() -> None:
    async def played(loop: SkippingLoop) -> list[End]:
        async with stage(loop, courier=_TakesUnknownForFailed) as s:
            return await _some(s)

    assert any("late" in text and "2 copies" in text for text in wrong(play(played)))
