"""The text of properties.yaml → `PropertyBook`, with everything that is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from autoresponder.config import Secret
from autoresponder.durations import parse_duration
from autoresponder.languages import is_language, language_hint
from autoresponder.problems import Problem, Severity
from autoresponder.properties.book import Entry, Layer, PropertyBook, WrittenSecret, check_in_time, zone_named
from autoresponder.properties.facts import Fact, Release, Translated
from autoresponder.properties.placeholders import is_placeholder
from autoresponder.schemas.properties import PROPERTIES_SCHEMA
from autoresponder.yamltext import Source, Way, parse, validate
from autoresponder.yamltext.validation import nearest

ReadFile = Callable[[str], str]
"""Reads the file that a secret names. Raises OSError or ValueError, whose text says why, without content."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_OWN_NAMES = frozenset({"key", "name", "timezone", "language", "groups"})
_SOURCES = ("value", "from_env", "from_file")
_LONGEST_SECRET = 2000


def load_properties(
    text: str | bytes | None,
    file: str,
    environ: Mapping[str, str],
    read_file: ReadFile,
    *,
    language: str = "en",
) -> tuple[PropertyBook | None, list[Problem]]:
    """Read properties.yaml.

    Args:
        text: Its content, or None when there is no such file: then every property has only what Channex says.
        file: Its path as the user knows it.
        environ: Where `from_env` looks.
        read_file: How `from_file` reads.
        language: Language of properties that name none.

    Returns:
        The book, or None when there is an error, and every problem. A secret that cannot be read is a
        warning: replies that need it are held for a person.
    """
    source, problems = parse("" if text is None else text, file)
    if source is None:
        return None, problems
    problems += validate(source, PROPERTIES_SCHEMA, owner=_owner)
    reader = _Reader(source, environ, read_file)
    book = reader.book(language)
    known = {(p.line, p.column) for p in problems}
    problems += [p for p in reader.problems if (p.line, p.column) not in known]
    problems.sort(key=lambda p: p.sort_key)
    broken = any(p.severity is Severity.ERROR for p in problems)
    return (None if broken else book), problems


def _owner(way: Way) -> str:
    """The property or group that a place belongs to."""
    return str(way[1]) if len(way) > 1 and way[0] in ("properties", "groups") else ""


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


