"""Every code is explained, in the words that findings are written in."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from autoresponder.cli import execute
from autoresponder.lint.codes import CODES
from tests.unit.lint.test_invalid_corpus import JARGON

PACKAGE = Path(__file__).resolve().parents[3] / "autoresponder"


def raised() -> set[str]:
    """Every code that stands as a text of its own anywhere in the program."""
    return {
        node.value
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[A-Z][0-9]{3}", node.value)
    }


def test_every_code_is_explained_and_no_other() -> None:
    assert raised() == set(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_an_explanation_is_plain(code: str) -> None:
    known = CODES[code]
    assert known.what.endswith(".")
    assert len(known.what) <= 120
    assert JARGON.search(f"{known.what} {known.why}") is None
    assert bool(known.wrong) or not known.right
    assert known.wrong != known.right or not known.wrong


def test_a_code_is_explained_with_its_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["explain-code", "s006"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("S006  A value is of another kind")
    assert "    enabled: yes\n\nwrite\n\n    enabled: true\n" in shown


def test_all_codes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["explain-code"]) == 0
    assert [line[:4] for line in capsys.readouterr().out.splitlines()] == sorted(CODES)


def test_an_unknown_code_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["explain-code", "S0010"]) == 2
    assert "Did you mean S00" in capsys.readouterr().err


def test_no_code_has_two_meanings() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (PACKAGE / "lint").glob("code_texts*.py")]
    told = [match for text in texts for match in re.findall(r"^([A-Z][0-9]{3}) ", text, re.MULTILINE)]
    assert len(told) == len(set(told))
