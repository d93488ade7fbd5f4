"""When fault switches strike."""

from __future__ import annotations

import random
from typing import Any

import pytest

from autoresponder.sandbox.faults import Fault, FaultKind, Faults, read_faults


def strikes(faults: Faults, operation: str, count: int) -> list[bool]:
    return [faults.strike(operation) is not None for _ in range(count)]


def test_nth_every_and_times() -> None:
    assert strikes(Faults([Fault(kind=FaultKind.SLOW, nth=2)]), "x", 4) == [False, True, False, False]
    assert strikes(Faults([Fault(kind=FaultKind.SLOW, every=2)]), "x", 4) == [False, True, False, True]
    assert strikes(Faults([Fault(kind=FaultKind.SLOW, times=2)]), "x", 4) == [True, True, False, False]


def test_chance_is_seeded() -> None:
    def drawn(seed: int) -> list[bool]:
        faults = Faults([Fault(kind=FaultKind.SLOW, probability=0.3)], random.Random(seed))
        return strikes(faults, "x", 400)

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert 80 < sum(drawn(1)) < 160


def test_only_matching_operations_are_counted_and_the_first_fault_wins() -> None:
    slow = Fault(kind=FaultKind.SLOW, operation="send_*", nth=2)
    cut = Fault(kind=FaultKind.CUT, operation="*", nth=3)
    faults = Faults([slow, cut])
    seen = [faults.strike(name) for name in ("send_to_thread", "get_thread", "send_to_booking", "x")]
    assert seen == [None, None, slow, None]
    assert faults.struck == 1
    faults.replace([])
    assert faults.strike("x") is None


def test_added_faults_strike() -> None:
    faults = Faults()
    faults.add(Fault(kind=FaultKind.SLOW))
    assert faults.strike("x") is not None
    assert faults.faults == (Fault(kind=FaultKind.SLOW),)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([{"kind": "explode"}], "explode"),
        ([{"kind": "slow", "chance": 1}], "chance"),
        ([{"kind": "slow", "probability": 2}], "between 0 and 1"),
        ([{"kind": "slow", "nth": 0}], "count from 1"),
        ([{"kind": "slow", "seconds": -1}], "below 0"),
        ([{"kind": "status", "status": 42}], "status"),
        ([{"kind": "garbage", "body": "xml"}], "body"),
        ({"kind": "slow"}, "array"),
    ],
)
def test_switches_that_make_no_sense_are_refused(value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_faults(value)


def test_switches_are_read() -> None:
    assert read_faults([{"kind": "late", "operation": "send_*", "seconds": 3}]) == [
        Fault(kind=FaultKind.LATE, operation="send_*", seconds=3)
    ]
