"""Holds the program to docs/architecture.md: who may import whom, what the pure core may not do, how big a module is."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "autoresponder"
MAX_LINES = 300

GROUND = "model decision errors problems clock config durations addresses languages phonenumbers attachments parts schemas"
PURE = f"{GROUND} content stay text yamltext rules properties templating circumstances records guards turns recall replay lint".split()

SERVICES = "circumstances records turns guards intake ledger brain recall replay samples preview foresight doctor status delivery service"
CASES = "cases.spec cases.expecting cases.making cases.reading"
"""Of the manager's tests what reads their files, which `check` does, too."""

LAYERS: tuple[tuple[str, str], ...] = (
    (GROUND, GROUND),
    ("content stay text yamltext", GROUND),
    ("rules", f"{GROUND} stay text yamltext"),
    ("properties", f"{GROUND} yamltext"),
    ("templating", f"{GROUND} stay properties yamltext"),
    ("channex.interface store.interface", GROUND),
    ("channex", f"{GROUND} channex.interface"),
    ("store", f"{GROUND} store.interface"),
    ("sandbox", "clock"),
    ("settings_environment settings_file", f"{GROUND} yamltext settings_environment"),
    ("folder starter", GROUND),
    ("workspace", f"{GROUND} folder yamltext rules properties templating settings_file"),
    ("lint", f"{GROUND} content text yamltext rules properties templating settings_file workspace {CASES}"),
    (
        SERVICES,
        f"{GROUND} content stay rules properties templating workspace channex.interface store.interface {SERVICES}",
    ),
    ("reload", f"{GROUND} lint workspace cases"),
    (CASES, f"{GROUND} yamltext {CASES}"),
    (
        "cases",
        f"{GROUND} stay yamltext rules properties workspace brain circumstances guards records samples turns {CASES}",
    ),
    ("demo", f"{GROUND} starter ledger records"),
)
"""Who may import whom: parts, and what they may use besides themselves. The longest name counts."""

EVERYTHING = ("app", "cli", "__main__")
COMPOSITION_ROOT = "app"
PORTS = ("channex.interface", "store.interface")
PURE_WIRE = tuple(f"channex.{name}" for name in ("requests", "responses", "payloads", "fields", "jsontext"))


def _words(*texts: str) -> frozenset[str]:
    return frozenset(" ".join(texts).split())


IMPURE_MODULES = _words(
    "aiohttp asyncio click concurrent ftplib http io logging multiprocessing os prometheus_client queue random",
    "redis rich secrets selectors shutil signal smtplib socket socketserver sqlite3 ssl subprocess sys tempfile",
    "threading time urllib.request uuid",
)
IMPURE_CALLS = _words("now utcnow today open print input")
IMPURE_PATH_METHODS = _words(
    "exists glob is_dir is_file iterdir mkdir read_bytes read_text rglob stat touch unlink write_bytes write_text"
)
CLOCK = "clock"
"""The one ground module that reads the time: it is what everybody else gets it from."""


@dataclass(frozen=True)
class Import:
    """One import statement: what, where, and whether it runs when the module is loaded."""

    target: str
    line: int
    at_load: bool


@dataclass(frozen=True)
class Module:
    """One file of the program; its name without the package's."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def where(self) -> str:
        return str(self.path.relative_to(ROOT))


@cache
def modules() -> dict[str, Module]:
    found = {}
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        parts = path.relative_to(ROOT / PACKAGE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        text = path.read_text(encoding="utf-8")
        found[name] = Module(name, path, text, ast.parse(text, str(path)))
    return found


def imports(tree: ast.Module) -> Iterator[Import]:
    """Every import of a file. Those below `if TYPE_CHECKING` count as run at load: a cycle is a cycle."""
    lazy: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            lazy.update(ast.walk(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, node not in lazy)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield Import(f"{node.module}.{alias.name}", node.lineno, node not in lazy)


def ours(found: Import) -> str | None:
    """The module of the program that an import names, without the package's name."""
    if found.target != PACKAGE and not found.target.startswith(f"{PACKAGE}."):
        return None
    name = found.target.removeprefix(PACKAGE).removeprefix(".")
    while name and name not in modules():
        name = name.rpartition(".")[0]
    return name


def inside(name: str, parts: tuple[str, ...] | list[str]) -> str | None:
    """The longest of `parts` that `name` is or lies in."""
    fitting = [part for part in parts if name == part or name.startswith(f"{part}.")]
    return max(fitting, key=len, default=None)


def permissions() -> dict[str, tuple[str, ...]]:
    return {part: tuple(allowed.split()) for parts, allowed in LAYERS for part in parts.split()}


def is_adapter(name: str) -> bool:
    return (
        name not in PORTS
        and name not in ("store", "channex")
        and inside(name, ("store", "channex")) is not None
    )


