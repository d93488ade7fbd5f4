"""A rule replies with a template that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from autoresponder.lint.view import MACROS, View
from autoresponder.problems import Problem
from autoresponder.yamltext.validation import nearest


def find(view: View) -> Iterator[Problem]:
    """L001, an error: the guest could not be answered."""
    names = view.parts.templates.names()
    known = frozenset(names)
    for rule in view.rules:
        if rule.reply is None or rule.reply in known or view.unread(rule.reply):
            continue
        near = template_meant(rule.reply, names)
        folder, language = view.parts.settings.templates, view.parts.settings.replies.fallback_language
        remedy = f"did you mean '{near}'?" if near else f"make {folder}/{rule.reply[:60]}.{language}.j2"
        if rule.reply.startswith(MACROS) and any(
            f.startswith(f"{rule.reply}.") for f in view.parts.template_files
        ):
            message = f"'{rule.reply[:60]}' is a part of other replies, and no reply of its own"
            yield view.about_rule(
                rule, ("reply",), "L001", message, "name a template that does not begin with _"
            )
            continue
        yield view.about_rule(rule, ("reply",), "L001", f"there is no template '{rule.reply[:60]}'", remedy)


_AROUND = re.compile(r"^.*[/\\]|(\.[A-Za-z]{2}(-[A-Za-z]{2})?)?\.(j2|txt|jinja2?)$|\s*#.*$")


def template_meant(written: str, names: Iterable[str]) -> str | None:
    """The template that a rule surely means, also when it says so with folder, language and ending."""
    known = list(names)
    bare = _AROUND.sub("", written.strip(" “”„«»‘’\"'"))
    return bare if bare in known else nearest(bare, known)
