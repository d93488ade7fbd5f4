"""Rules as they were written, with their places; what the compiler works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from autoresponder.decision import ActionKind
from autoresponder.rules.conditions.base import Path, as_list
from autoresponder.yamltext import Source

_ACTIONS: Final = {kind.value: kind for kind in ActionKind}
_UNITS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as its author knows it."""

    id: str
    title: str
    """For people; the id when the author gave none."""
    enabled: bool
    reply: str | None
    """Name of the reply's template, without language and ending."""
    text: str | None
    """The reply's own source, when the rule carries it itself."""
    actions: tuple[ActionKind, ...]
    """What `then` lists, in that order."""
    cooldown: float | None
    """Seconds in which the rule answers once per thread; None for the default of the settings."""
    attach: tuple[str, ...] = ()
    """Files that go out after the reply, below the folder of files."""
    file: str
    """Path of the file, relative to the working folder."""
    line: int
    """1-based."""
    column: int
    """1-based."""

    @property
    def replies(self) -> bool:
        """Whether the rule answers the guest."""
        return self.reply is not None or self.text is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSpec:
    """A rule with the file it stands in, before its conditions are compiled."""

    rule: Rule
    when: Mapping[str, Any]
    source: Source
    path: Path
    lists_files: bool
    """Whether `attach` is written as a list."""
    acts: bool
    """Whether `reply`, `text` or `then` is written at all, readable or not."""


def read_rule(source: Source, path: Path, entry: Mapping[str, Any]) -> Rule | None:
    """The plain part of a rule; None when it has no usable id (which the schema has reported)."""
    name = entry.get("id")
    if not isinstance(name, str) or not name:
        return None
    place = source.value((*path, "id"))
    title = entry.get("title")
    listed = entry.get("then")
    names = listed if isinstance(listed, list) else []
    return Rule(
        id=name,
        title=title if isinstance(title, str) and title else name,
        enabled=entry.get("enabled", True) is not False,
        reply=_text(entry.get("reply")),
        text=_text(entry.get("text")),
        actions=tuple([_ACTIONS[n] for n in names if isinstance(n, str) and n in _ACTIONS]),
        cooldown=seconds(entry.get("cooldown")),
        attach=tuple(dict.fromkeys(name for name in as_list(entry.get("attach")) if isinstance(name, str))),
        file=source.file,
        line=place.line,
        column=place.column,
    )


def seconds(written: Any) -> float | None:
    """`24h` → seconds; None when nothing, or nothing readable, was written."""
    if not isinstance(written, str) or written[-1:] not in _UNITS or not written[:-1].isdecimal():
        return None
    return int(written[:-1]) * _UNITS[written[-1]]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
