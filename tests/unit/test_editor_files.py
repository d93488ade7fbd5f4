"""What editors get: every key explained with an example, and each file of a new folder follows its schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from autoresponder.cli import execute
from autoresponder.cli.editor_files import kind_of
from autoresponder.cli.schema import published

KINDS = ("rules", "topics", "properties", "settings", "config", "tests")
MODELINE = "# yaml-language-server: $schema="


def parts(schema: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Every schema inside a schema, and whether it belongs to a key."""
    if not isinstance(schema, Mapping):
        return
    for holder in ("properties", "patternProperties", "$defs"):
        for name, inner in schema.get(holder, {}).items():
            yield f"{where}.{name}", inner, True
            yield from parts(inner, f"{where}.{name}")
    for holder in ("items", "additionalProperties", "propertyNames", "not"):
        if isinstance(schema.get(holder), Mapping):
            yield f"{where}/{holder}", schema[holder], False
            yield from parts(schema[holder], f"{where}/{holder}")
    for holder in ("anyOf", "oneOf", "allOf"):
        for number, inner in enumerate(schema.get(holder, [])):
            yield f"{where}/{number}", inner, False
            yield from parts(inner, f"{where}/{number}")


def resolved(top: dict[str, Any], inner: dict[str, Any]) -> dict[str, Any]:
    reference = inner.get("$ref", "")
    return {**top["$defs"][reference.rpartition("/")[2]], **inner} if reference else inner


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_has_a_description_and_an_example_that_is_valid(kind: str) -> None:
    schema = json.loads(published(kind))
    Draft202012Validator.check_schema(schema)
    seen = 0
    for where, inner, is_key in parts(schema):
        whole = resolved(schema, inner)
        if is_key:
            seen += 1
            assert whole.get("description"), where
            assert whole.get("examples"), where
            assert whole["description"] in whole["markdownDescription"], where
        judge = Draft202012Validator({**whole, "$defs": schema.get("$defs", {})})
        for example in whole.get("examples", ()):
            assert not [error.message for error in judge.iter_errors(example)], where
        assert isinstance(whole.get("errorMessage", ""), str), where
    assert seen >= 7


def test_messages_for_patterns_are_in_plain_words() -> None:
    schema = json.loads(published("settings"))
    settle = schema["properties"]["guards"]["properties"]["settle"]
    assert settle["patternErrorMessage"] == settle["errorMessage"]
    assert settle["errorMessage"].startswith("needs a length of time")


@pytest.mark.parametrize("options", [[], ["--property", "Seaview"]])
def test_each_file_of_a_new_folder_follows_the_schema_that_it_names(
    options: list[str], tmp_path: Path
) -> None:
    assert execute(["init", str(tmp_path), *options]) == 0
    kinds = set()
    for file in tmp_path.rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        first, _, _ = text.partition("\n")
        assert first.startswith(MODELINE), file
        target = file.parent / first.removeprefix(MODELINE)
        schema = json.loads(target.read_text(encoding="utf-8"))
        errors = [e.message for e in Draft202012Validator(schema).iter_errors(yaml.safe_load(text))]
        assert not errors, file
        kind = kind_of(file.relative_to(tmp_path).as_posix())
        assert target.name == f"{kind}.schema.json"
        kinds.add(kind)
    assert kinds == {"rules", "topics", "properties", "settings", "tests"}
    settings = json.loads((tmp_path / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    for place, patterns in settings["yaml.schemas"].items():
        assert (tmp_path / place).is_file()
        assert [file for pattern in patterns for file in tmp_path.glob(pattern)], place


def test_a_mistake_is_one_for_an_editor_too() -> None:
    judge = Draft202012Validator(json.loads(published("rules")))
    assert judge.is_valid({"rules": [{"id": "wifi", "reply": "wifi"}]})
    assert not judge.is_valid({"rules": [{"id": "wifi", "reply": "wifi", "titel": "x"}]})
