"""Whole replies as they were recorded: one text file for each test, in `tests/snapshots/`; pure but for `write`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from autoresponder.cases.reading import FOLDER
from autoresponder.cases.spec import Case
from autoresponder.errors import ConfigError

SNAPSHOTS = f"{FOLDER}/snapshots"
ENDING = ".txt"

_LONGEST_NAME = 60
_NOT_A_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A reply that is to be recorded."""

    case: Case
    path: str
    """Relative to the working folder."""
    old: str | None
    """What was recorded before; None when nothing was."""
    new: str


def snapshot_path(case: Case) -> str:
    """Where a case's reply is recorded, relative to the working folder.

    A short mark made from the whole name keeps apart what looks alike once letters and length are tamed.
    """
    file = PurePosixPath(case.file).relative_to(FOLDER).with_suffix("")
    plain = "".join(c for c in unicodedata.normalize("NFKD", case.name) if not unicodedata.combining(c))
    words = _NOT_A_LETTER.sub("-", plain.lower()).strip("-")[:_LONGEST_NAME].strip("-")
    mark = sha256(" ".join(case.name.split()).casefold().encode()).hexdigest()[:6]
    return (
        f"{SNAPSHOTS}/{file.as_posix()}/{words}-{mark}{ENDING}"
        if words
        else f"{SNAPSHOTS}/{file.as_posix()}/{mark}{ENDING}"
    )


def recorded_text(raw: bytes) -> str:
    """A recorded reply as it is compared: line ends and the file's last one do not count."""
    text = raw.decode("utf-8", "replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").removesuffix("\n")


def unused(recorded: Iterable[str], cases: Iterable[Case]) -> list[str]:
    """Recorded replies that no case asks for any more."""
    wanted = {snapshot_path(case) for case in cases if case.expected.snapshot}
    return sorted(set(recorded) - wanted)


def snapshot_texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """Path → recorded reply, of the files in `tests/snapshots`."""
    return {path: recorded_text(raw) for path, raw in files.items()}


def write(folder: Path, recordings: Iterable[Recording]) -> None:
    """Write recorded replies into the working folder.

    Raises:
        ConfigError: A link would lead out of the working folder.
        OSError: Cannot be written.
    """
    root = folder.resolve()
    for recording in recordings:
        target = folder / recording.path
        if not target.resolve().is_relative_to(root):
            raise ConfigError(f"{recording.path} leads out of the working folder; nothing is written there")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(recording.new + "\n", encoding="utf-8", newline="\n")
