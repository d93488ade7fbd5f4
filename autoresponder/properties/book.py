"""All properties of properties.yaml, found by Channex id or name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autoresponder.config import Secret
from autoresponder.model import Property, PropertyId
from autoresponder.properties.facts import CHECK_IN, Fact, PropertyFacts, Release, SecretFact

_UNKNOWN = "unknown"
_MOST_FOUND = 2_000
"""Properties whose facts are kept put together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSecret:
    """A secret as one part of the file gives it."""

    value: Secret | None
    release: Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What the defaults, one group or one property say."""

    timezone: ZoneInfo | None = None
    language: str | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    secrets: Mapping[str, WrittenSecret] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One property as it is written."""

    key: str
    channex_id: str | None = None
    name: str = ""
    groups: tuple[str, ...] = ()
    layer: Layer = Layer()


class PropertyBook:
    """Every property with its facts.

    What a property says wins over its groups, a later group over an earlier one, and groups over the
    defaults.

    Args:
        defaults: What holds where nothing else is said.
        groups: Group name to what it says.
        entries: The properties.
        language: Language where nobody says one.
    """

    def __init__(
        self,
        defaults: Layer | None = None,
        groups: Mapping[str, Layer] | None = None,
        entries: Iterable[Entry] = (),
        *,
        language: str = "en",
    ) -> None:
        self._defaults = defaults or Layer()
        self._groups = dict(groups or {})
        self._by_key = {entry.key: entry for entry in entries}
        self._by_id = {e.channex_id.lower(): e for e in self._by_key.values() if e.channex_id}
        self._language = language
        self._found: dict[tuple[PropertyId | None, Property | None], PropertyFacts] = {}

    def keys(self) -> tuple[str, ...]:
        """Names of the properties, in the file's order."""
        return tuple(self._by_key)

    def groups(self) -> tuple[str, ...]:
        """Names of the groups, in the file's order."""
        return tuple(self._groups)

    def channex_id(self, place: str) -> str | None:
        """The Channex id of a property given by name or id; its name when it has no id; None when unknown."""
        entry = self._by_key.get(place) or self._by_id.get(place.lower())
        return None if entry is None else entry.channex_id or entry.key

    def find(self, property_id: PropertyId | None, channex: Property | None) -> PropertyFacts:
        """What is known about a property.

        Args:
            property_id: Its Channex id (or its name in the file); None when the thread names none.
            channex: What Channex says about it, for title and time zone where the file is silent.

        Returns:
            Its facts. A property that is not in the file has none: what the defaults say was not written
            about it, and a guest must not be told it. It has their language, and Channex's title and time
            zone.
        """
        found = self._found.get((property_id, channex))
        if found is None:
            if len(self._found) >= _MOST_FOUND:
                self._found.clear()
            found = self._found[property_id, channex] = self._put_together(property_id, channex)
        return found

    def _put_together(self, property_id: PropertyId | None, channex: Property | None) -> PropertyFacts:
        wanted = property_id or (channex.id if channex else None)
        entry = None
        if wanted is not None:
            entry = self._by_id.get(wanted.lower()) or self._by_key.get(wanted)
        if entry is None:
            entry = Entry(key=wanted or _UNKNOWN)
            zones = (_zone(channex), self._defaults.timezone)
            layers = [replace(self._defaults, facts={}, secrets={})]
        else:
            layers = [
                self._defaults,
                *(self._groups[g] for g in entry.groups if g in self._groups),
                entry.layer,
            ]
            zones = (next((x.timezone for x in reversed(layers) if x.timezone), None), _zone(channex))
        zone = next((z for z in zones if z is not None), ZoneInfo("UTC"))
        return replace(self._facts(entry, layers, zone, channex), listed=entry.key in self._by_key)

    def all(self) -> tuple[PropertyFacts, ...]:
        """Every property of the file, in its order."""
        return tuple(self.find(PropertyId(key), None) for key in self._by_key)

    def fact_names(self) -> frozenset[str]:
        """Names of all facts and secrets that any part of the file gives."""
        layers = [self._defaults, *self._groups.values(), *(e.layer for e in self._by_key.values())]
        return frozenset(name for layer in layers for name in (*layer.facts, *layer.secrets))

    def _facts(
        self, entry: Entry, layers: list[Layer], zone: ZoneInfo, channex: Property | None
    ) -> PropertyFacts:
        facts: dict[str, Fact] = {}
        written: dict[str, WrittenSecret] = {}
        for layer in layers:
            facts.update(layer.facts)
            written.update(layer.secrets)
        check_in = check_in_time(facts.get("check_in_from")) or CHECK_IN
        language = next((x.language for x in reversed(layers) if x.language), self._language)
        return PropertyFacts(
            key=entry.key,
            name=entry.name or (channex.title if channex else ""),
            timezone=zone,
            groups=entry.groups,
            language=language,
            facts={name: fact for name, fact in facts.items() if name not in written},
            secrets={
                name: SecretFact(name=name, value=s.value, release=s.release, check_in=check_in, zone=zone)
                for name, s in written.items()
            },
        )


def check_in_time(fact: object) -> time | None:
    """The fact `check_in_from` as a time, or None when it is none."""
    if not isinstance(fact, str):
        return None
    text = fact.strip()
    try:
        return time.fromisoformat(text if ":" not in text[:2] else f"0{text}").replace(tzinfo=None)
    except ValueError:
        return None


def _zone(channex: Property | None) -> ZoneInfo | None:
    if channex is None or not channex.timezone:
        return None
    return zone_named(channex.timezone)


def zone_named(name: str) -> ZoneInfo | None:
    """A time zone by its name, or None when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
