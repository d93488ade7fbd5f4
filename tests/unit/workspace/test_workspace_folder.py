"""Reading a working folder: as a whole, bounded, and nothing outside of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoresponder.config import Settings
from autoresponder.problems import Problem, Severity
from autoresponder.workspace import Workspace, load_workspace, read_settings
from autoresponder.workspace import folder as folder_module
from autoresponder.workspace.folder import read_tree

RULES = "rules:\n  - id: wifi\n    when: {text: {any: [wifi]}}\n    reply: wifi\n"
PROPERTIES = """\
properties:
  seaview:
    channex_id: 5ea51e30-0001-4a00-8000-000000000001
    name: Seaview
    facts: {wifi_name: Guest}
    secrets: {door: {from_env: DOOR}, safe: {from_file: safe.txt}}
"""


@pytest.fixture(name="place")
def _place(tmp_path: Path) -> Path:
    place = tmp_path / "work"
    for name, text in {
        "rules/rules.yaml": RULES,
        "rules/topics/en.yml": "language: en\ntopics: {wifi: {any: [wlan]}}\n",
        "templates/wifi.en.j2": "Our network: {{ property.wifi_name }}\n",
        "properties.yaml": PROPERTIES,
        "safe.txt": "77\n",
        "autoresponder.yaml": "workers: 2\n",
    }.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return place


def load(place: Path, **environ: str) -> tuple[Workspace | None, list[Problem]]:
    settings, problems = read_settings(place, environ)
    assert settings is not None
    assert problems == []
    return load_workspace(settings, environ)


def test_everything_is_read(place: Path) -> None:
    workspace, problems = load(place, DOOR="99")
    assert problems == []
    assert workspace is not None
    assert [rule.id for rule in workspace.ruleset.rules] == ["wifi"]
    assert set(workspace.ruleset.topics) == {"wifi"}
    assert workspace.templates.names() == ("wifi",)
    secrets = workspace.book.all()[0].secrets
    assert {name: s.value.reveal() for name, s in secrets.items() if s.value} == {"door": "99", "safe": "77"}


def test_the_version_changes_with_every_file_and_with_nothing_else(place: Path) -> None:
    def version() -> str:
        workspace, _ = load(place, DOOR="1")
        assert workspace is not None
        return workspace.version

    before = version()
    assert version() == before
    (place / "notes.md").write_text("not a part of it", encoding="utf-8")
    assert version() == before
    seen = {before}
    for name in ("rules/rules.yaml", "rules/topics/en.yml", "templates/wifi.en.j2", "properties.yaml"):
        with (place / name).open("a", encoding="utf-8") as file:
            file.write("\n")
        seen.add(version())
    assert len(seen) == 5


def test_any_error_anywhere_and_there_is_no_workspace(place: Path) -> None:
    (place / "templates" / "wifi.en.j2").write_text("{{ oops", encoding="utf-8")
    (place / "rules" / "rules.yaml").write_text("rules: 1\n", encoding="utf-8")
    (place / "properties.yaml").write_text("propertees: {}\n", encoding="utf-8")
    workspace, problems = load(place)
    assert workspace is None
    assert [p.file for p in problems] == ["properties.yaml", "rules/rules.yaml", "templates/wifi.en.j2"]


def test_warnings_do_not_stop_it(place: Path) -> None:
    workspace, problems = load(place)
    assert workspace is not None
    assert [(p.code, p.severity) for p in problems] == [("P009", Severity.WARNING)]


def test_without_rules_there_is_no_workspace(tmp_path: Path) -> None:
    workspace, problems = load_workspace(Settings(folder=tmp_path), {})
    assert workspace is None
    assert [p.code for p in problems] == ["F005"]


def test_other_names_and_places_for_the_parts(place: Path) -> None:
    (place / "rules").rename(place / "my")
    (place / "properties.yaml").rename(place / "my.yaml")
    (place / "autoresponder.yaml").write_text("rules: ./my/\nproperties: my.yaml\n", encoding="utf-8")
    workspace, problems = load(place, DOOR="1")
    assert problems == []
    assert workspace is not None
    assert workspace.book.keys() == ("seaview",)


def test_links_are_followed_inside_the_folder_only(place: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("rules: []\n", encoding="utf-8")
    (place / "rules" / "link.yaml").symlink_to(outside)
    workspace, problems = load(place, DOOR="1")
    assert workspace is None
    assert [(p.file, p.code) for p in problems] == [("rules/link.yaml", "F002")]
    (place / "rules" / "link.yaml").unlink()
    hidden = place / "rules" / "..data"
    hidden.mkdir()
    (hidden / "more.yaml").write_text(RULES.replace("wifi", "pool"), encoding="utf-8")
    (place / "rules" / "more.yaml").symlink_to("..data/more.yaml")
    workspace, _ = load(place, DOOR="1")
    assert workspace is not None
    assert len(workspace.ruleset.rules) == 2, "as mounted by Kubernetes: once, not twice"


@pytest.mark.parametrize("target", ["nowhere.yaml", "link.yaml"])
def test_links_to_nothing_are_told(place: Path, target: str) -> None:
    (place / "rules" / "link.yaml").symlink_to(target)
    _, problems = load(place, DOOR="1")
    assert [(p.file, p.code) for p in problems] == [("rules/link.yaml", "F001")]


def test_a_rules_folder_that_leads_away_is_refused(place: Path, tmp_path: Path) -> None:
    (place / "rules").rename(tmp_path / "elsewhere")
    (place / "rules").symlink_to(tmp_path / "elsewhere")
    workspace, problems = load(place, DOOR="1")
    assert workspace is None
    assert [p.code for p in problems] == ["F002"]


def test_files_that_are_not_used_are_told(place: Path) -> None:
    for name in ("old.yaml.bak", "README.md", ".hidden.yaml", "rules.yaml~"):
        (place / "rules" / name).write_text("x", encoding="utf-8")
    _, problems = load(place, DOOR="1")
    assert [(p.file, p.code) for p in problems] == [("rules/old.yaml.bak", "F004")]


def test_a_folder_with_too_many_files_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "MAX_FILES", 1)
    reading = read_tree(place, "rules", (".yaml", ".yml"), "rule files")
    assert [p.code for p in reading.problems] == ["F003"]
    assert len(reading.files) == 1


def test_a_rule_file_that_is_no_text_stops_the_rules_but_not_the_rest(place: Path) -> None:
    (place / "rules" / "b.yaml").write_bytes(b"\xff\xfe\x00")
    workspace, problems = load(place, DOOR="1")
    assert workspace is None
    assert [(p.file, p.code) for p in problems] == [("rules/b.yaml", "Y002")]


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "autoresponder.yaml").mkdir()
    settings, problems = read_settings(tmp_path, {})
    assert settings is None
    assert [p.code for p in problems] == ["F001"]
