"""Where the shipped files lie."""

from __future__ import annotations

from pathlib import Path

import pytest

import autoresponder
from autoresponder import starter
from autoresponder.errors import ConfigError
from autoresponder.starter import sample_files, starter_files


def test_rules_and_templates_come_with_their_paths_in_a_working_folder() -> None:
    files = starter_files()
    top = Path(autoresponder.__file__).parent.parent
    expected = {
        path.relative_to(top).as_posix()
        for folder in ("rules", "templates")
        for path in (top / folder).rglob("*")
        if path.is_file()
    }
    assert files
    assert set(files) == expected
    assert all((top / name).read_text(encoding="utf-8") == text for name, text in files.items())


def test_sample_files_have_settings_and_properties() -> None:
    assert {"autoresponder.yaml", "properties.yaml"} <= set(sample_files())


def test_an_incomplete_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starter, "files", lambda package: tmp_path)
    monkeypatch.setattr(starter, "__file__", str(tmp_path / "autoresponder" / "starter.py"))
    with pytest.raises(ConfigError, match="install autoresponder again"):
        starter_files()
    with pytest.raises(ConfigError, match="install autoresponder again"):
        sample_files()


def test_an_installed_package_has_them_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "starter" / "rules" / "topics").mkdir(parents=True)
    (tmp_path / "starter" / "templates").mkdir()
    (tmp_path / "starter" / "rules" / "topics" / "en.yaml").write_text("language: en\n", encoding="utf-8")
    monkeypatch.setattr(starter, "files", lambda package: tmp_path)
    assert starter_files() == {"rules/topics/en.yaml": "language: en\n"}
