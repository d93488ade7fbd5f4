"""A temporary environment with other checkers, which this program's own environment never sees."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LONGEST = 600
"""Seconds for downloading and installing."""


@contextmanager
def environment(packages: list[str]) -> Iterator[tuple[Path, list[str]]]:
    """An interpreter, and the packages that it really has; those that cannot be had are left out of the table."""
    with tempfile.TemporaryDirectory(prefix="bench-checkers-") as name:
        python = Path(name) / "bin" / "python"
        made = _run(sys.executable, "-m", "venv", name) or _run(
            "uv", "venv", "--python", sys.executable, name
        )
        there = [package for package in packages if made and _install(python, package)]
        for package in packages:
            if package not in there:
                print(f"{package} cannot be installed here and is left out", file=sys.stderr)
        yield python, there


def _install(python: Path, package: str) -> bool:
    return _run("uv", "pip", "install", "--quiet", "--python", str(python), package) or _run(
        str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package
    )


def _run(*command: str) -> bool:
    try:
        done = subprocess.run(command, check=False, capture_output=True, timeout=_LONGEST)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
