"""Findings in the forms that build servers and code reviews read: SARIF, GitHub annotations, JUnit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from autoresponder.lint.codes import CODES
from autoresponder.lint.report import visible
from autoresponder.problems import Problem, Severity

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render_sarif(problems: Sequence[Problem], version: str) -> str:
    """Findings as SARIF 2.1.0 (OASIS standard).

    Args:
        problems: In any order.
        version: The program's version.
    """
    ordered = sorted(problems, key=lambda p: p.sort_key)
    codes = sorted({problem.code for problem in ordered})
    run = {
        "tool": {
            "driver": {"name": "autoresponder", "version": version, "rules": [_rule(code) for code in codes]}
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, codes.index(problem.code)) for problem in ordered],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def render_github(problems: Sequence[Problem]) -> str:
    """Findings as GitHub workflow commands, one a line; nothing when there are none."""
    return "\n".join(_annotation(problem) for problem in sorted(problems, key=lambda p: p.sort_key))


def render_junit(problems: Sequence[Problem], *, strict: bool = False) -> str:
    """Findings as JUnit XML: a test case for each file with findings, one passed case when there are none.

    Args:
        problems: In any order.
        strict: Whether warnings fail their file, too.
    """
    files: dict[str, list[Problem]] = {}
    for problem in sorted(problems, key=lambda p: p.sort_key):
        files.setdefault(problem.file, []).append(problem)
    failed = sum(any(_fails(p, strict=strict) for p in found) for found in files.values())
    cases = [_case(file, found, strict=strict) for file, found in files.items()]
    cases = cases or ['  <testcase classname="check" name="no problems found"/>']
    head = f'<testsuite name="autoresponder check" tests="{len(cases)}" failures="{failed}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>"])


def _rule(code: str) -> dict[str, object]:
    known = CODES.get(code)
    if known is None:
        return {"id": code}
    told = {"shortDescription": {"text": known.what}}
    if known.why or known.wrong:
        lines = [known.why] if known.why else []
        if known.wrong:
            lines += ["Instead of:", *(f"    {line}" for line in known.wrong)]
            lines += ["write:", *(f"    {line}" for line in known.right)]
        told["help"] = {"text": "\n".join(lines)}
    return {"id": code, **told}


def _result(problem: Problem, index: int) -> dict[str, object]:
    region = {
        "startLine": problem.line,
        "startColumn": problem.column,
        "endColumn": problem.column + problem.length,
    }
    place = {"artifactLocation": {"uri": quote(problem.file)}, "region": region}
    return {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": problem.severity.value,
        "message": {"text": _told(problem)},
        "locations": [{"physicalLocation": place}],
    }


def _annotation(problem: Problem) -> str:
    end = problem.column + problem.length - 1
    return (
        f"::{problem.severity.value} file={_property(problem.file)},line={problem.line},"
        f"col={problem.column},endColumn={end},title={_property(problem.code)}::{_data(_told(problem))}"
    )


def _case(file: str, found: Sequence[Problem], *, strict: bool) -> str:
    lines = "\n".join(f"{p.file}:{p.line}:{p.column} {p.severity.value} {p.code} {_told(p)}" for p in found)
    bad = [p for p in found if _fails(p, strict=strict)]
    body = escape("\n".join(visible(line) for line in lines.split("\n")))
    inner = (
        f'<failure message="{escape(visible(bad[0].message))}" type="{bad[0].code}">{body}</failure>'
        if bad
        else f"<system-out>{body}</system-out>"
    )
    return f'  <testcase classname="check" name="{escape(visible(file))}">{inner}</testcase>'


def _fails(problem: Problem, *, strict: bool) -> bool:
    return strict or problem.severity is Severity.ERROR


def _told(problem: Problem) -> str:
    """Message, rule and remedy in one line."""
    rule = f" (rule “{problem.rule}”)" if problem.rule else ""
    return visible(f"{problem.message}{rule}" + (f": {problem.remedy}" if problem.remedy else ""))


def _data(text: str) -> str:
    """A text as the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A text as a property of a workflow command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
