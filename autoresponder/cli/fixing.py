"""`check --fix`: repairs what is clear, on a copy first; the files are written when the copy is better."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import unified_diff
from pathlib import Path

from autoresponder.lint.fixing import Edit, edited, edits
from autoresponder.lint.linter import check_folder, checked_files
from autoresponder.problems import Problem, Severity

Check = Callable[[], list[Problem]]

_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Repair:
    """What would be written."""

    files: Mapping[str, str]
    """Path relative to the working folder → new text; only files that change."""
    diff: str
    before: int
    """Problems before."""
    after: int
    """Problems that would be left."""


def repair(folder: Path, environ: Mapping[str, str], today: date) -> Repair:
    """Work out repairs without touching the folder.

    Every repair is tried on a copy, and kept only when there are fewer errors than before, or as many and fewer warnings.
    """
    texts = checked_files(folder, environ)
    with tempfile.TemporaryDirectory(prefix="autoresponder-fix-") as name:
        copy = Path(name)
        _write_all(copy, texts)

        def check() -> list[Problem]:
            return check_folder(copy, environ, today=today, secrets=folder)

        problems = check()
        before, new = len(problems), dict(texts)
        for _ in range(_ROUNDS):
            wanted = edits(problems)
            better = _tried(copy, new, wanted, problems, check)
            if better is None:
                for edit in wanted:
                    better = _tried(copy, new, [edit], problems, check)
                    if better is not None:
                        break
            if better is None:
                break
            new, problems = better
    changed = {file: text for file, text in new.items() if text != texts[file]}
    return Repair(changed, _diff(texts, changed), before, len(problems))


def write(folder: Path, repair: Repair) -> None:
    """Write the repaired files, with the line ends that they have; each is exchanged as a whole.

    Raises:
        OSError: A file cannot be written; those before it are.
    """
    for name, text in repair.files.items():
        target = (folder / name).resolve()
        ends = "\r\n" if b"\r\n" in target.read_bytes() else "\n"
        handle, place = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline=ends) as stream:
                stream.write(text)
            shutil.copymode(target, place)
            Path(place).replace(target)
        except BaseException:
            Path(place).unlink(missing_ok=True)
            raise


def _tried(
    copy: Path, texts: dict[str, str], wanted: list[Edit], problems: list[Problem], check: Check
) -> tuple[dict[str, str], list[Problem]] | None:
    """The texts with these edits and what is left then, when that is less; the copy is as it was otherwise."""
    changed = {f: t for f, t in edited(texts, wanted).items() if t != texts[f]}
    if not changed:
        return None
    _write_all(copy, changed)
    found = check()
    if _weight(found) < _weight(problems):
        return {**texts, **changed}, found
    _write_all(copy, {file: texts[file] for file in changed})
    return None


def _weight(problems: list[Problem]) -> tuple[int, int]:
    """Errors count before warnings: a file that could not be read hides its own."""
    return sum(p.severity is Severity.ERROR for p in problems), len(problems)


def _write_all(place: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        target = place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", newline="") as stream:
            stream.write(text)


def _diff(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    return "".join(
        line if line.endswith("\n") else line + "\n"
        for file, text in sorted(new.items())
        for line in unified_diff(
            old[file].splitlines(keepends=True),
            text.splitlines(keepends=True),
            file,
            f"{file} (repaired)",
        )
    )
