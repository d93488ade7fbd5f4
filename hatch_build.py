"""Builds a wheel with the rule engine as machine code, where that is asked for.

    HATCH_BUILD_HOOK_ENABLE_CUSTOM=true python -m pip wheel --no-deps --no-build-isolation .

It needs mypy and setuptools (requirements/compile.txt), what the program itself needs, and a C compiler. The code is the same, compiled by mypyc; so
are the decisions, which then cost about half. Without it the wheel is plain Python and does everything, too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_FOLDERS = ("autoresponder/text", "autoresponder/rules")
"""What deciding spends its time in. Pure code, so that nothing else notices."""


class CompileError(RuntimeError):
    """The engine could not be compiled; the text says why."""


def compile_engine(root: Path, into: Path, *, optimise: bool = True) -> list[Path]:
    """Copy the program into a folder and compile the engine there.

    Args:
        root: The checkout.
        into: An empty folder.
        optimise: Whether the C compiler takes its time to make quick code.

    Returns:
        The files of machine code, relative to `into`.

    Raises:
        CompileError: mypy, setuptools or a C compiler is missing, or does not accept the code.
    """
    unwanted = shutil.ignore_patterns("__pycache__", *[f"*{suffix}" for suffix in EXTENSION_SUFFIXES])
    shutil.copytree(root / "autoresponder", into / "autoresponder", ignore=unwanted)
    modules = [
        path.relative_to(into).as_posix()
        for folder in _FOLDERS
        for path in sorted((into / folder).rglob("*.py"))
        if path.name != "__init__.py"
    ]
    environment = {name: value for name, value in os.environ.items() if name != "MYPYPATH"}
    done = subprocess.run(
        [sys.executable, "-m", "mypyc", "--ignore-missing-imports", *modules],
        cwd=into,
        env={**environment, "MYPYC_OPT_LEVEL": "3" if optimise else "0"},
        check=False,
        capture_output=True,
        text=True,
    )
    shutil.rmtree(into / "build", ignore_errors=True)
    shutil.rmtree(into / ".mypy_cache", ignore_errors=True)
    if done.returncode:
        raise CompileError(f"the engine could not be compiled:\n{(done.stdout + done.stderr)[-2_000:]}")
    made = [path for suffix in EXTENSION_SUFFIXES for path in into.rglob(f"*{suffix}")]
    return sorted({path.relative_to(into) for path in made})


class CompiledEngine(BuildHookInterface[Any]):
    """Puts the machine code beside the Python code of the wheel."""

    PLUGIN_NAME = "custom"
    _folder: Path | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """See hatchling: called before the wheel is made."""
        if version == "editable":
            return  # machine code would hide what is edited
        self._folder = Path(tempfile.mkdtemp(prefix="autoresponder-build-"))
        for path in compile_engine(Path(self.root), self._folder):
            build_data["force_include"][str(self._folder / path)] = path.as_posix()
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """See hatchling: called when the wheel is made."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
