"""The published schemas are sound, and say something about every key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from autoresponder.cli import execute
from autoresponder.cli.editor_files import outdated_schemas, schema_files
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


def test_write_renews_the_copies_of_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in schema_files().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert outdated_schemas(tmp_path) == []
    (tmp_path / ".schemas" / "rules.schema.json").write_bytes(b"\xff{}")
    (tmp_path / ".schemas" / "tests.schema.json").write_text("{}")
    assert outdated_schemas(tmp_path) == [".schemas/rules.schema.json", ".schemas/tests.schema.json"]
    assert execute(["schema", "--write", "--folder", str(tmp_path)]) == 0
    assert "as this version has them" in capsys.readouterr().err
    assert outdated_schemas(tmp_path) == []


def test_a_folder_without_copies_misses_nothing(tmp_path: Path) -> None:
    assert outdated_schemas(tmp_path) == []


@pytest.mark.parametrize("words", [[], ["rules", "--write"], ["--write", "--folder", "no/such"]])
def test_wrong_usage_says_what_to_do(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["schema", *words]) == 2
    assert re.search("Name a kind of file|autoresponder init", capsys.readouterr().err)
