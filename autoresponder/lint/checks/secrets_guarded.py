"""Replies that name a secret also to guests who may not be told it: before its window, after it, without a booking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autoresponder.decision import Section
from autoresponder.durations import spoken
from autoresponder.lint import states
from autoresponder.lint.checks.secrets_in_time import why_never
from autoresponder.lint.ranges import range_of
from autoresponder.lint.trying import SAMPLE_DAY
from autoresponder.lint.view import MACROS, View
from autoresponder.model import StayStage
from autoresponder.problems import Problem, Severity
from autoresponder.properties import PropertyFacts, SecretFact
from autoresponder.rules import Rule
from autoresponder.templating import Asker, would_name

_STATES: Mapping[Asker, int] = {
    Asker.NOT_BOOKED: states.NOT_BOOKED,
    Asker.CANCELLED: states.at_stages(StayStage.CANCELLED),
    Asker.EARLY: states.CONFIRMED & states.at_stages(StayStage.BEFORE_ARRIVAL),
    Asker.ARRIVING: states.CONFIRMED & states.at_stages(StayStage.ARRIVAL_DAY),
    Asker.LATE: states.CONFIRMED & states.at_stages(StayStage.AFTER_STAY),
}


@dataclass(slots=True)
class _Leak:
    """A secret that a text names, and who would have to do without an answer."""

    rule: Rule
    secret: SecretFact
    askers: set[Asker] = field(default_factory=set)
    rules: list[str] = field(default_factory=list)


def find(view: View) -> Iterator[Problem]:
    """L024, a warning: some of the guests whom the rule answers would wait for a person."""
    if not any(place.secrets for place in view.properties):
        return
    found: dict[tuple[str, str], _Leak] = {}
    for rule in view.rules:
        if rule.replies and not (rule.reply or "").startswith(MACROS):
            for file, secret, asker in _leaks(view, rule):
                leak = found.setdefault((file, secret.name), _Leak(rule, secret))
                leak.askers.add(asker)
                leak.rules += [rule.title] * (rule.title not in leak.rules)
    for (file, name), leak in found.items():
        yield _tell(view, file, name, leak)


def _leaks(view: View, rule: Rule) -> Iterator[tuple[str, SecretFact, Asker]]:
    """Secrets that a rule's reply names to guests who may not be told; with the file that does, or the rule's id."""
    when = view.when(rule)
    may = states.of_when(when).may
    possible = [asker for asker, where in _STATES.items() if may & where]
    section = Section(rule_id=rule.id, title=rule.title, template=rule.reply, text=rule.text)
    templates, replies = view.parts.templates, view.parts.settings.replies
    days = _days_ahead(when)
    for language, files in _texts(view, rule) if possible else ():
        for name, file in _named(view, rule, files).items():
            for place in _unlike(view.properties_of(rule), name):
                secret = place.secrets[name]
                spoken_in = language or place.language
                for asker in () if why_never(may, secret) else possible:
                    if would_name(
                        section,
                        name,
                        asker,
                        place,
                        spoken_in,
                        templates,
                        replies,
                        SAMPLE_DAY,
                        days_ahead=days,
                    ):
                        yield file or rule.id, secret, asker


def _texts(view: View, rule: Rule) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Languages of a reply, each with its files; the rule's own text is in the property's language."""
    templates = view.parts.templates
    if rule.reply is None:
        yield "", ()
    for language, file in view.variants(rule.reply) if rule.reply is not None else ():
        frame = templates.frame(language)
        yield language, (*templates.parts(file), *(templates.parts(frame.file) if frame is not None else ()))


def _named(view: View, rule: Rule, files: tuple[str, ...]) -> dict[str, str]:
    """Secrets that the texts name, each with the file that does; no file for the rule's own text."""
    templates = view.parts.templates
    secrets = {name for place in view.properties_of(rule) for name in place.secrets}
    own = templates.inline_facts(rule.text) if rule.text is not None else ()
    named = {fact.name: "" for fact in own if fact.name in secrets}
    for file in files:
        for fact in templates.facts(file):
            if fact.name in secrets:
                named.setdefault(fact.name, file)
    return named


def _unlike(places: tuple[PropertyFacts, ...], name: str) -> list[PropertyFacts]:
    """Of the properties that have the secret, one for each window and each set of facts."""
    unlike: dict[tuple[object, ...], PropertyFacts] = {}
    for place in places:
        secret = place.secrets.get(name)
        if secret is not None:
            known = frozenset((*place.facts, *place.secrets))
            unlike.setdefault((secret.release, secret.check_in, place.language, known), place)
    return list(unlike.values())


def _days_ahead(when: Mapping[str, Any]) -> int:
    """So many days before the arrival a rule answers at the earliest, as far as it says so itself."""
    details = when.get("stay_details")
    written = details.get("arrival_date") if isinstance(details, Mapping) else None
    limits = range_of(written) if isinstance(written, Mapping) else None
    return _A_YEAR if limits is None or limits.within is None else limits.within


_A_YEAR = 365


def _tell(view: View, file: str, name: str, leak: _Leak) -> Problem:
    message = f"the secret '{name[:40]}' may {_who(leak)} get no answer"
    remedy = (
        f'write  {{% if released("{name[:40]}") %}} … {{% else %}} … {{% endif %}}  around it, '
        "or limit the rule with  booking: confirmed  and  stay: …"
    )
    if leak.rule.text is not None and file == leak.rule.id:
        return view.about_own_text(leak.rule, name, "L024", message, remedy)
    line = next((fact.line for fact in view.parts.templates.facts(file) if fact.name == name), 1)
    title = leak.rules[0] + (f" and {len(leak.rules) - 1} more" if len(leak.rules) > 1 else "")
    place = view.fact_place(file, name, line)
    return view.about_template(
        file, "L024", message, remedy, place=place, severity=Severity.WARNING, rule=title
    )


def _who(leak: _Leak) -> str:
    release = leak.secret.release
    who = []
    if Asker.NOT_BOOKED in leak.askers:
        who.append("without a booking")
    if Asker.CANCELLED in leak.askers:
        who.append("who cancelled")
    if Asker.EARLY in leak.askers or Asker.ARRIVING in leak.askers:
        lead = release.before_arrival
        who.append(f"more than {spoken(lead)} before check-in" if lead else "before check-in")
    if Asker.LATE in leak.askers:
        late = release.after_departure
        who.append(f"more than {spoken(late)} after the stay" if late else "after the stay")
    if len(who) > _SHOWN:
        return "be told only to guests with a booking, around the stay: others"
    return f"not be told to guests {' or '.join(who)}: they"


_SHOWN = 2
