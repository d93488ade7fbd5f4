"""Templates that need facts which properties do not have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from autoresponder.lint.view import View
from autoresponder.problems import Problem, Severity
from autoresponder.properties import PropertyFacts, Translated
from autoresponder.rules import Rule
from autoresponder.yamltext.validation import nearest

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Need:
    """A fact that a text needs, and where it says so."""

    name: str
    file: str
    line: int
    language: str
    tested: bool
    """The text asks whether the fact is there, and does without."""


def find(view: View) -> Iterator[Problem]:
    """L003 an unknown fact (error); L004 properties without it, L005 without its language (warnings)."""
    if view.parts.book is None:
        return
    told: set[tuple[str, str]] = set()
    for name, rules in view.users.items():
        for language, file in view.variants(name):
            for part in _parts(view, file, language):
                for need in _needs(view, part, language):
                    yield from _judge(view, need, rules, told)
    for rule in view.rules:
        if rule.text is not None:
            yield from _own_text(view, rule)


def _parts(view: View, file: str, language: str) -> Iterator[str]:
    """Every file that makes up a reply: the template, its frame, and what they include."""
    templates = view.parts.templates
    yield from templates.parts(file)
    frame = templates.frame(language)
    if frame is not None:
        yield from templates.parts(frame.file)


def _needs(view: View, file: str, language: str) -> Iterator[_Need]:
    for fact in view.parts.templates.facts(file):
        yield _Need(fact.name, file, fact.line, language, fact.tested)


def _judge(view: View, need: _Need, rules: tuple[Rule, ...], told: set[tuple[str, str]]) -> Iterator[Problem]:
    """The findings about one fact in one file; the same is told once, however many rules use the file."""
    if (need.file, need.name) in told:
        return
    book = view.parts.book
    known = book.fact_names() if book is not None else frozenset()
    title = rules[0].title + (f" and {len(rules) - 1} more" if len(rules) > 1 else "")
    place = view.fact_place(need.file, need.name, need.line)
    if need.name not in known:
        if need.tested and not _surely_meant(need.name, known):
            return
        told.add((need.file, need.name))
        message = f"no property has a fact '{need.name}'"
        yield view.about_template(
            need.file,
            "L003",
            message,
            _remedy(view, need.name),
            place=place,
            severity=Severity.WARNING if need.tested else Severity.ERROR,
            rule=title,
        )
        return
    places = {p.key: p for rule in rules for p in view.properties_of(rule)}
    lacking = [key for key, p in places.items() if not _has(p, need.name)]
    if lacking and not need.tested:
        told.add((need.file, need.name))
        yield view.about_template(
            need.file, "L004", _lacking(lacking, need.name), _LEFT_TO_A_PERSON, place=place, rule=title
        )
    silent = [key for key, p in places.items() if not _speaks(p, need.name, need.language)]
    if silent:
        told.add((need.file, need.name))
        message = f"fact '{need.name}' of {_listed(silent)} has no text in '{need.language}'"
        remedy = "it is told in the property's language instead, if at all"
        yield view.about_template(need.file, "L005", message, remedy, place=place, rule=title)


def _surely_meant(name: str, known: frozenset[str]) -> bool:
    """Whether a name is all but one that exists: then a question after it is never answered with yes."""
    return bool(get_close_matches(name, known, n=1, cutoff=0.85))


_LEFT_TO_A_PERSON = "add it to properties.yaml; until then such guests wait for a person"


def _own_text(view: View, rule: Rule) -> Iterator[Problem]:
    text = rule.text or ""
    book = view.parts.book
    for fact in view.parts.templates.inline_facts(text) if "{" in text else ():
        if fact.tested or book is None:
            continue
        if fact.name not in book.fact_names():
            message = f"no property has a fact '{fact.name}'"
            remedy = _remedy(view, fact.name)
            yield view.about_own_text(rule, fact.name, "L003", message, remedy, severity=Severity.ERROR)
            continue
        lacking = [p.key for p in view.properties_of(rule) if not _has(p, fact.name)]
        if lacking:
            message = _lacking(lacking, fact.name)
            yield view.about_own_text(rule, fact.name, "L004", message, _LEFT_TO_A_PERSON)


def _has(place: PropertyFacts, name: str) -> bool:
    """Whether a property has a fact, or a secret of this name (with or without a value at this moment)."""
    if name in place.secrets:
        return True
    fact = place.facts.get(name)
    if isinstance(fact, Translated):
        return any(text.strip() for text in fact.texts.values())
    return fact is not None and (not isinstance(fact, str) or bool(fact.strip())) and fact != ()


def _speaks(place: PropertyFacts, name: str, language: str) -> bool:
    fact = place.facts.get(name)
    if not isinstance(fact, Translated):
        return True
    base = language.partition("-")[0]
    return any(code.partition("-")[0] == base for code in fact.texts)


def _remedy(view: View, name: str) -> str:
    book = view.parts.book
    near = nearest(name, sorted(book.fact_names() if book is not None else ()))
    return f"did you mean '{near}'?" if near else "add it to properties.yaml under facts:"


def _lacking(keys: list[str], name: str) -> str:
    verb = "has" if len(keys) == 1 else "have"
    return f"{_listed(keys)} {verb} no fact '{name}'"


def _listed(keys: list[str]) -> str:
    shown = [f"'{key}'" for key in keys[:_SHOWN]]
    if len(keys) > _SHOWN:
        shown.append(f"{len(keys) - _SHOWN} more")
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]
