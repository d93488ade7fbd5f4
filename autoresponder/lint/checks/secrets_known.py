"""Templates that ask whether a secret is released which no property has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autoresponder.lint.view import View
from autoresponder.problems import Problem, Severity
from autoresponder.yamltext import Place
from autoresponder.yamltext.validation import nearest

_ASKED = re.compile(r"\brelease(?:d|_day)\(\s*(?P<name>([\"'])(?P<word>[^\"'\n]*)\2)")


def find(view: View) -> Iterator[Problem]:
    """L020, an error when a name is nearly that of a secret: the answer to the question would always be no."""
    book = view.parts.book
    secrets = sorted({name for place in book.all() for name in place.secrets}) if book is not None else []
    if not secrets:
        return
    for file, text in view.parts.template_files.items():
        for match in _ASKED.finditer(text) if "release" in text else ():
            word = match["word"]
            near = nearest(word, secrets)
            if word in secrets or near is None:
                continue
            start = match.start("name")
            line = text.count("\n", 0, start) + 1
            column = start - (text.rfind("\n", 0, start) + 1) + 1
            place = Place(line, column, len(match["name"]))
            message = f"no property has a secret '{word}', so this is never released"
            yield view.about_template(
                file, "L020", message, f"did you mean '{near}'?", place=place, severity=Severity.ERROR
            )
