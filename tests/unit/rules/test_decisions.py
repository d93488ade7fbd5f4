"""Which of the matching rules decide, and what comes out."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from autoresponder.config import Answers, Partial
from autoresponder.decision import ActionKind, Outcome, SkipReason
from autoresponder.model import Provider
from tests.unit.rules.builders import BOOKING, INQUIRY, decide, ruleset, turn

RULES = ruleset(
    """
rules:
  - id: urgent
    when: {topics: {any: [complaint]}}
    then: [escalate]
  - id: wifi
    title: Wi-Fi
    when: {topics: {any: [wifi]}}
    reply: wifi
    cooldown: 2h
  - id: parking
    when: {topics: {any: [parking]}}
    reply: parking
    then: [close]
    cooldown: 30m
  - id: garage
    when: {text: {any: [garage]}}
    reply: parking
  - id: invoice
    when: {text: {any: [invoice]}}
    text: "An invoice: {{ guest.first_name }}"
    then: [escalate]
  - id: later
    when: {text: {any: [later]}}
    then: [hold]
  - id: nothing
    when: {topics: {any: [courtesy]}}
    then: [no_reply_needed, close]
  - id: off
    enabled: false
    then: [escalate]
  - id: card
    when: {event: inquiry}
    reply: inquiry
""",
    """
language: en
topics:
  wifi: {any: [wifi, internet]}
  parking: {any: [park*, parking]}
  complaint: {any: [broken, does not work]}
  courtesy: {any: [thanks, ok]}
  bus: {any: [bus]}
