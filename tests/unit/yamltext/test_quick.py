"""The quick look never says yes to what the validator refuses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from autoresponder.rules import RULES_SCHEMA, TOPICS_SCHEMA
from autoresponder.schemas.properties import PROPERTIES_SCHEMA
from autoresponder.schemas.settings import SETTINGS_SCHEMA
from autoresponder.yamltext.quick import quick_check

SCHEMAS = {
    "rules": RULES_SCHEMA,
    "topics": TOPICS_SCHEMA,
    "properties": PROPERTIES_SCHEMA,
    "settings": SETTINGS_SCHEMA,
}

TREE: dict[str, Any] = {
    "$defs": {
        "tree": {"type": "object", "properties": {"left": {"$ref": "#/$defs/tree"}, "n": {"type": "integer"}}}
    },
    "$ref": "#/$defs/tree",
}
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([0.0, 1.0, 1.5])
    | st.sampled_from(["", "a", "b", "A", "abc"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "left", "n"]), inner)
    ),
    max_leaves=6,
)
_LEAVES = st.sampled_from(
    [
        {"type": "string"},
        {"type": ["integer", "null"]},
        {"type": "number", "minimum": 0, "maximum": 2},
        {"type": "integer", "exclusiveMinimum": -1, "exclusiveMaximum": 3},
        {"enum": ["a", 1, True, None]},
        {"const": 0},
        {"pattern": "^[a-z]+$", "minLength": 1, "maxLength": 2},
        {"type": "boolean"},
        True,
        False,
        TREE["$defs"]["tree"]["properties"]["n"],
    ]
)
_SCHEMAS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda s: {"type": "array", "items": s, "minItems": 1, "maxItems": 2}, inner),
        st.builds(lambda s: {"items": s, "uniqueItems": True}, inner),
        st.builds(lambda s, t: {"properties": {"a": s}, "additionalProperties": t}, inner, inner),
        st.builds(lambda s: {"properties": {"a": s}, "required": ["a"], "minProperties": 1}, inner),
        st.builds(lambda s: {"additionalProperties": s, "maxProperties": 1}, inner),
        st.builds(lambda s: {"propertyNames": s}, inner),
        st.builds(lambda s, t: {"anyOf": [s, t]}, inner, inner),
        st.builds(lambda s, t: {"allOf": [s, t]}, inner, inner),
        st.builds(
            lambda kind, s, t: {"if": {"type": kind}, "then": s, "else": t},
            st.sampled_from(["string", "array", "object", "boolean", "null"]),
            inner,
            inner,
        ),
    ),
    max_leaves=5,
)


@given(_SCHEMAS, _VALUES)
def test_a_yes_is_a_yes(schema: Any, value: object) -> None:
    whole = schema if isinstance(schema, dict) else {"allOf": [schema]}
    check = quick_check(whole)
    assert check is not None
    if check(value):
        assert Draft202012Validator(whole).is_valid(value)


@pytest.mark.parametrize("name", SCHEMAS)
def test_our_schemas_have_a_quick_check(name: str) -> None:
    assert quick_check(SCHEMAS[name]) is not None


def test_what_is_right_is_seen_at_once() -> None:
    check = quick_check(RULES_SCHEMA)
    assert check is not None
    assert check({"rules": [{"id": "wifi", "when": {"any": [{"text": {"any": ["wifi"]}}]}, "reply": "wifi"}]})
    assert not check(
        {"rules": [{"id": "wifi", "when": {"any": [{"tekst": {"any": ["wifi"]}}]}, "reply": "x"}]}
    )


def test_a_schema_may_refer_to_itself() -> None:
    check = quick_check(TREE)
    assert check is not None
    assert check({"left": {"left": {"n": 1}}})
    assert not check({"left": {"left": {"n": "1"}}})


@pytest.mark.parametrize(
    "schema",
    [
        {"dependentRequired": {}},
        {"$ref": "http://x"},
        {"$ref": "#/$defs/none"},
        {"if": {"type": "integer"}, "then": False},
        {"pattern": "("},
    ],
)
def test_what_it_does_not_know_it_leaves_to_the_validator(schema: dict[str, Any]) -> None:
    assert quick_check(schema) is None
