"""A rule replies with a template that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from autoresponder.lint.view import View
from autoresponder.problems import Problem
from autoresponder.yamltext.validation import nearest


def find(view: View) -> Iterator[Problem]:
    """L001, an error: the guest could not be answered."""
    names = view.parts.templates.names()
    known = frozenset(names)
    for rule in view.rules:
        if rule.reply is None or rule.reply in known or view.unread(rule.reply):
            continue
        near = nearest(rule.reply, names)
        folder, language = view.parts.settings.templates, view.parts.settings.replies.fallback_language
        remedy = f"did you mean '{near}'?" if near else f"make {folder}/{rule.reply[:60]}.{language}.j2"
        yield view.about_rule(rule, ("reply",), "L001", f"there is no template '{rule.reply[:60]}'", remedy)
