"""What guests only mention gets no answer; what they ask for does, and an alarm rings either way."""

from __future__ import annotations

import pytest

from autoresponder.decision import Outcome
from tests.unit.rules.builders import HOME, NOW, decide, ruleset, turn

RULES = """
rules:
  - {id: pets, when: {topics: {any: [pets]}}, text: Pets are welcome.}
  - {id: wifi, when: {topics: {any: [wifi]}}, text: The network is Seaview.}
  - {id: pool, when: {text: {any: [pool, piscin*, schwimmbad]}}, text: The pool is open.}
  - {id: fault, when: {topics: {any: [fault]}}, then: [escalate]}
"""
TOPICS = """
language: en
topics:
  pets: {any: [dog, dogs, hund, chien, perro, cane, cão, hond]}
  wifi: {any: [wifi, wlan]}
  fault: {any: [broken, "does not work"]}
"""


def answers(*texts: str) -> tuple[str, ...]:
    decision = decide(ruleset(RULES, TOPICS), turn(*texts))
    return decision.rules if decision.outcome is Outcome.REPLY else ()


@pytest.mark.parametrize(
    "text",
    [
        "We don't have a dog", "We will not bring the dog", "we are coming without our dog.", "Wir haben keinen Hund",
        "Den Hund bringen wir nicht mit", "Nous n'avons pas de chien", "No tenemos perro", "Non abbiamo il cane",
        "Não temos cão", "We hebben geen hond", "We walked our dog this morning", "We used the pool yesterday.",
        "Wir haben das Schwimmbad benutzt", "Nous avons utilisé la piscine", "We loved the pool!",
    ],
)  # fmt: skip
def test_a_negated_or_past_mention_is_no_question(text: str) -> None:
    assert answers(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Hat super geklappt mit dem WLAN, danke!", "Haben das WLAN gefunden", "Konnten mit Hund parken, super",
        "Was able to use the wifi, thanks", "All sorted with the wifi now", "Wifi works great, thank you",
        "A bien marché le wifi, merci", "Ha funcionado el wifi, gracias", "Ha funzionato il wifi, grazie",
        "Funcionou o wifi, obrigada", "Is gelukt met de wifi, dank je!", "Heeft gewerkt, de wifi, bedankt",
    ],
)  # fmt: skip
def test_a_report_without_we_or_it_is_no_question(text: str) -> None:
    assert answers(text) == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("We have a dog", "pets"), ("Don't you allow dogs?", "pets"), ("Is there no wifi?", "wifi"),
        ("We don't know the wifi password", "wifi"), ("I have not received the wifi code", "wifi"),
        ("Wir finden das WLAN nicht", "wifi"), ("Je ne trouve pas le wifi", "wifi"),
        ("We had hoped to bring our dog", "pets"), ("Gibt es kein WLAN?", "wifi"),
        ("We used the pool, is it open today?", "pool"), ("Haben Sie das WLAN gefunden", "wifi"),
        ("Haben das WLAN nicht gefunden", "wifi"), ("no hemos encontrado el wifi", "wifi"),
        ("we found the flat but where do we get wifi", "wifi"), ("há wifi", "wifi"), ("olá, há wifi", "wifi"),
    ],
)  # fmt: skip
def test_a_question_with_a_not_in_it_stays_one(text: str, rule: str) -> None:
    assert answers(text) == (rule,)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("The wifi went down an hour ago", False), ("Das WLAN ist seit heute weg", False), ("Thanks for the wifi details", False),
        ("Got the wifi to work", False), ("Le wifi ne marche plus", False), ("La wifi no va desde ayer", False),
        ("wifi password", True), ("The wifi is where?", True), ("WLAN Passwort bitte", True),
        ("There is a wifi. How does it work?", True), ("I was told there is wifi, how do I use it?", True),
        ("The code for the wifi has not been sent", True), ("Wir haben den WLAN-Code noch nicht erhalten", True),
        ("Thanks for the wifi details, could you send me the name too", True),
    ],
)  # fmt: skip
def test_of_a_topic_that_must_be_asked_for_statements_only_tell(text: str, asked: bool) -> None:
    topics = TOPICS.replace("wifi: {any: [wifi, wlan]}", "wifi: {any: [wifi, wlan], asked: true}")
    decision = decide(ruleset(RULES, topics), turn(text))
    assert (decision.rules == ("wifi",)) is asked
    assert answers(text) == ("wifi",) or not asked


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The wifi went down an hour ago", True), ("wifi", True), ("Das WLAN ist seit heute weg.", True),
        ("The wifi is slow. Can somebody come?", True), ("we don't have any wifi", True),
        ("Is there wifi?", False), ("could you tell me about the wifi", False), ("Gibt es WLAN", False),
        ("We arrive at 9. Is the wifi good?", False), ("c'è il wifi", False),
    ],
)  # fmt: skip
def test_a_topic_that_must_be_told_is_in_no_sentence_that_asks(text: str, told: bool) -> None:
    topics = TOPICS.replace("wifi: {any: [wifi, wlan]}", "wifi: {any: [wifi, wlan], told: true}")
    rules = "rules: [{id: told, when: {topics: {any: [wifi]}}, then: [escalate]}]"
    assert decide(ruleset(rules, topics), turn(text)).rules == (("told",) if told else ())


