"""What `init` writes for editors: a copy of the schemas, so that it works offline, and where to find them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from autoresponder.cli.published import published

_PLACE = ".schemas"

_KINDS = {
    "rules/topics/*.yaml": "topics",
    "rules/*.yaml": "rules",
    "properties.yaml": "properties",
    "autoresponder.yaml": "settings",
    "tests/**/*.test.yaml": "tests",
}
"""Which files follow which schema, as VS Code writes it; the first that fits counts."""


def with_editor_files(files: Mapping[str, str]) -> dict[str, str]:
    """The files of a new folder, each naming its schema in its first line, with schemas and editor settings."""
    result = {name: _named(name, text) for name, text in files.items()} | schema_files()
    schemas = {f"./{_PLACE}/{kind}.schema.json": [pattern] for pattern, kind in _KINDS.items()}
    settings = {
        "yaml.schemas": schemas,
        "yaml.schemaStore.enable": False,
        "files.associations": {"*.j2": "jinja"},
        "[yaml]": {"editor.insertSpaces": True, "editor.tabSize": 2},
    }
    result[".vscode/settings.json"] = json.dumps(settings, indent=2) + "\n"
    result[".vscode/extensions.json"] = json.dumps({"recommendations": ["redhat.vscode-yaml"]}) + "\n"
    result[".editorconfig"] = (
        "root = true\n\n[*]\ncharset = utf-8\nend_of_line = lf\ninsert_final_newline = true\n\n"
        "[*.yaml]\nindent_style = space\nindent_size = 2\n"
    )
    return result


def schema_files() -> dict[str, str]:
    """The copies of all schemas, as this version publishes them, by their place in a working folder."""
    return {f"{_PLACE}/{kind}.schema.json": published(kind) + "\n" for kind in dict.fromkeys(_KINDS.values())}


def outdated_schemas(folder: Path) -> list[str]:
    """Copies in a working folder that are not those of this version, or cannot be read; missing ones are nobody's loss."""
    return [
        name
        for name, text in schema_files().items()
        if (folder / name).exists() and _text(folder / name) != text
    ]


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def kind_of(name: str) -> str | None:
    """Which schema a file of the working folder follows; None for one that is no YAML of ours."""
    if not name.endswith(".yaml"):
        return None
    folder, _, _ = name.rpartition("/")
    if folder.startswith("rules/topics"):
        return "topics"
    return {"rules": "rules", "tests": "tests"}.get(folder.partition("/")[0]) or {
        "properties.yaml": "properties",
        "autoresponder.yaml": "settings",
    }.get(name)


def _named(name: str, text: str) -> str:
    kind = kind_of(name)
    if kind is None:
        return text
    up = "../" * name.count("/") or "./"
    return f"# yaml-language-server: $schema={up}{_PLACE}/{kind}.schema.json\n{text}"
