"""Source lines for reports, with keys, passwords and door codes blotted out."""

from __future__ import annotations

import re
from collections.abc import Sequence

PRIVATE_KEYS = frozenset({"secrets", "api_key", "apikey", "api-key", "password", "token"})
"""What stands below these keys is never quoted in a message and never shown in an excerpt."""

_LONGEST = 1000
_QUOTED = r""" "(?:\\.|[^"\\])*"? | '[^']*'? """
"""A text in quotes; a # in it is part of it."""
_NAMED = re.compile(
    rf"""(?ix) (?P<lead> \b (?:api[_-]?key | \w*password | \w*passwd | \w*secret | \w*token | value) ["']? \s* : \s* )
    (?P<value> {_QUOTED} | [^\s#{{}}\[\]"'] (?: [^\s}}\]] | \s(?!\#) )* )"""
)
_CREDENTIALS = re.compile(r"(?P<lead>://)(?P<value>[^/\s@]+)(?=@)")
_VALUE = re.compile(
    rf"""(?x) (?<!before_arrival) (?<!after_departure) (?<!from_env) (?<!from_file)
    (?P<lead> : \s* )
    (?P<value> {_QUOTED} | \[[^\]]*\]? | [^\s{{}}\[\]\#"'] (?: [^\s{{}},] | \s(?!\#) )* )"""
)
_KEY = re.compile(r"""\s*(?:-\s+)?["']?(?P<key>[\w-]+)["']?\s*:""")


def is_private(way: Sequence[str | int]) -> bool:
    """Whether the value at the end of this way of keys and indexes must not be quoted in a message."""
    return any(isinstance(step, str) and step.lower() in PRIVATE_KEYS for step in way)


def excerpt(lines: Sequence[str], number: int, column: int) -> str:
    """A source line as a report may show it: bounded, its columns unchanged, and nothing secret in it.

    Works on the bare text, so that it also serves for files that cannot be read.

    Args:
        lines: All lines of the file.
        number: 1-based number of the line wanted.
        column: 1-based column that the report points at; a line is not shown when it is too far out.
    """
    if not 0 < number <= len(lines) or column > _LONGEST:
        return ""
    shown = lines[number - 1].rstrip()[:_LONGEST]
    patterns = [_NAMED, _CREDENTIALS]
    if _below_private_key(lines, number):
        if ":" not in shown:
            return re.sub(r"\S", "*", shown)
        patterns.append(_VALUE)
    for pattern in patterns:
        shown = pattern.sub(lambda m: m["lead"] + "*" * len(m["value"]), shown)
    return shown


def _below_private_key(lines: Sequence[str], number: int) -> bool:
    """Whether a line, or any line that it is indented under, begins with a private key."""
    if any(f"{key}:" in lines[number - 1].lower() for key in PRIVATE_KEYS):
        return True
    limit = _indent(lines[number - 1])
    for line in reversed(lines[: number - 1]):
        if not line.strip() or _indent(line) >= limit:
            continue
        limit = _indent(line)
        match = _KEY.match(line)
        if match is not None and match["key"].lower() in PRIVATE_KEYS:
            return True
        if limit == 0:
            return False
    return False


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
