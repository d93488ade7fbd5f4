"""Comments that allow a warning: `# check: allow L009 until 2027-01-31 because the lift is being repaired`; pure.

Such a comment holds for its own line, or, when it stands alone, for the next line that is no comment. It says why,
and it may end. One that does nothing is itself a warning, so that none is forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from autoresponder.lint.codes import CODES
from autoresponder.problems import Problem, Severity

_COMMENT = re.compile(r"(?:^|(?<=\s))(?P<sign>#|\{#)\s*check:\s*allow\b(?P<rest>.*?)\s*(?:#\}\s*)?$")
_REST = re.compile(
    r"\s+(?P<codes>\w+(?:\s*,\s*\w+)*)"
    r"(?:\s+until\s+(?P<until>\S+))?"
    r"(?:\s+because\b\s*(?P<why>.*))?"
    r"(?P<left>.*)$"
)
_FORM = "# check: allow CODE until 2027-01-31 because …   (the date may be left out)"


@dataclass(frozen=True, slots=True)
class _Allowance:
    """One comment, understood."""

    file: str
    line: int
    """Where it stands, 1-based."""
    column: int
    length: int
    excerpt: str
    holds_for: int
    """The line whose warnings it allows."""
    codes: tuple[str, ...]


def without_allowed(problems: Sequence[Problem], texts: Mapping[str, str], today: date) -> list[Problem]:
    """Take out the warnings that comments allow, and add what is wrong with the comments.

    Args:
        problems: What was found.
        texts: Path relative to the working folder → text, of every file whose comments count.
        today: The day on which a comment that ends then still holds.

    Returns:
        In no particular order. Errors cannot be allowed.
    """
    allowed, found = _allowances(texts, today)
    used: set[tuple[_Allowance, str]] = set()
    for problem in problems:
        allowance = allowed.get((problem.file, problem.line, problem.code))
        if allowance is not None:
            used.add((allowance, problem.code))
            if problem.severity is Severity.WARNING:
                continue
            message = f"{problem.code} is an error here, and errors cannot be allowed"
            found.append(_complaint(allowance, "A005", message, "mend it, and delete this comment"))
        found.append(problem)
    for unused, code in dict.fromkeys((item, key[2]) for key, item in allowed.items()):
        if (unused, code) not in used:
            message = f"this allows {code} in line {unused.holds_for}, where it is not found"
            found.append(_complaint(unused, "A004", message, "delete the comment"))
    return found


def _allowances(
    texts: Mapping[str, str], today: date
) -> tuple[dict[tuple[str, int, str], _Allowance], list[Problem]]:
    """Comments that hold, by file, line and code; and what is wrong with the others."""
    allowed: dict[tuple[str, int, str], _Allowance] = {}
    wrong: list[Problem] = []
    for file, text in texts.items():
        if "check:" not in text:
            continue
        for item in _comments(file, text, today):
            if isinstance(item, Problem):
                wrong.append(item)
                continue
            for line in {item.line, item.holds_for}:  # its own: what is about a whole file is in line 1
                allowed.update({(file, line, code): item for code in item.codes})
    return allowed, wrong


def _comments(file: str, text: str, today: date) -> Iterator[_Allowance | Problem]:
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        match = _COMMENT.search(line)
        if match is None:
            continue
        bare = _Allowance(
            file, number, match.start() + 1, len(match[0].rstrip()), line, _target(lines, number), ()
        )
        rest = _REST.match(match["rest"])
        if rest is None or rest["left"].strip():
            yield _complaint(bare, "A001", "this comment allows nothing as it is written", f"write  {_FORM}")
            continue
        codes = tuple(code.strip().upper() for code in rest["codes"].split(","))
        unknown = next((code for code in codes if code not in CODES), None)
        if unknown is not None:
            near = get_close_matches(unknown, CODES, n=1)
            remedy = f"did you mean '{near[0]}'?" if near else "list them with  autoresponder explain-code"
            yield _complaint(bare, "A002", f"there is no code '{unknown[:20]}'", remedy)
            continue
        if not (rest["why"] or "").strip():
            remedy = f"write  # check: allow {', '.join(codes)} because …"
            yield _complaint(bare, "A001", "this comment does not say why", remedy)
            continue
        ended = _ended(rest["until"], today)
        if ended is not None:
            yield _complaint(bare, "A003", *ended)
            continue
        yield _Allowance(file, number, bare.column, bare.length, line, bare.holds_for, codes)


def _ended(until: str | None, today: date) -> tuple[str, str] | None:
    if until is None:
        return None
    try:
        last = date.fromisoformat(until)
    except ValueError:
        return f"there is no such day: {until[:20]}", "write it like 2027-01-31"
    if last < today:
        return (
            f"this comment held until {last}, and does not any more",
            "mend what it allows, or write a later day",
        )
    return None


def _target(lines: Sequence[str], number: int) -> int:
    """The line that a comment in line `number` is about."""
    if not lines[number - 1].lstrip().startswith(("#", "{#")):
        return number
    for later in range(number, len(lines)):
        stripped = lines[later].strip()
        if stripped and not stripped.startswith(("#", "{#")):
            return later + 1
    return number


def _complaint(about: _Allowance, code: str, message: str, remedy: str) -> Problem:
    return Problem(
        file=about.file,
        line=about.line,
        column=about.column,
        length=about.length,
        severity=Severity.WARNING,
        code=code,
        message=message,
        remedy=remedy,
        excerpt=about.excerpt,
    )
