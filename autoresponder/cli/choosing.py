"""Which of the tests a command is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from autoresponder.cases.folder import Suite
from autoresponder.cases.reading import FOLDER


def chosen_part(suite: Suite, folder: Path, paths: Sequence[Path], wanted: str | None) -> Suite:
    """The part of the suite that is to be tried.

    Raises:
        click.UsageError: There is no such test.
    """
    files = [_inside(path, folder) for path in paths]
    for path, name in zip(paths, files, strict=True):
        if not any(_below(file, name) for file in suite.files):
            there = ", ".join(suite.files[:6]) or f"there is no test file in {FOLDER}/"
            raise click.UsageError(f"'{path}' is no test file of this folder. Test files: {there}")
    cases = [case for case in suite.cases if not files or any(_below(case.file, name) for name in files)]
    problems = [p for p in suite.problems if not files or any(_below(p.file, name) for name in files)]
    if wanted is not None:
        pattern = re.compile(".*".join(map(re.escape, wanted.split("*"))), re.IGNORECASE | re.DOTALL)
        cases = [case for case in cases if pattern.search(f"{case.where} {case.name}")]
        if not cases:
            raise click.UsageError(f"No test has '{wanted}' in its name or file.")
    return replace(suite, cases=tuple(cases), problems=tuple(problems))


def _inside(path: Path, folder: Path) -> str:
    """A path as the working folder knows it; taken from where the user is, or from the folder."""
    here = path if path.exists() or path.is_absolute() else folder / path
    try:
        return here.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return here.as_posix()


def _below(file: str, name: str) -> bool:
    return name == "." or file == name or file.startswith(f"{name}/")
