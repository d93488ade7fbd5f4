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

_SEVERAL = 2
"""In so many other files nobody misspells a name in the same way."""


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
    """L003 an unknown fact (error); L004 properties without it, L005 without its language (warnings).

    Where no property is described at all, that is the one thing to tell (L025, an error).
    """
    if view.parts.book is None:
        return
    needs = [
        (need, rules)
        for name, rules in view.users.items()
        for language, file in view.variants(name)
        for part in _parts(view, file, language)
        for need in _needs(view, part, language)
    ]
    own = {rule.id: _own_needs(view, rule) for rule in view.rules if rule.text is not None}
    if not view.properties:
        named = [need.name for need, _ in needs if not need.tested] + [
            n for names in own.values() for n in names
        ]
        if named:
            yield _no_properties(view, list(dict.fromkeys(named)))
        return
    told: set[tuple[str, str]] = set()
    for need, rules in needs:
        yield from _judge(view, need, rules, told)
    for rule in view.rules:
        for fact in own.get(rule.id, ()):
            yield from _own_text(view, rule, fact)


def _no_properties(view: View, names: list[str]) -> Problem:
    file = view.parts.settings.properties
    few = ", ".join(f"'{name[:40]}'" for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return Problem(
        file=file,
        line=1,
        column=1,
        severity=Severity.ERROR,
        code="L025",
        message=f"no property is described here, and replies need facts: {few}{more}",
        remedy="write your properties with their facts under  properties:",
    )


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
        remedy = _remedy(view, need.name)
        others = _elsewhere(view, need, told)
        if others:
            message += f", which {others} more files name"
            if remedy.endswith("?"):
                remedy = f"{remedy[:-1]}, or is that one misspelt in properties.yaml?"
        yield view.about_template(
            need.file,
            "L003",
            message,
            remedy,
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


def _elsewhere(view: View, need: _Need, told: set[tuple[str, str]]) -> int:
    """In how many other files the same fact is named, when there are several: then it is told once."""
    templates = view.parts.templates
    files = {
        part
        for name in view.users
        for language, file in view.variants(name)
        for part in _parts(view, file, language)
        if any(fact.name == need.name and not fact.tested for fact in templates.facts(part))
    } - {need.file}
    if len(files) < _SEVERAL:
        return 0
    told.update((file, need.name) for file in files)
    return len(files)


def _surely_meant(name: str, known: frozenset[str]) -> bool:
    """Whether a name is all but one that exists: then a question after it is never answered with yes."""
    return bool(get_close_matches(name, known, n=1, cutoff=0.85))


_LEFT_TO_A_PERSON = "add it to properties.yaml; until then such guests wait for a person"


def _own_needs(view: View, rule: Rule) -> list[str]:
    """Facts that a rule's own text cannot do without."""
    text = rule.text or ""
    return (
        [fact.name for fact in view.parts.templates.inline_facts(text) if not fact.tested]
        if "{" in text
        else []
    )


def _own_text(view: View, rule: Rule, name: str) -> Iterator[Problem]:
    book = view.parts.book
    if book is not None and name not in book.fact_names():
        message = f"no property has a fact '{name}'"
        remedy = _remedy(view, name)
        yield view.about_own_text(rule, name, "L003", message, remedy, severity=Severity.ERROR)
        return
    lacking = [p.key for p in view.properties_of(rule) if not _has(p, name)]
    if lacking:
        yield view.about_own_text(rule, name, "L004", _lacking(lacking, name), _LEFT_TO_A_PERSON)


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
