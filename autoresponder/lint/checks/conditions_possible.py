"""Conditions that can never hold, and conditions that always do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autoresponder.lint import states
from autoresponder.lint.ranges import range_of
from autoresponder.lint.view import View
from autoresponder.lint.wording import within
from autoresponder.problems import Problem, Severity
from autoresponder.rules import Rule
from autoresponder.yamltext import Way

_GROUPS = ("any", "all", "none")
_FIELDS = ("inquiry", "stay_details", "thread")
_MAY_BE_SAID = ("event", "booking")
"""Conditions that have a word of their own for "whatever it is"."""

_Told = tuple[Way, str, str, str]
"""Where, code, message, remedy."""


def find(view: View) -> Iterator[Problem]:
    """L014 never, L015 always; warnings."""
    for rule in view.rules:
        when = view.when(rule)
        for way, code, message, remedy in (*_whole(when), *_inside(when, ("when",))):
            yield _problem(view, rule, way, code, message, remedy)


def _problem(view: View, rule: Rule, way: Way, code: str, message: str, remedy: str) -> Problem:
    return view.about_rule(rule, way, code, message, remedy, severity=Severity.WARNING)


def _whole(when: Mapping[str, Any]) -> Iterator[_Told]:
    """A rule whose conditions exclude each other, told at the one that is too much."""
    if not states.of_when(when).never:
        return
    unsaid = {} if states.names_event(when) else {"event": "message"}
    yield from _clash({**unsaid, **when}, ("when",), states.EVERY, "so this rule never matches")


def _clash(when: Mapping[str, Any], way: Way, may: int, so: str) -> Iterator[_Told]:
    """The condition that leaves no state over, with the one that it contradicts."""
    left = may
    for name, value in when.items():
        own = states.of(name, value).may
        if left & own:
            left &= own
            continue
        others = ((other, written) for other, written in when.items() if other != name)
        partner = next((pair for pair in others if not states.of(*pair).may & own), None)
        against = f"'{_written(*partner)}'" if partner is not None else "what stands beside it"
        message = f"'{_written(name, value)}' cannot hold together with {against}, {so}"
        yield (*way, name), "L014", message, "take one of the two out, or write two rules"
        return


def _inside(when: Mapping[str, Any], way: Way) -> Iterator[_Told]:
    """What is wrong with single conditions."""
    for name, value in when.items():
        if name in _GROUPS:
            rest = {other: written for other, written in when.items() if other != name}
            if way == ("when",) and not states.names_event(when):
                rest["event"] = "message"
            yield from _group(name, value, (*way, name), _together(rest))
        elif name in ("text", "topics"):
            yield from _spoilt(value, (*way, name), found=within if name == "text" else str.__eq__)
        elif name in _FIELDS:
            for field, written in value.items():
                limits = range_of(written)
                if limits is not None and limits.empty:
                    message = f"no value of '{field}' is like this: the limits exclude each other"
                    yield (*way, name, field), "L014", message, "exchange the two limits, or take one out"
        elif name not in _MAY_BE_SAID and states.of(name, value).always:
            yield (*way, name), "L015", f"'{_written(name, value)}' holds for every message", _NO_USE


def _together(when: Mapping[str, Any]) -> int:
    may = states.EVERY
    for name, value in when.items():
        may &= states.of(name, value).may
    return may


def _group(name: str, entries: list[Mapping[str, Any]], way: Way, around: int) -> Iterator[_Told]:
    """Entries that cannot hold here, and what is wrong within them."""
    for number, entry in enumerate(entries):
        place = (*way, number)
        may = _together(entry)
        if not may:
            yield from _clash(entry, place, states.EVERY, "so this entry never holds")
        elif not may & around and around and name == "none":
            yield place, "L015", "the other conditions exclude this already", _NO_USE
        elif not may & around and around:
            message = "this entry can never hold together with the conditions around it"
            yield place, "L014", message, "take the entry out, or change what contradicts it"
        elif name == "any" and all(states.of(*pair).always for pair in entry.items()):
            yield place, "L015", "this entry holds for every message, so the whole 'any' does", _NO_USE
        yield from _inside(entry, place)


def _spoilt(value: Mapping[str, Any], way: Way, *, found: Any) -> Iterator[_Told]:
    """Words that stand under `none` as well."""
    for key in ("any", "all"):
        for number, word in enumerate(value.get(key, ())):
            spoiler = next((other for other in value.get("none", ()) if found(word, other)), None)
            if spoiler is None:
                continue
            if spoiler == word:
                message = f"'{_short(word)}' stands under '{key}' and under 'none', so it never counts"
            else:
                message = f"'{_short(word)}' never counts: '{_short(spoiler)}' stands under 'none'"
            yield (*way, key, number), "L014", message, "take one of the two out"


def _written(name: str, value: Any) -> str:
    if name in _GROUPS:
        return name
    if isinstance(value, Mapping):
        return f"{name}: …"
    shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{name}: {_short(shown)}"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


_NO_USE = "take it out: it changes nothing"
