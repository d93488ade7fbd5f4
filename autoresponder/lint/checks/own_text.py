"""Mistakes in a reply that a rule carries itself (`text:`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autoresponder.lint.view import View
from autoresponder.problems import Problem


def find(view: View) -> Iterator[Problem]:
    """The templates' own findings (T…), at their places in the rule file."""
    for rule in view.rules:
        if rule.text is None:
            continue
        if "{" not in rule.text or view.parts.templates.inline(rule.text) is not None:
            continue  # nothing is wrong: no need to know where it stands
        line, indent = view.text_place(rule)
        for problem in view.parts.templates.check_text(
            rule.text, file=rule.file, line=line, indent=indent, rule=rule.title
        ):
            yield replace(problem, rule=rule.title)