""",
)


def test_a_single_answer() -> None:
    decision = decide(RULES, turn("Is there wifi?"))
    assert decision.outcome is Outcome.REPLY
    assert decision.rules == ("wifi",)
    assert [(s.rule_id, s.template, s.text, s.phrase_language) for s in decision.sections] == [
        ("wifi", "wifi", None, "en")
    ]
    assert (decision.actions, decision.reason, decision.notify) == ((ActionKind.REPLY,), None, False)
    assert (decision.language, decision.cooldown) == ("en", 7200.0)
    assert decision.explanation == 'answered by rule "Wi-Fi"'


def test_answers_combine_in_rule_order_and_close_comes_last() -> None:
    decision = decide(RULES, turn("Where can we park?", "And is there internet?"))
    assert decision.rules == ("wifi", "parking")
    assert decision.actions == (ActionKind.REPLY, ActionKind.CLOSE)
    assert decision.cooldown == 7200.0
    assert decision.topics == ("parking", "wifi")


def test_the_first_answer_alone() -> None:
    decision = decide(RULES, turn("Where can we park? Is there wifi?"), answers=Answers.FIRST)
    assert decision.rules == ("wifi",)
    assert decision.partial


def test_the_same_reply_comes_once() -> None:
    decision = decide(RULES, turn("Can we park in the garage?"))
    assert decision.rules == ("parking",)


def test_escalation_wins_over_every_answer() -> None:
    decision = decide(RULES, turn("Where can we park? The wifi is broken, later"))
    assert decision.outcome is Outcome.ESCALATE
    assert decision.rules == ("urgent", "later")
    assert (decision.sections, decision.actions) == ((), (ActionKind.ESCALATE,))
    assert (decision.reason, decision.notify) == (SkipReason.RULE_ESCALATES, True)


def test_hold_wins_over_answers() -> None:
    decision = decide(RULES, turn("the wifi, later"))
    assert (decision.outcome, decision.reason) == (Outcome.HOLD, SkipReason.RULE_HOLDS)
    assert (decision.rules, decision.notify) == (("later",), True)


def test_an_answer_that_tells_a_person_keeps_the_thread_open() -> None:
    decision = decide(RULES, turn("We need an invoice. Where to park?"))
    assert decision.rules == ("parking", "invoice")
    assert decision.actions == (ActionKind.REPLY, ActionKind.ESCALATE)
    assert decision.notify
    assert decision.sections[1].text == "An invoice: {{ guest.first_name }}"


@pytest.mark.parametrize(
    ("provider", "outcome", "actions"),
    [
        (Provider.BOOKING_COM, Outcome.NO_REPLY_NEEDED, (ActionKind.NO_REPLY_NEEDED, ActionKind.CLOSE)),
        (Provider.AIRBNB, Outcome.SILENT, (ActionKind.CLOSE,)),
    ],
)
def test_no_reply_needed_is_booking_com_s(
    provider: Provider, outcome: Outcome, actions: tuple[ActionKind, ...]
) -> None:
    decision = decide(RULES, turn("ok thanks", provider=provider))
    assert (decision.outcome, decision.actions, decision.rules) == (outcome, actions, ("nothing",))
    assert (decision.reason, decision.notify) == (SkipReason.COURTESY, False)


@pytest.mark.parametrize(
    "text", ["Thanks! Is the pool open?", "thanks, can you call me", "Ok. We need two more towels", "thanks?"]
)
def test_thanks_with_a_question_is_held(text: str) -> None:
    decision = decide(RULES, turn(text))
    assert (decision.outcome, decision.reason) == (Outcome.HOLD, SkipReason.NO_RULE)
    assert decision.rules == ()


def test_thanks_with_a_file_is_held() -> None:
    decision = decide(RULES, turn("thanks", files=("https://files.example/a.jpg",)))
    assert (decision.outcome, decision.reason) == (Outcome.HOLD, SkipReason.NO_RULE)


@pytest.mark.parametrize(
    "text",
    [
        "Can we bring a dog?",
        "We bring a dog",
        "Hello",
        "",
        "???",
        "we take the bus",
        "help",
        "Danke, und der Hund?",
    ],
)
def test_what_no_rule_covers_is_held(text: str) -> None:
    decision = decide(RULES, turn(text))
    assert (decision.outcome, decision.reason) == (Outcome.HOLD, SkipReason.NO_RULE)
    assert (decision.actions, decision.notify) == ((ActionKind.HOLD,), True)


@pytest.mark.parametrize(
    "text", ["Muchas gracias!", "Vielen Dank und liebe Grüße", "Merci beaucoup, Ana", "Grazie mille 😊"]
)
def test_courtesy_that_no_rule_covers_needs_nobody(text: str) -> None:
    decision = decide(RULES, turn(text))
    assert (decision.outcome, decision.reason) == (Outcome.SILENT, SkipReason.COURTESY)
    assert (decision.actions, decision.notify, decision.rules) == ((), False, ())


def test_a_file_without_words_is_held() -> None:
    decision = decide(RULES, turn("", files=("https://files.example/a.jpg",)))
    assert decision.reason is SkipReason.NO_RULE
    assert "file" in decision.explanation


def test_an_uncovered_question_makes_the_answer_partial() -> None:
    decision = decide(RULES, turn("Is there wifi? Can we bring our dog?"))
    assert (decision.outcome, decision.partial, decision.notify) == (Outcome.REPLY, True, True)
    assert "sentence 2" in decision.explanation


@pytest.mark.parametrize(
    ("text", "partial"),
    [
        ("We can't find the wifi. Could you send it to us?", False), ("I need the wifi. Thank you! Can you help me please?", False),
        ("Wir finden das wifi nicht. Können Sie uns das bitte schicken?", False),
        ("Il nous faut le wifi. Pourriez-vous nous l'envoyer ?", False), ("Necesitamos el wifi. ¿Nos lo puede enviar?", False),
        ("Ci serve il wifi. Potete mandarcelo?", False), ("Precisamos do wifi. Pode enviar?", False),
        ("We zoeken het wifi. Kunt u dat sturen?", False), ("We need the wifi. Is that possible? Could you let us know?", False),
        ("Is there wifi? Can we bring our dog?", True), ("Is there wifi? How fast is it?", True),
        ("Could you send it to us? And is there wifi?", True), ("We lost a hat. Could you send it to us? Is there wifi?", True),
        ("Is there wifi? We lost a hat. Could you send it to us?", True), ("Is there wifi? When?", True),
    ],
)  # fmt: skip
def test_a_question_that_names_nothing_asks_for_what_was_said_before(text: str, partial: bool) -> None:
    assert decide(RULES, turn(text)).partial is partial


def test_a_partial_answer_is_held_when_the_policy_says_so() -> None:
    decision = decide(RULES, turn("Is there wifi? Can we bring our dog?"), partial=Partial.HOLD)
    assert (decision.outcome, decision.reason) == (Outcome.HOLD, SkipReason.PARTIAL)
    assert (decision.partial, decision.notify, decision.sections) == (True, True, ())
    assert decision.actions == (ActionKind.HOLD,)


@pytest.mark.parametrize(
    "text",
    [
        "Hello Ana, is there wifi? Thank you very much!",
        "Hi, how are you? Is there wifi?",
        "Is there wifi? We are looking forward to Lisbon.",
        "Is there wifi?\nBest regards\nAna",
    ],
)
def test_greetings_and_statements_leave_nothing_open(text: str) -> None:
    assert not decide(RULES, turn(text)).partial


@pytest.mark.parametrize(
    "text",
    [
        "wifi. please send the code",
        "wifi. wo können wir frühstücken",
        "wifi. Nous voudrions un lit",
        "wifi. necesitamos toallas",
        "wifi. Avremmo bisogno di asciugamani",
        "wifi. Precisamos de toalhas",
        "wifi. kunnen we eerder komen",
        "wifi。几点入住",
    ],
)
def test_requests_without_a_question_mark(text: str) -> None:
    decision = decide(RULES, turn(text))
    assert (decision.outcome, decision.partial) == (Outcome.REPLY, True)


def test_an_acknowledgement_covers_nothing_unless_it_tells_a_person() -> None:
    plain = ruleset("rules: [{id: ack, reply: ack}]")
    told = ruleset("rules: [{id: ack, reply: ack, then: [escalate]}]")
    assert decide(plain, turn("Is the pool open?")).partial
    decision = decide(told, turn("Is the pool open?"), partial=Partial.HOLD)
    assert (decision.outcome, decision.partial, decision.notify) == (Outcome.REPLY, False, True)


def test_a_message_too_long_to_read_is_partial() -> None:
    decision = decide(RULES, turn("wifi? " + "so " * 40_000))
    assert (decision.outcome, decision.partial, decision.notify) == (Outcome.REPLY, True, True)
    assert decide(RULES, turn("thanks " * 20_000)).outcome is Outcome.HOLD


def test_an_inquiry_is_answered_by_the_rules_about_inquiries() -> None:
    card = turn(inquiry=INQUIRY, booking=None, provider=Provider.AIRBNB)
    assert decide(RULES, card).rules == ("card",)
    with_words = turn("is there wifi", inquiry=INQUIRY, booking=None, provider=Provider.AIRBNB)
    assert decide(RULES, with_words).rules == ("wifi", "card")
    assert decide(RULES, turn("is there wifi", booking=None, provider=Provider.AIRBNB)).rules == ("wifi",)


def test_an_inquiry_that_no_rule_is_about_is_held() -> None:
    rules = ruleset("rules: [{id: a, reply: a}]")
    decision = decide(rules, turn(inquiry=INQUIRY, booking=None))
    assert (decision.outcome, decision.reason) == (Outcome.HOLD, SkipReason.NO_RULE)


def test_topics_are_told_even_when_no_rule_uses_them() -> None:
    assert decide(RULES, turn("Which bus?")).topics == ("bus",)


def test_the_language_is_that_of_most_phrases_then_the_booking_s() -> None:
    two = ruleset(
        "rules: [{id: a, when: {topics: {any: [wifi]}}, reply: a}]",
        "language: en\ntopics: {wifi: {any: [wifi, password]}}",
    )
    assert decide(two, turn("wifi")).language == "en"
    assert decide(two, turn("hello")).language is None
    german = turn("hello", booking=replace(BOOKING, guest_language="de"))
    assert decide(two, german).language == "de"


def test_explanations_never_carry_the_guest_s_words() -> None:
    for text in ("Is the xyzzy open?", "wifi? And the xyzzy?", "xyzzy is broken", "thanks xyzzy"):
        assert "xyzzy" not in decide(RULES, turn(text)).explanation
