"""Files that somebody meant for the service, and that lie or are called where nothing reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from autoresponder.config import Settings
from autoresponder.problems import Problem, Severity

_MOST = 100
_READ = 65_536
"""Bytes of a file that are looked at."""
_KIND = re.compile(rb"^(?:\xef\xbb\xbf)?(rules|topics|tests|properties)[ \t]*:", re.MULTILINE)
_ENDINGS = (".yaml", ".yml", ".yaml.txt", ".yml.txt")


def stray_files(folder: Path, settings: Settings, settings_file: str) -> list[Problem]:
    """F006, warnings: files directly in the working folder that hold something of ours and are not read.

    Files of other programs may lie there, too; a file counts only when its name or its first settings are ours.
    """
    return list(_strays(folder, settings, settings_file))


def _strays(folder: Path, settings: Settings, settings_file: str) -> Iterator[Problem]:
    read = {settings_file, Path(settings.properties).name}
    try:
        found = sorted(path for path in folder.iterdir() if path.name.lower().endswith(_ENDINGS))[:_MOST]
    except OSError:
        return  # told by whoever reads the folder
    for path in found:
        if path.name in read or path.name.startswith(".") or not path.is_file():
            continue
        remedy = _remedy(path, read, settings)
        if remedy:
            yield Problem(
                file=path.name,
                code="F006",
                message="this file is not read",
                remedy=remedy,
                severity=Severity.WARNING,
            )


def _remedy(path: Path, read: set[str], settings: Settings) -> str:
    meant = path.name.lower().split(".")[0] + ".yaml"
    if meant in read:
        there = (path.parent / meant).exists()
        return f"{meant} is read instead: delete one of the two" if there else f"rename it to {meant}"
    try:
        with path.open("rb") as file:
            kind = _KIND.search(file.read(_READ))
    except OSError:
        return ""
    if kind is None:
        return ""
    places = {
        b"rules": f"{settings.rules}/",
        b"topics": f"{settings.rules}/topics/",
        b"tests": "tests/",
        b"properties": "",
    }
    place = places[kind[1]]
    return (
        f"move it into {place}"
        if place
        else f"properties stand in {settings.properties}: move its lines there"
    )
