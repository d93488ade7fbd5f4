"""The same mistakes through `autoresponder check` and through other checkers: who finds them, and where.

Every folder of tests/corpus/invalid is one mistake (or a few); its expected.json says where it is. The others get
what serves them best: yamllint every YAML file, check-jsonschema our own schemas, j2lint the templates.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "corpus" / "invalid"
_LONGEST = 20
_JARGON = re.compile(
    r"\b(mapping|sequence|schema|instance|scalar|token|node|NoneType|dict|int|str|bool|array|object|boolean|null"
    r"|traceback|exception|regex|alias|anchor|block (?:end|mapping|sequence)|flow|syntax|parser|parsing|tag"
    r"|not of type|is not valid under)\b|\$\.",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Finding:
    """What a tool says about a file; 0 where it does not say."""

    file: str
    line: int
    column: int
    text: str


@dataclass(frozen=True)
class Wanted:
    """What should be said."""

    file: str
    line: int
    column: int
    suggests: str


Tool = Callable[[Path], list[Finding]]


def wanted(case: Path) -> list[Wanted]:
    """The mistakes of a folder."""
    entries: list[dict[str, Any]] = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    return [Wanted(e["file"], e["line"], e["column"], e.get("suggests", "")) for e in entries]


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a tool; its output as text, whatever bytes it holds."""
    try:
        return subprocess.run(
            command, cwd=cwd, check=False, capture_output=True, text=True, errors="replace", timeout=_LONGEST
        )
    except subprocess.TimeoutExpired:
        print(f"{' '.join(command[:3])} does not end within {_LONGEST} s: {cwd.name}", file=sys.stderr)
        return subprocess.CompletedProcess(command, 0, "", "")


def ours(case: Path) -> list[Finding]:
    """`autoresponder check --format json`, as its users run it."""
    done = run(sys.executable, "-m", "autoresponder", "check", "--format", "json", "--strict", ".", cwd=case)
    if done.returncode != 1 or "Traceback" in done.stderr:
        raise SystemExit(f"{case.name}: exit code {done.returncode}\n{done.stderr}")
    found = json.loads(done.stdout)["problems"]
    return [Finding(p["file"], p["line"], p["column"], f"{p['message']} {p['remedy']}") for p in found]


def yaml_files(case: Path) -> list[str]:
    """The YAML files of a folder, relative to it."""
    return sorted(str(path.relative_to(case)) for path in case.rglob("*.yaml"))


def yamllint(case: Path) -> list[Finding]:
    """`yamllint -d relaxed`: what is wrong, without matters of taste."""
    program = str(Path(sys.executable).parent / "yamllint")
    done = run(program, "-d", "relaxed", "-f", "parsable", *yaml_files(case), cwd=case)
    lines = (re.match(r"(.+?):(\d+):(\d+): \[error\] (.*)", line) for line in done.stdout.splitlines())
    return [Finding(m[1].removeprefix("./"), int(m[2]), int(m[3]), m[4]) for m in lines if m]


def check_jsonschema(python: Path, schemas: Path) -> Tool:
    """check-jsonschema with our schemas."""

    def check(case: Path) -> list[Finding]:
        found = []
        for name in yaml_files(case):
            kind = {"properties.yaml": "properties", "autoresponder.yaml": "settings"}.get(name)
            kind = kind or ("topics" if "topics/" in name else "rules")
            schema = str(schemas / f"{kind}.json")
            done = run(
                str(python), "-m", "check_jsonschema", "-o", "json", "--schemafile", schema, name, cwd=case
            )
            if done.returncode == 0:
                continue
            try:
                report = json.loads(done.stdout)
            except json.JSONDecodeError:
                report = {"parse_errors": [{"message": done.stdout + done.stderr}]}
            for error in (*report.get("errors", ()), *report.get("parse_errors", ())):
                text = str(error.get("message", ""))
                place = re.search(r"line (\d+), column (\d+)", text)
                line, column = (int(place[1]), int(place[2])) if place else (0, 0)
                found.append(Finding(name, line, column, text))
        return found

    return check


