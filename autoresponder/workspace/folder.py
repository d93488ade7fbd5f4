"""Reads the files of a working folder: bounded, and never anything outside of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autoresponder.problems import Problem, Severity

MAX_FILE = 8 * 1024 * 1024
MAX_FILES = 5_000
MAX_TOTAL = 64 * 1024 * 1024
MAX_DEPTH = 8

_UNUSED_ALLOWED = (".md", ".txt", ".orig", ".rej")
_NO_FILE = "F001"
_OUTSIDE = "F002"
_TOO_MUCH = "F003"
_NOT_USED = "F004"


@dataclass(slots=True)
class Reading:
    """Files that were read, and what was wrong with others.

    Attributes:
        files: Path relative to the working folder, with `/` → content, sorted by path.
        problems: What could not be read, and what is not used.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    total: int = 0

    def add(self, file: str, code: str, message: str, remedy: str = "", *, warn: bool = False) -> None:
        """Note a problem with a file."""
        severity = Severity.WARNING if warn else Severity.ERROR
        self.problems.append(Problem(file=file, code=code, message=message, remedy=remedy, severity=severity))


def read_file(folder: Path, name: str, reading: Reading) -> bytes | None:
    """Read one file of the folder into `reading`; None when it does not exist or cannot be read."""
    path = folder / name
    if not path.exists() and not path.is_symlink():
        return None
    return _read(folder.resolve(), path, name, reading)


def read_tree(
    folder: Path, name: str, endings: tuple[str, ...], kind: str, *, most: int = MAX_TOTAL
) -> Reading:
    """Read all files below a folder of the working folder.

    Args:
        folder: The working folder.
        name: The folder in it, relative.
        endings: Endings of the files that are wanted.
        kind: What they are, for the remark on files that are not used: `rule files`.
        most: Bytes, all together.

    Returns:
        What was read. Hidden files, and folders that begin with `.` or `_`, are left alone; links are followed only when
        they lead to a file inside the working folder.
    """
    reading = Reading()
    root = folder.resolve()
    top = folder / name
    if not top.exists():
        return reading
    if not top.is_dir() or not top.resolve().is_relative_to(root):
        reading.add(name, _OUTSIDE, f"'{name}' is not a folder inside the working folder")
        return reading
    for path in _walk(top, reading, name):
        relative = path.relative_to(folder).as_posix()
        if not path.name.lower().endswith(endings):
            doubled = path.stem.lower().endswith(endings)
            if doubled or not path.name.endswith((*_UNUSED_ALLOWED, "~")):
                wanted = " or ".join(endings)
                remedy = f"rename it to {path.stem}" if doubled else f"{kind} end in {wanted}"
                reading.add(relative, _NOT_USED, "this file is not used", remedy, warn=True)
            continue
        if len(reading.files) >= MAX_FILES or reading.total > most:
            limit = f"{MAX_FILES} files, {most // 1_048_576} MB"
            reading.add(name, _TOO_MUCH, f"there is too much in '{name}' (the limit is {limit})", "tidy up")
            break
        _read(root, path, relative, reading)
    reading.files = dict(sorted(reading.files.items()))
    return reading


def _walk(top: Path, reading: Reading, name: str) -> Iterator[Path]:
    """Every visible file below a folder, sorted, not following links to folders."""

    def failed(error: OSError) -> None:
        reading.add(name, _NO_FILE, f"a folder in '{name}' cannot be read ({_reason(error)})")

    for place, folders, names in os.walk(top, onerror=failed):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        if len(Path(place).relative_to(top).parts) >= MAX_DEPTH:
            folders.clear()
        for file in sorted(names):
            if not file.startswith("."):
                yield Path(place) / file


def _read(root: Path, path: Path, relative: str, reading: Reading) -> bytes | None:
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(root):
            reading.add(relative, _OUTSIDE, "this link leads out of the working folder", "copy the file here")
            return None
        if not real.is_file():
            reading.add(relative, _NO_FILE, "this is not a file")
            return None
        with real.open("rb") as file:
            content = file.read(MAX_FILE + 1)
    except (OSError, RuntimeError) as error:
        reading.add(relative, _NO_FILE, f"this file cannot be read ({_reason(error)})")
        return None
    reading.files[relative] = content
    reading.total += len(content)
    return content


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or "a link that leads to itself").lower()
