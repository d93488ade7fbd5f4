"""A schema as editors want it: hints that they show when the mouse rests on a key, and messages in plain words.

`markdownDescription`, `errorMessage` and `patternErrorMessage` are what VS Code and the YAML language server read
(https://github.com/redhat-developer/yaml-language-server); validators pass over all three.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_NAMED = ("properties", "patternProperties", "$defs", "dependentSchemas")
_ONE = ("items", "additionalProperties", "propertyNames", "contains", "not", "if", "then", "else")
_SEVERAL = ("anyOf", "oneOf", "allOf", "prefixItems")


def for_editors(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same schema with what editors show; what is valid stays the same."""
    result = dict(schema)
    for key in _NAMED:
        if isinstance(result.get(key), Mapping):
            result[key] = {name: _inner(part) for name, part in result[key].items()}
    for key in _ONE:
        if key in result:
            result[key] = _inner(result[key])
    for key in _SEVERAL:
        if isinstance(result.get(key), list):
            result[key] = [_inner(part) for part in result[key]]
    return {**result, **_shown(result)}


def _shown(schema: dict[str, Any]) -> dict[str, Any]:
    """What editors show of a schema, whose message becomes one text on the way."""
    shown: dict[str, Any] = {}
    message = schema.pop("errorMessage", None)
    if isinstance(message, Mapping):  # editors take one text for all that can be wrong
        message = message.get("type")
    if isinstance(message, str):
        shown["errorMessage"] = message
        if "pattern" in schema:
            shown["patternErrorMessage"] = message
    if "description" in schema and schema.get("examples"):
        example = json.dumps(schema["examples"][0], ensure_ascii=False)
        fence = "``" if "`" in example else "`"
        shown["markdownDescription"] = f"{schema['description']}\n\nFor example {fence}{example}{fence}"
    return shown


def _inner(part: Any) -> Any:
    return for_editors(part) if isinstance(part, Mapping) else part
