"""A quick first look at a file: is it surely right?

Most files are, and a schema turned into plain functions says so ten times as fast as a validator that has to
be ready to explain. It may say no to what is right (then the validator looks), but never yes to what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any], bool]

_REMARKS = frozenset(
    {"$schema", "$id", "$defs", "$comment", "title", "description", "examples", "default", "errorMessage"}
    | {"then", "else"}  # dealt with at their `if`
)
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}


class _Unknown(Exception):
    """The schema uses a keyword that is not known here."""


def quick_check(schema: Mapping[str, Any]) -> Check | None:
    """A function that is true only for data that follow the schema; None when it cannot be made.

    Args:
        schema: JSON Schema, draft 2020-12; references must lead to its own `$defs`.
    """
    try:
        return _Compiler(schema).check(schema)
    except (_Unknown, KeyError, re.error):
        return None


class _Compiler:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._known: dict[str, Check] = {}
        self._makers: Mapping[str, Callable[[Any, Mapping[str, Any]], Check | None]] = {
            "$ref": lambda value, _: self._reference(value),
            "type": lambda value, _: _type(value),
            "enum": lambda value, _: _enum(value),
            "const": lambda value, _: _enum([value]),
            "pattern": lambda value, _: _pattern(value),
            "minLength": lambda value, _: _for(str, lambda text: len(text) >= value),
            "maxLength": lambda value, _: _for(str, lambda text: len(text) <= value),
            "minimum": lambda value, _: _for((int, float), lambda number: number >= value),
            "maximum": lambda value, _: _for((int, float), lambda number: number <= value),
            "exclusiveMinimum": lambda value, _: _for((int, float), lambda number: number > value),
            "exclusiveMaximum": lambda value, _: _for((int, float), lambda number: number < value),
            "minItems": lambda value, _: _for(list, lambda items: len(items) >= value),
            "maxItems": lambda value, _: _for(list, lambda items: len(items) <= value),
            "uniqueItems": lambda value, _: _unique if value else None,
            "minProperties": lambda value, _: _for(dict, lambda entries: len(entries) >= value),
            "maxProperties": lambda value, _: _for(dict, lambda entries: len(entries) <= value),
            "required": lambda value, _: _for(dict, lambda entries: all(name in entries for name in value)),
            "items": lambda value, _: self._items(value),
            "properties": lambda value, schema: self._properties(value, schema.get("additionalProperties")),
            "additionalProperties": self._others_only,
            "propertyNames": lambda value, _: self._names(value),
            "anyOf": lambda value, _: self._any(value),
            "allOf": lambda value, _: self._all([self.check(part) for part in value]),
            "if": lambda _, schema: self._choice(schema),
        }

    def check(self, schema: Any) -> Check:
        """The function for one schema."""
        if isinstance(schema, bool):
            return (lambda _: True) if schema else (lambda _: False)
        checks = []
        for keyword, value in schema.items():
            if keyword in _REMARKS:
                continue
            if keyword not in self._makers:
                raise _Unknown(keyword)
            made = self._makers[keyword](value, schema)
            if made is not None:
                checks.append(made)
        return self._all(checks)

    def _reference(self, path: str) -> Check:
        """A function that is looked up when called, so that a schema may refer to itself."""
        if not path.startswith("#/$defs/"):
            raise _Unknown(path)
        known = self._known

        def later(value: Any) -> bool:
            return known[path](value)

        if path not in known:
            known[path] = later  # what refers to itself on the way finds this
            known[path] = self.check(self._root["$defs"][path.removeprefix("#/$defs/")])
        return later

    def _items(self, schema: Any) -> Check:
        check = self.check(schema)
        return _for(list, lambda items: all(map(check, items)))

    def _properties(self, schemas: Mapping[str, Any], others: Any) -> Check:
        checks = {name: self.check(schema) for name, schema in schemas.items()}
        other = self.check(True if others is None else others)

        def every(entries: Any) -> bool:
            if not isinstance(entries, dict):
                return True
            return all(checks.get(name, other)(value) for name, value in entries.items())

        return every

    def _others_only(self, value: Any, schema: Mapping[str, Any]) -> Check | None:
        """`additionalProperties` without `properties`; beside them it is dealt with there."""
        return None if "properties" in schema else self._properties({}, value)

    def _names(self, schema: Any) -> Check:
        check = self.check(schema)
        return _for(dict, lambda entries: all(map(check, entries)))

    def _any(self, schemas: list[Any]) -> Check:
        checks = [self.check(schema) for schema in schemas]
        return lambda value: any(check(value) for check in checks)

    def _choice(self, schema: Mapping[str, Any]) -> Check:
        """`if`, `then`, `else`; the question must be one that is answered exactly here."""
        if schema["if"] not in [{"type": kind} for kind in ("string", "array", "object", "boolean", "null")]:
            raise _Unknown("if")
        asked = self.check(schema["if"])
        then, other = self.check(schema.get("then", True)), self.check(schema.get("else", True))
        return lambda value: then(value) if asked(value) else other(value)

    @staticmethod
    def _all(checks: list[Check]) -> Check:
        if len(checks) == 1:
            return checks[0]
        parts = tuple(checks)

        def every(value: Any) -> bool:
            for check in parts:  # noqa: SIM110 - measurably quicker than all()
                if not check(value):
                    return False
            return True

        return every


def _for(kind: type | tuple[type, ...], check: Check) -> Check:
    """A check that concerns values of one kind only."""
    return lambda value: not isinstance(value, kind) or check(value)


def _type(names: str | list[str]) -> Check:
    wanted = [names] if isinstance(names, str) else names
    kinds = frozenset(kind for name in wanted for kind in _TYPES[name])
    return lambda value: type(value) in kinds


def _enum(values: list[Any]) -> Check:
    texts = frozenset(value for value in values if isinstance(value, str))
    return lambda value: isinstance(value, str) and value in texts


def _pattern(pattern: str) -> Check:
    search = re.compile(pattern).search
    return _for(str, lambda text: search(text) is not None)


def _unique(value: Any) -> bool:
    if not isinstance(value, list):
        return True
    return all(isinstance(item, str) for item in value) and len(set(value)) == len(value)
