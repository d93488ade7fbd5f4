"""Plain words for what a value is and what it should be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_TYPES = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "settings of its own",
    "null": "nothing",
}
_SHOWN = 12
VERBS = ("needs ", "must ", "is too ", "has too ")
"""How messages begin that want the setting's name in front."""


def what_is(value: Any, *, secret: bool = False, written: str | None = None) -> str:
    """A value, named and quoted: `the text 'lots'`, `the number 5`, `a list`."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, Mapping):
        return "settings of its own"
    kind = "text" if isinstance(value, str) else "number"
    if secret:
        return f"a {kind}"
    shown = written if written is not None else str(value)
    shown = " ".join(shown.split())
    shown = shown if len(shown) <= 60 else shown[:57] + "…"
    return f"the text '{shown}'" if kind == "text" else f"the number {shown}"


def needs(types: str | Iterable[str]) -> str:
    """What kinds of value are wanted: `a text or a list`."""
    names = [types] if isinstance(types, str) else list(types)
    if "number" in names and "integer" in names:
        names.remove("integer")
    words = [_TYPES.get(name, name) for name in names if name != "null"] or ["nothing"]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


def enumerate_words(words: Iterable[object]) -> str:
    """Words with commas; a long list is cut and says so."""
    names = [_plain(word) for word in words]
    if len(names) > _SHOWN:
        return ", ".join(names[:_SHOWN]) + f" and {len(names) - _SHOWN} more"
    return ", ".join(names)


def describe(error: ValidationError, *, secret: bool, written: str | None) -> tuple[str, str, str]:
    """Code, message and remedy for one error of a value."""
    keyword = str(error.validator)
    wanted: Any = error.validator_value
    value = error.instance
    got = what_is(value, secret=secret, written=written)
    if keyword == "type":
        return _wrong_type(wanted, value, got, written=None if secret else written)
    if keyword in {"enum", "const"}:
        return _not_allowed([wanted] if keyword == "const" else list(wanted), value, got, secret=secret)
    if keyword in _LIMITS:
        message = _LIMITS[keyword].format(n=wanted, got=got)
        return "S004", message, ""
    return "S005", f"{got} cannot be used here", _hint(error)


def needs_one_of(error: ValidationError, *, secret: bool) -> str:
    """Sentence for a value that fits none of several shapes."""
    types: list[str] = []
    for inner in error.context or ():
        if inner.validator == "type" and not inner.path:
            kinds: Any = inner.validator_value
            types += [kinds] if isinstance(kinds, str) else list(kinds)
    got = what_is(error.instance, secret=secret)
    if types:
        return f"needs {needs(dict.fromkeys(types))}, got {got}"
    return f"{got} cannot be used here"


_LIMITS = {
    "minimum": "needs a number of at least {n}, {got} is too small",
    "maximum": "needs a number of at most {n}, {got} is too large",
    "exclusiveMinimum": "needs a number above {n}, {got} is too small",
    "exclusiveMaximum": "needs a number below {n}, {got} is too large",
    "minLength": "must not be empty",
    "maxLength": "is too long: at most {n} characters",
    "minItems": "needs at least {n} in the list",
    "maxItems": "has too many entries: at most {n}",
    "uniqueItems": "the same entry stands twice in this list",
    "minProperties": "needs at least {n} setting below it",
    "maxProperties": "has too many settings: at most {n}",
    "multipleOf": "needs a multiple of {n}, got {got}",
}


def _wrong_type(wanted: Any, value: Any, got: str, *, written: str | None) -> tuple[str, str, str]:
    types = [wanted] if isinstance(wanted, str) else list(wanted)
    message = f"needs {needs(types)}, got {got}"
    if value is None:
        return "S006", f"needs {needs(types)}, but nothing stands here", ""
    if "string" in types and isinstance(value, bool | int | float):
        return "S006", message, "put quotes around it" + (f':  "{written}"' if written is not None else "")
    if types == ["boolean"] and isinstance(value, str):
        word = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
        meant = word.get(value.strip().lower())
        return "S006", message, f"write  {meant}" if meant else "write  true  or  false"
    if isinstance(value, str) and {"number", "integer"} & set(types) and _looks_numeric(value):
        return "S006", message, f"write it without quotes:  {value.strip()}"
    if types == ["array"] and isinstance(value, str):
        return "S006", message, f"write  [{written}]" if written and len(written) <= 40 else "write  [a, b]"
    return "S006", message, ""


def _not_allowed(allowed: list[Any], value: Any, got: str, *, secret: bool) -> tuple[str, str, str]:
    message = f"{got} is not possible here"
    if isinstance(value, str) and not secret:
        texts = [word for word in allowed if isinstance(word, str)]
        lowered = {word.lower(): word for word in reversed(texts)}
        near = difflib.get_close_matches(value.lower(), lowered, n=1, cutoff=0.6)
        if near:
            return "S003", message, f"did you mean '{lowered[near[0]]}'?"
    return "S003", message, "possible: " + enumerate_words(allowed)


def _plain(word: object) -> str:
    if isinstance(word, bool):
        return "true" if word else "false"
    return str(word)


def _looks_numeric(text: str) -> bool:
    return text.strip().removeprefix("-").replace(".", "", 1).isdigit()


def _hint(error: ValidationError) -> str:
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    examples = schema.get("examples") or ()
    return f"for example  {examples[0]}" if examples and isinstance(examples[0], str | int) else ""
