"""What a condition is, and what it needs while it is compiled."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from autoresponder.decision import ConditionTrace
from autoresponder.problems import Severity
from autoresponder.rules.situation import Situation

Path = tuple[str | int, ...]
"""Where in a file: keys and list places from its top."""
Atom = int | str
"""What a text holds: the number of a phrase, or the name of a topic."""
NOTHING: Final[frozenset[int]] = frozenset()


class Condition(ABC):
    """One predicate over a situation. Conditions are immutable and have no state.

    Attributes:
        written: The condition as the author wrote it, on one line.
    """

    written: str = ""

    @abstractmethod
    def holds(self, situation: Situation) -> bool:
        """Whether the condition is satisfied. A value that is missing satisfies nothing."""

    @abstractmethod
    def actual(self, situation: Situation) -> str:
        """The value that was met, in a few words for people. Only asked for in a trace."""

    @property
    def triggers(self) -> frozenset[Atom] | None:
        """Atoms of which the text must hold at least one; None when it can hold without any.

        This is what lets the engine leave out, unseen, every rule that cannot match.
        """
        return None

    def open_for_words(self, *, found: bool) -> bool:  # noqa: ARG002 - for those that need it
        """Whether the condition can still fail for a turn with words of a guest in it.

        Args:
            found: Whether one of its `triggers` is known to be in these words.
        """
        return True

    @property
    def phrases(self) -> frozenset[int]:
        """Numbers of the phrases that speak for the condition: for suggestions and the language."""
        return NOTHING

    def sentences(self, situation: Situation) -> frozenset[int]:  # noqa: ARG002 - for those that need it
        """Places of the sentences in which the condition was found; empty when it is not about text."""
        return NOTHING

    def trace(self, situation: Situation) -> ConditionTrace:
        """The condition held against the situation, for people."""
        return ConditionTrace(
            written=self.written, actual=self.actual(situation), satisfied=self.holds(situation)
        )


class Workbench(Protocol):
    """What compiling a condition may use.

    Attributes:
        answers: Whether the rule has a reply: then words must ask for something, not only mention it.
    """

    answers: bool

    def phrase(self, path: Path, written: str) -> int | None:
        """Number of a phrase; None, and a problem, when it cannot be used."""

    def topic(self, path: Path, name: str) -> str | None:
        """Name of a topic as it is kept; None, and a problem with the nearest name, when unknown."""

    def topic_phrases(self, name: str) -> frozenset[int]:
        """Numbers of the phrases that speak for a topic."""

    def when(self, path: Path, value: Mapping[str, Any]) -> Sequence[Condition]:
        """The conditions of a nested `when`."""

    def problem(
        self,
        path: Path,
        code: str,
        message: str,
        remedy: str = "",
        *,
        severity: Severity = Severity.ERROR,
        on_key: bool = False,
    ) -> None:
        """Note a finding at a place in the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionKind:
    """One key of `when`."""

    name: str
    schema: Mapping[str, Any]
    """JSON Schema of its value, with description and examples."""
    compile: Callable[[Any, Path, Workbench], Condition | None]
    """Value → condition; None when there was a problem (and it has been noted)."""


def as_list(value: Any) -> list[Any]:
    """A single value as a list of one."""
    return list(value) if isinstance(value, list | tuple) else [value]


def listed(values: Sequence[object]) -> str:
    """`a, b, c`."""
    return ", ".join(str(value) for value in values)


def choice_schema(names: Sequence[str], description: str, examples: Sequence[object]) -> dict[str, Any]:
    """Schema of one value or a list of values out of a fixed set, shaped so that findings stay short."""
    return {
        "description": description,
        "type": ["string", "array"],
        "if": {"type": "string"},
        "then": {"enum": list(names)},
        "items": {"type": "string", "enum": list(names)},
        "minItems": 1,
        "examples": list(examples),
    }


def names_schema(description: str, examples: Sequence[object]) -> dict[str, Any]:
    """Schema of one text or a list of texts."""
    return {
        "description": description,
        "type": ["string", "array"],
        "items": {"type": "string", "minLength": 1},
        "minItems": 1,
        "minLength": 1,
        "examples": list(examples),
    }
