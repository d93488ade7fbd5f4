"""Changes to the working folder while the service runs: checked and tried, then in force as a whole, or not at all.

A set of rules that was sound is kept in the store as well, so that a restart over a broken folder can go on.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import msgspec

from autoresponder.cases.folder import read_suite, recorded_replies, test_files
from autoresponder.cases.judging import Result
from autoresponder.cases.run import tried
from autoresponder.config import Settings
from autoresponder.lint.linter import check_folder
from autoresponder.lint.own_tests import known_names
from autoresponder.problems import Problem, Severity
from autoresponder.workspace import Workspace, content_version, folder_files, load_workspace

_MOST_KEPT = 16 * 1024 * 1024
"""Bytes, compressed; a larger set of rules is not kept."""

_files = msgspec.msgpack.Decoder(dict[str, bytes])


class Change(Enum):
    """What a look at the folder found."""

    NOTHING = "nothing"
    """The folder is as it was, or somebody is still saving."""
    LIVE = "live"
    """New rules are in force."""
    REFUSED = "refused"
    """The folder has errors, or a test fails: the rules from before stay in force."""
    RESTORED = "restored"
    """The folder is again what is in force."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found, with the errors in the way of new rules."""

    change: Change
    problems: tuple[Problem, ...] = ()


class LiveWorkspace:
    """The rules, templates and properties in force. A decision under way keeps the set that it began with.

    Args:
        workspace: What is in force at first.
        settings: Where the files are. Settings themselves change only with a restart.
        environ: The process environment.
        problems: Errors in the folder, when what is in force at first does not come from it.
    """

    def __init__(
        self,
        workspace: Workspace,
        settings: Settings,
        environ: Mapping[str, str],
        *,
        problems: Sequence[Problem] = (),
    ) -> None:
        self._workspace = workspace
        self._settings = settings
        self._environ = environ
        self._judged = self._seen = self._there()
        self.trouble = _trouble(problems)
        """What is wrong with the files on disk, on one line; empty when they are in force."""

    def __call__(self) -> Workspace:
        """What is in force now."""
        return self._workspace

    def look(self) -> Look:
        """Look at the folder once; contents count, not times, so that exchanged links are noticed as well.

        Files are judged when two looks in a row have seen the same: an editor may save several of them.
        """
        there = self._there()
        settled, self._seen = there == self._seen, there
        if there == self._judged or not settled:
            return Look(Change.NOTHING)
        if there[0] == self._workspace.version:
            restored = bool(self.trouble)
            self._judged, self.trouble = there, ""
            return Look(Change.RESTORED if restored else Change.NOTHING)
        errors = errors_in(self._settings, self._environ)
        workspace = None if errors else load_workspace(self._settings, self._environ)[0]
        if workspace is not None:
            errors = red_tests(self._settings, workspace)
        if self._there() != there:
            return Look(Change.NOTHING)  # changed meanwhile: what was judged is not what is there
        self._judged = there
        if workspace is None or errors:
            self.trouble = _trouble(errors)
            return Look(Change.REFUSED, tuple(errors))
        self._workspace, self.trouble = workspace, ""
        return Look(Change.LIVE)

    def _there(self) -> tuple[str, str]:
        """What is on the disk: the files that decide, and the manager's tests."""
        folder = self._settings.folder
        tests = {**test_files(folder), **recorded_replies(folder)}
        return content_version(folder_files(self._settings)), content_version(tests)


def errors_in(settings: Settings, environ: Mapping[str, str]) -> list[Problem]:
    """What keeps a folder from going live; a mistake in a test file does not."""
    found = check_folder(settings.folder, environ, tests=False)
    return [p for p in found if p.severity is Severity.ERROR]


def red_tests(settings: Settings, workspace: Workspace) -> list[Problem]:
    """The manager's tests that these rules fail; a test with a mistake of its own says nothing about them."""
    suite = read_suite(settings.folder, known_names(workspace.ruleset, workspace.book))
    return [_red(result) for result in tried(suite, settings, workspace) if result.red]


def _red(result: Result) -> Problem:
    case = result.case
    why = result.failures[0].message if result.failures else "it was called a known gap, and passes by now"
    return Problem(
        file=case.file,
        line=case.line,
        code="K012",
        message=f"the test '{case.name}' fails: {why}",
        remedy="see  autoresponder test",
    )


def packed(settings: Settings, version: str) -> bytes | None:
    """The folder's files for safekeeping; None when they are not that version any more, or too much."""
    files = folder_files(settings)
    if content_version(files) != version:
        return None
    data = zlib.compress(msgspec.msgpack.encode(files))
    return data if len(data) <= _MOST_KEPT else None


def unpacked(data: bytes, settings: Settings, environ: Mapping[str, str]) -> Workspace | None:
    """The workspace that was kept; None when it cannot be used any more (a secret is gone, another program)."""
    try:
        files = _files.decode(zlib.decompress(data))
    except (zlib.error, msgspec.DecodeError):
        return None
    with TemporaryDirectory(prefix="autoresponder-") as name:
        for path, content in files.items():
            parts = PurePosixPath(path).parts
            if not parts or ".." in parts or path.startswith("/"):
                return None
            target = Path(name, *parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        kept = replace(settings, folder=Path(name))
        return load_workspace(kept, environ, secrets=settings.folder)[0]


def _trouble(problems: Sequence[Problem]) -> str:
    if not problems:
        return ""
    first = problems[0]
    count = "1 error" if len(problems) == 1 else f"{len(problems)} errors"
    return (
        f"the files on disk have {count}, the first in {first.file}:{first.line}: {first.message}; "
        "the rules from before stay in force"
    )
