"""What rules do with many turns, and how that differs from other rules or from the past; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from autoresponder.decision import Outcome

_WORD = re.compile(r"\w+")
_WORDS = 40
"""Words of a message that count for its wording; guests may write thousands."""
_PERSON = frozenset({Outcome.HOLD, Outcome.ESCALATE})


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """One turn and what rules said to it, guards aside."""

    id: str
    """The message that names the turn."""
    text: str
    """The guest's words: hostile and personal."""
    outcome: Outcome
    rules: tuple[str, ...] = ()
    """Ids of the rules that decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What became of turns."""

    answered: int = 0
    person: int = 0
    """Left to a person: held or escalated."""
    no_reply_needed: int = 0
    silent: int = 0

    @property
    def turns(self) -> int:
        """All of them."""
        return self.answered + self.person + self.no_reply_needed + self.silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Turns without an answer that say the same in the same words."""

    words: str
    count: int
    samples: tuple[Played, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Turns that change in the same way."""

    before: Outcome
    after: Outcome
    rules_before: tuple[str, ...]
    rules_after: tuple[str, ...]
    count: int
    samples: tuple[Played, ...]
    """The first of them, as they would be decided now."""


def coverage(played: Iterable[Played]) -> Coverage:
    """Count the turns by what happens to them."""
    counts = Counter(p.outcome for p in played)
    return Coverage(
        answered=counts[Outcome.REPLY],
        person=sum(counts[outcome] for outcome in _PERSON),
        no_reply_needed=counts[Outcome.NO_REPLY_NEEDED],
        silent=counts[Outcome.SILENT],
    )


def never_fired(played: Iterable[Played], rules: Sequence[str]) -> tuple[str, ...]:
    """Rules, in their order, that decided no turn."""
    fired = {rule for p in played for rule in p.rules}
    return tuple(rule for rule in rules if rule not in fired)


def unanswered(played: Iterable[Played], *, samples: int = 2) -> tuple[Wording, ...]:
    """Turns that no rule took and that wait for a person, by wording, the most frequent first.

    The order of words counts; case and punctuation do not.
    """
    groups: dict[str, list[Played]] = {}
    for p in played:
        if p.outcome is not Outcome.HOLD or p.rules:
            continue
        words = " ".join(_WORD.findall(p.text.casefold())[:_WORDS])
        if words:
            groups.setdefault(words, []).append(p)
    found = [Wording(words=w, count=len(t), samples=tuple(t[:samples])) for w, t in groups.items()]
    return tuple(sorted(found, key=lambda g: (-g.count, g.words)))


def changes(before: Iterable[Played], after: Iterable[Played], *, samples: int = 5) -> tuple[Change, ...]:
    """How the same turns, in the same order, are decided differently; the most frequent change first.

    Raises:
        ValueError: The two are not about the same turns.
    """
    groups: dict[tuple[Outcome, Outcome, tuple[str, ...], tuple[str, ...]], list[Played]] = {}
    for old, new in zip(before, after, strict=True):
        if old.id != new.id:
            raise ValueError(f"turn {new.id} is compared with turn {old.id}")
        if (old.outcome, old.rules) != (new.outcome, new.rules):
            groups.setdefault((old.outcome, new.outcome, old.rules, new.rules), []).append(new)
    found = [
        Change(before=b, after=a, rules_before=rb, rules_after=ra, count=len(t), samples=tuple(t[:samples]))
        for (b, a, rb, ra), t in groups.items()
    ]
    return tuple(sorted(found, key=lambda c: (-c.count, c.before, c.after, c.rules_before, c.rules_after)))


_BEFORE = {
    Outcome.REPLY: "who got an answer",
    Outcome.HOLD: "who waited for a person",
    Outcome.ESCALATE: "who went to a person at once",
    Outcome.NO_REPLY_NEEDED: "who needed no reply",
    Outcome.SILENT: "who got nothing",
}
_AFTER = {
    Outcome.REPLY: "would now be answered",
    Outcome.HOLD: "would now wait for a person",
    Outcome.ESCALATE: "would now go to a person at once",
    Outcome.NO_REPLY_NEEDED: "would now need no reply",
    Outcome.SILENT: "would now get nothing",
}


def told(change: Change) -> str:
    """A change in one sentence: `3 guests who waited for a person would now be answered (parking)`."""
    guests = "1 guest" if change.count == 1 else f"{change.count:,} guests"
    if change.before is change.after:
        rules = f"by {_named(change.rules_after)} instead of {_named(change.rules_before)}"
        verb = "would now be answered" if change.after is Outcome.REPLY else "would now be decided"
        return f"{guests} {_BEFORE[change.before]} {verb} {rules}"
    old = f" ({_named(change.rules_before)})" if change.rules_before else ""
    new = f" ({_named(change.rules_after)})" if change.rules_after else ""
    return f"{guests} {_BEFORE[change.before]}{old} {_AFTER[change.after]}{new}"


def _named(rules: tuple[str, ...]) -> str:
    return " + ".join(rules) if rules else "no rule"
