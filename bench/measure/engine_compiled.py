"""Measuring the engine as machine code, made of this checkout in a temporary folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from autoresponder.rules import engine
from hatch_build import CompileError, compile_engine

_ROOT = Path(__file__).resolve().parents[2]


def is_compiled() -> bool:
    """Whether the engine that this process has is machine code."""
    return not str(engine.__file__).endswith(".py")


def run_compiled(arguments: Sequence[str]) -> int | None:
    """Compile the engine and run `bench/engine` with it; its exit code, or None when it cannot be compiled."""
    print(
        "compiling the engine, which takes a minute or two (--interpreted leaves it out) …", file=sys.stderr
    )
    with TemporaryDirectory(prefix="bench-engine-") as name:
        folder = Path(name)
        try:
            compile_engine(_ROOT, folder)
        except CompileError as error:
            print(f"{error}\nso it is measured as Python runs it", file=sys.stderr)
            return None
        for part in ("rules", "templates", "pyproject.toml"):
            (folder / part).symlink_to(_ROOT / part)
        return subprocess.run(
            [sys.executable, "-m", "bench.measure.engine", "--interpreted", *arguments],
            # Without the present folder, where the same program lies uncompiled.
            env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{_ROOT}", "PYTHONSAFEPATH": "1"},
            check=False,
        ).returncode
