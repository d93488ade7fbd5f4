"""Files → rule set, and everything that can be wrong with them."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from autoresponder.decision import ActionKind
from autoresponder.problems import Problem, Severity
from autoresponder.rules import RULES_SCHEMA, TOPICS_SCHEMA, load_rules

WIFI = "rules: [{id: wifi, when: {topics: {any: [wifi]}}, reply: wifi}]\n"
ENGLISH = "language: en\ntopics: {wifi: {title: Wi-Fi, any: [wifi, internet]}}\n"


def problems(text: str, topics: str = ENGLISH) -> list[Problem]:
    loaded, found = load_rules({"rules/a.yaml": text, "rules/topics/en.yaml": topics})
    assert (loaded is None) == any(problem.severity is Severity.ERROR for problem in found)
    return found


def test_a_rule_set_knows_its_rules_and_topics() -> None:
    loaded, found = load_rules(
        {
            "rules/20-b.yaml": "rules:\n  - id: b\n    title: Bee\n    text: Hello\n    cooldown: 90s\n",
            "rules/10-a.yaml": "# first\nrules:\n  - id: a\n    enabled: false\n    then: [close, escalate]\n",
            "rules/topics/en.yaml": ENGLISH,
            "rules/topics/own/de.yaml": "language: de\ntopics: {wifi: {any: [wlan]}}\n",
        }
    )
    assert found == []
    assert loaded is not None
    first, second = loaded.rules
    assert (first.id, first.title, first.enabled, first.replies) == ("a", "a", False, False)
    assert first.actions == (ActionKind.CLOSE, ActionKind.ESCALATE)
    assert (first.file, first.line, first.column) == ("rules/10-a.yaml", 3, 9)
    assert (second.title, second.text, second.reply, second.cooldown) == ("Bee", "Hello", None, 90.0)
    assert loaded.topics["wifi"].languages == ("de", "en")
    assert loaded.topics["wifi"].title == "Wi-Fi"


def test_empty_files_are_no_problem() -> None:
    loaded, found = load_rules({"rules/a.yaml": "", "rules/topics/x.yaml": "# nothing yet\n"})
    assert found == []
    assert loaded is not None
    assert loaded.rules == ()
    assert load_rules({})[0] is not None


def test_the_version_is_that_of_the_content() -> None:
    def version(**files: str) -> str:
        loaded, _ = load_rules({f"rules/{name}.yaml": text for name, text in files.items()})
        assert loaded is not None
        return loaded.version

    one = version(a="rules: []", b="rules: [] # b")
    assert one == version(b="rules: [] # b", a="rules: []")
    assert one != version(a="rules: [] # b", b="rules: []")
    assert one != version(a="rules: []", b="rules: [] # c")


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "said", "remedy"),
    [
        (
            WIFI.replace("any: [wifi]", "any: [wify]"),
            "R002",
            1,
            42,
            "no topic 'wify'",
            "did you mean 'wifi'?",
        ),
        (WIFI.replace("any: [wifi]", "any: [zzz]"), "R002", 1, 42, "no topic 'zzz'", "topics: wifi"),
        ("rules:\n- id: a\n  when: {}\n", "R003", 2, 7, "does nothing", "'reply'"),
        ("rules:\n- id: a\n  reply: x\n  text: y\n", "R004", 4, 3, "not both", "keep one"),
        (
            "rules:\n- {id: a, reply: x, when: {text: {any: ['pa*rk']}}}\n",
            "R005",
            2,
            44,
            "wrong place",
            "park*",
        ),
        (
            "rules:\n- {id: a, reply: x, when: {text: {any: ['re: (b']}}}\n",
            "R005",
            2,
            46,
            "( is never closed",
            "bracket",
        ),
        (
            "rules:\n- id: a\n  reply: x\n- id: b\n  reply: x\n- id: a\n  reply: z\n",
            "R001",
            6,
            7,
            "already used in rules/a.yaml, line 2, column 7",
            "another id",
        ),
        (
            "rules:\n- {id: a, reply: x, when: {stay_details: {arrival_date: '2026-02-30'}}}\n",
            "R009",
            2,
            57,
            "no day 2026-02-30",
            "2026-05-01",
        ),
        (
            "rules:\n- {id: a, reply: x, when: {time: {between: ['09:00', '09:00']}}}\n",
            "R011",
            2,
            44,
            "same time",
            "whole day",
        ),
        (
            "rules:\n- {id: a, reply: x, when: {any: [{all: [{topics: {only: [wfi]}}]}]}}\n",
            "R002",
            2,
            58,
            "no topic 'wfi'",
            "did you mean 'wifi'?",
        ),
    ],
)
def test_errors_name_place_and_remedy(
    text: str, code: str, line: int, column: int, said: str, remedy: str
) -> None:
    (problem,) = problems(text)
    assert (problem.code, problem.line, problem.column) == (code, line, column)
    assert problem.severity is Severity.ERROR
    assert said in problem.message
    assert remedy in problem.remedy
    assert problem.file == "rules/a.yaml"
    assert problem.rule
    assert problem.excerpt


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("rules: [{id: a, reply: x, then: [no_reply_needed]}]", "R006"),
        ("rules: [{id: a, then: [hold], cooldown: 2h}]", "R007"),
        ("rules: [{id: a, reply: x, then: [close, hold]}]", "R017"),
        ("rules: [{id: a, reply: x, when: {inquiry: {nigts: 3}}}]", "R010"),
    ],
)
def test_warnings_do_not_stop_a_rule_set(text: str, code: str) -> None:
    (problem,) = problems(text)
    assert (problem.code, problem.severity) == (code, Severity.WARNING)


def test_a_topic_file_should_name_its_language() -> None:
    (problem,) = problems(WIFI, "topics: {wifi: {any: [wifi]}}")
    assert (problem.code, problem.severity, problem.file) == (
        "R008",
        Severity.WARNING,
        "rules/topics/en.yaml",
    )


def test_all_problems_are_told_at_once_and_in_order() -> None:
    found = problems(
        "rules:\n"
        "- id: a\n  reply: x\n  wen: {}\n"
        "- id: b\n  when: {topics: {any: [wifii]}, provider: arbnb}\n  then: [escalte]\n"
        "- id: c\n  when: {text: {any: ['x*']}, stay: never}\n  reply: c\n",
        "language: en\ntopics: {wifi: {any: [wifi, '?']}}\n",
    )
    assert [(problem.file[-7:], problem.line) for problem in found] == [
        ("/a.yaml", 4),
        ("/a.yaml", 6),
        ("/a.yaml", 6),
        ("/a.yaml", 7),
        ("/a.yaml", 9),
        ("/a.yaml", 9),
        ("en.yaml", 2),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "rules: {}",
        "rules: 3",
        "rules: [3, null, [], {}]",
        "rules: [{id: 3}]",
        "rules: [{id: a, when: 3, reply: []}]",
        "rules: [{id: a, then: escalate, reply: x}]",
        "rules: [{id: a, then: [3], title: 3, enabled: maybe, cooldown: 3, reply: x}]",
        "- a\n- b\n",
        "topics: {}",
        "just words",
        "rules: [{id: a, reply: x, when: {text: [a]}}]",
        "rules: [{id: a, reply: x, when: {text: {any: [3]}}}]",
        "rules: [{id: a, reply: x, when: {topics: {any: wifi}}}]",
        "rules: [{id: a, reply: x, when: {any: {}}}]",
        "rules: [{id: a, reply: x, when: {any: [3]}}]",
        "rules: [{id: a, reply: x, when: {time: {between: [a]}}}]",
        "rules: [{id: a, reply: x, when: {time: {days: fri}}}]",
        "rules: [{id: a, reply: x, when: {event: {}}}]",
        "rules: [{id: a, reply: x, when: {language: [deutsch]}}]",
        "rules: [{id: a, reply: x, when: {inquiry: []}}]",
        "rules: [{id: a, reply: x, when: {stay_details: {nights: many}}}]",
        "rules: [{id: a, reply: x, when: {stay_details: {nights: {about: 3}}}}]",
        "rules: [{id: a, reply: x, when: {stay_details: {night: 3}}}]",
        "rules: [{id: a, reply: x, when: {thread: {first_contact: 3, message_count: {}}}}]",
        "rules: [{id: a, reply: x, when: {property: []}}]",
        "\trules: []",
        "rules: [",
    ],
)
def test_what_does_not_fit_is_an_error_and_never_a_crash(text: str) -> None:
    found = problems(text)
    assert any(problem.severity is Severity.ERROR for problem in found)
    assert all(problem.message for problem in found)


@pytest.mark.parametrize(
    "text",
    [
        "topics: []",
        "topics: {wifi: [wifi]}",
        "topics: {wifi: {any: wifi}}",
        "topics: {w: {any: [3]}}",
        "rules: []",
    ],
)
def test_topic_files_that_do_not_fit(text: str) -> None:
    found = problems("rules: []", text)
    assert any(problem.severity is Severity.ERROR for problem in found)


def _descriptions(schema: Any, way: str, missing: list[str]) -> None:
    for name, part in schema.get("properties", {}).items():
        if "$ref" not in part and not (part.get("description") and part.get("examples")):
            missing.append(f"{way}.{name}")
        _descriptions(part, f"{way}.{name}", missing)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            _descriptions(schema[key], f"{way}.{key}", missing)
    for name, part in schema.get("$defs", {}).items():
        _descriptions(part, f"{way}#{name}", missing)


@pytest.mark.parametrize("schema", [RULES_SCHEMA, TOPICS_SCHEMA])
def test_schemas_are_valid_and_describe_every_key(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    missing: list[str] = []
    _descriptions(schema, "", missing)
    assert missing == []


def _examples(schema: Any, root: dict[str, Any]) -> list[tuple[Any, Any]]:
    found = [(schema, example) for example in schema.get("examples", [])]
    for part in (*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()):
        found += _examples(part, root)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            found += _examples(schema[key], root)
    return found


@pytest.mark.parametrize("schema", [RULES_SCHEMA, TOPICS_SCHEMA])
def test_every_example_in_a_schema_follows_it(schema: dict[str, Any]) -> None:
    examples = _examples(schema, schema)
    assert len(examples) >= 10
    for part, example in examples:
        jsonschema.Draft202012Validator({**part, "$defs": schema.get("$defs", {})}).validate(example)


def test_unchanged_files_give_the_same_rule_set_again() -> None:
    files = {"rules/a.yaml": "rules:\n  - {id: kept, text: Hello}\n"}
    first, problems = load_rules(files)
    again, as_well = load_rules(dict(files))
    assert again is first
    assert as_well == problems
    other, _ = load_rules({"rules/a.yaml": "rules:\n  - {id: kept, text: Hi}\n"})
    assert other is not first
    assert other is not None
    assert first is not None
    assert other.version != first.version
