"""Trying replies out before anything goes live: every rule, every property, every language. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from autoresponder.config import ReplySettings
from autoresponder.decision import Section
from autoresponder.model import Provider
from autoresponder.problems import Problem, Severity
from autoresponder.properties import PropertyFacts
from autoresponder.templating.library import Templates
from autoresponder.templating.render import Held, Reply, choose_language, render_with
from autoresponder.templating.sample_guests import SampleGuests

MISSING = "T011"
UNFIT = "T013"
NEEDS_NAME = "T018"

_OF_PROPERTY = ("property.", "release_day(")


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One rule that answers, and where it stands."""

    section: Section
    file: str
    """The rule file, as the user knows it."""
    line: int = 1
    column: int = 1
    inquiry: bool = False
    """Whether the rule is for guests without a booking (`event: inquiry`, `booking: none`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One rule, rendered for one property in one language."""

    use: Use
    facts: PropertyFacts
    language: str
    result: Reply | Held
    """The reply's text may hold secrets: it is for checks and never shown."""


def try_render(
    sections: Sequence[Section],
    language: str,
    facts: PropertyFacts,
    templates: Templates,
    settings: ReplySettings,
    now: datetime,
    *,
    provider: Provider = Provider.BOOKING_COM,
    inquiry: bool = False,
    name: str = "Anna Berg",
    guests: SampleGuests | None = None,
) -> Reply | Held:
    """Render sections for a sample guest on the evening of arrival, when every usual secret is released.

    Args:
        sections: The parts of the reply.
        language: The language to write in; nothing else is tried.
        facts: The property.
        templates: Every template.
        settings: Greatest length.
        now: The present; its date is the sample's day of arrival.
        provider: Where the guest writes.
        inquiry: A guest without a booking.
        name: Of the guest; empty for a guest who gives none.
        guests: Remembers sample guests between calls with the same `now`.
    """
    chosen = choose_language(sections, (language,), facts, templates)
    if isinstance(chosen, Held):
        return chosen
    guests = guests or SampleGuests(now)
    context, hidden = guests.seen_by(facts, language, provider, name, inquiry=inquiry)
    return render_with(context, hidden, sections, language, facts, templates, settings)


def languages_of(use: Use, facts: PropertyFacts, templates: Templates) -> tuple[str, ...]:
    """The languages in which a rule can answer."""
    section = use.section
    return (facts.language,) if section.template is None else templates.languages(section.template)


def trials(
    uses: Iterable[Use],
    properties: Sequence[PropertyFacts],
    templates: Templates,
    settings: ReplySettings,
    now: datetime,
    *,
    provider: Provider = Provider.BOOKING_COM,
) -> Iterator[Trial]:
    """Every rule, rendered for every property in every language that it has."""
    guests = SampleGuests(now)
    for use in uses:
        for facts in properties:
            for language in languages_of(use, facts, templates):
                result = try_render(
                    (use.section,),
                    language,
                    facts,
                    templates,
                    settings,
                    now,
                    provider=provider,
                    inquiry=use.inquiry,
                    guests=guests,
                )
                yield Trial(use=use, facts=facts, language=language, result=result)


@dataclass(slots=True)
class _Finding:
    """The same trouble of several rules, properties and languages, told once."""

    held: Held
    use: Use
    language: str
    properties: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)


def problems_for(
    uses: Sequence[Use],
    properties: Sequence[PropertyFacts],
    templates: Templates,
    settings: ReplySettings,
    now: datetime,
    *,
    watch: Callable[[Trial], None] | None = None,
) -> list[Problem]:
    """What would keep replies from being sent, found by rendering all of them with a sample guest.

    Each rule is rendered for each property in each of its languages. Reported once each, as warnings in the
    template (or the rule file, for a rule's own text): values other than facts that are missing, texts that
    are empty, too long or otherwise not fit to be sent, and templates that fail guests who give no name.

    Left out, because others tell them: templates that are wrong as such (`Templates.load`), templates that
    do not exist, and facts and secrets that a property lacks (see `Templates.facts`). Whether the OTA takes
    the text is not judged here either: hold the replies of `trials` against `autoresponder.content`.

    Args:
        uses: The rules that answer; one `Use` each.
        properties: Every property (`PropertyBook.all()`).
        templates: Every template.
        settings: Greatest length and fallback language.
        now: The present; its date is the sample's day of arrival.
        watch: Sees every trial, so that nobody needs to render them again.
    """
    sound = [use for use in uses if _is_sound(use, templates)]
    problems = [_tell(f, templates) for f in _findings(sound, properties, templates, settings, now, watch)]
    problems.extend(_nameless(sound, properties, templates, settings, now))
    return sorted(dict.fromkeys(problems), key=lambda p: p.sort_key)


