"""What is wrong in the files of the manager's own tests; whether they are green is the business of `test`."""

from __future__ import annotations

from pathlib import Path

from autoresponder.cases.reading import ENDINGS, FOLDER, Known, load_cases
from autoresponder.problems import Problem
from autoresponder.properties import PropertyBook
from autoresponder.rules import RuleSet
from autoresponder.workspace.folder import read_tree


def known_names(ruleset: RuleSet | None, book: PropertyBook | None) -> Known:
    """The names that tests may use; where rules or properties could not be read, none is called unknown."""
    places: list[str] | None = None
    if book is not None:
        keys = book.keys()
        places = [*keys, *(i for i in map(book.channex_id, keys) if i is not None)]
    return Known(
        rules=None if ruleset is None else [rule.id for rule in ruleset.rules],
        properties=places,
    )


def check_tests(folder: Path, known: Known) -> list[Problem]:
    """Read every test file of a working folder."""
    reading = read_tree(folder, FOLDER, ENDINGS, "test files")
    return [*reading.problems, *load_cases(reading.files, known)[1]]
