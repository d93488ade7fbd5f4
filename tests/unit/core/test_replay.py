"""Coverage, unused rules, wordings and differences of played turns."""

from __future__ import annotations

import pytest

from autoresponder.decision import Outcome
from autoresponder.replay import Coverage, Played, changes, coverage, never_fired, told, unanswered

WIFI = Played(id="1", text="Wifi?", outcome=Outcome.REPLY, rules=("wifi",))
BIKES = Played(id="2", text="Any bikes?", outcome=Outcome.HOLD)
AGAIN = Played(id="3", text="any BIKES", outcome=Outcome.HOLD)
GAS = Played(id="4", text="Gas!", outcome=Outcome.ESCALATE, rules=("gas",))
THANKS = Played(id="5", text="Thanks", outcome=Outcome.NO_REPLY_NEEDED, rules=("courtesy",))


def test_counts_and_unused_rules() -> None:
    counted = coverage([WIFI, BIKES, AGAIN, GAS, THANKS])
    assert counted == Coverage(answered=1, person=3, no_reply_needed=1)
    assert counted.turns == 5
    assert never_fired([WIFI, BIKES], ["parking", "wifi", "pets"]) == ("parking", "pets")


def test_unanswered_questions_are_grouped_by_their_words() -> None:
    held_by_rule = Played(id="6", text="any bikes", outcome=Outcome.HOLD, rules=("later",))
    (group,) = unanswered([WIFI, BIKES, AGAIN, GAS, held_by_rule])
    assert (group.words, group.count, group.samples) == ("any bikes", 2, (BIKES, AGAIN))


def test_the_same_decisions_are_no_change() -> None:
    assert changes([WIFI, BIKES], [WIFI, BIKES]) == ()


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            [WIFI],
            [Played(id="1", text="Wifi?", outcome=Outcome.HOLD)],
            "1 guest who got an answer (wifi) would now wait for a person",
        ),
        (
            [WIFI],
            [Played(id="1", text="Wifi?", outcome=Outcome.REPLY, rules=("wifi", "parking"))],
            "1 guest who got an answer would now be answered by wifi + parking instead of wifi",
        ),
        (
            [BIKES, AGAIN],
            [
                Played(id="2", text="Any bikes?", outcome=Outcome.REPLY, rules=("bikes",)),
                Played(id="3", text="any BIKES", outcome=Outcome.REPLY, rules=("bikes",)),
            ],
            "2 guests who waited for a person would now be answered (bikes)",
        ),
        (
            [THANKS],
            [Played(id="5", text="Thanks", outcome=Outcome.SILENT)],
            "1 guest who needed no reply (courtesy) would now get nothing",
        ),
    ],
)
def test_a_change_is_told_in_a_sentence(before: list[Played], after: list[Played], sentence: str) -> None:
    (change,) = changes(before, after)
    assert told(change) == sentence
    assert change.count == len(after)


def test_different_turns_are_not_compared() -> None:
    with pytest.raises(ValueError, match="turn 2 is compared with turn 1"):
        changes([WIFI], [BIKES])
