"""What was probably meant by a value that is not possible."""

from __future__ import annotations

import pytest

from autoresponder.yamltext import parse
from autoresponder.yamltext.meant import meant, meant_list, synonym

_TIME = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
_LENGTH = {"type": "string", "pattern": "^[0-9]{1,6}[smhd]$"}
_NAME = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
_ID = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]*$"}
_LANGUAGE = {"type": "string", "pattern": "^[a-z]{2}$"}


@pytest.mark.parametrize(
    ("written", "schema", "better"),
    [
        ("8", _TIME, '"08:00"'),
        ("20.30", _TIME, '"20:30"'),
        ("8pm", _TIME, '"20:00"'),
        ("12 a.m.", _TIME, '"00:00"'),
        ("21 Uhr", _TIME, '"21:00"'),
        ("25:00", _TIME, ""),
        ("8:75", _TIME, ""),
        ("1 day", _LENGTH, "1d"),
        ("45 sec", _LENGTH, "45s"),
        ("2 Stunden", _LENGTH, ""),
        ("2 weeks", _LENGTH, "14d"),
        ("24", _LENGTH, ""),
        ("-1h", _LENGTH, "1h"),
        ("Wifi-Name", _NAME, "wifi_name"),
        ("wifi code", _ID, "wifi-code"),
        ("“wifi”", _ID, "wifi"),
        ("German", _LANGUAGE, "de"),
        ("x" * 100, _ID, ""),
    ],
)
def test_a_value(written: str, schema: dict[str, str], better: str) -> None:
    assert meant(written, schema) == better


@pytest.mark.parametrize(
    ("written", "items", "better"),
    [
        ("08:00-20:00", _TIME, '["08:00", "20:00"]'),
        ("8 to 20", _TIME, '["08:00", "20:00"]'),
        ("(wifi)", {}, "[wifi]"),
        ("wifi; parking", {}, "[wifi, parking]"),
        ("escalte", {"enum": ["escalate", "hold"]}, "[escalate]"),
        ("()", {}, ""),
    ],
)
def test_a_list(written: str, items: dict[str, object], better: str) -> None:
    assert meant_list(written, items) == better


def test_other_words_for_settings() -> None:
    assert synonym("If", ["when", "reply"]) == "when"
    assert synonym("if", ["reply"]) is None
    assert synonym("rpely", ["reply"]) is None


def test_quotes_of_a_word_processor() -> None:
    _, problems = parse('a: “wifi”\nb: [“wifi code”, x]\nc: “Welcome” to us\nd: "“x”"\n', "a.yaml")
    assert [(p.line, p.column, p.code, p.remedy) for p in problems] == [
        (1, 4, "Y017", 'write  "wifi"'),
        (2, 5, "Y017", 'write  "wifi code"'),
    ]


def test_a_remark_where_a_value_was_meant() -> None:
    source, problems = parse("a: #1 question\nb:   # a remark\n  c: 1\nd: # nothing\n", "a.yaml")
    assert source is not None
    assert [(p.line, p.column, p.code) for p in problems] == [(1, 4, "Y019")]
