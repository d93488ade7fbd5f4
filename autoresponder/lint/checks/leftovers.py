"""Template texts with something in them that is no part of a reply: half braces, other programs' blanks, marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from autoresponder.lint.view import View
from autoresponder.problems import Problem, Severity
from autoresponder.templating.fields import VARIABLES
from autoresponder.yamltext import Place

_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_WORD = r"[A-Za-z][\w.]*"
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of leftover."""

    pattern: re.Pattern[str]
    severity: Severity
    message: str
    remedy: str = ""
    """Empty: the value that was meant, in two braces."""


_KINDS = (
    _Kind(
        re.compile(r"^(?:<{7}|={7}|>{7})(?=\s|$)", re.MULTILINE),
        Severity.ERROR,
        "two versions of this file were put together here, and guests would read both",
        "keep one of the two, and delete the lines with <<<<<<<, ======= and >>>>>>>",
    ),
    _Kind(
        re.compile(r"\{ \{[^{}\n]*\} ?\}|\$?\{\s*" + _WORD + r"(?:\s*\|[^{}\n]*)?\s*\}|\{ \{"),
        Severity.ERROR,
        "guests would read '{0}' as it stands here",
    ),
    _Kind(
        re.compile(r"%" + _WORD + r"%|<<\s*" + _WORD + r"\s*>>"),
        Severity.ERROR,
        "guests would read '{0}' as it stands here",
    ),
    _Kind(
        re.compile(r"\[[A-Za-z][\w .]{1,40}\]"),
        Severity.WARNING,
        "this looks like a blank to fill in, and guests would read '{0}'",
    ),
    _Kind(
        re.compile(
            r"</?(?:a|b|i|u|p|br|div|span|strong|em|ul|ol|li|h[1-6]|font|table|tr|td)\b[^<>\n]{0,200}>",
            re.IGNORECASE,
        ),
        Severity.WARNING,
        "replies are plain text: guests would read '{0}'",
        "take it away; an empty line makes a paragraph",
    ),
)


def find(view: View) -> Iterator[Problem]:
    """L018: errors for half braces and marks of two versions, warnings for what may be meant."""
    facts = view.parts.book.fact_names() if view.parts.book is not None else frozenset[str]()
    values = _values(facts)
    broken = {p.file for p in view.parts.problems if p.code == "T001"}
    prefix = view.parts.settings.templates
    for file, text in view.parts.template_files.items():
        if not file.endswith(".j2") or f"{prefix}/{file}" in broken:
            continue
        for place, severity, message, remedy in _found(text, values):
            yield view.about_template(file, "L018", message, remedy, place=place, severity=severity)
    for rule in view.rules:
        for _, severity, message, remedy in _found(rule.text or "", values):
            yield view.about_rule(rule, ("text",), "L018", message, remedy, severity=severity)


def _found(text: str, values: Mapping[str, str]) -> Iterator[tuple[Place, Severity, str, str]]:
    bare = _CODE.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
    if not any(sign in bare for sign in "{[<%>="):
        return
    for kind in _KINDS:
        for match in kind.pattern.finditer(bare):
            start = match.start()
            line = bare.count("\n", 0, start) + 1
            place = Place(line, start - (bare.rfind("\n", 0, start) + 1) + 1, len(match.group()))
            shown = match.group()[:_SHOWN]
            yield place, kind.severity, kind.message.format(shown), kind.remedy or _meant(shown, values)


def _values(facts: frozenset[str]) -> dict[str, str]:
    """Every value that a reply can hold, by the words that people may use for it."""
    known = {name.replace("_", " "): f"property.{name}" for name in facts}
    known |= {f"property {words}": value for words, value in known.items()}
    known["guest name"] = known["guest"] = "guest.first_name"
    for variable, fields in VARIABLES.items():
        for field in fields:
            known.setdefault(field.replace("_", " "), f"{variable}.{field}")
            known.setdefault(f"{variable} {field}".replace("_", " "), f"{variable}.{field}")
    return known


def _meant(written: str, values: Mapping[str, str]) -> str:
    words = " ".join(re.sub(r"[^A-Za-z0-9]+", " ", written).lower().split())
    near = get_close_matches(words, values, n=1, cutoff=0.75)
    return (
        f"write  {{{{ {values[near[0]]} }}}}"
        if near
        else "values stand in two braces:  {{ guest.first_name }}"
    )
