"""Slips of the hand: where they are seen, and that the rest of the file is read all the same."""

from __future__ import annotations

import pytest

from autoresponder.yamltext import parse

_GOOD = """rules:
  - id: wifi
    title: Wi-Fi
    when: {text: {any: [wifi, lan]}}
    reply: wifi

  - id: parking
    title: Parking
    when: {text: {any: [parking]}}
    reply: parking
"""


@pytest.mark.parametrize(
    ("line", "written", "place", "remedy"),
    [
        (4, "    when {text: {any: [wifi, lan]}}", (4, 5), "when: {text"),
        (3, "    title Wi-Fi", (3, 5), "title: Wi-Fi"),
        (3, "    title:Wi-Fi", (3, 5), "title: Wi-Fi"),
        (5, "    reply:wifi", (5, 5), "reply: wifi"),
        (5, "    reply = wifi", (5, 5), "reply: wifi"),
        (5, "    reply：wifi", (5, 10), "reply: wifi"),
        (5, "    reply:\u00a0wifi", (5, 11), "type a space"),
        (3, "  \u00a0 title: Wi-Fi", (3, 3), "type a space"),
        (2, "  -id: wifi", (2, 3), "- id: wifi"),
        (2, "  • id: wifi", (2, 3), "- id: wifi"),
        (2, "  – id: wifi", (2, 3), "- id: wifi"),
        (2, "  id: wifi", (2, 3), "- id: wifi"),
        (3, "      title: Wi-Fi", (3, 7), "put 4 spaces"),
        (5, "   reply: wifi", (5, 4), "put 4 spaces"),
        (5, "reply: wifi", (5, 1), "put 4 spaces"),
        (3, '    title: "Wi-Fi', (3, 12), "the same quote"),
        (3, "    title: 'Guest's Wi-Fi'", (3, 18), "twice"),
        (3, '    title: The "Wi-Fi" and so on: all', (3, 33), "quotes around"),
        (3, '    title: "Wi-Fi" and so on', (3, 20), "quotes around the whole"),
        (4, "    when: {text: {any: [wifi, lan}}", (4, 24), "add  ]"),
        (4, '    when: {text: {any: ["wifi, lan]}}', (4, 25), "the same quote"),
        (5, "    reply: @wifi", (5, 12), "quotes around"),
        (5, "    reply: *wifi", (5, 12), '"*wifi"'),
        (5, "\treply: wifi", (5, 1), "use spaces"),
    ],
)
def test_a_slip_is_seen_where_it_was_made(
    line: int, written: str, place: tuple[int, int], remedy: str
) -> None:
    lines = _GOOD.split("\n")
    lines[line - 1] = written
    source, problems = parse("\n".join(lines), "rules.yaml")
    assert [(p.line, p.column) for p in problems] == [place]
    assert remedy in problems[0].remedy
    assert problems[0].excerpt == written
    assert source is not None
    assert source.data["rules"][-1]["reply"] == "parking"
    assert line in source.repaired


def test_two_versions_of_a_file() -> None:
    mine, theirs = _GOOD.split("\n\n")
    source, problems = parse(f"{mine}\n<<<<<<< HEAD\n{theirs}=======\n{theirs}>>>>>>> marta\n", "rules.yaml")
    assert [(p.line, p.column, p.code) for p in problems] == [(6, 1, "Y018")]
    assert source is not None
    assert [rule["id"] for rule in source.data["rules"]] == ["wifi", "parking"]


def test_several_slips_are_each_told() -> None:
    text = (
        _GOOD.replace("title: W", "title:W").replace("[parking]", "[parking").replace("reply: p", "reply p")
    )
    source, problems = parse(text, "rules.yaml")
    assert [(p.line, p.column) for p in problems] == [(3, 5), (9, 24), (10, 5)]
    assert source is not None


def test_a_bracket_over_several_lines() -> None:
    text = 'topics:\n  cars:\n    any: [car,\n      van\n  bikes:\n    any: [bike,\n      "cycle" "tandem",\n      trike]\n'
    source, problems = parse(text, "topics.yaml")
    assert [(p.line, p.column, p.remedy) for p in problems] == [
        (3, 10, "add  ]"),
        (7, 15, 'write  , "tandem"'),
    ]
    assert source is not None
    assert source.data["topics"]["cars"] == {"any": ["car", "van"]}


def test_text_that_does_not_stand_below_its_setting() -> None:
    source, problems = parse("a:\n  text: |\n  Hello,\n  you: there\n  b: 1\n", "a.yaml")
    assert (problems[0].line, problems[0].column, problems[0].code) == (3, 3, "Y009")
    assert source is not None


def test_what_cannot_be_undone_is_told_with_what_was_not_looked_at() -> None:
    source, problems = parse("a: 1\n[[[\n}{}{\n: - ? :\nb c d\n", "a.yaml")
    assert source is None
    assert "has not been looked at" in problems[-1].message


def test_a_large_file_is_not_read_for_ever() -> None:
    text = "".join(f"  - id: r{n}\n    title: Rule\n" for n in range(20_000))
    source, problems = parse(f"rules:\n{text}    reply:wifi\n  - id: last\n", "rules.yaml")
    assert [(p.line, p.column) for p in problems] == [(40_002, 5)]
    assert source is not None
