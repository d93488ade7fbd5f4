"""Broken working folders: what is found, where, and in which words.

Each folder below tests/corpus/invalid is complete in itself; its expected.json lists everything that a check
must find: file, line, column and code.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from autoresponder.lint.linter import check_folder
from autoresponder.lint.report import render_human, render_json
from autoresponder.problems import Problem

CORPUS = Path(__file__).resolve().parents[2] / "corpus" / "invalid"
CASES = sorted(path for path in CORPUS.iterdir() if path.is_dir())

JARGON = re.compile(
    r"\b(mapping|sequence|schema|instance|scalar|token|property path|not of type|NoneType|dict|int|str|bool"
    r"|array|object|boolean|null|traceback|exception|jsonschema|yaml\.|jinja|regex|additionalProperties"
    r"|anyOf|oneOf|is not valid under|alias|anchor|parser|syntax)\b|\$\.|\$ref",
    re.IGNORECASE,
)
SECRETS = ("hunter2", "uJ4-very-secret-key")


def found_in(case: Path) -> list[Problem]:
    return check_folder(case, {})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_everything_is_found_at_its_place_and_nothing_else(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    assert expected, "a case without a finding proves nothing"
    problems = found_in(case)
    found = [{"file": p.file, "line": p.line, "column": p.column, "code": p.code} for p in problems]
    suggestions = [entry.pop("suggests", "") for entry in expected]
    assert found == expected
    for problem, suggestion in zip(problems, suggestions, strict=True):
        assert suggestion in f"{problem.message} {problem.remedy}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_messages_are_short_plain_and_without_secrets(case: Path) -> None:
    problems = found_in(case)
    for problem in problems:
        for text in (problem.message, problem.remedy):
            assert JARGON.search(text) is None, text
            assert len(text) <= 160, text
        assert problem.message.rstrip(".") == problem.message
        assert problem.length >= 1
    shown = render_human(problems)
    assert not any(secret in shown for secret in SECRETS)
    assert not any(secret in render_json(problems) for secret in SECRETS)
    *blocks, summary = shown.split("\n\n")
    assert len(blocks) == len(problems)
    assert all(len(block.split("\n")) <= 6 for block in blocks)
    assert re.fullmatch(r"(\d+ errors?)?(, )?(\d+ warnings?)? in \d+ files?\.", summary)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_caret_stands_under_characters_of_the_line(case: Path) -> None:
    for problem in found_in(case):
        if problem.excerpt:
            assert problem.column <= len(problem.excerpt) + 1
            line = (case / problem.file).read_bytes().split(b"\n")[problem.line - 1]
            assert len(problem.excerpt) <= len(line.decode("utf-8", "replace").rstrip("\r"))


def test_the_corpus_covers_what_managers_get_wrong() -> None:
    assert len(CASES) >= 60
