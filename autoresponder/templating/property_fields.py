"""What a template sees of the property: its facts, and its secrets when this guest may have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from jinja2.runtime import Undefined

from autoresponder.model import BookingStatus, Turn
from autoresponder.properties import PropertyFacts, SecretFact, Translated
from autoresponder.templating.values import Fields, Word, is_nothing, missing, withheld


def property_fields(turn: Turn, facts: PropertyFacts, now: datetime, language: str) -> Fields:
    """The variable `property`. A secret wins over a fact, a fact over what Channex says."""
    channex = turn.property
    values: dict[str, object] = {
        "key": facts.key,
        "name": facts.name,
        "city": channex.city if channex else None,
        "address": channex.address if channex else None,
        "country": Word(channex.country) if channex and channex.country else None,
        "timezone": facts.timezone.key,
        "phone": channex.phone if channex else None,
        "email": channex.email if channex else None,
    }
    return _PropertyFields(values, turn, facts, now, language)


class _PropertyFields(Fields):
    """The variable `property`: a template asks for a few of its many fields, and only these are looked at."""

    __slots__ = ("_facts", "_language", "_now", "_turn")

    def __init__(
        self, values: Mapping[str, object], turn: Turn, facts: PropertyFacts, now: datetime, language: str
    ) -> None:
        super().__init__(
            "property",
            values,
            absent=f"the {{field}} of property '{facts.key}' is not known",
            unknown=_unknown(facts),
        )
        self._turn = turn
        self._facts = facts
        self._now = now
        self._language = language

    def value(self, field: str) -> object:
        """See `Fields.value`."""
        facts = self._facts
        if field in facts.secrets:
            return _secret(facts, self._turn, field, facts.secrets[field], self._now)
        if field in facts.facts:
            return _fact(facts, field, facts.facts[field], self._language)
        return super().value(field)

    def names(self) -> Iterator[str]:
        """See `Fields.names`."""
        return iter(dict.fromkeys((*super().names(), *self._facts.facts, *self._facts.secrets)))


def _fact(facts: PropertyFacts, name: str, fact: object, language: str) -> object:
    """A fact's value, in the reply's language, else in the property's."""
    if not isinstance(fact, Translated):
        if is_nothing(fact):
            return missing(f"property.{name}", f"fact '{name}' of property '{facts.key}' has no value")
        return fact
    for wanted in (language, facts.language):
        text = translation(fact.texts, wanted)
        if text is not None:
            return text
    return missing(
        f"property.{name}",
        f"fact '{name}' of property '{facts.key}' has no text in '{language}'",
    )


def translation(texts: Mapping[str, str], language: str) -> str | None:
    """The text for a language: the very same, its base, or a regional form of it."""
    base = language.partition("-")[0]
    for wanted in (language, base, *sorted(t for t in texts if t.partition("-")[0] == base)):
        text = texts.get(wanted)
        if text is not None and text.strip():
            return text
    return None


def may_tell(facts: PropertyFacts, turn: Turn, name: str, now: datetime) -> bool:
    """Whether a secret may be told: it has a value, and this guest's stay here is confirmed and near.

    The booking must be of the property whose facts these are: a thread and its booking could disagree.
    """
    secret, booking = facts.secrets.get(name), turn.booking
    if secret is None or not secret.value or booking is None:
        return False
    if booking.status is not BookingStatus.CONFIRMED:
        return False
    places = {booking.property_id, turn.thread.property_id} - {None}
    return len(places) <= 1 and secret.released(booking, now)


def _secret(facts: PropertyFacts, turn: Turn, name: str, secret: SecretFact, now: datetime) -> object:
    """The secret's text only when it may be told; otherwise something that does not hold it."""
    path = f"property.{name}"
    if not secret.value:
        return missing(path, f"secret '{name}' of property '{facts.key}' has no value")
    if not may_tell(facts, turn, name, now):
        why = "is not released yet, or no longer"
        if turn.booking is None or turn.booking.status is not BookingStatus.CONFIRMED:
            why = "is only for guests with a confirmed booking"
        return withheld(path, f"secret '{name}' of property '{facts.key}' {why}")
    return secret.value.reveal()


def release_day(facts: PropertyFacts, turn: Turn, name: str) -> datetime | Undefined:
    """From when a secret may be told, in the property's zone."""
    path = f'release_day("{name}")'
    secret, booking = facts.secrets.get(name), turn.booking
    if secret is None:
        return missing(path, f"property '{facts.key}' has no secret '{name}'")
    if booking is None or booking.status is not BookingStatus.CONFIRMED:
        return missing(path, f"secret '{name}' is only for guests with a confirmed booking")
    window = secret.window(booking)
    if window is None:
        return missing(path, f"the dates of the stay are not known, so neither is the day for '{name}'")
    return window[0].astimezone(facts.timezone)


def unreleased_values(facts: PropertyFacts, turn: Turn, now: datetime) -> dict[str, str]:
    """Secrets that this guest must not see now: name to value. For a last look at the finished text."""
    hidden = {}
    for name, secret in facts.secrets.items():
        if secret.value and not may_tell(facts, turn, name, now):
            hidden[name] = secret.value.reveal()
    return hidden


def _unknown(facts: PropertyFacts) -> str:
    """What is said about a fact that a property does not have."""
    if facts.listed:
        return f"property '{facts.key}' has no fact '{{field}}'"
    name = f"'{facts.name or facts.key}'".replace("{", "(").replace("}", ")")
    return f"property {name} is not in properties.yaml, so its '{{field}}' is not known"
