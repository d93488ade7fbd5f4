"""A workspace as the checks look at it: its parts, with the places of rules and templates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from autoresponder.problems import Problem, Severity
from autoresponder.properties import PropertyFacts
from autoresponder.rules import Rule
from autoresponder.rules.wildcard import matches_any
from autoresponder.workspace import Parts
from autoresponder.yamltext import Place, Source, Way, parse

MACROS = "_"
"""Template files whose name begins so are frames and macros, not replies."""


class View:
    """Parts of a workspace, and how to point into them.

    Args:
        parts: What was read.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._sources: dict[str, Source | None] = {}
        self._places: dict[str, dict[str, int]] = {}
        self._applies: dict[str, tuple[PropertyFacts, ...]] = {}

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in use, in order; none when they could not be read."""
        return tuple(r for r in self.parts.ruleset.rules if r.enabled) if self.parts.ruleset else ()

    @cached_property
    def properties(self) -> tuple[PropertyFacts, ...]:
        """Every property of properties.yaml; none when it could not be read."""
        return self.parts.book.all() if self.parts.book else ()

    @cached_property
    def users(self) -> Mapping[str, tuple[Rule, ...]]:
        """Template name → the rules that reply with it."""
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            if rule.reply is not None:
                found.setdefault(rule.reply, []).append(rule)
        return {name: tuple(rules) for name, rules in found.items()}

    def when(self, rule: Rule) -> Mapping[str, Any]:
        """A rule's conditions as they are written."""
        way = self.way(rule)
        source = self.source(rule.file)
        if source is None or way is None:
            return {}
        when = source.data["rules"][way[1]].get("when")
        return when if isinstance(when, Mapping) else {}

    def properties_of(self, rule: Rule) -> tuple[PropertyFacts, ...]:
        """The properties that a rule can apply to, as far as its own `property` and `group` say."""
        if rule.id not in self._applies:
            self._applies[rule.id] = tuple(self._applying(rule))
        return self._applies[rule.id]

    def _applying(self, rule: Rule) -> Iterator[PropertyFacts]:
        when = self.when(rule)
        names = _texts(when.get("property"))
        groups = _texts(when.get("group"))
        channex_id = self.parts.book.channex_id if self.parts.book else lambda key: key
        yield from (
            place
            for place in self.properties
            if (not names or matches_any(names, place.key) or matches_any(names, channex_id(place.key) or ""))
            and (not groups or any(matches_any(groups, group) for group in place.groups))
        )

    def source(self, file: str) -> Source | None:
        """A rule file with places, read again only when somebody points into it."""
        if file not in self._sources:
            self._sources[file] = parse(self.parts.rule_files[file], file)[0]
        return self._sources[file]

    def way(self, rule: Rule) -> Way | None:
        """Where a rule stands in its file."""
        if rule.file not in self._places:
            source = self.source(rule.file)
            entries = source.data.get("rules") if source and isinstance(source.data, dict) else None
            self._places[rule.file] = {
                entry["id"]: index
                for index, entry in enumerate(entries if isinstance(entries, list) else ())
                if isinstance(entry, dict) and isinstance(entry.get("id"), str)
            }
        index = self._places[rule.file].get(rule.id)
        return None if index is None else ("rules", index)

    def about_rule(
        self,
        rule: Rule,
        below: Way,
        code: str,
        message: str,
        remedy: str = "",
        *,
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        """A finding about a part of a rule, such as `("reply",)`."""
        source, way = self.source(rule.file), self.way(rule)
        if source is None or way is None:
            return Problem(
                file=rule.file,
                line=rule.line,
                column=rule.column,
                severity=severity,
                code=code,
                message=message,
                remedy=remedy,
                rule=rule.title,
            )
        return source.problem((*way, *below), code, message, remedy, severity=severity, rule=rule.title)

    def rule_place(self, rule: Rule, below: Way) -> Place:
        """Where a part of a rule stands."""
        source, way = self.source(rule.file), self.way(rule)
        if source is None or way is None:
            return Place(rule.line, rule.column)
        return source.value((*way, *below))

    def text_place(self, rule: Rule) -> tuple[int, int]:
        """Line on which a rule's own `text:` begins, and the columns before each of its lines."""
        source, way = self.source(rule.file), self.way(rule)
        return (rule.line, 0) if source is None or way is None else self.own_text_place(source, way)

    def own_text_place(self, source: Source, way: Way) -> tuple[int, int]:
        """The same for a rule at a place of a file."""
        place = source.value((*way, "text"))
        written = source.line(place.line)[place.column - 1 :]
        if not written.startswith(("|", ">")):
            return place.line, place.column - 1 + written.startswith(('"', "'"))
        number = place.line + 1
        line = source.line(number)
        return number, len(line) - len(line.lstrip())

    def about_own_text(
        self,
        rule: Rule,
        name: str,
        code: str,
        message: str,
        remedy: str,
        *,
        severity: Severity = Severity.WARNING,
    ) -> Problem:
        """A finding at the word in the rule file where a rule's own text names a fact."""
        source = self.source(rule.file)
        first, _ = self.text_place(rule)
        if source is not None:
            for number in range(first, first + (rule.text or "").count("\n") + 1):
                match = re.search(rf"property\.({re.escape(name)})\b", source.line(number))
                if match is not None:
                    place = Place(number, match.start(1) + 1, len(name))
                    return source.problem_at(place, code, message, remedy, severity=severity, rule=rule.title)
        return self.about_rule(rule, ("text",), code, message, remedy, severity=severity)

    def about_template(
        self,
        file: str,
        code: str,
        message: str,
        remedy: str = "",
        *,
        place: Place | None = None,
        severity: Severity = Severity.WARNING,
        rule: str = "",
    ) -> Problem:
        """A finding about a template file, at a place or about the file as such."""
        at = place or Place(1, 1)
        lines = self.parts.template_files.get(file, "").split("\n")
        return Problem(
            file=self.template_path(file),
            line=at.line,
            column=at.column,
            length=at.length,
            severity=severity,
            code=code,
            message=message,
            remedy=remedy,
            rule=rule,
            excerpt=lines[at.line - 1] if place is not None and at.line <= len(lines) else "",
        )

    def template_path(self, file: str) -> str:
        """A template file's path relative to the working folder."""
        return (PurePosixPath(self.parts.settings.templates) / file).as_posix()

    def unread(self, name: str) -> bool:
        """Whether there are files of this template that could not be read, which was told already."""
        start = self.template_path(name) + "."
        return any(file.startswith(start) for file in self.parts.unread)

    def fact_place(self, file: str, name: str, line: int) -> Place:
        """Where a template file names a fact."""
        source = self.parts.templates.source(file)
        if source is None:
            return Place(line, 1)
        place = source.word(name, line, after=(".", "["))
        return Place(place.line, place.column, place.length)

    def variants(self, name: str) -> Iterator[tuple[str, str]]:
        """Languages of a template, each with its file."""
        templates = self.parts.templates
        for language in templates.languages(name):
            variant = templates.find(name, language)
            if variant is not None:
                yield language, variant.file

    def in_template_path(self, problem: Problem) -> Problem:
        """A problem of the templates, with its path relative to the working folder."""
        return replace(problem, file=self.template_path(problem.file))


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()
