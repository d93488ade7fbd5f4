"""docs/rules.md is true: every example in it is read, and every phrase in its table tried."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from autoresponder.rules import load_rules
from autoresponder.rules.conditions import CONDITIONS
from autoresponder.text.index import PhraseIndex
from autoresponder.text.phrases import parse_phrase
from autoresponder.text.sentences import split
from tests.unit.rules.builders import HOME, NOW, turn

DOCUMENT = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
ROWS = re.findall(r"^\| `(.+?)` \| (.+?) \| (.+?) \|$", DOCUMENT.split("## Phrases")[1], re.MULTILINE)
TOPICS = "language: en\ntopics:\n" + "".join(
    f"  {name}: {{any: [{name}]}}\n" for name in ("early_checkin", "complaint", "wifi", "parking", "courtesy")
)


def _files(block: str) -> dict[str, str]:
    if block.startswith("rules:"):
        return {"rules/a.yaml": block, "rules/topics/en.yaml": TOPICS}
    if block.startswith("language: en\n"):
        return {"rules/topics/en.yaml": block}
    rule: dict[str, Any] = {"id": "example", "when": yaml.safe_load(block), "reply": "x"}
    text = yaml.safe_dump({"rules": [rule]}, sort_keys=False)
    return {"rules/a.yaml": text, "rules/topics/en.yaml": TOPICS}


@pytest.mark.parametrize("block", BLOCKS)
def test_every_example_is_read_and_decided(block: str) -> None:
    loaded, problems = load_rules(_files(block))
    assert problems == []
    assert loaded is not None
    decision = loaded.decide(turn("Is there wifi?"), HOME, NOW, trace=True)
    assert decision.trace is not None
    assert len(decision.trace.rules) == len(loaded.rules)


def test_every_condition_has_an_example() -> None:
    shown: set[str] = set()
    for block in BLOCKS:
        data = yaml.safe_load(block)
        shown |= set(data)
        for rule in data.get("rules", []):
            shown |= set(rule.get("when", {}))
    assert set(CONDITIONS) <= shown


def test_the_phrase_table_is_there() -> None:
    assert len(ROWS) >= 9


@pytest.mark.parametrize(("phrase", "finds", "misses"), ROWS)
def test_the_phrase_table_is_true(phrase: str, finds: str, misses: str) -> None:
    index = PhraseIndex([parse_phrase(phrase)])
    for text in finds.split(", "):
        assert any(index.scan(sentence) for sentence in split(text)), text
    for text in misses.split(", "):
        assert not any(index.scan(sentence) for sentence in split(text)), text


def test_fields_in_the_table_are_those_of_the_schemas() -> None:
    for name in ("inquiry", "stay_details", "thread"):
        row = next(line for line in DOCUMENT.splitlines() if line.startswith(f"| {name} |"))
        named = {field.strip() for cell in row.split("|")[2:-1] for field in cell.split(",") if field.strip()}
        assert named == set(CONDITIONS[name].schema["properties"])
