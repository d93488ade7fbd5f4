"""The tests of a working folder: reads `tests/` within the limits that hold for every file of a manager."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autoresponder.cases.reading import ENDINGS, FOLDER, Known, load_cases
from autoresponder.cases.snapshots import ENDING, SNAPSHOTS, snapshot_texts
from autoresponder.cases.spec import Case
from autoresponder.problems import Problem
from autoresponder.workspace.folder import read_tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """Everything in `tests/`."""

    files: tuple[str, ...]
    """Test files, relative to the working folder."""
    cases: tuple[Case, ...]
    """Those without mistakes, in the order of files and lines."""
    problems: tuple[Problem, ...]
    snapshots: Mapping[str, str]
    """Path → recorded reply."""


def read_suite(folder: Path, known: Known) -> Suite:
    """Read every test file and every recorded reply of a working folder."""
    reading = read_tree(folder, FOLDER, ENDINGS, "test files")
    cases, problems = load_cases(reading.files, known)
    return Suite(
        files=tuple(reading.files),
        cases=tuple(cases),
        problems=tuple(sorted([*reading.problems, *problems], key=lambda p: p.sort_key)),
        snapshots=snapshot_texts(recorded_replies(folder)),
    )


def test_files(folder: Path) -> dict[str, bytes]:
    """Every test file, path relative to the working folder → content."""
    return dict(read_tree(folder, FOLDER, ENDINGS, "test files").files)


def recorded_replies(folder: Path) -> dict[str, bytes]:
    """Every recorded reply, path relative to the working folder → content."""
    return dict(read_tree(folder, SNAPSHOTS, (ENDING,), "recorded replies").files)
