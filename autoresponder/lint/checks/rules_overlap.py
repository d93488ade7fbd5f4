"""Two rules that answer the same words differently, of which only the first can."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from autoresponder.config import Answers
from autoresponder.lint.implication import Meaning
from autoresponder.lint.view import View
from autoresponder.lint.wording import plain
from autoresponder.problems import Problem, Severity
from autoresponder.rules import Rule
from autoresponder.yamltext import Way

_MOST = 50
"""Rules with the same words that are compared; more of them are meant so."""


def find(view: View) -> Iterator[Problem]:
    """L013, a warning, with `answers: first` only: else guests get both answers.

    Silent where one of the two asks for more than the other: then their order says what is meant.
    """
    if view.parts.settings.replies.answers is not Answers.FIRST:
        return
    earlier: dict[Hashable, list[tuple[Rule, Meaning]]] = {}
    for rule in view.rules:
        if not rule.replies:
            continue
        meaning = Meaning(view.when(rule), asked=True)
        told = False
        for way, word, key in _words(meaning):
            others = earlier.setdefault(key, [])
            other = next((one for one, what in others if _overlap(rule, meaning, one, what)), None)
            if other is not None and not told and len(others) < _MOST:
                told = True
                yield _problem(view, rule, other, way, word)
            others.append((rule, meaning))


def _words(meaning: Meaning) -> Iterator[tuple[Way, str, Hashable]]:
    """Each phrase and topic that is enough for a rule, where it stands, and what it is known by."""
    for name in ("text", "topics"):
        wanted = meaning.when.get(name)
        if not wanted or wanted.get("all"):
            continue
        for number, word in enumerate(wanted.get("any", ())):
            key = plain(word) if name == "text" else None
            yield ("when", name, "any", number), word, (name, key or word)


def _overlap(rule: Rule, meaning: Meaning, other: Rule, what: Meaning) -> bool:
    if (rule.reply, rule.text) == (other.reply, other.text) or not meaning.meets(what):
        return False
    return not meaning.implies(what) and not what.implies(meaning)


def _problem(view: View, rule: Rule, other: Rule, way: Way, word: str) -> Problem:
    where = f"line {other.line}" if other.file == rule.file else f"{other.file}, line {other.line}"
    message = f"“{other.title[:40]}” ({where}) answers '{word[:40]}', too, and comes first"
    remedy = "keep the word in one of them, or name the other's case under  none:"
    return view.about_rule(rule, way, "L013", message, remedy, severity=Severity.WARNING)
