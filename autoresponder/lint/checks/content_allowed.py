"""Replies that an OTA would refuse or cut: telephone numbers, e-mail addresses and links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autoresponder.content import Finding, forbidden
from autoresponder.lint.trying import SAMPLE_DAY, Batch, batches
from autoresponder.lint.view import View
from autoresponder.model import Provider
from autoresponder.problems import Problem, Severity
from autoresponder.rules import Rule
from autoresponder.templating import Reply, Trial, trials
from autoresponder.yamltext import Place

_UNCONFIRMED = (Provider.AIRBNB, Provider.EXPEDIA)
"""OTAs that let no contact data through before a booking is confirmed."""


def find(view: View) -> Iterator[Problem]:
    """L011, a warning: such a reply is held at the moment it should go out, and a person has to answer."""
    told: set[tuple[str, str, str]] = set()
    links = view.parts.settings.replies.approved_links
    for batch in batches(view):
        rules = {rule.id: rule for rule in batch.rules}
        for provider in (Provider.BOOKING_COM, *_UNCONFIRMED):
            confirmed = provider not in _UNCONFIRMED
            for trial in _trials(view, batch, provider, confirmed=confirmed):
                rule = rules[trial.use.section.rule_id]
                assert isinstance(trial.result, Reply)
                text = trial.result.text
                for finding in forbidden(text, provider=provider, confirmed=confirmed, approved_links=links):
                    what = (rule.id, finding.excerpt, finding.message)
                    if what not in told:
                        told.add(what)
                        yield _problem(view, trial, rule, _discreet(finding, trial), confirmed=confirmed)


def _trials(view: View, batch: Batch, provider: Provider, *, confirmed: bool) -> Iterator[Trial]:
    """Replies that could really go to guests of this OTA, rendered for one."""
    parts = view.parts
    rules = {rule.id: rule for rule in batch.rules}
    uses = [
        use if confirmed else replace(use, inquiry=True)
        for use in batch.uses
        if _reaches(view, rules[use.section.rule_id], provider, confirmed=confirmed)
    ]
    settings = parts.settings.replies
    for trial in trials(uses, batch.properties, parts.templates, settings, SAMPLE_DAY, provider=provider):
        if isinstance(trial.result, Reply):
            yield trial


def _reaches(view: View, rule: Rule, provider: Provider, *, confirmed: bool) -> bool:
    when = view.when(rule)
    written = when.get("provider")
    providers = [written] if isinstance(written, str) else written
    if isinstance(providers, list) and provider.value not in providers:
        return False
    return confirmed or when.get("booking") not in ("confirmed", "cancelled")


def _discreet(finding: Finding, trial: Trial) -> Finding:
    """The finding without its words when they belong to a secret."""
    secrets = (s.value.reveal() for s in trial.facts.secrets.values() if s.value)
    if not any(finding.excerpt in secret or secret in finding.excerpt for secret in secrets):
        return finding
    return replace(finding, excerpt="…", message=finding.message.replace(finding.excerpt, "…"))


def _problem(view: View, trial: Trial, rule: Rule, finding: Finding, *, confirmed: bool) -> Problem:
    remedy = "such a reply would be held for a person: leave it out"
    if confirmed:
        remedy += ", or name its domain under  replies: approved_links:  once the extranet has approved it"
    else:
        remedy += ", or limit the rule to  booking: confirmed"
    if rule.reply is None:
        return view.about_rule(rule, ("text",), "L011", finding.message, remedy, severity=Severity.WARNING)
    variant = view.parts.templates.find(rule.reply, trial.language)
    file = variant.file if variant is not None else ""
    text = view.parts.template_files.get(file, "")
    start = text.find(finding.excerpt)
    place = None
    if start >= 0:
        line = text.count("\n", 0, start) + 1
        column = start - text.rfind("\n", 0, start)
        place = Place(line, column, max(1, len(finding.excerpt.split("\n", maxsplit=1)[0])))
    return view.about_template(file, "L011", finding.message, remedy, place=place, rule=rule.title)
