"""What templates see: plain frozen values, and missing ones that can be asked about but never printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import NoReturn, cast

from jinja2 import StrictUndefined, TemplateRuntimeError, UndefinedError


class _Unavailable(UndefinedError):
    """A value that a template needs and does not get.

    Attributes:
        path: How the template names it, `property.parking`; empty when it has no name.
    """

    def __init__(self, message: str | None = None, *, path: str = "") -> None:
        super().__init__(message)
        self.path = path


class MissingValue(_Unavailable):
    """A template needs a value that is unknown or empty. The message names it, never a value."""


class SecretWithheld(_Unavailable):
    """A template needs a secret that this guest may not have now. The message names it only."""


class NotPrintable(TemplateRuntimeError):
    """A template prints something that is no text for a guest, or more than it may."""


_NOTHING = frozenset({"none", "null", "nil", "undefined", "nan", "n/a", "tbd", "todo", "xxx", "?", "-"})
"""What people write where a value should stand. Sent to a guest it would be nonsense."""


class Missing(StrictUndefined):
    """A value that is not there.

    It may be tested (`{% if guest.first_name %}`, `is defined`) and given a `default`; anything else with
    it raises, so nothing is ever printed for it.
    """

    __slots__ = ()

    # Unlike Jinja's strict one it may be tested.
    def __bool__(self) -> bool:  # type: ignore[override]
        return False

    def __repr__(self) -> NoReturn:
        self._fail_with_undefined_error()

    def __format__(self, spec: str) -> NoReturn:
        self._fail_with_undefined_error()


def missing(path: str, sentence: str) -> Missing:
    """A value that is not known.

    Args:
        path: How a template names it: `property.parking`.
        sentence: What is missing, for people.
    """
    return _unavailable(MissingValue, path, sentence)


def withheld(path: str, sentence: str) -> Missing:
    """A secret that may not be told now; its value is not in here."""
    return _unavailable(SecretWithheld, path, sentence)


def _unavailable(kind: type[_Unavailable], path: str, sentence: str) -> Missing:
    # Jinja only ever calls `exc` with the message: anything that makes the exception will do.
    return Missing(hint=sentence, name=path, exc=cast("type[_Unavailable]", partial(kind, path=path)))


def is_nothing(value: object) -> bool:
    """Whether a value stands for "not known": None, empty, blank, or a filler such as `TBD`."""
    if value is None:
        return True
    if isinstance(value, Word):
        return not value  # "none" is a state of its own there
    if isinstance(value, str):
        text = value.strip()
        return not text or text.casefold() in _NOTHING
    return isinstance(value, list | tuple | Mapping) and not value


class Word(str):
    """One of a few fixed words, for conditions. Not for guests: printing it raises."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money.

    Attributes:
        value: The number.
        currency: Three letters.
    """

    value: Decimal
    currency: str


class Fields:
    """A variable with fields, such as `guest`. Frozen; no attribute but its fields can be reached.

    Args:
        name: The variable.
        values: Field to value, or what works them out when a template first asks; an empty value counts as missing.
        absent: Sentence for a field without a value; `{field}` stands for its name.
        unknown: Sentence for a field that does not exist, or None to use `absent`.
        exists: What `{% if booking %}` answers.
    """

    __slots__ = ("_absent", "_exists", "_name", "_unknown", "_values")

    def __init__(
        self,
        name: str,
        values: Mapping[str, object] | Callable[[], Mapping[str, object]],
        *,
        absent: str,
        unknown: str | None = None,
        exists: bool = True,
    ) -> None:
        self._name = name
        self._values = values
        self._absent = absent
        self._unknown = unknown or absent
        self._exists = exists

    def lookup(self, field: str) -> object:
        """The field's value, or a `Missing` that says what is missing."""
        try:
            value = self.value(field)
        except KeyError:
            return missing(f"{self._name}.{field}", self._unknown.replace("{field}", field))
        if isinstance(value, Missing) or not is_nothing(value):
            return value
        return missing(f"{self._name}.{field}", self._absent.replace("{field}", field))

    def value(self, field: str) -> object:
        """The field's value as it was given, empty or not.

        Raises:
            KeyError: There is no such field.
        """
        return self._known()[field]

    def _known(self) -> Mapping[str, object]:
        if callable(self._values):
            self._values = self._values()
        return self._values

    def names(self) -> Iterator[str]:
        """The fields that exist."""
        return iter(self._known())

    def __bool__(self) -> bool:
        return self._exists

    def __repr__(self) -> str:
        return f"Fields({self._name})"
