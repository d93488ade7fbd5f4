"""Mistakes in a reply that a rule carries itself (`text:`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autoresponder.lint.view import View
from autoresponder.problems import Problem


def find(view: View) -> Iterator[Problem]:
    """The templates' own findings (T…), at their places in the rule file."""
    if view.parts.ruleset is None:
        yield from _of_files(view)
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


def _of_files(view: View) -> Iterator[Problem]:
    """The same where rules have other mistakes, so that all of them are told at once."""
    for file in view.parts.rule_files:
        source = view.source(file)
        entries = source.data.get("rules") if source is not None and isinstance(source.data, dict) else None
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            text = entry.get("text") if isinstance(entry, dict) else None
            if source is None or not isinstance(text, str) or "{" not in text:
                continue
            line, indent = view.own_text_place(source, ("rules", number))
            title = str(entry.get("title") or entry.get("id") or "")
            for problem in view.parts.templates.check_text(
                text, file=file, line=line, indent=indent, rule=title
            ):
                yield replace(problem, rule=title)
