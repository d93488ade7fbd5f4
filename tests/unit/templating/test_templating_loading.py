"""What is told about templates that are wrong, and at which place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoresponder.problems import Severity
from autoresponder.templating import Templates
from tests.unit.templating.scenes import load


@pytest.mark.parametrize(
    ("source", "code", "line", "column", "length", "message", "remedy"),
    [
        ("Hi {{ guest.first_nmae }},", "T004", 1, 13, 10, "'guest' has no 'first_nmae'", "did you mean 'first_name'?"),
        ("Hi\n  {{ gest.first_name }}", "T003", 2, 6, 4, "there is no 'gest'", "did you mean 'guest'?"),
        ("{{ now | dtae }}", "T005", 1, 10, 4, "there is no filter 'dtae'", "did you mean 'date'?"),
        ("{# date #}{{ now\n | dtae }}", "T005", 2, 4, 4, "there is no filter 'dtae'", "did you mean 'date'?"),
        ("{% if guest is definde %}x{% endif %}", "T005", 1, 16, 7, "there is no test 'is definde'",
         "did you mean 'defined'?"),
        ("{{ guest['first'] }}", "T004", 1, 11, 5, "'guest' has no 'first'", "did you mean 'first_name'?"),
        ("{{ booking.arrival.day }} {{ booking.arrival.dya }}", "T004", 1, 46, 3, "'booking.arrival' has no 'dya'",
         "write booking.arrival"),
        ("{{ booking.arrival.date }}", "T004", 1, 20, 4, "'booking.arrival' has no 'date'",
         "write booking.arrival | date"),
        ("{{ guest.first_name.upper() }}", "T006", 1, 21, 5, "'upper' cannot be called", "write | upper"),
        ("{% if booking.status == 'confirmd' %}x{% endif %}", "T017", 1, 26, 8, "'booking.status' is never 'confirmd'",
         "did you mean 'confirmed'?"),
        ("{% include 'x.en.j3' %}", "T007", 1, 13, 7, "there is no template file 'x.en.j3'", "did you mean 'x.en.j2'?"),
        ("{{ property.a }}\n{{ 2 ** 3 }}", "T006", 2, 1, 12, "** cannot be used in a reply", None),
        ("{{ body }}", "T003", 1, 4, 4, "there is no 'body'", "it is there in the frame _reply only"),
        ("a {{ guest.first_name", "T001", 1, 3, 2, "this {{ is never closed", "write }} after the name"),
        ("a\n{% if guest %}\nb", "T001", 2, 4, 2, "this 'if' is never closed",
         "add {% elif %} or {% else %} or {% endif %} after it"),
        ("{% if guest %}a{% endfi %}", "T001", 1, 19, 5, "'endfi' is no word that starts a {% … %}",
         "did you mean 'endif'?"),
        ("{% if guest %}a{% endfor %}", "T001", 1, 19, 6, "'endfor' does not fit here",
         "expected here: {% elif %} or {% else %} or {% endif %}"),
        ("{% if guest %}a{% else if now %}b{% endif %}", "T001", 1, 19, 7, "'else if' is one word here", "write  elif"),
        ("{% if guest %}a{% elseif now %}b{% endif %}", "T001", 1, 19, 6, "'elseif' is no word that starts a {% … %}",
         "did you mean 'elif'?"),
        ("{% if guest.first_name = 'x' %}a{% endif %}", "T001", 1, 24, 1, "'=' is not expected here",
         "to compare, write  =="),
        ("{{ property.wifi name }}", "T001", 1, 18, 4, "'name' is not expected here",
         "names have no spaces: write  property.wifi_name"),
        ("{{ first_name }}", "T003", 1, 4, 10, "there is no 'first_name'", "write  guest.first_name"),
        ("{{ wifi_name }}", "T003", 1, 4, 9, "there is no 'wifi_name'", "write  property.wifi_name"),
        ("{% fi guest %}", "T001", 1, 4, 2, "'fi' is no word that starts a {% … %}", None),
        ("{{ guest first_name }}", "T001", 1, 10, 10, "'first_name' is not expected here", None),
        ("{{ guest. }}", "T001", 1, 11, 2, "something is missing after the dot", "write a name there, or take the sign before it away"),
        ("{{ “x” }}", "T001", 1, 4, 1, "'“' cannot stand here", 'texts stand between straight quotation marks: "…"'),
        ("{{ none }}", "T006", 1, 4, 4, "'none' cannot be used in a reply", None),
    ],
)  # fmt: skip
def test_problems_name_place_and_remedy(
    source: str, code: str, line: int, column: int, length: int, message: str, remedy: str | None
) -> None:
    _, problems = Templates.load({"x.en.j2": source})
    assert len(problems) == 1, problems
    (problem,) = problems
    assert (problem.code, problem.message) == (code, message)
    assert (problem.file, problem.line, problem.column, problem.length) == ("x.en.j2", line, column, length)
    assert problem.excerpt == source.split("\n")[line - 1]
    if remedy is not None:
        assert problem.remedy == remedy
    for word in ("token", "Jinja", "mapping", "undefined", "expected token", "attribute", "object"):
        assert word not in problem.message + problem.remedy


def test_every_problem_is_told_in_one_run() -> None:
    _, problems = Templates.load(
        {
            "b.en.j2": "{{ gust.name }} {{ guest.nam }}\n{{ now | tiem }}",
            "a.en.j2": "{{ boking }}",
            "c.xx.j2": "x",
            "d.j2": "x",
        }
    )
    assert [(p.file, p.line, p.code) for p in problems] == [
        ("a.en.j2", 1, "T003"),
        ("b.en.j2", 1, "T003"),
        ("b.en.j2", 1, "T004"),
        ("b.en.j2", 2, "T005"),
        ("c.xx.j2", 1, "T002"),
        ("d.j2", 1, "T002"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "{% if gust is defined %}x{% endif %}y",
        "{% if guest.nickname is defined %}{{ guest.first_name }}{% endif %}y",
        "{% set gust = 'x' %}{{ gust }}",
        "{% for t in property.nearby %}{{ t }}{{ loop.index }}{% endfor %}",
        "{% macro m(who, n=2) %}{{ who }}{{ n }}{% endmacro %}{{ m('x') }}",
        "{% with a = 1 %}{{ a }}{% endwith %}",
        "{% raw %}{{ gust }}{% endraw %}",
        "{{ property.anything_at_all }}",
        "{% set guest = 'me' %}{{ guest }}",
        "{{ 'none' }}",
    ],
)
def test_names_that_a_template_makes_or_asks_about_are_fine(source: str) -> None:
    _, problems = Templates.load({"x.en.j2": source})
    assert problems == []


@pytest.mark.parametrize(
    "name",
    ["../x.en.j2", "/x.en.j2", "a/../../x.en.j2", "a\\x.en.j2", "x y.en.j2", "a//x.en.j2", "x\0.en.j2"],
)
def test_paths_stay_in_the_folder(name: str) -> None:
    templates, problems = Templates.load({name: "x"})
    assert [p.code for p in problems] == ["T002"]
    assert templates.compiled(name) is None or name == "x y.en.j2"


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("wifi.j2", "name it wifi.en.j2 (en for English, de for German …)"),
        ("wifi.cz.j2", "did you mean 'cs'?"),
        ("wifi.pt_BR.j2", "did you mean 'pt-BR'?"),
    ],
)
def test_the_language_is_part_of_the_name(name: str, remedy: str) -> None:
    _, problems = Templates.load({name: "x"})
    assert [(p.code, p.remedy) for p in problems] == [("T002", remedy)]


def test_a_frame_must_print_the_answers() -> None:
    _, problems = Templates.load({"_reply.en.j2": "Hello"})
    assert [p.code for p in problems] == ["T008"]
    assert Templates.load({"_reply.en.j2": "{% for s in sections %}{{ s }}{% endfor %}"})[1] == []


def test_a_template_with_a_broken_part_is_not_used() -> None:
    templates, problems = Templates.load(
        {"_m.j2": "{{ gust }}", "x.en.j2": "{% include '_m.j2' %}", "y.en.j2": "fine"}
    )
    assert [p.file for p in problems] == ["_m.j2"]
    assert templates.compiled("x.en.j2") is None
    assert templates.compiled("y.en.j2") is not None


def test_names_languages_and_variants() -> None:
    templates = load(**{"wifi__en": "a", "wifi__pt-BR": "b", "parking__de": "c", "_reply__en": "{{ body }}"})
    assert templates.names() == ("parking", "wifi")
    assert templates.languages("wifi") == ("en", "pt-BR")
    assert templates.languages("nothing") == ()
    assert templates.frame_languages() == ("en",)

    def file(name: str, language: str, *fallbacks: str) -> str | None:
        variant = templates.find(name, language, fallbacks)
        return variant.file if variant else None

    assert file("wifi", "en") == "wifi.en.j2"
    assert file("wifi", "en-GB") == "wifi.en.j2"
    assert file("wifi", "pt") == "wifi.pt-BR.j2"
    assert file("wifi", "fr") is None
    assert file("wifi", "fr", "it", "en") == "wifi.en.j2"


def test_problems_in_a_rules_own_text_point_into_the_rule_file() -> None:
    templates = load()
    (problem,) = templates.check_text(
        "Hello\n{{ gust }}", file="rules/mine.yaml", line=12, indent=6, rule="Mine"
    )
    assert (problem.file, problem.line, problem.column, problem.rule) == ("rules/mine.yaml", 13, 10, "Mine")
    assert templates.inline("{{ gust }}") is None
    assert templates.inline("Hello") is not None


def test_facts_that_templates_name() -> None:
    templates = load(
        x__en="{{ property.wifi }}{% if property.pool %}{{ property.pool }}{% endif %}"
        "{{ property.gym | default('no gym') }}{{ property.name }}",
        y__en="{% include '_part.j2' %}",
        _part="{{ property['sauna'] }}",
    )
    assert {(f.name, f.tested) for f in templates.facts("x.en.j2")} == {
        ("wifi", False),
        ("pool", True),
        ("gym", True),
    }
    assert templates.parts("y.en.j2") == ("y.en.j2", "_part.j2")
    assert [f.name for f in templates.facts("_part.j2")] == ["sauna"]
    assert [f.name for f in templates.inline_facts("{{ property.wifi }}")] == ["wifi"]


@given(st.text(alphabet="{}%#|.()[]'\"~ \nabgues_t-+=1*", max_size=60))
def test_any_text_loads_or_is_told_about(source: str) -> None:
    templates, problems = Templates.load({"x.en.j2": source})
    assert (templates.compiled("x.en.j2") is None) == bool(
        [p for p in problems if p.severity is Severity.ERROR]
    )
    lines = source.split("\n")
    for problem in problems:
        assert 1 <= problem.line <= len(lines)
        assert problem.column >= 1
        assert problem.message


def test_windows_line_ends_and_a_byte_order_mark_do_not_move_places() -> None:
    _, problems = Templates.load({"x.en.j2": "\ufeffa\r\n\r\n{{ gust }}\r\n"})
    assert [(p.line, p.column) for p in problems] == [(3, 4)]
