"""Texts that share compiled code say exactly what each would say by itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Template, nodes
from jinja2.environment import Environment

from autoresponder.templating import Templates
from autoresponder.templating.shapes import Shapes

WORDS = st.text(alphabet="ab {}'\"\\%$\n\t\ue0f0\ue0f10\u00e9", max_size=8).filter(
    lambda text: not any(sign in text for sign in ("{{", "{%", "{#", "{"))
)
FORMS = (
    "{0}",
    "{0}[[ name ]]{1}",
    "{0}[[- name ]]{1}",
    "{0}[[ name -]]{1}",
    "{0}[[ '{' ]]{1}",
    "{0}[[name]]{1}\n\n",
    "{0}[[ name\n ]]{1}[[ name ]]{2}\r\n",
    "}} {0}[[ name ]]{1}",
    "{0}[# name #]{1}",
    "[[ name ]]{0}[[ name | upper ]]",
    "{0}[% if name %]{1}[% else %]{2}[% endif %]{0}",
    "[% if name == 'Ann' %]{0}[% elif 1 %]{1}[% endif %]",
    "[% for n in (1, 2) %]{0}[[ n ]]{1}[% endfor %]{2}",
    "[% set x %]{0}[% endset %]{1}[[ x ]]",
    "[% macro m(a='\ue0f00\ue0f1') %]{0}[[ a ]][% endmacro %]{1}[[ m() ]]",
    "[% raw %]{0}[% endraw %]{1}",
    "{0}[[ 1 ]]{1}",
    "{0}[[ true ]]{1}",
    "{0}[[ 1.0 ]]{1}",
)
PLAIN = Environment(autoescape=True, optimized=False)


def written(form: str, words: tuple[str, str, str]) -> str:
    text = form.replace("[[", "\x01").replace("]]", "\x02").replace("[%", "\x03").replace("%]", "\x04")
    text = text.replace("[#", "{#").replace("#]", "#}")
    text = text.replace("{0}", words[0]).replace("{1}", words[1]).replace("{2}", words[2])
    for short, sign in (("\x01", "{{"), ("\x02", "}}"), ("\x03", "{%"), ("\x04", "%}")):
        text = text.replace(short, sign)
    return text


def through(shapes: Shapes[None], text: str) -> Template:
    found = shapes.find_text(text) or shapes.find(PLAIN.parse(text))
    return found[0] if found is not None else shapes.add(PLAIN.parse(text), None, text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FORMS), st.tuples(WORDS, WORDS, WORDS)), min_size=2, max_size=8))
def test_a_shared_shape_changes_nothing(drawn: list[tuple[str, tuple[str, str, str]]]) -> None:
    shapes: Shapes[None] = Shapes(PLAIN, lambda _: None)
    for form, words in drawn * 2:
        text = written(form, words)
        for name in ("Ann", ""):
            assert through(shapes, text).render(name=name) == PLAIN.from_string(text).render(name=name)


def test_one_shape_is_compiled_once() -> None:
    prepared: list[nodes.Template] = []
    shapes: Shapes[str] = Shapes(PLAIN, prepared.append)
    first = shapes.add(PLAIN.parse("Dear {{ name }}"), "sound")
    second = shapes.find(PLAIN.parse("\n\nBye, {{ name }}"))
    assert second is not None
    assert second[1] == "sound"
    assert (first.render(name="Ann"), second[0].render(name="Bob")) == ("Dear Ann", "\n\nBye, Bob")
    assert shapes.find(PLAIN.parse("Dear {{ names }}")) is None
    assert len(prepared) == 1


@pytest.mark.parametrize("word", ["guest.frist_name", "nobody", "property.name | uper"])
def test_a_shape_that_is_wrong_is_told_for_each_text(word: str) -> None:
    templates, _ = Templates.load({})
    for number in range(3):
        text = f"Answer {number}: {{{{ {word} }}}}"
        problems = templates.check_text(text, file="rules/a.yaml", line=10 + number, indent=4)
        assert [(problem.line, problem.file) for problem in problems] == [(10 + number, "rules/a.yaml")]
        assert templates.inline(text) is None


def test_facts_are_known_for_every_text_of_a_shape() -> None:
    templates, _ = Templates.load({})
    for number in range(3):
        facts = templates.inline_facts(f"{'x' * number}{{{{ property.wifi }}}}")
        assert [(fact.name, fact.tested) for fact in facts] == [("wifi", False)]


def test_a_plain_text_is_not_read_again() -> None:
    shapes: Shapes[str] = Shapes(PLAIN, lambda _: None)
    shapes.add(PLAIN.parse("Dear {{ name }},\n"), "sound", "Dear {{ name }},\n")
    found = shapes.find_text("Hello } {{ name }}!\n\n")
    assert found is not None
    assert found[0].render(name="Ann") == "Hello } Ann!\n"
    for other in (
        "{{ name }}",
        "Dear {{ name}},",
        "Dear {{ names }},",
        "Dear {{ name }}, {",
        "Dear {{ name }}",
    ):
        assert shapes.find_text(other) is None
