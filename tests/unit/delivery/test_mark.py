"""A machine's mark: kept beside the store, found again for the same store only, and never in the way."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autoresponder.config import Secret, Settings
from autoresponder.delivery.mark import FILE, FileMark, NoMark, Seen, mark_of

WORD = Seen("m1", datetime(2026, 5, 1, 12, tzinfo=UTC))


def mark(folder: Path, store: str, state: str = ".") -> FileMark:
    found = mark_of(Settings(folder=folder, store=Secret(store), state=state))
    assert isinstance(found, FileMark)
    return found


async def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    assert await mark(tmp_path, "sqlite:///a.db").load() is None
    await mark(tmp_path, "sqlite:///a.db").save(WORD)
    later = Seen("m1", WORD.at + timedelta(hours=1))
    await mark(tmp_path, "sqlite:///a.db").save(later)
    assert await mark(tmp_path, "sqlite:///a.db").load() == later
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("sqlite:///a.db", "sqlite:///./a.db", True),
        ("sqlite:///a.db", "sqlite:///b.db", False),
        ("redis://:hunter2@r:6379/0", "redis://:hunter3@r:6379/0", True),
        ("redis://r:6379/0", "redis://r:6379/1", False),
        ("redis://r:6379/0", "redis://r:6380/0", False),
        ("redis://r:6379/0", "rediss://r:6379/0", False),
    ],
)
async def test_each_store_has_a_mark_of_its_own(tmp_path: Path, one: str, other: str, *, same: bool) -> None:
    await mark(tmp_path, one).save(WORD)
    assert (await mark(tmp_path, other).load() is not None) is same
    assert "hunter2" not in (tmp_path / FILE).read_text("utf-8")


async def test_marks_of_several_stores_stand_in_one_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        await mark(tmp_path, f"sqlite:///{name}.db").save(WORD)
    assert len(json.loads((tmp_path / FILE).read_text("utf-8"))) == 2
    assert await mark(tmp_path, "sqlite:///a.db").load() == WORD


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", "null", "[" * 50_000, '{"machine": 1}', "\x00", '{"a": {"machine": "m"}}']
)
async def test_a_file_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    found = mark(tmp_path, "sqlite:///a.db")
    assert await found.load() is None
    await found.save(WORD)
    assert await found.load() == WORD


@pytest.mark.parametrize(
    "kept",
    [
        {"machine": "m", "at": "noon"},
        {"machine": "m", "at": "2026-05-01T12:00:00"},
        {"machine": "", "at": ""},
        7,
    ],
)
async def test_a_word_that_makes_no_sense_is_none(tmp_path: Path, kept: object) -> None:
    await mark(tmp_path, "sqlite:///a.db").save(WORD)
    (name,) = json.loads((tmp_path / FILE).read_text("utf-8"))
    (tmp_path / FILE).write_text(json.dumps({name: kept}), encoding="utf-8")
    assert await mark(tmp_path, "sqlite:///a.db").load() is None


async def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file", encoding="utf-8")
    found = mark(tmp_path, "sqlite:///a.db", state="state")
    await found.save(WORD)
    assert await found.load() is None
    await mark(tmp_path, "sqlite:///a.db", state="nowhere").save(WORD)
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


async def test_a_memory_that_ends_with_its_process_has_none(tmp_path: Path) -> None:
    found = mark_of(Settings(folder=tmp_path, store=Secret("memory://")))
    assert isinstance(found, NoMark)
    await found.save(WORD)
    assert await found.load() is None
