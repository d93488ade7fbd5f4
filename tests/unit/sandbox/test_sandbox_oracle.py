"""The oracle sees every way in which a ledger and the world can disagree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from autoresponder.clock import ManualClock
from autoresponder.sandbox.entities import Message, Origin, Thread
from autoresponder.sandbox.oracle import BadLedger, audit
from autoresponder.sandbox.world import World
from tests.support.sandbox_world import new_thread, new_world


class Scene:
    """One thread, written line by line."""

    def __init__(self, provider: str = "BookingCom") -> None:
        self.world: World = new_world()
        self.thread: Thread = new_thread(self.world, provider=provider)

    def guest(self, text: str = "Is there parking?", **more: Any) -> Message:
        return self._write(text, Origin.GUEST, **more)

    def host(self, text: str = "Yes.") -> Message:
        return self._write(text, Origin.HOST)

    def reply(self, text: str = "There is.", **more: Any) -> Message:
        return self._write(text, Origin.API, **more)

    def card(self) -> Message:
        return self._write("inquiry", Origin.SYSTEM, meta={"status": "active", "booking_details": {}})

    def mark(self) -> None:
        self.world.mark_no_reply_needed(self.thread)

    def entry(self, outcome: str, *messages: Message, **more: Any) -> dict[str, Any]:
        return {
            "thread_id": self.thread.id,
            "message_ids": [m.id for m in messages],
            "outcome": outcome,
            **more,
        }

    def counts(self, *ledger: Mapping[str, Any]) -> dict[str, int]:
        """What is not zero."""
        return {name: number for name, number in audit(self.world, ledger).items() if number}

    def _write(self, text: str, origin: Origin, **more: Any) -> Message:
        assert isinstance(self.world.clock, ManualClock)
        self.world.clock.advance(30)
        return self.world.write(self.thread, text, origin=origin, **more)


def test_an_answered_message() -> None:
    scene = Scene()
    asked = scene.guest()
    scene.reply()
    assert scene.counts(scene.entry("reply", asked, parts=1)) == {
        "guest_messages": 1,
        "turns": 1,
        "replies_sent": 1,
    }


def test_every_count_is_given_even_when_zero() -> None:
    assert audit(new_world(), []) == {
        "guest_messages": 0,
        "turns": 0,
        "replies_sent": 0,
        "no_reply_needed": 0,
        "escalated": 0,
        "held": 0,
        "silent": 0,
        "duplicates": 0,
        "unaccounted": 0,
    }


def test_several_messages_are_one_turn() -> None:
    scene = Scene()
    asked = [scene.guest("Hi"), scene.guest("One question"), scene.guest("Parking?")]
    scene.reply()
    counts = scene.counts(scene.entry("reply", *asked))
    assert counts == {"guest_messages": 3, "turns": 1, "replies_sent": 1}


def test_a_guest_message_in_no_entry_is_unaccounted() -> None:
    scene = Scene()
    first = scene.guest()
    scene.reply()
    scene.guest("And wifi?")
    scene.guest("Hello?")
    counts = scene.counts(scene.entry("reply", first))
    # The two form one turn that nobody decided.
    assert counts == {"guest_messages": 3, "turns": 2, "replies_sent": 1, "unaccounted": 2}


def test_a_reply_sent_twice_is_a_duplicate() -> None:
    scene = Scene()
    asked = scene.guest()
    scene.reply("There is.")
    scene.reply("There  is.\n")
    counts = scene.counts(scene.entry("reply", asked))
    assert counts == {"guest_messages": 1, "turns": 1, "replies_sent": 1, "duplicates": 1}


def test_a_second_reply_in_other_words_is_a_duplicate_too() -> None:
    scene = Scene()
    asked = scene.guest()
    scene.reply("There is.")
    scene.reply("Yes, parking is free.")
    assert scene.counts(scene.entry("reply", asked))["duplicates"] == 1


def test_claiming_more_parts_does_not_hide_the_same_words_twice() -> None:
    scene = Scene()
    asked = scene.guest()
    scene.reply("There is.")
    scene.reply("There is.")
    counts = scene.counts(scene.entry("reply", asked, parts=2))
    # The second part never came.
    assert (counts["duplicates"], counts["unaccounted"]) == (1, 1)


def test_claiming_a_message_twice_does_not_hide_a_second_reply() -> None:
    scene = Scene()
    asked = scene.guest()
    scene.reply("There is.")
    scene.reply("Parking is free.")
    counts = scene.counts(scene.entry("reply", asked), scene.entry("reply", asked))
    assert counts == {"guest_messages": 1, "turns": 1, "replies_sent": 1, "duplicates": 1}


def test_the_same_words_to_a_new_question_are_no_duplicate() -> None:
    scene = Scene()
    first = scene.guest("Wifi?")
    scene.reply("It is on the fridge.")
    second = scene.guest("Sorry, where is the wifi password?")
    scene.reply("It is on the fridge.")
    counts = scene.counts(scene.entry("reply", first), scene.entry("reply", second))
    assert counts == {"guest_messages": 2, "turns": 2, "replies_sent": 2}


def test_a_turn_held_first_and_answered_after_all_is_one_turn() -> None:
    scene = Scene()
    asked = scene.guest()
    scene.reply()
    counts = scene.counts(scene.entry("hold", asked), scene.entry("reply", asked))
    assert counts == {"guest_messages": 1, "turns": 1, "replies_sent": 1}


def test_unaccounted_messages_on_both_sides_of_an_answer_are_two_turns() -> None:
    scene = Scene()
    scene.guest()
    scene.host()
    scene.guest()
    assert scene.counts() == {"guest_messages": 2, "turns": 2, "unaccounted": 2}


def test_parts_make_one_reply() -> None:
    scene = Scene()
    asked = scene.guest()
    scene.reply("Here is the way.")
    scene.reply("", attachments=("attachments/1/map.png",))
    counts = scene.counts(scene.entry("reply", asked, parts=2))
    assert counts == {"guest_messages": 1, "turns": 1, "replies_sent": 1}


def test_a_late_copy_after_the_guests_next_message_is_a_duplicate() -> None:
    scene = Scene()
    asked = scene.guest()
    scene.reply()
    thanks = scene.guest("Thanks")
    scene.reply()
    counts = scene.counts(scene.entry("reply", asked), scene.entry("silent", thanks))
    assert counts == {"guest_messages": 2, "turns": 2, "replies_sent": 1, "silent": 1, "duplicates": 1}


def test_a_copy_that_is_not_visible_yet_counts() -> None:
    scene = Scene()
    asked = scene.guest()
    scene.reply()
    scene.reply(later=60, accepted=False)
    assert scene.counts(scene.entry("reply", asked))["duplicates"] == 1


def test_a_reply_claimed_and_never_received() -> None:
    scene = Scene()
    asked = scene.guest()
    counts = scene.counts(scene.entry("reply", asked))
    assert counts == {"guest_messages": 1, "turns": 1, "unaccounted": 1}


def test_a_reply_before_the_question_is_no_answer_to_it() -> None:
    scene = Scene()
    scene.reply("Welcome")
    asked = scene.guest()
    counts = scene.counts(scene.entry("reply", asked))
    # One message nobody claims, one claim without a message.
    assert counts == {"guest_messages": 1, "turns": 1, "replies_sent": 1, "unaccounted": 2}


def test_a_copy_without_a_claim() -> None:
    scene = Scene()
    asked = scene.guest()
    scene.reply()
    counts = scene.counts(scene.entry("hold", asked))
    assert counts == {"guest_messages": 1, "turns": 1, "replies_sent": 1, "held": 1, "unaccounted": 1}


def test_two_turns_overtaken_by_each_other() -> None:
    scene = Scene()
    first, second = scene.guest("Parking?"), scene.guest("Wifi?")
    scene.reply("Parking is free.")
    scene.reply("Wifi is free.")
    counts = scene.counts(scene.entry("reply", second), scene.entry("reply", first))
    assert counts == {"guest_messages": 2, "turns": 2, "replies_sent": 2}


def test_a_host_who_answered_is_no_copy() -> None:
    scene = Scene()
    asked = scene.guest()
    scene.host()
    assert scene.counts(scene.entry("silent", asked)) == {"guest_messages": 1, "turns": 1, "silent": 1}


def test_escalated_held_and_silent_are_taken_from_the_ledger() -> None:
    scene = Scene()
    messages = [scene.guest(str(n)) for n in range(3)]
    ledger = [
        scene.entry(outcome, message)
        for outcome, message in zip(("escalate", "hold", "silent"), messages, strict=True)
    ]
    assert scene.counts(*ledger) == {
        "guest_messages": 3,
        "turns": 3,
        "escalated": 1,
        "held": 1,
        "silent": 1,
    }


def test_marks_are_counted_where_they_arrive() -> None:
    scene = Scene()
    thanks = scene.guest("Thanks")
    scene.mark()
    scene.mark()
    counts = scene.counts(scene.entry("no_reply_needed", thanks))
    assert counts == {"guest_messages": 1, "turns": 1, "no_reply_needed": 1}
    again = scene.guest("Bye")
    scene.mark()
    counts = scene.counts(scene.entry("no_reply_needed", thanks), scene.entry("no_reply_needed", again))
    assert counts == {"guest_messages": 2, "turns": 2, "no_reply_needed": 2}


def test_a_mark_claimed_and_never_set() -> None:
    scene = Scene()
    scene.mark()
    thanks = scene.guest("Thanks")
    counts = scene.counts(scene.entry("no_reply_needed", thanks))
    # The early mark belongs to nothing, the claim has none.
    assert counts == {"guest_messages": 1, "turns": 1, "no_reply_needed": 1, "unaccounted": 2}


def test_an_inquiry_card_is_a_turn() -> None:
    scene = Scene("AirBNB")
    card = scene.card()
    assert scene.counts() == {"turns": 1, "unaccounted": 1}
    scene.reply("Thank you for your interest.")
    assert scene.counts(scene.entry("reply", card)) == {"turns": 1, "replies_sent": 1}


def test_support_and_co_hosts_are_no_guests() -> None:
    scene = Scene("AirBNB")
    scene.world.write(scene.thread, "Airbnb here", origin=Origin.SYSTEM, sender="support")
    scene.guest("I am the co-host", meta={"name": "Bo", "role": "COHOST"})
    assert scene.counts() == {}
    asked = scene.guest("Hi", meta={"name": "Al", "role": "GUEST"})
    assert scene.counts(scene.entry("hold", asked)) == {"guest_messages": 1, "turns": 1, "held": 1}


def test_claims_about_what_does_not_exist() -> None:
    scene = Scene()
    asked = scene.guest()
    strange = scene.entry("reply", asked)
    strange["message_ids"] = ["nowhere"]
    elsewhere = {"thread_id": "elsewhere", "message_ids": ["a", "b"], "outcome": "silent"}
    empty = scene.entry("silent")
    counts = scene.counts(scene.entry("hold", asked), strange, elsewhere, empty)
    assert counts == {"guest_messages": 1, "turns": 1, "held": 1, "unaccounted": 4}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("text", "thread_id"),
        ({}, "thread_id"),
        ({"thread_id": "t"}, "message_ids"),
        ({"thread_id": "t", "message_ids": "abc", "outcome": "reply"}, "message_ids"),
        ({"thread_id": "t", "message_ids": [1], "outcome": "reply"}, "message_ids"),
        ({"thread_id": "t", "message_ids": [], "outcome": "sent"}, "outcome"),
        ({"thread_id": "t", "message_ids": [], "outcome": ["reply"]}, "outcome"),
        ({"thread_id": "t", "message_ids": [], "outcome": "reply", "parts": 0}, "parts"),
        ({"thread_id": "t", "message_ids": [], "outcome": "reply", "parts": True}, "parts"),
    ],
)
def test_a_ledger_of_another_form_is_refused_with_its_place(entry: Any, words: str) -> None:
    good = {"thread_id": "t", "message_ids": [], "outcome": "hold"}
    with pytest.raises(BadLedger, match=f"ledger entry 2: {words}"):
        audit(new_world(), [good, entry])