def _is_sound(use: Use, templates: Templates) -> bool:
    section = use.section
    if section.template is None:
        return templates.inline(section.text or "") is not None
    files = [
        v.file
        for lang in templates.languages(section.template)
        if (v := templates.find(section.template, lang))
    ]
    return bool(files) and all(templates.compiled(file) is not None for file in files)


def _findings(
    uses: Sequence[Use],
    properties: Sequence[PropertyFacts],
    templates: Templates,
    settings: ReplySettings,
    now: datetime,
    watch: Callable[[Trial], None] | None,
) -> list[_Finding]:
    found: dict[tuple[str, str, str], _Finding] = {}
    for trial in trials(uses, properties, templates, settings, now):
        if watch is not None:
            watch(trial)
        held = trial.result
        if not isinstance(held, Held) or held.path.startswith(_OF_PROPERTY):
            continue
        own = "" if held.file else trial.use.section.rule_id
        what = held.path or held.detail
        finding = found.setdefault((held.file, own, what), _Finding(held, trial.use, trial.language))
        if trial.facts.key not in finding.properties:
            finding.properties.append(trial.facts.key)
        if trial.use.section.title not in finding.rules:
            finding.rules.append(trial.use.section.title)
    return list(found.values())


def _tell(finding: _Finding, templates: Templates) -> Problem:
    held = finding.held
    code = MISSING if held.path else UNFIT
    others = len(finding.properties) - 1
    where = "" if not others else f" ({finding.properties[0]} and {others} more)"
    rules = finding.rules[0] + (f" and {len(finding.rules) - 1} more" if len(finding.rules) > 1 else "")
    remedy = "such a reply is left to a person"
    problem = _at(finding.use, held.file, held.path, code, held.detail + where, remedy, templates)
    return replace(problem, rule=rules)


def _nameless(
    uses: Sequence[Use],
    properties: Sequence[PropertyFacts],
    templates: Templates,
    settings: ReplySettings,
    now: datetime,
) -> Iterator[Problem]:
    """Guests often give no usable name: a template that insists on one leaves them to a person."""
    told = set()
    guests = SampleGuests(now)
    for use in uses:
        for facts in properties[:1]:
            for language in languages_of(use, facts, templates):
                section = use.section
                if "guest" not in templates.read_by(
                    name=section.template, text=section.text, language=language
                ):
                    continue
                held = try_render(
                    (use.section,),
                    language,
                    facts,
                    templates,
                    settings,
                    now,
                    inquiry=use.inquiry,
                    name="",
                    guests=guests,
                )
                if not isinstance(held, Held) or not held.path.startswith("guest."):
                    continue
                word = held.path.rpartition(".")[2]
                if (held.file, word) in told:
                    continue
                told.add((held.file, word))
                message = f"guests whose {word.replace('_', ' ')} is not known would get no answer"
                remedy = f"write {{% if {held.path} %}} {{{{ {held.path} }}}}{{% endif %}}"
                yield _at(use, held.file, held.path, NEEDS_NAME, message, remedy, templates)


def _at(
    use: Use, file: str, path: str, code: str, message: str, remedy: str, templates: Templates
) -> Problem:
    """A problem at the word of a template file, or at the rule when the text is the rule's own."""
    title, word = use.section.title, path.rpartition(".")[2]
    parts = [part for part in map(templates.source, templates.parts(file)) if part is not None]
    source = next((part for part in parts if word and part.has_word(word)), parts[0] if parts else None)
    if source is not None:
        place = source.word(word, 1, after=(".", "[")) if word else source.line(1)
        return source.problem(place, code, message, remedy, severity=Severity.WARNING, rule=title)
    return Problem(
        file=use.file,
        line=use.line,
        column=use.column,
        severity=Severity.WARNING,
        code=code,
        message=message,
        remedy=remedy,
        rule=title,
    )
