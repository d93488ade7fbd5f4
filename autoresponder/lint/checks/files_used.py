"""Rule and topic files with nothing in them."""

from __future__ import annotations

from collections.abc import Iterator

from autoresponder.lint.view import View
from autoresponder.problems import Problem, Severity


def find(view: View) -> Iterator[Problem]:
    """L009, a warning."""
    for file, text in view.parts.rule_files.items():
        lines = (line.strip() for line in text.split("\n"))
        if all(not line or line.startswith("#") for line in lines):
            yield Problem(
                file=file,
                severity=Severity.WARNING,
                code="L009",
                message="this file is empty",
                remedy="delete it, or write rules into it",
            )