class _Reader:
    """Reads what is usable, whatever else is wrong, so that one run tells everything."""

    def __init__(self, source: Source, environ: Mapping[str, str], read_file: ReadFile) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self._environ = environ
        self._read_file = read_file

    def book(self, language: str) -> PropertyBook:
        data = _dict(self.source.data)
        defaults = self._layer(("defaults",), data.get("defaults"))
        groups = {
            name: self._layer(("groups", name), value) for name, value in _dict(data.get("groups")).items()
        }
        entries = [
            self._entry(("properties", key), key, value, groups)
            for key, value in _dict(data.get("properties")).items()
        ]
        self._same_ids(entries)
        self._open_secrets(defaults, groups, entries)
        return PropertyBook(defaults, groups, entries, language=language)

    def _add(
        self, way: Way, code: str, message: str, remedy: str = "", *, on_key: bool = False, warn: bool = False
    ) -> None:
        severity = Severity.WARNING if warn else Severity.ERROR
        self.problems.append(
            self.source.problem(
                way, code, message, remedy, on_key=on_key, severity=severity, rule=_owner(way)
            )
        )

    def _entry(self, way: Way, key: str, value: object, groups: Mapping[str, Layer]) -> Entry:
        data = _dict(value)
        ident = data.get("channex_id")
        if isinstance(value, Mapping) and ident is None:
            self._add(
                way,
                "P001",
                f"'{key}' has no channex_id, so no thread ever belongs to it",
                "add  channex_id: …",
                on_key=True,
                warn=True,
            )
        elif isinstance(ident, str) and not _UUID.fullmatch(ident):
            self._add(
                (*way, "channex_id"),
                "P002",
                f"'{ident[:60]}' does not look like a Channex id",
                "they look like 5ea51e30-0001-4a00-8000-000000000001",
                warn=True,
            )
        written = data.get("groups")
        named = [g for g in written if isinstance(g, str)] if isinstance(written, list) else []
        for index, group in enumerate(named):
            if group not in groups:
                near = nearest(group, tuple(groups))
                remedy = f"did you mean '{near}'?" if near else "add it under groups:"
                self._add((*way, "groups", index), "P003", f"there is no group '{group[:60]}'", remedy)
        name = data.get("name")
        return Entry(
            key=key,
            channex_id=ident if isinstance(ident, str) else None,
            name=name.strip() if isinstance(name, str) else "",
            groups=tuple(named),
            layer=self._layer(way, value),
        )

    def _layer(self, way: Way, value: object) -> Layer:
        data = _dict(value)
        language = data.get("language")
        if isinstance(language, str) and not is_language(language):
            message = f"'{language[:60]}' is no language code"
            self._add((*way, "language"), "P005", message, language_hint(language))
            language = None
        secrets = _dict(data.get("secrets"))
        return Layer(
            timezone=self._zone((*way, "timezone"), data.get("timezone")),
            language=language if isinstance(language, str) else None,
            facts={n: self._fact((*way, "facts", n), n, v) for n, v in _dict(data.get("facts")).items()},
            secrets={n: self._secret((*way, "secrets", n), v) for n, v in secrets.items()},
        )

    def _zone(self, way: Way, name: object) -> ZoneInfo | None:
        if not isinstance(name, str) or not name:
            return None
        zone = zone_named(name)
        if zone is None:
            near = nearest(name.replace(" ", "_"), sorted(available_timezones()))
            remedy = f"did you mean '{near}'?" if near else "write the name of a city: Europe/Lisbon"
            self._add(way, "P004", f"there is no time zone '{name[:60]}'", remedy)
        return zone

    def _fact(self, way: Way, name: str, value: object) -> Fact:
        if name in _OWN_NAMES:
            message = f"'{name}' cannot be a fact"
            self._add(way, "P006", message, "write it beside facts:, or choose another name", on_key=True)
        if name == "check_in_from" and value is not None and check_in_time(value) is None:
            self._add(
                way,
                "P007",
                "this is no time of day, so secrets are released as if check-in were at 15:00",
                'write  "15:00"',
                warn=True,
            )
        self._filled_in(way, value, f"fact '{name[:60]}'")
        if isinstance(value, Mapping):
            for code in value:
                if not is_language(code):
                    message = (
                        f"'{code[:60]}' is no language code; below a fact stands a text for each language"
                    )
                    self._add((*way, code), "P005", message, language_hint(code), on_key=True)
            return Translated({code: text for code, text in value.items() if isinstance(text, str)})
        if isinstance(value, list):
            items = (self._number((*way, i), item) for i, item in enumerate(value))
            return tuple(item for item in items if item is not None)
        fact: Fact = self._number(way, value)
        return fact

    def _filled_in(self, way: Way, value: object, what: str) -> None:
        """A text that was to be written later, here or in one of its languages."""
        if isinstance(value, Mapping | list):
            for key, item in value.items() if isinstance(value, Mapping) else enumerate(value):
                self._filled_in((*way, key), item, what)
        elif isinstance(value, str) and is_placeholder(value):
            remedy = "write it, or delete the line: what is missing is left to you"
            self._add(way, "P012", f"{what} is not filled in, and guests would read it so", remedy, warn=True)

    def _number(self, way: Way, value: Any) -> Any:
        """A number with a point exactly as written: 12.50 stays 12.50."""
        return Decimal(self.source.written(way) or str(value)) if isinstance(value, float) else value

    def _secret(self, way: Way, value: object) -> WrittenSecret:
        if not isinstance(value, Mapping):
            return WrittenSecret(value=self._given(way, value), release=Release())
        given = [name for name in _SOURCES if name in value]
        if len(given) != 1:
            if not given and value.keys() - {"release"}:
                return WrittenSecret(value=None, release=Release())  # told already: a misspelt setting
            message = "needs one of value, from_env and from_file"
            self._add(way, "P008", f"'{way[-1]}' {message}", "keep one" if given else "", on_key=True)
            return WrittenSecret(value=None, release=self._release(value))
        place = (*way, given[0])
        wanted = value[given[0]]
        secret = None
        if given[0] == "value":
            secret = self._given(place, wanted)
        elif isinstance(wanted, str):
            secret = (
                self._from_env(place, wanted) if given[0] == "from_env" else self._from_file(place, wanted)
            )
        return WrittenSecret(value=secret, release=self._release(value))

    def _given(self, way: Way, value: object) -> Secret | None:
        """A secret that stands in the file: also digits, exactly as they are written."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        self._filled_in(way, value, "this secret")
        text = value if isinstance(value, str) else self.source.written(way) or str(value)
        return Secret(text)

    def _from_env(self, way: Way, name: str) -> Secret | None:
        text = self._environ.get(name, "").strip()
        if not text:
            message = f"the environment variable {name[:60]} is not set"
            self._add(
                way, "P009", message, "replies with this secret wait for a person until it is", warn=True
            )
            return None
        return self._bounded(way, text)

    def _from_file(self, way: Way, path: str) -> Secret | None:
        try:
            text = self._read_file(path).strip()
        except (OSError, ValueError) as error:
            reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
            message = f"the file '{path[:200]}' cannot be read ({reason})"
            self._add(
                way, "P009", message, "replies with this secret wait for a person until it is", warn=True
            )
            return None
        if not text:
            self._add(way, "P009", f"the file '{path[:200]}' is empty", "write the secret into it", warn=True)
            return None
        return self._bounded(way, text)

    def _bounded(self, way: Way, text: str) -> Secret | None:
        if len(text) <= _LONGEST_SECRET:
            return Secret(text)
        self._add(way, "P009", f"the secret is longer than {_LONGEST_SECRET} characters", warn=True)
        return None

    def _release(self, value: Mapping[str, Any]) -> Release:
        written = _dict(value.get("release"))
        lengths = {
            name: length
            for name in ("before_arrival", "after_departure")
            if isinstance(written.get(name), str) and (length := parse_duration(written[name])) is not None
        }
        return Release(**lengths)

    def _same_ids(self, entries: list[Entry]) -> None:
        first: dict[str, str] = {}
        for entry in entries:
            ident = (entry.channex_id or "").lower()
            if ident and ident in first:
                message = f"'{first[ident]}' has the same channex_id"
                way = ("properties", entry.key, "channex_id")
                self._add(way, "P010", message, "each property in Channex has an id of its own")
            elif ident:
                first[ident] = entry.key

    def _open_secrets(self, defaults: Layer, groups: Mapping[str, Layer], entries: list[Entry]) -> None:
        """A name must not be a secret here and an open fact there: one of the two would be a mistake."""
        layers: list[tuple[Way, Layer]] = [(("defaults",), defaults)]
        layers += [(("groups", name), layer) for name, layer in groups.items()]
        layers += [(("properties", entry.key), entry.layer) for entry in entries]
        secret = {name: (*way, "secrets", name) for way, layer in reversed(layers) for name in layer.secrets}
        for way, layer in layers:
            for name in layer.facts:
                if name in secret:
                    line = self.source.key(secret[name]).line
                    message = f"'{name}' is a secret (line {line}) and cannot be a fact as well"
                    self._add((*way, "facts", name), "P011", message, "keep it under secrets:", on_key=True)
