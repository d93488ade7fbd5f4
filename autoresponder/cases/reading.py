"""The text of test files → cases, with everything that is wrong in them; pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autoresponder.cases.expecting import Complaint
from autoresponder.cases.making import Maker
from autoresponder.cases.spec import Case
from autoresponder.languages import is_language, language_hint
from autoresponder.problems import Problem
from autoresponder.schemas.cases import CASES_SCHEMA
from autoresponder.yamltext import Source, Way, parse, validate
from autoresponder.yamltext.validation import nearest

FOLDER = "tests"
"""Where test files are, in the working folder."""
ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Names that cases may use; None when it is not known which there are."""

    rules: Collection[str] | None = None
    properties: Collection[str] | None = None


def load_cases(files: Mapping[str, str | bytes], known: Known) -> tuple[list[Case], list[Problem]]:
    """Read test files.

    Args:
        files: Path relative to the working folder → content.
        known: The rules and properties there are.

    Returns:
        Every case that is right, in the order of files and lines, and every problem. What is wrong in one
        test or file takes nothing away from the others.
    """
    cases: list[Case] = []
    problems: list[Problem] = []
    for file, text in sorted(files.items()):
        found, wrong = read_file(text, file, known)
        cases += found
        problems += wrong
    return cases, sorted(problems, key=lambda p: p.sort_key)


def read_file(text: str | bytes, file: str, known: Known) -> tuple[list[Case], list[Problem]]:
    """Read one test file; see `load_cases`."""
    source, problems = parse(text, file)
    if source is None:
        return [], problems
    if source.empty:
        problems.append(
            source.problem(
                (), "K007", "there is no test in this file", "write one below  tests:  or delete the file"
            )
        )
        return [], problems
    entries = source.data.get("tests") if isinstance(source.data, dict) else None
    listed: list[Any] = entries if isinstance(entries, list) else []
    problems += validate(source, CASES_SCHEMA, owner=lambda way: _title(listed, way))
    reader = _FileReader(source, known, listed)
    sound = reader.sound(problems)
    problems += reader.names(sound)
    cases: list[Case] = []
    for index in sound:
        case, wrong = reader.case(index)
        problems += wrong
        if case is not None and not wrong:
            cases.append(case)
    return cases, sorted(problems, key=lambda p: p.sort_key)


def _title(entries: Sequence[Any], way: Way) -> str:
    """The name of the test that a place belongs to."""
    if len(way) < 2 or way[0] != "tests" or not isinstance(way[1], int) or way[1] >= len(entries):
        return ""
    entry = entries[way[1]]
    name = entry.get("name") if isinstance(entry, dict) else None
    return name if isinstance(name, str) else ""


class _FileReader:
    """Reads the tests of one file that follow the schema."""

    def __init__(self, source: Source, known: Known, entries: list[Any]) -> None:
        self._source = source
        self._known = known
        self._entries = entries
        defaults = source.data.get("defaults") if isinstance(source.data, dict) else None
        self._defaults: Mapping[str, Any] = defaults if isinstance(defaults, dict) else {}
        self._starts = [source.value(("tests", n)).line for n in range(len(entries))]

    def sound(self, problems: Sequence[Problem]) -> list[int]:
        """Which tests nothing was found wrong with; none when something outside of the tests is wrong."""
        lines = {p.line for p in problems} | self._source.repaired
        broken = {bisect_right(self._starts, line) - 1 for line in lines}
        return [] if -1 in broken else [n for n in range(len(self._entries)) if n not in broken]

    def names(self, sound: Sequence[int]) -> list[Problem]:
        """Names that stand twice: one could not tell in a report which test is meant."""
        first: dict[str, int] = {}
        problems = []
        for index in sound:
            name = " ".join(self._entries[index]["name"].split()).casefold()
            if name in first:
                where = f"line {self._starts[first[name]]}"
                problems.append(
                    self._problem(
                        index,
                        Complaint(
                            ("name",),
                            "K004",
                            f"another test has this name: {where}",
                            "say what is different here",
                        ),
                    )
                )
            first.setdefault(name, index)
        return problems

    def case(self, index: int) -> tuple[Case | None, list[Problem]]:
        """Read one test."""
        entry = self._entries[index]
        maker = Maker(self._defaults, entry)
        place = self._source.value(("tests", index))
        case = maker.case(self._source.file, place.line, place.column)
        complaints = [*maker.complaints, *self._unknown(entry, case)]
        return case, [self._problem(index, complaint) for complaint in complaints]

    def _unknown(self, entry: Mapping[str, Any], case: Case | None) -> list[Complaint]:
        found: list[Complaint] = []
        expect = entry["expect"]
        named: list[tuple[Way, str]] = [
            (("expect", key, n), name)
            for key in ("rules", "not_rules")
            for n, name in enumerate(expect.get(key, ()))
        ]
        if "rule" in expect and expect["rule"] != "none":
            named.append((("expect", "rule"), expect["rule"]))
        for n, line in enumerate(entry.get("conversation", ())):
            if "rule" in line:
                named.append((("conversation", n, "rule"), line["rule"]))
        if self._known.rules is not None:
            found += [
                Complaint(way, "K001", f"there is no rule '{name}'", _meant(name, self._known.rules))
                for way, name in named
                if name not in self._known.rules
            ]
        place = case.place if case is not None else None
        if place is not None and self._known.properties is not None and place not in self._known.properties:
            found.append(
                Complaint(
                    ("property",),
                    "K002",
                    f"there is no property '{place}' in properties.yaml",
                    _meant(place, self._known.properties),
                )
            )
        for way, code in (
            (("language",), case.language if case is not None else None),
            (("expect", "reply", "language"), expect.get("reply", {}).get("language")),
        ):
            if code is not None and not is_language(code):
                found.append(Complaint(way, "K010", f"'{code}' is no language", language_hint(code)))
        return found

    def _problem(self, index: int, complaint: Complaint) -> Problem:
        way: Way = ("tests", index, *complaint.way)
        key = complaint.way[0] if complaint.way else ""
        if key and key not in self._entries[index] and key in self._defaults:
            way = ("defaults", *complaint.way)
        return self._source.problem(
            way,
            complaint.code,
            complaint.message,
            complaint.remedy,
            on_key=complaint.on_key,
            rule=self._entries[index]["name"],
        )


def _meant(name: str, known: Collection[str]) -> str:
    near = nearest(name, list(known))
    if near is not None:
        return f"did you mean '{near}'?"
    some = list(known)[:12]
    more = f" and {len(known) - len(some)} more" if len(known) > len(some) else ""
    return "there are: " + ", ".join(some) + more if some else "there are none"
