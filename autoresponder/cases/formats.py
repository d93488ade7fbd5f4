"""Results of tests for programs: JSON and JUnit; pure."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from autoresponder.cases.coverage import Coverage
from autoresponder.cases.judging import Result, Verdict, outcome_of
from autoresponder.problems import Problem

_SUITE = "autoresponder test"


def as_data(results: Sequence[Result], problems: Sequence[Problem], found: Coverage | None) -> dict[str, Any]:
    """Everything about a run as plain data."""
    counts = Counter(result.verdict for result in results)
    data: dict[str, Any] = {
        "passed": counts[Verdict.PASSED],
        "failed": counts[Verdict.FAILED] + counts[Verdict.GAP_CLOSED],
        "known_gaps": counts[Verdict.KNOWN_GAP],
        "tests": [_test(result) for result in results],
        "problems": [asdict(problem) for problem in problems],
    }
    if found is not None:
        data["coverage"] = {
            "percent": round(found.percent, 1),
            "rules": {rule.id: count for rule, count in found.counts},
            "never": [rule.id for rule in found.never],
        }
    return data


def _test(result: Result) -> dict[str, Any]:
    decision = result.resolution.decision
    return {
        "file": result.case.file,
        "line": result.case.line,
        "name": result.case.name,
        "result": result.verdict.value,
        "failures": [{"about": f.about, "message": f.message} for f in result.failures],
        "known_gap": result.case.known_gap,
        "rules": list(decision.rules),
        "outcome": outcome_of(result.resolution),
        "reason": None if decision.reason is None else decision.reason.value,
        "person_told": decision.notify,
        "unanswered": decision.partial,
        "reply": result.text,
    }


def as_junit(results: Sequence[Result], problems: Iterable[Problem], seconds: float) -> str:
    """A run as JUnit XML: one suite; a mistake in a test file is an error, a known gap is skipped."""
    broken = list(problems)
    cases = [_mistake(problem) for problem in broken] + [_case(result) for result in results]
    failed = sum(result.red for result in results)
    gaps = sum(result.verdict is Verdict.KNOWN_GAP for result in results)
    head = (
        f'<testsuite name="{_SUITE}" tests="{len(cases)}" failures="{failed}" errors="{len(broken)}" '
        f'skipped="{gaps}" time="{seconds:.3f}">'
    )
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>", ""])


def _mistake(problem: Problem) -> str:
    place = f"{problem.file}:{problem.line}:{problem.column}"
    told = f"{place} {problem.code} {problem.message}" + (f": {problem.remedy}" if problem.remedy else "")
    return (
        f"  <testcase classname={_value(problem.file)} name={_value(problem.rule or place)}>"
        f"<error message={_value(problem.message)} type={_value(problem.code)}>{_content(told)}</error></testcase>"
    )


def _case(result: Result) -> str:
    case = result.case
    head = f"  <testcase classname={_value(case.file)} name={_value(case.name)}"
    if result.verdict is Verdict.PASSED:
        return f"{head}/>"
    if result.verdict is Verdict.KNOWN_GAP:
        return f"{head}><skipped message={_value(case.known_gap or '')}/></testcase>"
    if result.verdict is Verdict.GAP_CLOSED:
        messages = ["now works: remove known_gap"]
    else:
        messages = [failure.message for failure in result.failures]
    lines = [case.where, *messages]
    if result.text is not None:
        lines += ["reply:", result.text]
    body = _content("\n".join(lines))
    return f"{head}><failure message={_value(messages[0])}>{body}</failure></testcase>"


def _value(text: str) -> str:
    return quoteattr(" ".join(_printable(text).split()))


def _content(text: str) -> str:
    return escape(_printable(text))


def _printable(text: str) -> str:
    """The text without what XML may not hold."""
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs", "Cn"} else "\ufffd" for c in text
    )
