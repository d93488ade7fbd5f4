"""A secret of properties.yaml that stands in a reply as plain text, where nothing guards it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autoresponder.lint.view import View
from autoresponder.problems import Problem, Severity
from autoresponder.yamltext import Place

_SHORTEST = 4
"""Shorter secrets could be any number of people or any word."""


def find(view: View) -> Iterator[Problem]:
    """L008, an error: every guest would be told. The finding shows neither the secret nor its line."""
    values = {
        secret.value.reveal(): secret.name
        for place in view.properties
        for secret in place.secrets.values()
        if secret.value is not None and len(secret.value.reveal()) >= _SHORTEST
    }
    if not values:
        return
    longest_first = sorted(values, key=len, reverse=True)
    wanted = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")
    for file, text in view.parts.template_files.items():
        for match in wanted.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            column = match.start() - text.rfind("\n", 0, match.start())
            found = view.about_template(
                file,
                "L008",
                _message(values[match.group()]),
                _remedy(values[match.group()]),
                severity=Severity.ERROR,
            )
            yield _at(found, Place(line, column, len(match.group())))
    for rule in view.rules:
        for match in wanted.finditer(rule.text or ""):
            name = values[match.group()]
            found = view.about_rule(rule, ("text",), "L008", _message(name), _remedy(name))
            yield _at(found, Place(found.line, found.column))


def _at(problem: Problem, place: Place) -> Problem:
    """The finding without its source line."""
    return Problem(
        file=problem.file,
        line=place.line,
        column=place.column,
        length=place.length,
        severity=problem.severity,
        code=problem.code,
        message=problem.message,
        remedy=problem.remedy,
        rule=problem.rule,
    )


def _message(name: str) -> str:
    return f"the secret '{name}' stands here as plain text, so every guest would be told"


def _remedy(name: str) -> str:
    return f"write {{{{ property.{name} }}}} instead: it is told only to guests who may know"