def j2lint(python: Path) -> Tool:
    """j2lint, a linter of Jinja templates: whether they can be read at all."""

    def check(case: Path) -> list[Finding]:
        if not (case / "templates").is_dir():
            return []
        program = str(python.parent / "j2lint")
        done = run(program, "--json", "templates", cwd=case)
        try:
            report = json.loads(done.stdout)
        except json.JSONDecodeError:
            return []
        errors = [e for e in report.get("ERRORS", ()) if e.get("id") == "S0"]  # the others are taste
        return [
            Finding(os.path.relpath(e["filename"], case), int(e["line_number"]), 0, e["message"])
            for e in errors
        ]

    return check


def judge(found: Iterable[Finding], mistakes: list[Wanted]) -> str:
    """How well a folder's first mistake is told, in the letters of the table."""
    first = mistakes[0]
    there = [f for f in found if f.file == first.file]
    if not there:
        return "—"
    at_line = [f for f in there if f.line == first.line]
    if not at_line:
        return "~"
    best = next((f for f in at_line if f.column == first.column), None)
    sign = "LC" if best is not None else "L"
    helps = first.suggests and any(first.suggests in f.text for f in at_line)
    return sign + ("S" if helps else "")


def jargon(found: Iterable[Finding]) -> bool:
    """Whether a message holds a word that only programmers know."""
    return any(_JARGON.search(f.text) for f in found)


def table(tools: dict[str, Tool], cases: list[Path]) -> Iterator[dict[str, str]]:
    """One row for each folder."""
    for case in cases:
        row = {"mistake": case.name}
        for name, tool in tools.items():
            found = tool(case)
            row[name] = judge(found, wanted(case)) + ("!" if jargon(found) else "")
        row["suggests"] = "yes" if wanted(case)[0].suggests else ""
        yield row


def show(rows: list[dict[str, str]], tools: list[str], *, every: bool) -> None:
    """The table as Markdown, and its sum."""
    print("| " + " | ".join(["mistake", *tools]) + " |")
    print("|---" * (len(tools) + 1) + "|")
    for row in rows if every else ():
        print("| " + " | ".join(row[name] for name in ("mistake", *tools)) + " |")
    rows_of_sums: tuple[tuple[str, Callable[[str], bool]], ...] = (
        ("found", lambda sign: sign != "—"),
        ("right line", lambda sign: sign.startswith("L")),
        ("right column", lambda sign: sign.startswith("LC")),
        ("names the repair, where there is one", lambda sign: "S" in sign),
        ("words of programmers", lambda sign: "!" in sign),
    )
    for title, test in rows_of_sums:
        judged = [row for row in rows if row["suggests"]] if "repair" in title else rows
        counts = [f"{sum(test(row[tool]) for row in judged)} of {len(judged)}" for tool in tools]
        print("| " + " | ".join([f"**{title}**", *counts]) + " |")
    print(
        "\n— not found   ~ found, without the line   L line   LC line and column   S with the repair   ! words of programmers"
    )


def main() -> None:
    """Make the table."""
    from bench.measure.diagnostics_install import environment

    parser = argparse.ArgumentParser(prog="bench/diagnostics", description=__doc__)
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="Only mistakes whose name holds this text."
    )
    parser.add_argument("--sum", action="store_true", help="Only the sums, not each mistake.")
    args = parser.parse_args()
    cases = sorted(path for path in CORPUS.iterdir() if path.is_dir() and args.only in path.name)
    tools: dict[str, Tool] = {"autoresponder check": ours, "yamllint": yamllint}
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        schemas = Path(name)
        for kind in ("rules", "topics", "properties", "settings"):
            done = run(sys.executable, "-m", "autoresponder", "schema", kind, cwd=ROOT)
            (schemas / f"{kind}.json").write_text(done.stdout, encoding="utf-8")
        with environment(["check-jsonschema", "j2lint"]) as (python, there):
            if "check-jsonschema" in there:
                tools["check-jsonschema"] = check_jsonschema(python, schemas)
            if "j2lint" in there:
                tools["j2lint"] = j2lint(python)
            rows = list(table(tools, cases))
    show(rows, list(tools), every=not args.sum)
    missed = [row["mistake"] for row in rows if not row["autoresponder check"].startswith("LC")]
    raise SystemExit(f"not at its place: {', '.join(missed)}" if missed else 0)


if __name__ == "__main__":
    main()