def impurities(name: str, tree: ast.Module) -> Iterator[str]:
    """What a pure module must not do: import I/O, clock or randomness, or reach them through a builtin or a path."""
    for found in imports(tree):
        for module in IMPURE_MODULES:
            if found.target == module or found.target.startswith(f"{module}."):
                yield f"{name}:{found.line} imports {found.target}"
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
            yield f"{name}:{node.lineno} calls {node.func.id}()"
        if isinstance(node.func, ast.Attribute) and (
            node.func.attr in IMPURE_PATH_METHODS or (node.func.attr in IMPURE_CALLS and _is_clock(node.func))
        ):
            yield f"{name}:{node.lineno} calls .{node.func.attr}()"


def _is_clock(function: ast.Attribute) -> bool:
    return ast.unparse(function.value).split(".")[-1] in {"datetime", "date", "Path"}


def pure_modules() -> list[Module]:
    return [m for m in modules().values() if m.name != CLOCK and inside(m.name, [*PURE, *PURE_WIRE])]


def test_every_part_has_its_place() -> None:
    known = [*permissions(), *EVERYTHING]
    lost = [m.where for m in modules().values() if m.name and inside(m.name, known) is None]
    assert not lost, f"say in docs/architecture.md and in LAYERS what these may use: {lost}"


def test_imports_go_one_way() -> None:
    table = permissions()
    wrong = []
    for module in modules().values():
        part = inside(module.name, list(table))
        if part is None:
            continue
        for found in imports(module.tree):
            target = ours(found)
            if not target or inside(target, [part]) or inside(target, list(table[part])):
                continue
            wrong.append(f"{module.where}:{found.line}: {part} may not use {target}")
    assert not wrong, "\n".join(wrong)


def test_only_the_composition_root_names_adapters() -> None:
    wrong = []
    for module in modules().values():
        home = inside(module.name, ("store", "channex"))
        for found in imports(module.tree):
            target = ours(found)
            if not target or not is_adapter(target) or module.name == COMPOSITION_ROOT:
                continue
            if home is None or inside(target, [home]) is None:
                wrong.append(f"{module.where}:{found.line}: names {target}")
            elif module.name == "store" and found.at_load and target != "store.ordering":
                wrong.append(f"{module.where}:{found.line}: loads {target} before anybody wants it")
    assert not wrong, "\n".join(wrong)


def test_the_pure_core_is_pure() -> None:
    wrong = [line for module in pure_modules() for line in impurities(module.where, module.tree)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "import asyncio",
        "import os.path",
        "def f():\n    from urllib.request import urlopen",
        "from datetime import datetime\ndatetime.now(None)",
        "import datetime\ndatetime.date.today()",
        "from random import random",
        "open('x')",
        "def f(path): return path.read_text()",
        "if TYPE_CHECKING:\n    import redis.asyncio",
    ],
)
def test_an_impurity_is_seen(text: str) -> None:
    assert list(impurities("sample", ast.parse(text)))


@pytest.mark.parametrize(
    "text",
    ["import osprey", "from datetime import time", "clock.now()", "import urllib.parse", "thread.open"],
)
def test_purity_is_not_mistaken(text: str) -> None:
    assert not list(impurities("sample", ast.parse(text)))


def test_there_are_no_import_cycles() -> None:
    graph = {
        name: {target for found in imports(module.tree) if found.at_load and (target := ours(found))} - {name}
        for name, module in modules().items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"import cycle: {' <- '.join(error.args[1])}")


def test_modules_introduce_themselves() -> None:
    wrong = []
    for module in modules().values():
        if not ast.get_docstring(module.tree):
            wrong.append(f"{module.where}: no docstring")
        future = any(found.target == "__future__.annotations" for found in imports(module.tree))
        if not future and len(module.tree.body) > 1:
            wrong.append(f"{module.where}: no 'from __future__ import annotations'")
    assert not wrong, "\n".join(wrong)


def test_modules_are_read_in_one_sitting() -> None:
    long = {m.where: n for m in modules().values() if (n := len(m.text.splitlines())) > MAX_LINES}
    assert not long, f"longer than {MAX_LINES} lines: {long}"


def test_no_module_is_called_like_one_of_the_standard_library() -> None:
    taken = [m.where for m in modules().values() if m.name.rpartition(".")[2] in sys.stdlib_module_names]
    assert not taken


@pytest.mark.parametrize("name", ["rules", "text", "templating", "properties", "yamltext", "brain"])
def test_the_core_loads_without_adapters(name: str) -> None:
    script = f"import {PACKAGE}.{name}, sys; print(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    heavy = {"aiohttp", "redis", "sqlite3", "prometheus_client", "click", "rich"}
    assert not heavy & set(done.stdout.split())
