"""A rule that sends a file: whether it is there, and who could get it."""

from __future__ import annotations

from collections.abc import Iterator

from autoresponder.attachments import KINDS, file_complaint, path_complaint, refusal
from autoresponder.lint.view import View
from autoresponder.model import Provider
from autoresponder.problems import Problem, Severity
from autoresponder.rules import Rule
from autoresponder.yamltext import Way
from autoresponder.yamltext.validation import nearest

_TAKING = (Provider.BOOKING_COM, Provider.AIRBNB, Provider.EXPEDIA)


def find(view: View) -> Iterator[Problem]:
    """L022: the file is missing or of no use to anybody. L019, a warning: an OTA that the rule is for does not take it."""
    for rule in view.rules:
        for place, path in enumerate(rule.attach):
            if not path_complaint(path):
                yield from _file(view, rule, _way(view, rule, place), path)


def _way(view: View, rule: Rule, place: int) -> Way:
    """Where a file is named; `attach` may be a list or a single name."""
    way, source = view.way(rule), view.source(rule.file)
    listed = way and source and isinstance(source.data["rules"][way[1]].get("attach"), list)
    return ("attach", place) if listed else ("attach",)


def _file(view: View, rule: Rule, below: Way, path: str) -> Iterator[Problem]:
    settings, file = view.parts.settings, view.parts.files.get(path)
    if file is None:
        full = f"{settings.files.rstrip('/')}/{path}"
        if full in view.parts.unread:
            return
        near = nearest(path, tuple(view.parts.files))
        remedy = f"did you mean '{near}'?" if near else f"put a {KINDS} there, or take this away"
        yield view.about_rule(rule, below, "L022", f"there is no file {full}", remedy)
        return
    complaint = file_complaint(file)
    if complaint:
        yield view.about_rule(rule, below, "L022", complaint, f"a file to send is a {KINDS}")
        return
    when = view.when(rule).get("provider")
    wanted = [when] if isinstance(when, str) else when
    for provider in Provider if isinstance(wanted, list) else _TAKING:
        if isinstance(wanted, list) and provider.value not in wanted:
            continue
        if complaint := refusal(file, provider):
            yield view.about_rule(
                rule,
                below,
                "L019",
                complaint,
                "its guests would get no answer but wait for a person: use a JPEG or PNG below 1 MB, "
                "or limit the rule with  provider:",
                severity=Severity.WARNING,
            )
