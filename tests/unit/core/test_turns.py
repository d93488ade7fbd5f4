"""Finding the turn in a thread."""

from __future__ import annotations

from autoresponder.delivery.matching import body_hash
from autoresponder.model import Event, Sender
from autoresponder.records import ReplyMark, ThreadRecord
from autoresponder.turns import read_turn
from tests.unit.core.builders import NOON, at, card, host, message, snapshot

FRESH = ThreadRecord(thread_id="t1")
LONG_AGO = at(-24 * 60)


def test_a_turn_is_what_the_guest_wrote_since_the_property_spoke() -> None:
    reading = read_turn(
        snapshot(
            message("g1", 0), host("h1", 1), message("g2", 2, "wifi?"), message("g3", 3, "and parking?")
        ),
        FRESH,
        horizon=LONG_AGO,
    )
    assert reading.turn is not None
    assert [m.id for m in reading.turn.messages] == ["g2", "g3"]
    assert reading.turn.trigger.id == "g3"
    assert reading.turn.text == "wifi?\n\nand parking?"
    assert [m.id for m in reading.covered] == ["g1", "g2", "g3"]
    assert reading.human_at == at(1)
    assert reading.answer is None


def test_a_newer_property_message_is_an_answer() -> None:
    reading = read_turn(snapshot(message("g1", 0), host("h1", 5)), FRESH, horizon=LONG_AGO)
    assert reading.turn is not None
    assert reading.answer is not None
    assert reading.answer.id == "h1"


def test_our_own_reply_neither_answers_nor_hands_over() -> None:
    by_id = ThreadRecord(thread_id="t1", handled=("g1",), ours=("h1",))
    mark = ReplyMark(rules=("wifi",), at=NOON, body_hash=body_hash("from the host"), trigger_id="g1")
    by_text = ThreadRecord(thread_id="t1", handled=("g1",), replies=(mark,))
    for record in (by_id, by_text):
        reading = read_turn(
            snapshot(message("g1", 0), host("h1", 1), message("g2", 2)), record, horizon=LONG_AGO
        )
        assert reading.turn is not None
        assert [m.id for m in reading.turn.messages] == ["g2"]
        assert reading.human_at is None


def test_a_guest_message_that_crossed_our_reply_is_not_lost() -> None:
    record = ThreadRecord(thread_id="t1", handled=("g1",), ours=("h1",))
    reading = read_turn(
        snapshot(message("g1", 0), message("g2", 0.9), host("h1", 1)), record, horizon=LONG_AGO
    )
    assert reading.turn is not None
    assert reading.turn.trigger.id == "g2"
    assert reading.answer is None


def test_nothing_new_is_no_turn() -> None:
    record = ThreadRecord(thread_id="t1", handled=("g1",))
    assert read_turn(snapshot(message("g1", 0)), record, horizon=LONG_AGO).turn is None


def test_old_unanswered_messages_are_covered_but_not_judged() -> None:
    reading = read_turn(
        snapshot(message("g1", -60 * 24 * 20, "wifi password?"), message("g2", 0, "thanks")),
        FRESH,
        horizon=LONG_AGO,
    )
    assert reading.turn is not None
    assert reading.turn.text == "thanks"
    assert [m.id for m in reading.covered] == ["g1", "g2"]


def test_only_guests_make_turns() -> None:
    others = snapshot(
        message("s1", 0, "note", Sender.SYSTEM),
        message("o1", 1, "Airbnb support here", Sender.OTHER),
        message("c1", 2, "co-host", Sender.GUEST, role="COHOST"),
    )
    assert read_turn(others, FRESH, horizon=LONG_AGO).turn is None


def test_an_inquiry_card_is_an_event_of_its_own() -> None:
    reading = read_turn(snapshot(card("s1", 0), message("g1", 1, "is it free?")), FRESH, horizon=LONG_AGO)
    assert reading.turn is not None
    assert reading.turn.event is Event.INQUIRY
    assert reading.turn.inquiry is not None
    assert reading.turn.inquiry.nights == 2
    assert [m.id for m in reading.turn.messages] == ["g1"]
    later = ThreadRecord(thread_id="t1", handled=("s1",))
    follow_up = read_turn(snapshot(card("s1", 0), message("g1", 1)), later, horizon=LONG_AGO)
    assert follow_up.turn is not None
    assert follow_up.turn.event is Event.MESSAGE
    assert follow_up.turn.inquiry is not None
