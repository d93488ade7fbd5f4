"""A template that is missing in a language in which the others exist."""

from __future__ import annotations

from collections.abc import Iterator

from autoresponder.lint.view import View
from autoresponder.problems import Problem


def find(view: View) -> Iterator[Problem]:
    """L006, a warning: guests of that language get the reply in another one."""
    templates = view.parts.templates
    used = [name for name in templates.names() if name in view.users]
    wanted = set(templates.frame_languages())
    for name in used:
        wanted.update(templates.languages(name))
    for name in used:
        missing = sorted(wanted.difference(templates.languages(name)))
        files = [file for _, file in view.variants(name)]
        if not missing or not files:
            continue
        rule = view.users[name][0].title
        message = f"'{name}' is not written in {', '.join(missing)}"
        remedy = f"add {name}.{missing[0]}.j2; until then those guests get it in another language"
        yield view.about_template(files[0], "L006", message, remedy, rule=rule)
