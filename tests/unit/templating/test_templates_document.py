"""docs/templates.md says what the program does: its tables are complete and its examples come out as printed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from msgspec.structs import replace as changed

from autoresponder.config import ReplySettings, Secret
from autoresponder.decision import Decision, Outcome, Section
from autoresponder.model import BookingStatus
from autoresponder.properties import SecretFact, Translated
from autoresponder.templating import Held, Reply, Templates, render_reply
from autoresponder.templating.fields import FILTERS, FUNCTIONS, VARIABLES, Kind
from tests.unit.templating.scenes import BOOKING, FACTS, LISBON, LONG_BEFORE, ON_ARRIVAL_DAY, turn

DOCUMENT = (Path(__file__).parents[3] / "docs" / "templates.md").read_text(encoding="utf-8")
FACTS_OF_DOCUMENT = replace(
    FACTS,
    facts={
        **FACTS.facts,
        "nearby": ("a park", "a bakery", "the beach"),
        "signature": Translated({"en": "Your hosts at Seaview"}),
    },
    secrets={
        "wifi_password": SecretFact(name="wifi_password", value=Secret("sunny-cove"), zone=LISBON),
        "door_code": SecretFact(name="door_code", value=Secret("4711#"), zone=LISBON),
    },
)
FILES = dict(re.findall(r"```jinja\n\{# (\S+) #\}\n(.*?)```", DOCUMENT, re.DOTALL))
RESULTS = re.findall(r"```text\n(.*?)\n```", DOCUMENT, re.DOTALL)


def _render(
    files: dict[str, str], name: str, *, language: str = "en", of: object = None, at: object = None
) -> str:
    templates, problems = Templates.load(files)
    assert problems == []
    decision = Decision(
        outcome=Outcome.REPLY,
        sections=(Section(rule_id="x", title="X", template=name),),
        language=language,
    )
    result = render_reply(
        decision,
        of or turn(),  # type: ignore[arg-type]
        FACTS_OF_DOCUMENT,
        at or ON_ARRIVAL_DAY,  # type: ignore[arg-type]
        templates,
        ReplySettings(),
    )
    assert isinstance(result, Reply), result
    return result.text


def _rows(heading: str) -> list[list[str]]:
    section = DOCUMENT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.split("\n") if line.startswith("| ") and not line.startswith("|---")]
    return [[c.replace("\\|", "|").strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_the_examples_come_out_as_printed() -> None:
    frame = {"_reply.en.j2": FILES["_reply.en.j2"]}
    wifi = {"wifi.en.j2": FILES["wifi.en.j2"]}
    access = {"access.en.j2": FILES["access.en.j2"]}
    assert _render(wifi, "wifi") == RESULTS[0]
    assert _render(wifi | frame, "wifi") == RESULTS[1]
    assert _render(access, "access") == RESULTS[2]
    assert len(FILES) == len(RESULTS) == 3


def test_the_examples_are_safe_before_the_window_and_without_a_booking() -> None:
    assert _render(FILES, "access", at=LONG_BEFORE).count("We send you the code on Friday 13 March.") == 1
    cancelled = turn(booking=changed(BOOKING, status=BookingStatus.CANCELLED))
    for scene in (turn(booking=None), cancelled):
        assert "You get the code before you arrive." in _render(FILES, "access", of=scene)
    assert "You will get the password on Friday 13 March." in _render(FILES, "wifi", at=LONG_BEFORE)


def test_the_table_of_variables_is_complete() -> None:
    rows = {(row[0].strip("`"), row[1].strip("`")): row[2] for row in _rows("Variables")[1:] if row[1]}
    assert set(rows) == {(name, field) for name, fields in VARIABLES.items() for field in fields}
    for name, fields in VARIABLES.items():
        for key, field in fields.items():
            about = rows[name, key]
            assert about.startswith(field.about)
            assert ("*for conditions*" in about) == (field.kind is Kind.WORD)
            assert all(f"`{word}`" in about for word in field.values)


def test_the_tables_of_filters_and_functions_are_complete() -> None:
    filters = [row for row in _rows("Filters") if len(row) == 2][1:]
    assert [(row[0].strip("`"), row[1]) for row in filters] == list(FILTERS.items())
    functions = _rows("Functions")[1:]
    assert [(row[0].strip("`"), row[1]) for row in functions] == list(FUNCTIONS.items())


def test_the_table_of_languages_is_true() -> None:
    rows = [row for row in _rows("Filters") if len(row) == 4]
    assert rows[0] == ["template", "English", "German", "French"]
    for template, *expected in rows[1:]:
        for language, shown in zip(("en", "de", "fr"), expected, strict=True):
            text = _render({f"x.{language}.j2": template.strip("`")}, "x", language=language)
            assert text.replace("\u00a0", " ").replace("\u202f", " ") == shown, (template, language)


def test_everything_in_the_table_of_writing_can_be_written() -> None:
    parts = {
        "_directions.en.j2": "turn left",
        "_macros.j2": "{% macro sign(who) %}by {{ who }}{% endmacro %}",
    }
    for written, _ in _rows("Writing")[1:]:
        source = written.strip("`").replace("set name = …", "set name = 'x'").replace("…", "text")
        closed = f"Text {source}"
        templates, problems = Templates.load({"x.en.j2": closed, **parts})
        assert problems == [], closed
        decision = Decision(
            outcome=Outcome.REPLY, sections=(Section(rule_id="x", title="X", template="x"),), language="en"
        )
        result = render_reply(decision, turn(), FACTS_OF_DOCUMENT, ON_ARRIVAL_DAY, templates, ReplySettings())
        assert not isinstance(result, Held), (closed, result)
