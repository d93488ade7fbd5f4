"""Everything that is wrong in a working folder, in one run."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from autoresponder.cases.reading import ENDINGS, FOLDER
from autoresponder.config import Settings
from autoresponder.lint.allowing import without_allowed
from autoresponder.lint.checks import CHECKS
from autoresponder.lint.own_tests import check_tests, known_names
from autoresponder.lint.view import View
from autoresponder.problems import Problem
from autoresponder.workspace import Parts, folder_files, read_parts, read_settings
from autoresponder.workspace.folder import Reading, read_file, read_tree
from autoresponder.workspace.loading import SETTINGS_FILE
from autoresponder.workspace.strays import stray_files
from autoresponder.yamltext import each_file_once
from autoresponder.yamltext.raw import to_text


def check_folder(
    folder: Path,
    environ: Mapping[str, str],
    *,
    tests: bool = True,
    today: date | None = None,
    secrets: Path | None = None,
) -> list[Problem]:
    """Read a working folder and check it.

    Args:
        folder: With autoresponder.yaml (or without: then the defaults hold), rules, templates, properties.
        environ: The process environment.
        tests: Whether the files of the manager's own tests are looked at, too. No guest depends on them.
        today: The day, for comments that allow a warning until then; without it no comment allows anything.
        secrets: Where relative names of `from_file` begin; the folder itself by default.

    Returns:
        Every problem, in the order of a report. Broken settings do not hide what is wrong elsewhere.
    """
    settings, problems = read_settings(folder, environ)
    if settings is None:
        settings = Settings(folder=folder)
    with each_file_once(), _collecting_seldom():
        parts = read_parts(settings, environ, secrets=secrets)
        found = [*problems, *check_workspace(parts)]
        found += stray_files(folder, settings, SETTINGS_FILE)
        if tests:
            found += check_tests(folder, known_names(parts.ruleset, parts.book))
    if today is not None:
        found = without_allowed(found, _texts(settings, parts, tests=tests), today)
    return sorted(found, key=lambda p: p.sort_key)


def checked_files(folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Every file that a check reads and that is text: path relative to the working folder → text."""
    settings = read_settings(folder, environ)[0] or Settings(folder=folder)
    return _texts(settings, read_parts(settings, environ), tests=True)


def raw_files(folder: Path, environ: Mapping[str, str]) -> dict[str, bytes]:
    """Every file that a check reads, as it is: path relative to the working folder → content. Parses only settings."""
    settings = read_settings(folder, environ)[0] or Settings(folder=folder)
    rest = Reading()
    read_file(folder, SETTINGS_FILE, rest)
    tests = read_tree(folder, FOLDER, ENDINGS, "test files").files
    return {**folder_files(settings), **rest.files, **tests}


def _texts(settings: Settings, parts: Parts, *, tests: bool) -> dict[str, str]:
    """Every file in which a comment may allow something."""
    folder, rest = settings.folder, Reading()
    for name in (SETTINGS_FILE, settings.properties):
        read_file(folder, name, rest)
    if tests:
        rest.files.update(read_tree(folder, FOLDER, ENDINGS, "test files").files)
    read = {name: to_text(raw, name) for name, raw in rest.files.items()}
    texts = {name: text for name, (text, problems) in read.items() if not problems}
    texts.update(parts.rule_files)
    texts.update({f"{settings.templates}/{name}": text for name, text in parts.template_files.items()})
    return texts


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
