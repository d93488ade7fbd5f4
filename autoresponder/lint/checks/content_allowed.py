"""Replies that an OTA would refuse or cut: telephone numbers, e-mail addresses and links."""

from __future__ import annotations

from dataclasses import replace

from autoresponder.content import Finding, forbidden
from autoresponder.lint.trying import SAMPLE_DAY, Batch
from autoresponder.lint.view import View
from autoresponder.model import Provider
from autoresponder.problems import Problem, Severity
from autoresponder.rules import Rule
from autoresponder.templating import Reply, SampleGuests, Trial, try_render
from autoresponder.yamltext import Place

_CONFIRMED = Provider.BOOKING_COM
_PROVIDERS = (_CONFIRMED, Provider.EXPEDIA, Provider.AIRBNB)
"""Booking.com writes only to guests with a booking; the others let no contact data through before there is one."""

_SAME_FOR_ALL = frozenset({"property"})
"""What is the same for every guest of a property, but for its secrets."""


class ContentWatch:
    """Looks at replies as they are tried out on a guest of Booking.com, and at the same ones for other OTAs.

    Args:
        view: The workspace.
        batch: What is tried out.

    Attributes:
        problems: L011, warnings: such a reply is held at the moment it should go out, and a person has to answer.
    """

    def __init__(self, view: View, batch: Batch) -> None:
        self.problems: list[Problem] = []
        self._view = view
        self._rules = {rule.id: rule for rule in batch.rules}
        self._reached = {
            rule.id: tuple(p for p in _PROVIDERS if _reaches(view, rule, p, confirmed=p is _CONFIRMED))
            for rule in batch.rules
        }
        self._told: set[tuple[str, str, str]] = set()
        self._guests = SampleGuests(SAMPLE_DAY)
        self._read: dict[tuple[str, str], frozenset[str]] = {}

    def look(self, trial: Trial) -> None:
        """See one reply, rendered for a guest with a booking of Booking.com (or none, where the rule says so)."""
        rule = self._rules[trial.use.section.rule_id]
        text: str | None = None
        clean = False
        for provider in self._reached[rule.id]:
            before, text = text, self._text(trial, provider, text)
            if text is None:
                continue
            if clean and text == before and provider is Provider.AIRBNB:
                continue  # Expedia is stricter, and found nothing
            found = self._judge(trial, rule, text, provider)
            clean = not found and provider is Provider.EXPEDIA

    def _text(self, trial: Trial, provider: Provider, before: str | None) -> str | None:
        """The reply to a guest of this OTA, rendered only where it could differ from what was rendered already."""
        parts, section = self._view.parts, trial.use.section
        if provider is _CONFIRMED:
            return trial.result.text if isinstance(trial.result, Reply) else None
        key = (section.rule_id, trial.language)
        read = self._read.get(key)
        if read is None:
            read = self._read[key] = parts.templates.read_by(
                name=section.template, text=section.text, language=trial.language
            )
        if provider is Provider.AIRBNB and Provider.EXPEDIA in self._reached[section.rule_id]:
            if "thread" not in read:
                return before  # all else is the same for two guests without a booking
        elif not trial.facts.secrets and read <= _SAME_FOR_ALL and isinstance(trial.result, Reply):
            return trial.result.text
        result = try_render(
            (section,),
            trial.language,
            trial.facts,
            parts.templates,
            parts.settings.replies,
            SAMPLE_DAY,
            provider=provider,
            inquiry=True,
            guests=self._guests,
        )
        return result.text if isinstance(result, Reply) else None

    def _judge(self, trial: Trial, rule: Rule, text: str, provider: Provider) -> bool:
        """Tell what an OTA would refuse in a text; whether there is anything."""
        links = self._view.parts.settings.replies.approved_links
        confirmed = provider is _CONFIRMED
        found = forbidden(text, provider=provider, confirmed=confirmed, approved_links=links)
        for finding in found:
            what = (rule.id, finding.excerpt, finding.message)
            if what not in self._told:
                self._told.add(what)
                discreet = _discreet(finding, trial)
                self.problems.append(_problem(self._view, trial, rule, discreet, confirmed=confirmed))
        return bool(found)


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
