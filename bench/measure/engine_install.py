"""A temporary environment with the peers' packages, which this program's own environment never sees."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_LONGEST = 600
"""Seconds for downloading and installing."""


@contextmanager
def installed(packages: Sequence[str]) -> Iterator[list[str]]:
    """Packages that can be imported inside the block; gives those that could not be installed."""
    with TemporaryDirectory(prefix="bench-peers-") as name:
        folder = Path(name)
        python = folder / "bin" / "python"
        missing = list(packages)
        if _run(sys.executable, "-m", "venv", name) or _run(
            "uv", "venv", "--seed", "--python", sys.executable, name
        ):
            missing = [package for package in packages if not _install(python, package)]
        places = [str(place) for place in folder.glob("lib/python*/site-packages")]
        sys.path += places
        try:
            yield missing
        finally:
            for place in places:
                sys.path.remove(place)


def _install(python: Path, package: str) -> bool:
    pip = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package)
    return _run(*pip) or _run("uv", "pip", "install", "--quiet", "--python", str(python), package)


def _run(*command: str) -> bool:
    try:
        done = subprocess.run(command, check=False, capture_output=True, timeout=_LONGEST)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
