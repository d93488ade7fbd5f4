"""A rule for a property or a group that does not exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autoresponder.lint.view import View
from autoresponder.problems import Problem, Severity
from autoresponder.rules.wildcard import matches
from autoresponder.yamltext import Way
from autoresponder.yamltext.validation import nearest

_NESTING = ("any", "all", "none")


def find(view: View) -> Iterator[Problem]:
    """L010, a warning: the condition never holds. Silent without any properties to compare with."""
    book = view.parts.book
    if book is None:
        return
    keys, groups = book.keys(), book.groups()
    ids = [book.channex_id(key) or key for key in keys]
    known = {"property": ([*keys, *ids], keys), "group": (list(groups), groups)}
    files = view.parts.rule_files
    naming = {file for file, text in files.items() if "property" in text or "group" in text}
    for rule in view.rules:
        if rule.file not in naming:
            continue
        for way, kind, name in _names(("when",), view.when(rule)):
            everything, shown = known[kind]
            if not keys or any(matches(name, entry) for entry in everything):
                continue
            near = _named(view, name) if kind == "property" else None
            near = near or nearest(name, tuple(shown))
            there = (
                "there are: " + ", ".join(shown[:10]) if shown else "there are none yet; add it under groups:"
            )
            remedy = f"did you mean '{near}'?" if near else there
            message = f"properties.yaml has no {kind} '{name[:60]}', so this never holds"
            yield view.about_rule(rule, way, "L010", message, remedy, severity=Severity.WARNING)


def _names(way: Way, when: Mapping[str, Any]) -> Iterator[tuple[Way, str, str]]:
    """Every property and group that a rule's conditions name, with its place."""
    for kind in ("property", "group"):
        written = when.get(kind)
        if isinstance(written, str):
            yield (*way, kind), kind, written
        for index, name in enumerate(written if isinstance(written, list) else ()):
            if isinstance(name, str):
                yield (*way, kind, index), kind, name
    for key in _NESTING:
        inner = when.get(key)
        for index, entry in enumerate(inner if isinstance(inner, list) else ()):
            if isinstance(entry, Mapping):
                yield from _names((*way, key, index), entry)


def _named(view: View, written: str) -> str | None:
    """The property whose name for guests stands where its name in the file belongs."""
    book = view.parts.book
    name = written.strip().casefold()
    return next((p.key for p in book.all() if p.name.casefold() == name), None) if book is not None else None
