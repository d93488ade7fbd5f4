"""YAML text → data with positions."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from autoresponder.yamltext import Place, Source, parse
from autoresponder.yamltext.reading import MAX_DEPTH, scalar


def read(text: str | bytes) -> Source:
    source, problems = parse(text, "a.yaml")
    assert problems == []
    assert source is not None
    return source


def only_problem(text: str | bytes) -> tuple[int, int, int, str, str]:
    source, problems = parse(text, "a.yaml")
    assert source is None or source.repaired
    (problem,) = problems
    return problem.line, problem.column, problem.length, problem.code, problem.message


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("Off", "Off"),
        ("true", True),
        ("False", False),
        ("08:00", "08:00"),
        ("22:30", "22:30"),
        ("2026-05-01", "2026-05-01"),
        ("0123", "0123"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("+351912345678", "+351912345678"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("0", 0),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("~", None),
        ("null", None),
        ("", None),
        ("~breakfast", "~breakfast"),
        ('"12"', "12"),
        ("'true'", "true"),
        ("!!str 12", "12"),
    ],
)
def test_values_are_read_the_way_people_mean_them(written: str, value: object) -> None:
    data = read(f"a: {written}\n").data
    assert data == {"a": value}
    assert type(data["a"]) is type(value)


def test_keys_are_always_texts() -> None:
    assert read("no: a\n1: b\ntrue: c\n2026-05-01: d\n").data == {
        "no": "a",
        "1": "b",
        "true": "c",
        "2026-05-01": "d",
    }


def test_places_of_keys_and_values() -> None:
    source = read(
        "rules:\n"
        "  - id: wifi   # the network\n"
        "    when: {text: {any: [wlan, 'größe 😀', net]}}\n"
        "    text: |\n"
        "      Hello\n"
        "      you\n"
        "    reply:\n"
    )
    assert source.key(("rules",)) == Place(1, 1, 5)
    assert source.value(("rules", 0, "id")) == Place(2, 9, 4)
    assert source.key(("rules", 0, "id")) == Place(2, 5, 2)
    assert source.value(("rules", 0, "when", "text", "any", 1)) == Place(3, 31, 9)
    assert source.value(("rules", 0, "when", "text", "any", 2)) == Place(3, 42, 3)
    assert source.value(("rules", 0, "text")) == Place(4, 11)
    assert source.value(("rules", 0)) == Place(2, 5, 2)
    assert source.value(("rules", 0, "reply")) == Place(7, 5, 5), "nothing to point at but the key"
    assert source.value(("rules", 0, "nothing", "there")) == Place(2, 5, 2)
    assert source.written(("rules", 0, "id")) == "wifi"
    assert source.quoted(("rules", 0, "when", "text", "any", 1))
    assert not source.quoted(("rules", 0, "id"))


def test_a_problem_carries_its_line() -> None:
    source = read("a: 1\nb: {c: lots}  \n")
    problem = source.problem(("b", "c"), "X001", "wrong", "right")
    assert (problem.line, problem.column, problem.length) == (2, 8, 4)
    assert problem.excerpt == "b: {c: lots}"
    assert (problem.message, problem.remedy, problem.file) == ("wrong", "right", "a.yaml")


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n", "\ufeff", b"", "null\n"])
def test_an_empty_file_has_no_problem(text: str | bytes) -> None:
    source, problems = parse(text, "a.yaml")
    assert problems == []
    assert source is not None
    assert source.empty
    assert source.data == {}


def test_line_ends_and_byte_order_mark_do_not_move_anything() -> None:
    source = read("\ufeffa: 1\r\nb: x\rc: y\n")
    assert source.data == {"a": 1, "b": "x", "c": "y"}
    assert source.value(("c",)) == Place(3, 4)


def test_odd_line_separators_count_as_spaces() -> None:
    source = read("a: 'x\u2028y'\nb: z\n")
    assert source.data["a"] == "x y"
    assert source.value(("b",)) == Place(2, 4)


def test_a_key_that_stands_twice_names_both_places() -> None:
    source, problems = parse("a: 1\nb:\n  c: 1\n  c: 2\n", "a.yaml")
    assert source is not None
    assert source.data == {"a": 1, "b": {"c": 1}}
    (problem,) = problems
    assert (problem.line, problem.column, problem.code) == (4, 3, "Y010")
    assert "line 3, column 3" in problem.message


def test_braces_without_quotes() -> None:
    _, problems = parse("a: {{ guest.name }}\nb: {c: {{ x }}}\n", "a.yaml")
    assert [(p.line, p.column, p.length, p.code) for p in problems] == [(1, 4, 16, "Y006"), (2, 8, 7, "Y006")]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: {{ x }} hi\n", (1, 4, 7, "Y006")),
        ("a: {% if x %}\n", (1, 4, 10, "Y006")),
        ("a:\n\tb: 1\n", (2, 1, 1, "Y004")),
        ("a: b\n  \tc: 1\n", (2, 3, 1, "Y004")),
        ("a: 'b\nc: d\n", (1, 4, 1, "Y007")),
        ("a: [1, 2\nb: 3\n", (1, 4, 1, "Y007")),
        ("a: {b: 1\n", (1, 4, 1, "Y007")),
        ("a: b: c\n", (1, 5, 1, "Y008")),
        ("a\nb: 1\n", (1, 1, 1, "Y008")),
        ("a: *b\n", (1, 4, 2, "Y008")),
        ("a: @b\n", (1, 4, 1, "Y008")),
        ("a: `b`\n", (1, 4, 1, "Y008")),
        ('a: "\\d"\n', (1, 5, 1, "Y008")),
        ("%a\nb: 1\n", (1, 1, 1, "Y008")),
        ("a: &x 1\nb: &x 2\n", (2, 4, 1, "Y008")),
        ("a: 1\n  b: 2\n", (2, 3, 1, "Y009")),
        (" a: 1\nb: 2\n", (2, 1, 1, "Y009")),
        ("a:\n  - b: 1\n   c: 2\n", (3, 4, 1, "Y009")),
        ("a: 1\n---\nb: 2\n", (2, 1, 3, "Y005")),
        ("a: 1\nb: \x07\n", (2, 4, 1, "Y003")),
        ("a: ü\nStra\u00dfe".encode("latin-1"), (1, 4, 1, "Y002")),
        ("a: 1\n".encode("utf-16"), (1, 1, 1, "Y002")),
        ("a: &a [*a]\n", (1, 4, 7, "Y012")),
        ("[" * 200_000, (1, MAX_DEPTH, 1, "Y016")),
        ("{a: " * 100_000, (1, 4 * MAX_DEPTH - 3, 1, "Y016")),
        ("- " * 100_000, (1, 2 * MAX_DEPTH - 1, 1, "Y016")),
    ],
)
def test_what_cannot_be_read_is_pointed_at(text: str | bytes, place: tuple[int, int, int, str]) -> None:
    assert only_problem(text)[:4] == place


def test_the_number_of_further_tabs_is_told() -> None:
    assert "and 2 more lines" in only_problem("a:\n\tb: 1\n\tc: 2\n  d: 3\n\te: 4\n")[4]


def test_aliases_work_and_are_bounded() -> None:
    assert read("a: &x [1, 2]\nb: *x\n").data == {"a": [1, 2], "b": [1, 2]}
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(8)
    )
    assert only_problem(bomb)[3] == "Y011"


def test_a_huge_file_is_refused_unread() -> None:
    assert only_problem("#" * 9_000_000)[3] == "Y001"


def test_python_objects_are_never_made() -> None:
    source, problems = parse("a: !!python/object/apply:os.system ['true']\n", "a.yaml")
    assert source is not None
    assert [p.code for p in problems] == ["Y014"]


@given(st.text(max_size=200))
def test_any_text_gives_data_or_a_problem_inside_the_file(text: str) -> None:
    source, problems = parse(text, "a.yaml")
    assert (source is None) <= bool(problems)
    lines = text.count("\n") + text.count("\r") + 1
    for problem in problems:
        assert 1 <= problem.line <= lines + 1
        assert problem.column >= 1


@given(st.binary(max_size=200))
def test_any_bytes_give_data_or_a_problem(raw: bytes) -> None:
    source, problems = parse(raw, "a.yaml")
    assert (source is None) <= bool(problems)


_WORDS = st.text(alphabet="abcß 0123:-#'\"{}[],*&!|>%@`\\\n\t日😀", max_size=12)
_TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | _WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(_TREES)
def test_what_is_written_as_json_is_read_back(tree: object) -> None:
    assert read(json.dumps({"root": tree}, ensure_ascii=False)).data == {"root": tree}


@given(st.dictionaries(_WORDS, st.lists(_WORDS, max_size=3), min_size=1, max_size=4))
def test_what_is_written_as_a_block_is_read_back(tree: dict[str, list[str]]) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True, default_style="'", default_flow_style=False)
    assert read(text).data == tree


@given(st.text(max_size=30))
def test_a_word_is_a_text_unless_it_is_plainly_something_else(word: str) -> None:
    value = scalar(word)
    if isinstance(value, bool):
        assert word.lower() in {"true", "false"}
    elif isinstance(value, int | float):
        assert float(word) == value
        assert set(word) <= set("0123456789.-")
    elif value is not None:
        assert value == word
