"""A process is killed before every single step of the delivery path; the guest gets one answer all the same.

A step is what runs between two awaits, so that every effect has a kill before it and one after it.
"""

from __future__ import annotations

import pytest

from tests.simulation.crashes import STORIES, tell


@pytest.mark.parametrize("name", STORIES)
def test_a_kill_at_any_step_breaks_no_promise(name: str) -> None:
    undisturbed = tell(name)
    assert undisturbed.violations == []
    assert undisturbed.steps > 20
    points = set()
    for number in range(undisturbed.steps):
        crash = tell(name, kill_at=number)
        assert crash.point, f"step {number} was not reached"
        points.add(crash.point)
        if crash.violations:
            history = tell(name, kill_at=number, history=True).history
            pytest.fail("\n".join([f"killed at step {number}, {crash.point}", *history, *crash.violations]))
    if STORIES[name].faults[:1] != ("no_connection",):
        assert {"written, not answered", "between the last check and the first byte"} <= points
    assert {"before commit of an intent", "after commit of an intent"} <= points


def test_killing_is_really_done_and_really_at_that_step() -> None:
    crash = tell("a reply", kill_at=10, history=True)
    assert sum("is killed" in line for line in crash.history) == 1
    assert crash.copies == 1


def test_the_same_story_is_told_the_same_way_twice() -> None:
    first = tell("lost after", kill_at=25, history=True)
    assert first.history == tell("lost after", kill_at=25, history=True).history
