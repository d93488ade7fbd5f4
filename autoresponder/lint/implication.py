"""Whether one rule's conditions hold whenever another's do. Says yes only where that is sure.

Words run together ("parkingfee") are left out of account: they are looked for as a courtesy to the guest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autoresponder.lint import states
from autoresponder.lint.ranges import narrower, texts
from autoresponder.lint.wording import asked_within, within
from autoresponder.rules.wildcard import matches_any

_DEEPEST = 4
_WORDY = ("text", "topics")

Part = tuple[str, Any]
"""A condition: its name and its value as written."""


@dataclass(frozen=True)
class Meaning:
    """What a rule asks for.

    Attributes:
        when: Its conditions as written.
        asked: Whether its words must ask for something (it has a reply), not only mention it.
    """

    when: Mapping[str, Any]
    asked: bool

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """All conditions that must hold; groups of `all` are taken apart."""
        return _parts(self.when)

    @cached_property
    def states(self) -> states.States:
        """Event, OTA, booking and stay."""
        return states.of_when(self.when)

    def implies(self, other: Meaning) -> bool:
        """Whether the other's conditions surely hold whenever these do."""
        if self.states.may & ~other.states.may:
            return False
        return all(_follows(self, part, other.asked, _DEEPEST) for part in other.parts)

    def meets(self, other: Meaning) -> bool:
        """Whether both might hold at once, as far as event, OTA, booking, stay and place tell."""
        if not self.states.may & other.states.may:
            return False
        return all(
            name != mine_name or name not in ("property", "group", "language") or _share(value, mine)
            for name, value in other.parts
            for mine_name, mine in self.parts
        )


def _parts(when: Mapping[str, Any]) -> tuple[Part, ...]:
    found: list[Part] = []
    for name, value in when.items():
        if name == "all":
            for entry in value:
                found.extend(_parts(entry))
        else:
            found.append((name, value))
    return tuple(found)


def _share(one: Any, other: Any) -> bool:
    names = texts(one), texts(other)
    return any(matches_any(names[1], name) for name in names[0]) or any(
        matches_any(names[0], name) for name in names[1]
    )


def _follows(given: Meaning, part: Part, asked: bool, depth: int) -> bool:
    """Whether a condition holds whenever all of `given` does."""
    name, value = part
    if not given.states.may & ~states.of(name, value).must:
        return True
    if any(_entails(mine, given.asked, part, asked) for mine in given.parts):
        return True
    if depth == 0:
        return False
    if name == "any" and any(
        all(_follows(given, inner, asked, depth - 1) for inner in _parts(entry)) for entry in value
    ):
        return True
    if name == "none" and all(_denied(given, entry, asked) for entry in value):
        return True
    return any(
        all(_follows(_branch(given, number, entry), part, asked, depth - 1) for entry in mine[1])
        for number, mine in enumerate(given.parts)
        if mine[0] == "any"
    )


def _branch(given: Meaning, number: int, entry: Mapping[str, Any]) -> Meaning:
    """`given` with one of its `any` groups decided for an entry."""
    rest = [{name: value} for place, (name, value) in enumerate(given.parts) if place != number]
    if not states.names_event(given.when):
        rest.append({"event": "message"})
    return Meaning({"all": [*rest, entry]}, given.asked)


def _denied(given: Meaning, entry: Mapping[str, Any], asked: bool) -> bool:
    """Whether an entry of another's `none` surely does not hold: it would mean one of our own."""
    meant = Meaning(_with_event(entry), asked)
    own = [inner for name, value in given.parts if name == "none" for inner in value]
    return any(meant.implies(Meaning(_with_event(inner), given.asked)) for inner in own)


def _with_event(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """An entry says nothing about events unless it does."""
    return entry if states.names_event(entry) else {**entry, "event": ["message", "inquiry"]}


def _entails(mine: Part, mine_asked: bool, part: Part, asked: bool) -> bool:
    """Whether one condition alone makes sure of another of the same name."""
    name, value = part
    if mine[0] != name or (name in _WORDY and asked and not mine_asked):
        return False
    if mine[1] == value:
        return name not in ("any", "none") or asked is mine_asked
    judge = _JUDGES.get(name)
    return judge is not None and judge(mine[1], value, asked)


def _subset(mine: Any, value: Any, _asked: bool) -> bool:
    return narrower(mine, value)


def _fields(mine: Mapping[str, Any], value: Mapping[str, Any], _asked: bool) -> bool:
    return all(field in mine and narrower(mine[field], limit) for field, limit in value.items())


def _time(mine: Mapping[str, Any], value: Mapping[str, Any], _asked: bool) -> bool:
    hours, other = mine.get("between"), value.get("between")
    days, other_days = set(mine.get("days", ())), set(value.get("days", ()))
    if other_days and (not days or not days <= other_days):
        return False
    if hours == other:
        return True
    over_midnight = any(window is not None and window[0] > window[1] for window in (hours, other))
    if over_midnight:  # the small hours belong to the day before
        return other is None and not other_days
    if other is None:
        return True
    return hours is not None and bool(other[0] <= hours[0] and hours[1] <= other[1])


Found = Callable[[str, str], bool]


def _text(mine: Mapping[str, Any], value: Mapping[str, Any], asked: bool) -> bool:
    return _sentence(mine, value, asked_within if asked else within, within)


def _topics(mine: Mapping[str, Any], value: Mapping[str, Any], _asked: bool) -> bool:
    if "only" in value:
        return set(value) == {"only"} and "only" in mine and set(mine["only"]) <= set(value["only"])
    return _sentence(mine, value, str.__eq__, str.__eq__)


def _sentence(mine: Mapping[str, Any], value: Mapping[str, Any], found: Found, spoilt: Found) -> bool:
    """Whether the sentence that the one asks for is one that the other asks for, too."""
    any_of, all_of, none_of = (_list(mine, key) for key in ("any", "all", "none"))
    wanted = bool(any_of or all_of)
    if wanted is not bool(_list(value, "any") or _list(value, "all")):
        return False
    if not all(any(spoilt(word, own) for own in none_of) for word in _list(value, "none")):
        return False

    def there(words: Sequence[str]) -> bool:
        """Whether one of these is surely in the sentence."""
        sure = any(found(own, word) for own in all_of for word in words)
        return sure or bool(any_of and all(any(found(own, word) for word in words) for own in any_of))

    if _list(value, "any") and not there(_list(value, "any")):
        return False
    return all(there([word]) for word in _list(value, "all"))


def _list(value: Mapping[str, Any], key: str) -> Sequence[str]:
    entries: Sequence[str] = value.get(key, ())
    return entries


_JUDGES: Mapping[str, Callable[[Any, Any, bool], bool]] = {
    "text": _text,
    "topics": _topics,
    "property": _subset,
    "group": _subset,
    "language": _subset,
    "inquiry": _fields,
    "stay_details": _fields,
    "thread": _fields,
    "time": _time,
}
