"""From a decision to the text that a guest reads, or to the reason why there is none. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Template, TemplateError

from autoresponder.config import ReplySettings
from autoresponder.decision import Decision, Section, SkipReason
from autoresponder.model import Turn
from autoresponder.properties import PropertyFacts
from autoresponder.templating.context import build_context
from autoresponder.templating.fields import BODY, SECTIONS
from autoresponder.templating.hygiene import fault, tidy
from autoresponder.templating.library import Templates
from autoresponder.templating.property_fields import unreleased_values
from autoresponder.templating.values import MissingValue, NotPrintable, SecretWithheld

_RENDERING = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Everything that running a sandboxed template is known to raise."""

_SHORTEST_SECRET = 4
"""A secret of fewer characters is found in too many innocent texts to be looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A finished reply."""

    text: str
    language: str
    """Of the whole reply; two letters, or with a country."""
    templates: tuple[str, ...] = ()
    """Template files that it was made of, frame last; a rule's own text is not among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Why there is no reply: a person has to write it."""

    reason: SkipReason
    """MISSING_VALUE, SECRET_NOT_RELEASED or TEMPLATE_ERROR."""
    detail: str
    """What is missing or wrong, for people; it holds no guest text and no secret."""
    file: str = ""
    """Template file concerned, or empty."""
    rule: str = ""
    """Title of the rule concerned, or empty."""
    path: str = ""
    """The value that is missing, as the template names it: `property.parking`; or empty."""


class _Stop(Exception):
    """Leaves the rendering early; no error."""

    def __init__(self, held: Held) -> None:
        super().__init__(held.detail)
        self.held = held


def render_reply(
    decision: Decision,
    turn: Turn,
    facts: PropertyFacts,
    now: datetime,
    templates: Templates,
    settings: ReplySettings,
) -> Reply | Held:
    """Write the reply that a decision asks for.

    The whole reply is in one language: the guest's when every section exists in it, else the property's, else
    the fallback language. Sections follow each other in rule order inside the frame `_reply`.

    Args:
        decision: With its sections.
        turn: What is answered.
        facts: What is true of the property.
        now: The present, aware.
        templates: Every template.
        settings: Fallback language and greatest length.

    Returns:
        The reply; or why there is none, when a value is missing or empty, a secret may not be told to this
        guest now, a template is wrong, or the text is not fit to be sent. Never raises for bad templates.
    """
    language = choose_language(
        decision.sections, (decision.language, facts.language, settings.fallback_language), facts, templates
    )
    if isinstance(language, Held):
        return language
    return render_in(decision.sections, language, turn, facts, now, templates, settings)


def choose_language(
    sections: Sequence[Section],
    wanted: Sequence[str | None],
    facts: PropertyFacts,
    templates: Templates,
) -> str | Held:
    """The first wanted language in which every section exists.

    A rule's own text counts as written in the property's language.
    """
    for language in wanted:
        if language and all(_exists(section, language, facts, templates) for section in sections):
            return language
    missing = [s for s in sections if s.template is not None and not templates.languages(s.template)]
    if missing:
        section = missing[0]
        return _held(f"there is no template '{section.template}'", rule=section.title)
    languages = "; ".join(
        f"{s.template or 'the text of rule ' + s.title}: "
        + (", ".join(templates.languages(s.template)) if s.template else facts.language)
        for s in sections
    )
    return _held(f"there is no language in which the whole reply could be written ({languages})")


def _exists(section: Section, language: str, facts: PropertyFacts, templates: Templates) -> bool:
    if section.template is not None:
        return templates.find(section.template, language) is not None
    return language.partition("-")[0] == facts.language.partition("-")[0]


def render_in(
    sections: Sequence[Section],
    language: str,
    turn: Turn,
    facts: PropertyFacts,
    now: datetime,
    templates: Templates,
    settings: ReplySettings,
) -> Reply | Held:
    """Write a reply in a language in which every section exists; like `render_reply` otherwise."""
    context = build_context(turn, facts, now, language)
    hidden = unreleased_values(facts, turn, now)
    return render_with(context, hidden, sections, language, facts, templates, settings)