@pytest.mark.parametrize(
    ("text", "partial"),
    [
        ("Is there wifi? The pool is green.", True),
        ("The pool is green. Is there wifi?", True),
        ("Is there wifi? Is the weather fine? Have a nice day", True),
        ("Is there wifi? Have a nice day.", False),
        ("Is there wifi? We come by train.", False),
    ],
)
def test_what_must_be_told_is_not_lost_behind_an_answer(text: str, partial: bool) -> None:
    topics = TOPICS + "  pool: {told: true, any: [pool]}\n"
    decision = decide(
        ruleset("rules: [{id: wifi, when: {topics: {any: [wifi]}}, reply: wifi}]", topics), turn(text)
    )
    assert (decision.rules, decision.partial, decision.notify) == (("wifi",), partial, partial)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("We don't have a dog but is there wifi", ("wifi",)),
        ("Wir haben keinen Hund, aber gibt es WLAN", ("wifi",)),
        ("Nous n'avons pas de chien, mais y a-t-il le wifi ?", ("wifi",)),
        ("No tenemos perro pero hay wifi?", ("wifi",)),
        ("Non abbiamo il cane, ma c'è il wifi?", ("wifi",)),
        ("We hebben geen hond maar is er wifi", ("wifi",)),
        ("We don't have a dog. Is there wifi?", ("wifi",)),
    ],
)
def test_each_side_of_a_but_is_judged_by_itself(text: str, rules: tuple[str, ...]) -> None:
    assert answers(text) == rules


@pytest.mark.parametrize(
    "text", ["We found the shower broken", "The lamp was not lit, it is broken", "It does not work"]
)
def test_an_alarm_rings_at_a_mere_mention(text: str) -> None:
    assert decide(ruleset(RULES, TOPICS), turn(text)).outcome is Outcome.ESCALATE


def test_a_question_over_several_messages_and_a_quoted_one() -> None:
    assert answers("Hi", "one more thing:", "is there wifi?") == ("wifi",)
    assert answers("Fine, see you!\n\nOn Mon, Host wrote:\n> is there a dog?") == ()


def test_the_trace_says_what_was_only_mentioned() -> None:
    about = turn("We don't have a dog.", "We used the pool.")
    decision = ruleset(RULES, TOPICS).decide(about, HOME, NOW, trace=True)
    assert decision.trace is not None
    actual = {rule.rule_id: rule.conditions[0].actual for rule in decision.trace.rules}
    assert "only mentions pets" in actual["pets"]
    assert 'only mentions "pool"' in actual["pool"]
