"""The published schemas are sound, and say something about every key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from autoresponder.cli import execute
from autoresponder.starter import sample_files, starter_files
from autoresponder.yamltext import parse


def printed(kind: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert execute(["schema", kind]) == 0
    return json.loads(capsys.readouterr().out)


def keys(schema: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        for name, inner in schema.get("properties", {}).items():
            yield f"{where}.{name}", inner
            yield from keys(inner, f"{where}.{name}")
        for part in ("items", "additionalProperties"):
            yield from keys(schema.get(part), where)


@pytest.mark.parametrize("kind", ["rules", "topics", "properties", "settings", "tests"])
def test_a_schema_is_valid_and_describes_every_key(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    schema = printed(kind, capsys)
    Draft202012Validator.check_schema(schema)
    named = list(keys(schema))
    assert named
    assert not [where for where, inner in named if not _described(schema, inner)]


def _described(schema: dict[str, Any], inner: Any) -> bool:
    reference = inner.get("$ref", "") if isinstance(inner, dict) else ""
    if reference.startswith("#/$defs/"):
        return "description" in inner or "description" in schema["$defs"][reference.removeprefix("#/$defs/")]
    return "description" in inner


def test_the_shipped_files_follow_their_schemas(capsys: pytest.CaptureFixture[str]) -> None:
    kinds = {"rules/topics/": "topics", "rules/": "rules", "properties.yaml": "properties", "tests/": "tests"}
    seen = set()
    for name, text in {**starter_files(), **sample_files()}.items():
        kind = next((kind for start, kind in kinds.items() if name.startswith(start)), None)
        if kind is None or not name.endswith(".yaml"):
            continue
        source, problems = parse(text, name)
        assert source is not None, problems
        assert not list(Draft202012Validator(printed(kind, capsys)).iter_errors(source.data)), name
        seen.add(kind)
    assert seen == {"topics", "rules", "properties", "tests"}
