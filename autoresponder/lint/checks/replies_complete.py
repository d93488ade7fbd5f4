"""Replies that could not be sent: a value that is not there, a text too long, a guest without a name.

Every rule is rendered for every property in every language; what an OTA would refuse is looked for on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autoresponder.lint.checks.content_allowed import ContentWatch
from autoresponder.lint.trying import SAMPLE_DAY, batches
from autoresponder.lint.view import View
from autoresponder.problems import Problem
from autoresponder.templating import problems_for


def find(view: View) -> Iterator[Problem]:
    """The templates' own findings (T010 and on), each at its place in a template or a rule; and L011."""
    parts = view.parts
    for batch in batches(view):
        content = ContentWatch(view, batch)
        for problem in problems_for(
            batch.uses,
            batch.properties,
            parts.templates,
            parts.settings.replies,
            SAMPLE_DAY,
            watch=content.look,
        ):
            if problem.file in parts.template_files:
                yield view.in_template_path(problem)
            else:
                source = view.source(problem.file)
                yield replace(problem, excerpt=source.line(problem.line) if source else "")
        yield from content.problems