def render_with(
    context: Mapping[str, object],
    hidden: Mapping[str, str],
    sections: Sequence[Section],
    language: str,
    facts: PropertyFacts,
    templates: Templates,
    settings: ReplySettings,
) -> Reply | Held:
    """Like `render_in`, with what is seen and what is hidden given.

    The context is one from `build_context`; a rendering uses up its budget. `hidden` are the secrets that this
    guest may not be told, by name.
    """
    files: list[str] = []
    try:
        texts = _sections(sections, language, context, templates, files)
        text = tidy(_framed(texts, language, context, templates, files))
    except _Stop as stop:
        return stop.held
    wrong = fault(text, longest=settings.max_length)
    if wrong:
        return _held(wrong, file=files[0] if files else "")
    leaked = _leak(text, hidden)
    if leaked:
        return Held(
            reason=SkipReason.SECRET_NOT_RELEASED,
            detail=f"the reply holds the value of secret '{leaked}' of property '{facts.key}', "
            "which this guest may not have now",
        )
    return Reply(text=text, language=language, templates=tuple(files))


def _sections(
    sections: Sequence[Section],
    language: str,
    context: Mapping[str, object],
    templates: Templates,
    files: list[str],
) -> list[str]:
    """The sections' texts, in order; two rules with the same template say it once."""
    if not sections:
        raise _Stop(_held("there is nothing to answer with"))
    texts: list[str] = []
    seen: set[tuple[str | None, str | None]] = set()
    for section in sections:
        if (section.template, section.text) in seen:
            continue
        seen.add((section.template, section.text))
        file, template = _template(section, language, templates)
        text = tidy(_run(template, context, file, section.title))
        if not text:
            name = file or "its text"
            detail = f"rule '{section.title}' has nothing to say here: {name} comes out empty"
            raise _Stop(Held(reason=SkipReason.MISSING_VALUE, detail=detail, file=file, rule=section.title))
        texts.append(text)
        if file and file not in files:
            files.append(file)
    return texts


def _template(section: Section, language: str, templates: Templates) -> tuple[str, Template]:
    if section.template is None:
        template = templates.inline(section.text or "")
        if template is None:
            raise _Stop(_held(f"the text of rule '{section.title}' is wrong", rule=section.title))
        return "", template
    variant = templates.find(section.template, language)
    if variant is None:
        detail = f"there is no template '{section.template}' in '{language}'"
        raise _Stop(_held(detail, rule=section.title))
    template = templates.compiled(variant.file)
    if template is None:
        detail = f"template {variant.file} is wrong"
        raise _Stop(_held(detail, file=variant.file, rule=section.title))
    return variant.file, template


def _framed(
    texts: list[str],
    language: str,
    context: Mapping[str, object],
    templates: Templates,
    files: list[str],
) -> str:
    """The sections inside the frame of the language; without a frame, one below the other."""
    body = "\n\n".join(texts)
    frame = templates.frame(language)
    if frame is None:
        return body
    template = templates.compiled(frame.file)
    if template is None:
        raise _Stop(_held(f"frame {frame.file} is wrong", file=frame.file))
    files.append(frame.file)
    return _run(template, {**context, BODY: body, SECTIONS: tuple(texts)}, frame.file, "")


def _run(template: Template, context: Mapping[str, object], file: str, rule: str) -> str:
    """Render one template; what goes wrong is told without any value."""
    where = f"template {file}" if file else f"the text of rule '{rule}'"
    try:
        return template.render(context)
    except SecretWithheld as error:
        held = _lacking(SkipReason.SECRET_NOT_RELEASED, error, file, rule)
    except MissingValue as error:
        held = _lacking(SkipReason.MISSING_VALUE, error, file, rule)
    except NotPrintable as error:
        held = _held(f"{where}: {error.message}", file=file, rule=rule)
    except _RENDERING as error:
        # The error's own words may quote a value; its kind says enough.
        held = _held(f"{where} cannot be worked out ({type(error).__name__})", file=file, rule=rule)
    raise _Stop(held)


def _lacking(reason: SkipReason, error: MissingValue | SecretWithheld, file: str, rule: str) -> Held:
    return Held(reason=reason, detail=f"{error.message}", file=file, rule=rule, path=error.path)


def _held(detail: str, *, file: str = "", rule: str = "") -> Held:
    return Held(reason=SkipReason.TEMPLATE_ERROR, detail=detail, file=file, rule=rule)


def _leak(text: str, hidden: Mapping[str, str]) -> str:
    """The name of an unreleased secret whose value stands in the text, or empty.

    The last witness: it also sees a code that was typed into a template or a plain fact.
    """
    for name, value in hidden.items():
        word = value.strip()
        if len(word) >= _SHORTEST_SECRET and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
            return name
    return ""
