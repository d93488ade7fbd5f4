"""Rules that another rule leaves nothing to do, proven from their conditions."""

from __future__ import annotations

from collections.abc import Iterator

from autoresponder.config import Answers
from autoresponder.decision import ActionKind
from autoresponder.lint.candidates import Candidates
from autoresponder.lint.implication import Meaning
from autoresponder.lint.view import View
from autoresponder.problems import Problem, Severity
from autoresponder.rules import Rule

_HANDS_OVER = frozenset({ActionKind.ESCALATE, ActionKind.HOLD})


def find(view: View) -> Iterator[Problem]:
    """L012, a warning: naming the rule in the way and what to do."""
    rules = view.rules
    meanings = [Meaning(view.when(rule), rule.replies) for rule in rules]
    candidates = Candidates([meaning.when for meaning in meanings])
    for number, rule in enumerate(rules):
        if meanings[number].states.never:
            continue  # told by itself
        for other in candidates.of(number):
            how = _in_the_way(view, rules[other], rule, before=other < number)
            if how and other != number and meanings[number].implies(meanings[other]):
                same = meanings[other].implies(meanings[number])
                yield _problem(view, rule, rules[other], how, same=same)
                break


def _in_the_way(view: View, other: Rule, rule: Rule, *, before: bool) -> str:
    """What the other rule does to this one when both match, or nothing."""
    if not rule.replies and _HANDS_OVER.intersection(rule.actions):
        return ""
    if not other.replies:
        return "hands over" if _HANDS_OVER.intersection(other.actions) else ""
    if not rule.replies:
        return "answers"
    if not before:
        return ""
    if view.parts.settings.replies.answers is Answers.FIRST:
        return "first"
    return "repeats" if (other.reply, other.text) == (rule.reply, rule.text) else ""


def _problem(view: View, rule: Rule, other: Rule, how: str, *, same: bool) -> Problem:
    where = f"line {other.line}" if other.file == rule.file else f"{other.file}, line {other.line}"
    name = f"“{other.title[:40]}” ({where})"
    everything = "asks for the very same" if same else "matches every message that this one matches"
    if how == "first":
        message = f"this rule is never used: {name} comes first and {everything}"
        remedy = "delete one of the two, or make the first one narrower" if same else _MOVE
    elif how == "hands over":
        message = f"this rule is never used: {name} hands each of its messages to a person"
        remedy = "name there under  none:  what it must leave to this rule, or delete this one"
    elif how == "answers":
        message = f"this rule is never used: {name} answers each of its messages"
        remedy = "make that rule narrower, or delete this one"
    else:
        message = f"this rule adds nothing: {name} gives each of its messages the same reply"
        remedy = "delete it, or give it a reply of its own"
    return view.about_rule(rule, ("id",), "L012", message, remedy, severity=Severity.WARNING)


_MOVE = "move this rule above that one, or delete it"
