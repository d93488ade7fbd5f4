"""A template that no rule replies with."""

from __future__ import annotations

from collections.abc import Iterator

from autoresponder.lint.checks import files_used
from autoresponder.lint.checks.templates_exist import template_meant
from autoresponder.lint.view import View
from autoresponder.problems import Problem


def find(view: View) -> Iterator[Problem]:
    """L002, a warning: often the rule's `reply` is misspelt."""
    emptied = any(p.code == "L009" for p in files_used.find(view))
    if view.parts.ruleset is None or emptied:
        return
    used = {rule.reply for rule in view.parts.ruleset.rules}
    meant = {template_meant(name, view.parts.templates.names()) for name in used if name is not None}
    used |= meant  # a misspelt name is told once, where it stands
    included = {
        part
        for name in used
        if name is not None
        for _, file in view.variants(name)
        for part in view.parts.templates.parts(file)
    }
    for name in view.parts.templates.names():
        files = [file for _, file in view.variants(name)]
        if name in used or included.intersection(files) or not files:
            continue
        also = f" (nor its other {len(files) - 1} languages)" if len(files) > 1 else ""
        yield view.about_template(
            files[0], "L002", f"no rule replies with '{name}'{also}", "delete it, or write a rule for it"
        )
