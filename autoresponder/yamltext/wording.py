"""Plain words for what a value is and what it should be."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from autoresponder.yamltext.meant import comparison_meant, meant, meant_list, words_meant

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
_LONGEST = 60
_SHOWN_NAME = 30
"""Characters of a name that a remedy shows."""
_QUOTES = " “”„«»‘’\"'"
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
        return _wrong_type(wanted, value, got, None if secret else written, _schema(error))
    if keyword in {"enum", "const"}:
        return _not_allowed([wanted] if keyword == "const" else list(wanted), value, got, secret=secret)
    if keyword in _LIMITS:
        message = _LIMITS[keyword].format(n=wanted, got=got)
        return "S004", message, ""
    better = meant(value, _schema(error)) if isinstance(value, str) and not secret else ""
    return "S005", f"{got} cannot be used here", f"write  {better}" if better else _hint(_schema(error))


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


def _wrong_type(
    wanted: Any, value: Any, got: str, written: str | None, schema: Mapping[str, Any]
) -> tuple[str, str, str]:
    types = [wanted] if isinstance(wanted, str) else list(wanted)
    message = f"needs {needs(types)}, got {got}"
    if value is None:
        return (
            "S006",
            f"needs {needs(types)}, but nothing stands here",
            _nothing_after(types, written, schema),
        )
    if types == ["boolean"] and isinstance(value, str | int | float):
        word = _SWITCHES.get(str(value).strip().lower())
        return "S006", message, f"write  {word}" if word else "write  true  or  false"
    if "string" in types and isinstance(value, bool | int | float):
        return "S006", message, _as_text(written, schema)
    if isinstance(value, str) and {"number", "integer"} & set(types) and _looks_numeric(value):
        return "S006", message, f"write it without quotes:  {value.strip()}"
    if "array" in types and isinstance(value, str):
        items = schema.get("items")
        better = meant_list(value, items if isinstance(items, Mapping) else {}) if written is not None else ""
        return "S006", message, f"write  {better or '[a, b]'}"
    return "S006", message, _other_shape(types, value, written, schema)


_SWITCHES = {
    **dict.fromkeys(("yes", "on", "y", "1", "true"), "true"),
    **dict.fromkeys(("no", "off", "n", "0", "false"), "false"),
}


def _nothing_after(types: list[str], written: str | None, schema: Mapping[str, Any]) -> str:
    """A remedy for a setting without a value; a # may have made a remark of it."""
    if written:
        return f'put quotes around it:  "{written}"' if "string" in types else ""
    if types == ["string"]:
        return "write it behind the ':', in quotes when it starts with #"
    return _settings_below(schema) if types == ["object"] else ""


def _as_text(written: str | None, schema: Mapping[str, Any]) -> str:
    """A remedy for a number (or true, false) where a text is wanted."""
    if written is None:
        return "put quotes around it"
    pattern = schema.get("pattern")
    if pattern is None or re.search(pattern, written):
        return f'put quotes around it:  "{written}"'
    better = meant(written, schema)
    return f"write  {better}" if better else _hint(schema)


def _other_shape(types: list[str], value: Any, written: str | None, schema: Mapping[str, Any]) -> str:
    """A remedy where a list stands for a text, a text for settings, and so on."""
    if types == ["string"] and isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return f"write it without [ ]:  {value[0][:40]}"
    if types == ["string"] and isinstance(value, list):
        return "write one text, without [ ] and without '- '"
    if types == ["array"] and isinstance(value, Mapping):
        return _entries_meant(value, schema)
    if "object" not in types:
        return ""
    known = schema.get("properties")
    better = _settings_meant(value, known, written)
    if better:
        return better
    words = [value] if _phrase_like(value) and written is not None else value
    if (
        isinstance(known, Mapping)
        and "any" in known
        and isinstance(words, list)
        and all(map(_phrase_like, words))
    ):
        inner = "{any: [" + ", ".join(words) + "]}"
        better = f"{{topics: {inner}}}" if "topics" in known else inner
        return f"write  {better}" if len(better) <= _LONGEST else "write  {any: [ … ]}"
    if types == ["object"] and isinstance(value, list) and not known:
        return "take the '- ' away: here stand names, each with a ':'"
    return _settings_below(schema)


def _entries_meant(value: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """A remedy for `wifi:` where a list wants `- id: wifi`."""
    name = _first_name(schema)
    if name and value and all(isinstance(entry, Mapping) for entry in value.values()):
        first = str(next(iter(value)))[:_SHOWN_NAME]
        return f"start each entry with  - {name}: …  such as  - {name}: {first}"
    return "put a '- ' before each entry of the list"


def _settings_meant(value: Any, known: Any, written: str | None) -> str:
    """A remedy for `>3` where settings such as `more_than: 3` stand, and for settings with a '- ' before each."""
    if not isinstance(known, Mapping):
        return ""
    if isinstance(value, str) and written is not None:
        better = comparison_meant(value, list(known))
        return f"write  {better}" if better else ""
    if isinstance(value, list) and value and _all_settings(value, known):
        return "take the '- ' away: here stand settings, each with a ':'"
    return ""


def _first_name(schema: Mapping[str, Any]) -> str:
    """The setting with which an entry of a list begins: `id` of a rule."""
    for example in schema.get("examples") or ():
        if isinstance(example, list) and example and isinstance(example[0], Mapping):
            return str(next(iter(example[0]), ""))
    return ""


def _all_settings(entries: list[Any], known: Mapping[str, Any]) -> bool:
    return all(isinstance(entry, Mapping) and entry and set(entry) <= set(known) for entry in entries)


def _phrase_like(value: Any) -> bool:
    return isinstance(value, str) and not set(value) & set("[]{}:#,\"'*&!")


def _settings_below(schema: Mapping[str, Any]) -> str:
    known = schema.get("properties")
    return "possible below it: " + enumerate_words(known) if isinstance(known, Mapping) and known else ""


def _not_allowed(allowed: list[Any], value: Any, got: str, *, secret: bool) -> tuple[str, str, str]:
    message = f"{got} is not possible here"
    if isinstance(value, str) and not secret:
        texts = [word for word in allowed if isinstance(word, str)]
        words = words_meant(value, texts)
        if words:
            return "S003", message, "did you mean " + " and ".join(f"'{word}'" for word in words[:5]) + "?"
        lowered = {word.lower(): word for word in reversed(texts)}
        several = meant_list(value, {"enum": texts})[1:-1].split(", ")
        if len(several) > 1 and all(word in texts for word in several):
            return "S003", message, f"write  [{', '.join(several)}]"
        near = difflib.get_close_matches(value.strip(_QUOTES).lower(), lowered, n=1, cutoff=0.6)
        if near:
            return "S003", message, f"did you mean '{lowered[near[0]]}'?"
    return "S003", message, "possible: " + enumerate_words(allowed)


def _plain(word: object) -> str:
    if isinstance(word, bool):
        return "true" if word else "false"
    return str(word)


def _looks_numeric(text: str) -> bool:
    return text.strip().removeprefix("-").replace(".", "", 1).isdigit()


def _schema(error: ValidationError) -> Mapping[str, Any]:
    return error.schema if isinstance(error.schema, Mapping) else {}


def _hint(schema: Mapping[str, Any]) -> str:
    examples = schema.get("examples") or ()
    return f"for example  {examples[0]}" if examples and isinstance(examples[0], str | int) else ""
