"""What `check` claims about conditions holds for the engine: what implies, what never holds, what always does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import yaml
from hypothesis import event, given, settings
from hypothesis import strategies as st

from autoresponder.lint import states
from autoresponder.lint.candidates import Candidates
from autoresponder.lint.implication import Meaning
from autoresponder.model import Provider, Turn
from autoresponder.rules import load_rules
from tests.unit.rules.builders import BOOKING, HOME, INQUIRY, turn

TOPICS = """
language: en
topics:
  wifi: {any: [wifi, internet], none: [fine]}
  parking: {any: [park*, "car ... night"]}
  pool: {any: [pool]}
"""
NAMES = ["wifi", "parking", "pool"]
PHRASES = [
    "wifi", "wifi code", "no wifi code", "park*", "parking", "parking fee", "~parking", "car ... night",
    "car ... night out", "re: \\d+ pm", "code", "not here",
]  # fmt: skip
PIECES = [
    "wifi", "code", "parking", "parkking", "fee", "car", "for the", "night", "out", "pool", "fine", "no", "not",
    "here", "don't have", "we used the", "is there", "?", ".", ", but", "\n", "at 5 pm", "please", "zz",
]  # fmt: skip

names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)
phrases = st.lists(st.sampled_from(PHRASES), min_size=1, max_size=3, unique=True)
some = {
    "topics": st.dictionaries(st.sampled_from(["any", "all", "none", "only"]), names, min_size=1),
    "text": st.dictionaries(st.sampled_from(["any", "all", "none"]), phrases, min_size=1),
    "provider": st.lists(st.sampled_from(list(Provider)), min_size=1, unique=True).map(lambda ps: [*map(str, ps)]),
    "event": st.lists(st.sampled_from(["message", "inquiry"]), min_size=1, unique=True),
    "booking": st.sampled_from(["confirmed", "none", "cancelled", "any", ["confirmed", "none"]]),
    "stay": st.lists(
        st.sampled_from(["before_arrival", "arrival_day", "in_stay", "inquiry", "after_stay"]),
        min_size=1,
        unique=True,
    ),
    "property": st.sampled_from(["seaview", "sea*", "*", ["seaview", "other"], "other"]),
    "group": st.sampled_from(["old-town", "old*", "new"]),
    "language": st.sampled_from(["en", ["en", "de"]]),
    "stay_details": st.fixed_dictionaries(
        {"nights": st.sampled_from([3, {"at_least": 2}, {"more_than": 2}, {"at_most": 3, "not": 2}, {"less_than": 9}])},
        optional={
            "arrival_date": st.sampled_from(
                ["2026-05-03", {"after": "2026-05-01"}, {"within_days": 2}, {"within_days": 9}]
            )
        },
    ),
    "time": st.sampled_from(
        [
            {"between": ["10:00", "14:00"]},
            {"between": ["09:00", "18:00"]},
            {"between": ["22:00", "06:00"]},
            {"between": ["09:00", "18:00"], "days": ["thu", "fri"]},
            {"days": ["fri"]},
        ]
    ),
    "thread": st.sampled_from([{"has_attachment": False}, {"message_count": {"at_least": 2}}]),
}  # fmt: skip
leaves: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries({}, optional=some)
whens = st.recursive(
    leaves,
    lambda inner: st.tuples(
        leaves,
        st.dictionaries(
            st.sampled_from(["any", "all", "none"]), st.lists(inner, min_size=1, max_size=2), max_size=2
        ),
    ).map(lambda both: {**both[0], **both[1]}),
    max_leaves=3,
)


@st.composite
def widened(draw: st.DrawFn, when: dict[str, Any]) -> dict[str, Any]:
    """Conditions near to the given ones, most of them wider."""
    wide = {name: value for name, value in when.items() if draw(st.booleans())}
    for name in ("text", "topics"):
        if name in wide and draw(st.booleans()):
            words = phrases if name == "text" else names
            wide[name] = {
                key: [*value, *(draw(words) if draw(st.booleans()) else [])]
                for key, value in wide[name].items()
            }
    if wide and draw(st.integers(0, 3)) == 0:
        return {"any": [wide, draw(leaves)]}
    if draw(st.integers(0, 3)) == 0:
        wide.update(draw(leaves))
    return wide


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    narrow = draw(whens)
    return narrow, draw(st.one_of(widened(narrow), whens))


@st.composite
def turns(draw: st.DrawFn) -> Turn:
    texts = draw(st.lists(st.lists(st.sampled_from(PIECES), max_size=7).map(" ".join), max_size=2))
    provider = draw(st.sampled_from(Provider))
    card = provider is Provider.AIRBNB and draw(st.booleans())
    return turn(
        *(texts if card else texts or ["parking"]),
        provider=provider,
        booking=draw(st.sampled_from([None, BOOKING])),
        inquiry=INQUIRY if card else None,
        files=draw(st.sampled_from([(), ("https://files.example/a.jpg",)])),
    )


moments = st.integers(0, 24 * 12).map(
    lambda hours: datetime(2026, 4, 30, 1, tzinfo=UTC) + timedelta(hours=hours)
)
many = st.lists(st.tuples(turns(), moments), min_size=4, max_size=8)


def matching(whens: list[dict[str, Any]], asked: list[bool], about: Turn, now: datetime) -> set[str]:
    rules = [
        {"id": f"r{number}", "when": when, **({"text": "hi"} if asks else {"then": ["hold"]})}
        for number, (when, asks) in enumerate(zip(whens, asked, strict=True))
    ]
    loaded, problems = load_rules(
        {"rules/a.yaml": yaml.safe_dump({"rules": rules}, sort_keys=False), "rules/topics/en.yaml": TOPICS}
    )
    assert loaded is not None, problems
    return set(loaded.matching(about, HOME, now))


@settings(max_examples=400, deadline=None)
@given(pairs(), st.tuples(st.booleans(), st.booleans()), many)
def test_what_implies_another_never_matches_without_it(
    pair: tuple[dict[str, Any], dict[str, Any]], asked: tuple[bool, bool], seen: list[tuple[Turn, datetime]]
) -> None:
    narrow, wide = pair
    claims = Meaning(narrow, asked[0]).implies(Meaning(wide, asked[1]))
    event(f"implied: {claims}")
    if not claims:
        return
    for about, now in seen:
        matched = matching([narrow, wide], list(asked), about, now)
        assert "r0" not in matched or "r1" in matched


@settings(max_examples=300, deadline=None)
@given(st.lists(pairs(), min_size=1, max_size=3))
def test_no_pair_is_left_out_of_the_comparison(drawn: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    rules = [when for pair in drawn for when in pair]
    candidates = Candidates(rules)
    for number, when in enumerate(rules):
        found = candidates.of(number)
        for other, wide in enumerate(rules):
            if other not in found and not states.of_when(when).never:
                assert not Meaning(when, asked=False).implies(Meaning(wide, asked=False)), (when, wide)


@settings(max_examples=200, deadline=None)
@given(whens, many)
def test_never_and_always_are_meant(when: dict[str, Any], seen: list[tuple[Turn, datetime]]) -> None:
    found = states.of_when(when)
    for about, now in seen if found.never or found.always else ():
        assert bool(matching([when], [True], about, now)) is found.always
