"""Properties of deciding: tracing changes nothing, leaving rules out unseen changes nothing, order counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from autoresponder.config import Answers, Partial
from autoresponder.decision import Decision, Outcome, Verdict
from autoresponder.model import Event, Provider, Turn
from autoresponder.rules import RuleSet, load_rules
from autoresponder.rules.comparisons import any_test
from autoresponder.rules.reading import Reading
from autoresponder.rules.situation import Situation
from autoresponder.rules.wildcard import matches
from tests.unit.rules.builders import BOOKING, HOME, INQUIRY, turn

TOPICS = """
language: en
topics:
  wifi: {any: [wifi, internet], none: [fine]}
  parking: {any: [park*, "car ... night"]}
  complaint: {any: [broken]}
  courtesy: {any: [thanks, ok]}
"""
NAMES = ["wifi", "parking", "complaint", "courtesy"]
PHRASES = ["wifi", "early check in", "park*", "car ... night", "re: \\d+ pm", "no need"]
PIECES = [
    "wifi", "internet", "fine", "parking", "car for the night", "broken", "thanks", "ok", "hello", "Ana", "at 5 pm",
    "no need", "early check-in", "?", ".", "\n", "!", "can we", "please", "the", "zz", "👍",
]  # fmt: skip

names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2)
phrases = st.lists(st.sampled_from(PHRASES), min_size=1, max_size=2)
leaves: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries(
        {"topics": st.dictionaries(st.sampled_from(["any", "all", "none", "only"]), names, min_size=1)}
    ),
    st.fixed_dictionaries(
        {"text": st.dictionaries(st.sampled_from(["any", "all", "none"]), phrases, min_size=1)}
    ),
    st.fixed_dictionaries({"provider": st.sampled_from(["airbnb", "booking_com"])}),
    st.fixed_dictionaries({"event": st.sampled_from([["message"], ["inquiry"], ["inquiry", "message"]])}),
    st.fixed_dictionaries({"booking": st.sampled_from(["confirmed", "none"])}),
    st.fixed_dictionaries({"stay": st.sampled_from(["before_arrival", "in_stay", "inquiry"])}),
    st.fixed_dictionaries({"thread": st.just({"has_attachment": False})}),
    st.fixed_dictionaries({"language": st.just("en")}),
    st.fixed_dictionaries({"inquiry": st.just({"nights": {"at_least": 2}})}),
)
whens = st.recursive(
    st.one_of(leaves, st.just({})),
    lambda inner: st.dictionaries(
        st.sampled_from(["any", "all", "none"]),
        st.lists(inner, min_size=1, max_size=2),
        min_size=1,
        max_size=2,
    ),
    max_leaves=4,
)
actions = st.one_of(
    st.fixed_dictionaries({"reply": st.sampled_from(["a", "b"])}),
    st.fixed_dictionaries({"text": st.just("hi"), "then": st.just(["escalate"])}),
    st.fixed_dictionaries(
        {"then": st.sampled_from([["no_reply_needed"], ["close"], ["hold"], ["escalate"]])}
    ),
)


@st.composite
def rulesets(draw: st.DrawFn) -> RuleSet:
    entries = draw(st.lists(st.tuples(whens, actions, st.booleans()), min_size=1, max_size=6))
    rules = [
        {"id": f"r{number}", "when": when, "enabled": enabled or number > 0, **action}
        for number, (when, action, enabled) in enumerate(entries)
    ]
    loaded, problems = load_rules(
        {"rules/a.yaml": yaml.safe_dump({"rules": rules}), "rules/topics/en.yaml": TOPICS}
    )
    assert loaded is not None, problems
    return loaded


@st.composite
def turns(draw: st.DrawFn) -> Turn:
    texts = draw(st.lists(st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join), max_size=2))
    card = draw(st.booleans()) or not texts
    return turn(
        *texts,
        provider=draw(st.sampled_from([Provider.AIRBNB, Provider.BOOKING_COM])),
        booking=draw(st.sampled_from([None, BOOKING])),
        inquiry=INQUIRY if card else None,
        files=draw(st.sampled_from([(), ("https://files.example/a.jpg",)])),
    )


moments = st.integers(0, 15).map(lambda days: datetime(2026, 4, 30, 12, tzinfo=UTC) + timedelta(days=days))
surroundings = st.builds(
    lambda answers, partial: replace(HOME, answers=answers, partial=partial),
    st.sampled_from(Answers),
    st.sampled_from(Partial),
)


@settings(max_examples=300, deadline=None)
@given(rulesets(), turns(), moments, surroundings)
def test_a_decision_is_the_same_with_and_without_trace(
    rules: RuleSet, about: Turn, now: datetime, home: Any
) -> None:
    plain = rules.decide(about, home, now)
    traced = rules.decide(about, home, now, trace=True)
    assert changed(traced, trace=None) == plain
    assert traced.trace is not None
    assert tuple(rule.rule_id for rule in traced.trace.rules) == tuple(rule.id for rule in rules.rules)
    used = tuple(rule.rule_id for rule in traced.trace.rules if rule.verdict is Verdict.USED)
    if plain.reason != "partial":
        assert used == plain.rules
    for rule in traced.trace.rules:
        satisfied = all(condition.satisfied for condition in rule.conditions)
        if rule.verdict is not Verdict.DISABLED:
            assert satisfied == (rule.verdict is not Verdict.NOT_MATCHED)


@settings(max_examples=300, deadline=None)
@given(rulesets(), turns(), moments)
def test_rules_left_out_unseen_would_not_have_matched(rules: RuleSet, about: Turn, now: datetime) -> None:
    reading = Reading(about, rules._vocabulary, HOME.property_name)
    situation = Situation(about, HOME, now, reading)
    candidates = set(rules._candidates(reading))
    for place, compiled in enumerate(rules._compiled):
        if compiled.rule.enabled and compiled.when.holds(situation):
            assert place in candidates, compiled.rule


@settings(max_examples=300, deadline=None)
@given(rulesets(), turns(), moments, surroundings)
def test_every_decision_is_whole(rules: RuleSet, about: Turn, now: datetime, home: Any) -> None:
    decision: Decision = rules.decide(about, home, now)
    answers = decision.outcome is Outcome.REPLY
    assert bool(decision.sections) == answers
    assert (decision.reason is None) == answers
    assert decision.explanation
    assert "\n" not in decision.explanation
    assert decision.notify or decision.outcome not in (Outcome.HOLD, Outcome.ESCALATE)
    if decision.outcome is Outcome.NO_REPLY_NEEDED:
        assert about.thread.provider is Provider.BOOKING_COM
    if decision.outcome in (Outcome.NO_REPLY_NEEDED, Outcome.SILENT):
        assert not any("?" in message.text and "zz" in message.text for message in about.messages)
        assert not about.has_attachments or about.event is Event.INQUIRY


@settings(max_examples=200)
@given(st.text("ab*", max_size=8), st.text("abAB", max_size=8))
def test_a_star_stands_for_anything(pattern: str, name: str) -> None:
    def plain(p: str, n: str) -> bool:
        if not p:
            return not n
        if p[0] == "*":
            return plain(p[1:], n) or (bool(n) and plain(p, n[1:]))
        return bool(n) and p[0] == n[0] and plain(p[1:], n[1:])

    assert matches(pattern, name) == plain(pattern.casefold(), name.casefold())


@given(st.one_of(st.integers(-5, 5), st.sampled_from(["x", "2026-05-01", "NaN", "1.50", True, None, []])))
def test_comparisons_take_whatever_the_wire_brings(value: Any) -> None:
    today = datetime(2026, 5, 1, tzinfo=UTC).date()
    for written in (3, {"at_least": 1}, {"within_days": 2}, {"before": "2026-05-02"}, "x", ["x", "y*"], True):
        assert any_test(written).holds(value, today) in (True, False)
