"""Traces: every rule and condition, what it met, and how near it came."""

from __future__ import annotations

from msgspec.structs import replace

from autoresponder.decision import Decision, RuleTrace, Verdict
from autoresponder.model import Turn
from tests.unit.rules.builders import HOME, NOW, ruleset, turn

RULES = ruleset(
    """
rules:
  - id: urgent
    when: {topics: {any: [complaint]}}
    then: [escalate]
  - id: wifi
    title: Wi-Fi
    when: {topics: {any: [wifi], none: [complaint]}, booking: confirmed}
    reply: wifi
  - id: early
    when: {text: {any: [early check in]}, stay: in_stay}
    reply: early
  - id: off
    enabled: false
    when: {topics: {any: [wifi]}}
    reply: off
  - id: group
    when: {any: [{provider: airbnb}, {topics: {any: [wifi]}}]}
    reply: group
  - id: card
    when: {event: inquiry, inquiry: {nights: 3}}
    reply: card
""",
    "language: en\ntopics: {wifi: {any: [wifi, internet]}, complaint: {any: [broken]}}",
)


def traced(about: Turn) -> tuple[Decision, dict[str, RuleTrace]]:
    decision = RULES.decide(about, HOME, NOW, trace=True)
    assert decision.trace is not None
    return decision, {rule.rule_id: rule for rule in decision.trace.rules}


def test_every_rule_and_condition_is_there_in_order() -> None:
    decision, rules = traced(turn("Hello. Is there wi-fi?"))
    assert decision.trace is not None
    assert list(rules) == ["urgent", "wifi", "early", "off", "group", "card"]
    assert decision.trace.sentences == ("Hello.", "Is there wi-fi?")
    topics, booking = rules["wifi"].conditions
    assert (topics.written, topics.satisfied) == ("topics any: wifi; none: complaint", True)
    assert topics.actual == 'sentence 2 has wifi ("wi fi")'
    assert (booking.written, booking.actual) == ("booking: confirmed", "it is confirmed")
    assert rules["wifi"].verdict is Verdict.USED


def test_verdicts() -> None:
    _, rules = traced(turn("The wifi? And this is broken"))
    assert {name: rule.verdict for name, rule in rules.items()} == {
        "urgent": Verdict.USED,
        "wifi": Verdict.BEATEN,
        "early": Verdict.NOT_MATCHED,
        "off": Verdict.DISABLED,
        "group": Verdict.BEATEN,
        "card": Verdict.NOT_MATCHED,
    }
    assert rules["wifi"].beaten_by == "urgent"
    assert rules["early"].beaten_by is None


def test_groups_show_their_parts() -> None:
    _, rules = traced(turn("wifi"))
    (group,) = rules["group"].conditions
    assert (group.written, group.actual, group.satisfied) == ("any", "1 of 2 hold", True)
    assert [(child.written, child.satisfied) for child in group.children] == [
        ("provider: airbnb", False),
        ("topics any: wifi", True),
    ]


def test_the_nearest_miss() -> None:
    _, rules = traced(turn("is there wfii"))
    assert rules["wifi"].nearest_miss == 'closest word: "wfii", 1 letter off "wifi"'
    _, rules = traced(turn("is there broke"))
    assert rules["wifi"].nearest_miss == ""
    assert rules["urgent"].nearest_miss == 'closest word: "broke", 1 letter off "broken"'
    _, rules = traced(turn("the web is the check in"))
    assert not any("closest word" in rule.nearest_miss for rule in rules.values()), (
        "no slips, but words that rules know"
    )
    _, rules = traced(turn("may we have early check, please"))
    assert rules["early"].nearest_miss == 'closest phrase: "early check in", but "in" is not there'
    _, rules = traced(turn("early check in please"))
    assert rules["early"].nearest_miss == "every condition but one holds: stay: in_stay"
    assert rules["wifi"].nearest_miss == "", "nothing was said about it"
    _, rules = traced(turn("the wifi is broken"))
    assert rules["wifi"].nearest_miss == "every condition but one holds: topics any: wifi; none: complaint"


def test_a_rule_about_inquiries_says_why_a_message_does_not_set_it_off() -> None:
    _, rules = traced(turn("hello"))
    assert [(c.written, c.actual, c.satisfied) for c in rules["card"].conditions] == [
        ("event: inquiry", "it is a message", False),
        ("inquiry: nights = 3", "there is no inquiry", False),
    ]


def test_a_spoilt_topic_shows_in_the_trace() -> None:
    _, rules = traced(turn("the wifi is broken"))
    assert rules["wifi"].conditions[0].actual == 'sentence 1 has complaint ("broken"), wifi ("wifi")'
    assert not rules["wifi"].conditions[0].satisfied


def test_a_flood_of_sentences_does_not_flood_the_trace() -> None:
    decision, rules = traced(turn("wifi!\n" * 5000))
    assert decision.trace is not None
    assert len(decision.trace.sentences) == 200
    assert rules["wifi"].conditions[0].actual.endswith('sentence 8 has wifi ("wifi"); …')


def test_a_trace_for_the_journal_counts_the_rules_about_other_words() -> None:
    about = turn("is there wifi?")
    whole = RULES.decide(about, HOME, NOW, trace=True)
    brief = RULES.decide(about, HOME, NOW, trace=True, whole=False)
    assert whole.trace is not None
    assert brief.trace is not None
    told = {row.rule_id for row in brief.trace.rules}
    assert told >= {row.rule_id for row in whole.trace.rules if row.verdict in {Verdict.USED, Verdict.BEATEN}}
    assert 0 < len(told) < len(whole.trace.rules)
    off = sum(row.verdict is Verdict.DISABLED for row in whole.trace.rules)
    assert len(told) + brief.trace.left_out + off == len(whole.trace.rules)
    assert replace(brief, trace=None) == replace(whole, trace=None)
