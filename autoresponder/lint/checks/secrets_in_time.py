"""Replies that need a secret at a time at which no guest may be told it."""

from __future__ import annotations

from collections.abc import Iterator

from autoresponder.lint import states
from autoresponder.lint.view import View
from autoresponder.model import StayStage
from autoresponder.problems import Problem, Severity
from autoresponder.properties import SecretFact
from autoresponder.rules import Rule

_AFTER = states.at_stages(StayStage.AFTER_STAY)


def find(view: View) -> Iterator[Problem]:
    """L017, a warning: every guest whom the rule answers would wait for a person."""
    if not any(place.secrets for place in view.properties):
        return
    for rule in view.rules:
        if not rule.replies:
            continue
        may = states.of_when(view.when(rule)).may
        if not may:
            continue
        for name, secret in _needed(view, rule).items():
            why = why_never(may, secret)
            if why:
                below = ("reply",) if rule.reply is not None else ("text",)
                message = f"the reply needs the secret '{name[:40]}', which {why}"
                yield view.about_rule(rule, below, "L017", message, _REMEDY, severity=Severity.WARNING)


def why_never(may: int, secret: SecretFact) -> str:
    """Why no guest in any of these states may be told a secret; empty when some may."""
    if not may & states.CONFIRMED:
        return "is told only to guests with a confirmed booking"
    if not may & states.CONFIRMED & ~_AFTER and not secret.release.after_departure:
        return "is told to nobody after the stay"
    return ""


def _needed(view: View, rule: Rule) -> dict[str, SecretFact]:
    """Secrets without which there is no reply."""
    templates = view.parts.templates
    secrets = {name: s for place in view.properties_of(rule) for name, s in place.secrets.items()}
    if rule.text is not None:
        facts = [] if "released" in rule.text else list(templates.inline_facts(rule.text))
    else:
        files = {part for _, file in view.variants(rule.reply or "") for part in templates.parts(file)}
        asks = any("released" in view.parts.template_files.get(file, "") for file in files)
        facts = [] if asks else [fact for file in sorted(files) for fact in templates.facts(file)]
    return {fact.name: secrets[fact.name] for fact in facts if fact.name in secrets and not fact.tested}


_REMEDY = "limit the rule with  booking: confirmed  or  stay: …, or leave the secret out"
