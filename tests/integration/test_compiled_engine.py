"""The engine as machine code decides what it decides as Python."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from hatch_build import compile_engine

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = ROOT / "tests/unit/starter/messages.txt"
SCRIPT = """
import sys
from autoresponder.cli import execute
from autoresponder.rules import engine
print(engine.__file__, file=sys.stderr)
raise SystemExit(execute(["explain", "-C", sys.argv[1], "--messages", sys.argv[2], "--format", "jsonl"]))
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (shutil.which("cc") or shutil.which("gcc")) or find_spec("setuptools") is None:
        pytest.skip("there is no C compiler here, or no setuptools")
    folder = tmp_path_factory.mktemp("compiled")
    made = compile_engine(ROOT, folder, optimise=False)
    assert {path.name.partition(".")[0] for path in made} >= {"engine", "reading", "index", "tokens"}
    assert {path.suffix for path in made} <= {".so", ".pyd"}
    for part in ("rules", "templates", "pyproject.toml"):
        (folder / part).symlink_to(ROOT / part)
    return folder


def decided(program: Path, workspace: Path, messages: Path) -> tuple[list[str], str]:
    """What a program decides about all messages, and the file that its engine is."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(workspace), str(messages)],
        cwd=workspace,
        env={**os.environ, "PYTHONPATH": str(program), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines(), done.stderr.splitlines()[0]


def test_machine_code_decides_the_same(compiled: Path, tmp_path: Path) -> None:
    lines = [
        line.split("|", 2)[2].strip() for line in MESSAGES.read_text("utf-8").splitlines() if "|" in line
    ]
    texts = [
        *lines,
        *(f"{line} but {other}\n\n{line.upper()}" for line, other in zip(lines, lines[7:], strict=False)),
    ]
    messages = tmp_path / "messages.jsonl"
    messages.write_text(
        "".join(
            json.dumps({"id": str(i), "text": t, "provider": ("airbnb", "booking_com")[i % 2]}) + "\n"
            for i, t in enumerate(texts)
        )
    )
    workspace = tmp_path / "rentals"
    start = (
        "import sys; from autoresponder.cli import execute; raise SystemExit(execute(['init', sys.argv[1]]))"
    )
    subprocess.run([sys.executable, "-c", start, str(workspace)], cwd=ROOT, check=True, capture_output=True)
    expected, interpreted_from = decided(ROOT, workspace, messages)
    got, compiled_from = decided(compiled, workspace, messages)
    assert Path(interpreted_from).suffix == ".py"
    assert Path(compiled_from).suffix != ".py"
    assert Path(compiled_from).is_relative_to(compiled)
    assert len(expected) == len(texts)
    assert got == expected
