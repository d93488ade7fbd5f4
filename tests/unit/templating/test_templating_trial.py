"""Rendering everything before it goes live."""

from __future__ import annotations

from dataclasses import replace

from autoresponder.config import ReplySettings
from autoresponder.decision import Section
from autoresponder.templating import Held, Reply, Templates, Use, problems_for, trials, try_render
from tests.unit.templating.scenes import DOOR_CODE, FACTS, LONG_BEFORE, load

OTHER = replace(FACTS, key="old-town", name="Old Town", facts={**FACTS.facts, "wifi_name": None}, secrets={})
SETTINGS = ReplySettings()


def use(name: str | None, *, text: str | None = None, inquiry: bool = False) -> Use:
    section = Section(rule_id=name or "own", title=(name or "own").title(), template=name, text=text)
    return Use(section=section, file="rules/a.yaml", line=7, column=3, inquiry=inquiry)


def told(templates: Templates, *uses: Use) -> list[tuple[str, int, int, str, str]]:
    found = problems_for(uses, (FACTS, OTHER), templates, SETTINGS, LONG_BEFORE)
    return [(p.file, p.line, p.column, p.code, p.message) for p in found]


def test_every_rule_property_and_language_is_tried() -> None:
    templates = load(wifi__en="{{ property.wifi_name }}", wifi__de="{{ property.wifi_name }}", code__en="x")
    tried = [
        (t.use.section.template, t.facts.key, t.language, type(t.result))
        for t in trials((use("wifi"), use("code")), (FACTS, OTHER), templates, SETTINGS, LONG_BEFORE)
    ]
    assert tried == [
        ("wifi", "seaview", "de", Reply),
        ("wifi", "seaview", "en", Reply),
        ("wifi", "old-town", "de", Held),
        ("wifi", "old-town", "en", Held),
        ("code", "seaview", "en", Reply),
        ("code", "old-town", "en", Reply),
    ]


def test_secrets_are_released_for_the_sample() -> None:
    templates = load(code__en="{{ property.door_code }}")
    result = try_render((use("code").section,), "en", FACTS, templates, SETTINGS, LONG_BEFORE)
    assert isinstance(result, Reply)
    assert result.text == DOOR_CODE


def test_a_sound_set_has_no_problems() -> None:
    templates = load(
        _reply__en="Hi{% if guest.first_name %} {{ guest.first_name }}{% endif %},\n{{ body }}",
        wifi__en="{% if property.wifi_name %}{{ property.wifi_name }}{% else %}no Wi-Fi{% endif %}",
        ask__en="{{ inquiry.checkin | day }}, {{ inquiry.guests }}",
    )
    assert told(templates, use("wifi"), use("ask", inquiry=True), use(None, text="Hello")) == []


def test_what_would_be_held_is_told_once() -> None:
    templates = load(
        _reply__en="Dear {{ guest.first_name }},\n{{ body }}",
        long__en="x" * 3000,
        ask__en="{{ inquiry.nights }} nights",
        when__en="{{ property.wifi_name | time }}",
        fine__en="fine",
    )
    found = told(templates, use("long"), use("ask"), use("fine"), use(None, text="{{ inquiry.pets }}"))
    assert found == [
        ("_reply.en.j2", 1, 15, "T018", "guests whose first name is not known would get no answer"),
        ("ask.en.j2", 1, 12, "T011",
         "there is no inquiry, so inquiry.nights is not known (seaview and 1 more)"),
        ("long.en.j2", 1, 1, "T013", "the reply has 3011 characters, more than 2000 (seaview and 1 more)"),
        ("rules/a.yaml", 7, 3, "T011", "there is no inquiry, so inquiry.pets is not known (seaview and 1 more)"),
    ]  # fmt: skip
    odd = told(templates, use("when"))
    assert [(file, code) for file, _, _, code, _ in odd] == [("when.en.j2", "T013")]


def test_the_place_is_in_the_file_that_names_the_value() -> None:
    templates = load(_part="nights:\n {{ inquiry.nights }}", a__en="{% include '_part.j2' %}")
    assert [found[:4] for found in told(templates, use("a"))] == [("_part.j2", 2, 13, "T011")]


def test_templates_that_are_wrong_or_absent_are_left_to_others() -> None:
    templates, _ = Templates.load({"bad.en.j2": "{{ gust }}"})
    assert told(templates, use("bad"), use("absent"), use(None, text="{{ gust }}")) == []
