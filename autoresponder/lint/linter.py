"""Everything that is wrong in a working folder, in one run."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from autoresponder.config import Settings
from autoresponder.lint.checks import CHECKS
from autoresponder.lint.own_tests import check_tests, known_names
from autoresponder.lint.view import View
from autoresponder.problems import Problem
from autoresponder.workspace import Parts, read_parts, read_settings
from autoresponder.yamltext import each_file_once


def check_folder(folder: Path, environ: Mapping[str, str], *, tests: bool = True) -> list[Problem]:
    """Read a working folder and check it.

    Args:
        folder: With autoresponder.yaml (or without: then the defaults hold), rules, templates, properties.
        environ: The process environment.
        tests: Whether the files of the manager's own tests are looked at, too. No guest depends on them.

    Returns:
        Every problem, in the order of a report. Broken settings do not hide what is wrong elsewhere.
    """
    settings, problems = read_settings(folder, environ)
    if settings is None:
        settings = Settings(folder=folder)
    with each_file_once(), _collecting_seldom():
        parts = read_parts(settings, environ)
        found = [*problems, *check_workspace(parts)]
        if tests:
            found += check_tests(folder, known_names(parts.ruleset, parts.book))
    return sorted(found, key=lambda p: p.sort_key)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Much is made here, and little of it is garbage: looking for that as often as usual takes a fifth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def check_workspace(parts: Parts) -> list[Problem]:
    """What is wrong with the parts of a workspace, and between them."""
    view = View(parts)
    found = dict.fromkeys(parts.problems)
    for check in CHECKS:
        found.update(dict.fromkeys(check(view)))
    return sorted(found, key=lambda p: p.sort_key)
