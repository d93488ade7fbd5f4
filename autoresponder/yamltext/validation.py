"""Holds a file against its JSON Schema and says in plain words what does not fit.

The schemas describe the files for editors; `errorMessage` beside a keyword (which editors show, too) is
what a person reads when the general wording would not help.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from autoresponder.problems import Problem
from autoresponder.yamltext import wording
from autoresponder.yamltext.meant import meant, synonym
from autoresponder.yamltext.privacy import is_private
from autoresponder.yamltext.quick import Check, quick_check
from autoresponder.yamltext.source import Source, Way

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

Schema = Mapping[str, Any]
Owner = Callable[[Way], str]
"""Names what a place belongs to: the title of its rule, for example."""

_ALTERNATIVES = frozenset({"anyOf", "oneOf"})
_MOST_PROBLEMS = 200
_SURELY = 0.75
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")

_quick: dict[int, tuple[Schema, Check | None]] = {}
_root: ContextVar[Schema] = ContextVar("_root")
"""The schema that a file is being held against, for its references."""
_thorough: dict[int, tuple[Schema, Draft202012Validator]] = {}


def validate(source: Source, schema: Schema, *, owner: Owner | None = None) -> list[Problem]:
    """Every place where a file does not follow its schema, each told once, in the file's order.

    Args:
        source: The file. An empty one has no problems.
        schema: A JSON Schema, draft 2020-12; keep one object per schema, what is made from it is remembered.
        owner: Gives `Problem.rule` for a place.

    Returns:
        Problems; what only follows from another problem (a misspelt name and the missing right one) is
        told once.
    """
    if source.empty:
        return []
    surely_right = _quick_check(schema)
    if surely_right is not None and surely_right(source.data):
        return []
    found: dict[tuple[Way, str], Problem] = {}
    wrong_kind: set[Way] = set()
    _root.set(schema)
    for error in validator_for(schema).iter_errors(source.data):
        for way, problem in _explain(source, error, owner or _nobody):
            if (problem.line, problem.column) in source.reported or problem.line in source.repaired:
                continue
            found.setdefault((way, problem.message), problem)
            if problem.code == "S006":
                wrong_kind.add(way)
        if len(found) >= _MOST_PROBLEMS:
            break
    told = [p for (way, _), p in found.items() if way not in wrong_kind or p.code == "S006"]
    return sorted(told, key=lambda p: p.sort_key)


def nearest(word: str, known: list[str] | tuple[str, ...]) -> str | None:
    """The known word that was probably meant, or None."""
    lowered = {name.lower(): name for name in reversed(known)}
    match = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
    return lowered[match[0]] if match else None


def _about(way: Way, message: str) -> str:
    """The message with the setting's name in front, where that makes a sentence."""
    name = next((step for step in reversed(way) if isinstance(step, str)), "")
    return f"'{_short(name)}' {message}" if name and message.startswith(wording.VERBS) else message


def _nobody(_way: Way) -> str:
    return ""


def _quick_check(schema: Schema) -> Check | None:
    known = _quick.get(id(schema))
    if known is None or known[0] is not schema:
        known = _quick[id(schema)] = schema, quick_check(schema)
    return known[1]


def validator_for(schema: Schema) -> Draft202012Validator:
    """What explains why data do not follow a schema; made (and its library loaded) only when something is wrong."""
    known = _thorough.get(id(schema))
    if known is None or known[0] is not schema:
        from jsonschema import Draft202012Validator

        known = _thorough[id(schema)] = schema, Draft202012Validator(schema)
    return known[1]


def _explain(source: Source, error: ValidationError, owner: Owner) -> Iterator[tuple[Way, Problem]]:
    way: Way = tuple(error.absolute_path)
    own_words = _own_words(error)
    if error.validator == "propertyNames" or "propertyNames" in error.absolute_schema_path:
        name = error.instance if isinstance(error.instance, str) else ""
        way = (*way, name) if name else way
        message = own_words or f"'{_short(name)}' cannot be used as a name here"
        better = meant(name, error.schema if isinstance(error.schema, Mapping) else {})
        remedy = f"write  {better}" if better else ""
        yield way, source.problem(way, "S001", message, remedy, on_key=True, rule=owner(way))
    elif error.validator in {"additionalProperties", "unevaluatedProperties"}:
        yield from _unknown(source, error, owner)
    elif error.validator == "required":
        yield from _required(source, error, owner)
    elif error.validator in _ALTERNATIVES:
        yield from _alternatives(source, error, owner)
    elif own_words:
        code = "S006" if error.validator == "type" else "S005"
        yield (
            way,
            source.problem(way, code, _about(way, own_words), _better(source, error, way), rule=owner(way)),
        )
    else:
        code, message, remedy = wording.describe(error, secret=is_private(way), written=source.written(way))
        known = list(_properties(error)) if not way and code == "S006" else []
        if known:
            message = f"this file {message}"
            remedy = f"begin the file with  {known[0]}:  in a line of its own" if len(known) == 1 else remedy
        yield way, source.problem(way, code, _about(way, message), remedy, rule=owner(way))


def _better(source: Source, error: ValidationError, way: Way) -> str:
    """The remedy that writes a value as it was surely meant, or nothing."""
    written = None if is_private(way) else source.written(way)
    if written is None or error.validator not in {"type", "pattern", "enum"}:
        return ""
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    better = meant(written, schema)
    return f"write  {better}" if better else ""


