"""Changes to the folder: in force only as a whole, only when sound, and never half-saved ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autoresponder.config import Settings
from autoresponder.reload import Change, LiveWorkspace, errors_in, packed, unpacked
from tests.support.small_workspace import settings_for, workspace_of, write_workspace

BROKEN = "rules:\n  - id: wifi\n    titel: Wi-Fi\n"


def make(folder: Path) -> tuple[LiveWorkspace, Settings]:
    settings = settings_for(write_workspace(folder), "http://127.0.0.1/api/v1")
    return LiveWorkspace(workspace_of(settings), settings, {}), settings


def looks(live: LiveWorkspace, count: int = 2) -> list[Change]:
    return [live.look().change for _ in range(count)]


def test_a_sound_change_goes_live_once_it_has_settled(tmp_path: Path) -> None:
    live, _ = make(tmp_path)
    before = live()
    assert looks(live) == [Change.NOTHING, Change.NOTHING]
    (tmp_path / "templates" / "wifi.en.j2").write_text("It is {{ property.wifi_name }}.\n")
    assert looks(live, 3) == [Change.NOTHING, Change.LIVE, Change.NOTHING]
    assert live() is not before
    assert live().version != before.version


def test_files_that_are_still_being_saved_are_left_alone(tmp_path: Path) -> None:
    live, _ = make(tmp_path)
    rules = tmp_path / "rules" / "rules.yaml"
    text = rules.read_text()
    seen = []
    for end in (40, 80, 120):
        rules.write_text(text[:end])
        seen.append(live.look().change)
    rules.write_text(text + "# saved\n")
    seen += looks(live)
    assert seen == [Change.NOTHING] * 4 + [Change.LIVE]


def test_a_bad_change_is_refused_and_told_once(tmp_path: Path) -> None:
    live, _ = make(tmp_path)
    before = live()
    (tmp_path / "rules" / "rules.yaml").write_text(BROKEN)
    live.look()
    look = live.look()
    assert look.change is Change.REFUSED
    assert look.problems == tuple(errors_in(settings_for(tmp_path, "http://127.0.0.1/api/v1"), {}))
    assert live() is before
    assert "rules/rules.yaml:3" in live.trouble
    assert "the rules from before stay in force" in live.trouble
    assert looks(live) == [Change.NOTHING, Change.NOTHING]


def test_the_next_good_change_recovers_and_so_does_taking_it_back(tmp_path: Path) -> None:
    live, _ = make(tmp_path)
    rules = tmp_path / "rules" / "rules.yaml"
    good = rules.read_text()
    rules.write_text(BROKEN)
    assert looks(live) == [Change.NOTHING, Change.REFUSED]
    rules.write_text(good)
    assert looks(live) == [Change.NOTHING, Change.RESTORED]
    assert live.trouble == ""
    rules.write_text(BROKEN)
    assert looks(live) == [Change.NOTHING, Change.REFUSED]
    rules.write_text(good + "# mended\n")
    assert looks(live) == [Change.NOTHING, Change.LIVE]
    assert live.trouble == ""


def test_exchanged_links_are_noticed_whatever_their_times(tmp_path: Path) -> None:
    """Containers exchange a whole folder by pointing a link elsewhere."""
    live, _ = make(tmp_path)
    first, second = tmp_path / ".first", tmp_path / ".second"
    (tmp_path / "templates").rename(first)
    second.mkdir()
    (second / "wifi.en.j2").write_text("Another text: {{ property.wifi_name }}\n")
    for folder in (first, second):
        for file in folder.iterdir():
            os.utime(file, (0, 0))
    (tmp_path / "templates").symlink_to(".first")
    before = live().version
    assert looks(live) == [Change.NOTHING, Change.NOTHING]
    (tmp_path / ".new").symlink_to(".second")
    (tmp_path / ".new").rename(tmp_path / "templates")
    assert looks(live) == [Change.NOTHING, Change.LIVE]
    assert live().version != before


def test_what_was_kept_is_the_same_set_and_reads_secrets_where_they_were(tmp_path: Path) -> None:
    _, settings = make(tmp_path)
    (tmp_path / "code").write_text("4711\n")
    properties = tmp_path / "properties.yaml"
    properties.write_text(properties.read_text() + "    secrets: {door_code: {from_file: code}}\n")
    assert errors_in(settings, {}) == []
    now = workspace_of(settings)
    data = packed(settings, now.version)
    assert data is not None
    (tmp_path / "rules" / "rules.yaml").write_text(BROKEN)
    kept = unpacked(data, settings, {})
    assert kept is not None
    assert kept.version == now.version
    secret = kept.book.all()[0].secrets["door_code"].value
    assert secret is not None
    assert secret.reveal() == "4711"


@pytest.mark.parametrize("data", [b"", b"garbage", b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_what_was_kept_and_is_damaged_is_not_used(data: bytes, tmp_path: Path) -> None:
    _, settings = make(tmp_path)
    assert unpacked(data, settings, {}) is None


def test_nothing_is_kept_that_is_not_the_version_in_force(tmp_path: Path) -> None:
    live, settings = make(tmp_path)
    (tmp_path / "templates" / "wifi.en.j2").write_text("Later.\n")
    assert packed(settings, live().version) is None


MINE = """\
tests:
  - name: wifi
    message: "What's the wifi?"
    expect: {rule: wifi}
"""


def test_a_change_that_fails_a_test_is_refused_until_rules_or_test_are_mended(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "mine.test.yaml").write_text(MINE)
    live, _ = make(tmp_path)
    before, rules = live(), tmp_path / "rules" / "rules.yaml"
    good = rules.read_text()
    other = good.replace("topics: {any: [wifi]}", "topics: {any: [gas]}")
    rules.write_text(other)
    live.look()
    look = live.look()
    assert look.change is Change.REFUSED
    (problem,) = look.problems
    assert (problem.file, problem.line, problem.code) == ("tests/mine.test.yaml", 2, "K012")
    assert "the test 'wifi' fails" in live.trouble
    assert live() is before
    (tmp_path / "tests" / "mine.test.yaml").write_text(MINE.replace("rule: wifi", "rule: none"))
    assert looks(live) == [Change.NOTHING, Change.LIVE]
    assert live() is not before


def test_a_changed_test_alone_changes_nothing(tmp_path: Path) -> None:
    live, _ = make(tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "mine.test.yaml").write_text(MINE.replace("rule: wifi", "rule: gas"))
    assert looks(live, 3) == [Change.NOTHING] * 3
    assert live.trouble == ""