def _unknown(source: Source, error: ValidationError, owner: Owner) -> Iterator[tuple[Way, Problem]]:
    """One finding for every setting that does not exist."""
    known = list(_properties(error))
    way: Way = tuple(error.absolute_path)
    for name in _unknown_names(error):
        near = synonym(name, known) or nearest(name, known)
        within = [] if synonym(name, known) or _alike(name, near) else _one_deeper(error, name)
        alone = not way and len(known) == 1 and len(_instance(error)) == 1
        if within:
            remedy = "  or  ".join(within)
        elif near is not None or alone:
            remedy = f"did you mean '{near or known[0]}'?"
        elif not way and _known_below(error.schema, name):
            remedy = "it stands too far left: put the spaces before it that the lines above it have"
        elif known:
            remedy = "possible here: " + wording.enumerate_words(known)
        else:
            remedy = "nothing can be set here"
        place = (*way, name)
        message = f"unknown setting '{_short(name)}'"
        yield place, source.problem(place, "S001", message, remedy, on_key=True, rule=owner(place))


def _one_deeper(error: ValidationError, name: str) -> list[str]:
    """`nights` where `stay_details: {nights: …}` belongs: how the settings are written that have it."""
    written: list[str] = []
    for parent, schema in _properties(error).items():
        whole = _resolved(schema)
        inner = whole.get("properties")
        free = parent == "facts" and _NAME.fullmatch(name)
        if isinstance(inner, Mapping):
            found = name if name in inner else synonym(name, list(inner))
        else:
            found = name if free and not written else None
        if found is not None:
            there = parent in _instance(error)
            written.append(f"it belongs below  {parent}:" if there else f"write  {parent}: {{{found}: …}}")
    return written[:2]


def _alike(name: str, near: str | None) -> bool:
    """Whether one was surely mistyped for the other."""
    return near is not None and difflib.SequenceMatcher(None, name.lower(), near.lower()).ratio() > _SURELY


def _resolved(schema: Any) -> Schema:
    """A part of a schema, also where it stands among the definitions."""
    if not isinstance(schema, Mapping):
        return {}
    reference = schema.get("$ref", "")
    name = reference.removeprefix("#/$defs/")
    definitions = _root.get({}).get("$defs", {})
    return definitions.get(name, schema) if name != reference else schema


def _known_below(schema: Any, name: str, depth: int = 0) -> bool:
    """Whether a name is a setting of some part of what a schema describes."""
    if depth > _DEEPEST or not isinstance(schema, Mapping | list):
        return False
    if isinstance(schema, list):
        return any(_known_below(part, name, depth + 1) for part in schema)
    properties = schema.get("properties")
    if isinstance(properties, Mapping) and depth and name in properties:
        return True
    return any(_known_below(part, name, depth + 1) for part in schema.values())


_DEEPEST = 12


def _required(source: Source, error: ValidationError, owner: Owner) -> Iterator[tuple[Way, Problem]]:
    """A missing setting; silent when a misspelt one beside it was surely meant."""
    way: Way = tuple(error.absolute_path)
    known = list(_properties(error))
    wanted = error.validator_value if isinstance(error.validator_value, list) else []
    present = _instance(error)
    for name in wanted:
        if name in present or f"'{name}'" not in error.message:
            continue
        misspelt = [other for other in present if other not in known]
        if not way and len(known) == len(present) == len(misspelt) == 1:
            continue
        if any(name in (nearest(other, known), synonym(other, known)) for other in misspelt):
            continue
        message = f"'{name}' is missing"
        described = _properties(error).get(name, {}).get("description", "")
        remedy = f"add  {name}: …" + (f"   ({_first_sentence(described)})" if described else "")
        yield (*way, name), source.problem(way, "S002", message, remedy, on_key=True, rule=owner(way))


def _alternatives(source: Source, error: ValidationError, owner: Owner) -> Iterator[tuple[Way, Problem]]:
    """Several shapes are allowed: talk about the one that was meant."""
    way: Way = tuple(error.absolute_path)
    branches: dict[int, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(int(inner.schema_path[0]), []).append(inner)
    fitting = [
        inner
        for inner in branches.values()
        if not any(e.validator in {"type", "const", "enum"} and not e.path for e in inner)
    ]
    if not fitting:
        fitting = [
            inner
            for inner in branches.values()
            if not any(e.validator == "type" and not e.path for e in inner)
        ]
    if len(fitting) == 1 or (fitting and not _own_words(error)):
        for inner_error in min(fitting, key=len):
            yield from _explain(source, inner_error, owner)
        return
    message = _own_words(error) or _about(way, wording.needs_one_of(error, secret=is_private(way)))
    yield way, source.problem(way, "S006", message, rule=owner(way))


def _unknown_names(error: ValidationError) -> list[str]:
    patterns = _part(error, "patternProperties")
    known = _properties(error)
    return [
        name
        for name in _instance(error)
        if name not in known and not any(re.search(pattern, name) for pattern in patterns)
    ]


def _properties(error: ValidationError) -> Mapping[str, Any]:
    return _part(error, "properties")


def _part(error: ValidationError, keyword: str) -> Mapping[str, Any]:
    part = error.schema.get(keyword) if isinstance(error.schema, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def _instance(error: ValidationError) -> Mapping[str, Any]:
    return error.instance if isinstance(error.instance, Mapping) else {}


def _own_words(error: ValidationError) -> str:
    schema = error.schema
    message = schema.get("errorMessage", "") if isinstance(schema, Mapping) else ""
    if isinstance(message, Mapping):
        message = message.get(str(error.validator), "")
    return message if isinstance(message, str) else ""


def _short(name: str) -> str:
    return name if len(name) <= 60 else name[:57] + "…"


def _first_sentence(text: str) -> str:
    return text.split(". ", maxsplit=1)[0].rstrip(".")
