"""The shipped rules, topics and replies: what guests write in seven languages, and what they get."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from autoresponder.brain import Resolution
from autoresponder.cli.explain import explain
from autoresponder.config import Settings
from autoresponder.decision import ActionKind, Outcome, Section
from autoresponder.lint.linter import check_folder
from autoresponder.model import PropertyId, Provider, StayStage
from autoresponder.rules import Rule
from autoresponder.samples import Scene
from autoresponder.starter import sample_files, starter_files
from autoresponder.templating import Reply, Use, trials, try_render
from autoresponder.workspace import Workspace, load_workspace
from autoresponder.yamltext import parse

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
NOW = datetime(2026, 6, 12, 12, tzinfo=UTC)
MESSAGES = Path(__file__).with_name("messages.txt")


def _cases() -> list[tuple[str, str, frozenset[str], str]]:
    cases = []
    for line in MESSAGES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            language, wanted, text = line.split(" | ", 2)
            outcome, _, rules = wanted.partition(": ")
            cases.append((language, outcome, frozenset(rules.split(", ")) - {""}, text))
    return cases


CASES = _cases()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("starter")
    for name, text in {**starter_files(), **sample_files()}.items():
        target = place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def settings(folder: Path) -> Settings:
    return Settings(folder=folder)


@pytest.fixture(scope="module")
def workspace(settings: Settings) -> Workspace:
    found, problems = load_workspace(settings, {})
    assert found is not None, problems
    return found


def _explain(workspace: Workspace, settings: Settings, text: str, **circumstances: Any) -> Resolution:
    place = PropertyId(workspace.book.channex_id("seaview") or "")
    scene = {"texts": (text,), "property_id": place, "stay": StayStage.IN_STAY, "at": NOW, **circumstances}
    return explain(workspace, settings, Scene(**scene), trace=False)


@cache
def _topic_file(language: str) -> dict[str, Any]:
    file = f"rules/topics/{language}.yaml"
    source, problems = parse(starter_files()[file], file)
    assert source is not None, problems
    topics: dict[str, Any] = source.data["topics"]
    return topics


def _uses(workspace: Workspace) -> list[Use]:
    return [
        Use(
            section=Section(rule_id=rule.id, title=rule.title, template=rule.reply, text=rule.text),
            file=rule.file,
            inquiry=rule.id == "inquiry",
        )
        for rule in workspace.ruleset.rules
        if rule.replies
    ]


@pytest.mark.parametrize(("language", "outcome", "rules", "text"), CASES, ids=[c[3][:40] for c in CASES])
def test_a_guest_gets_what_is_meant_for_these_words(
    workspace: Workspace, settings: Settings, language: str, outcome: str, rules: frozenset[str], text: str
) -> None:
    resolution = _explain(workspace, settings, text)
    decision = resolution.decision
    assert decision.outcome.value == outcome, decision
    if decision.outcome is Outcome.ESCALATE:
        assert rules <= set(decision.rules), decision
    else:
        assert set(decision.rules) == rules, decision
    if decision.outcome is Outcome.REPLY:
        assert resolution.reply is not None
        assert resolution.reply.language == language


def test_the_messages_are_many_in_every_language() -> None:
    assert len(CASES) >= 160
    for language in LANGUAGES:
        own = [case for case in CASES if case[0] == language]
        assert len(own) >= 20, language
        assert {outcome for _, outcome, _, _ in own} == {"reply", "escalate", "no_reply_needed", "hold"}, (
            language
        )


def test_every_rule_about_words_is_met_by_a_message(workspace: Workspace) -> None:
    met = frozenset().union(*(rules for _, _, rules, _ in CASES))
    assert {rule.id for rule in workspace.ruleset.rules} - met == {"availability_price", "inquiry"}


@pytest.mark.parametrize("provider", [Provider.BOOKING_COM, Provider.AIRBNB, Provider.EXPEDIA])
def test_plain_thanks_never_get_an_answer(
    workspace: Workspace, settings: Settings, provider: Provider
) -> None:
    decision = _explain(workspace, settings, "Thank you so much!", provider=provider).decision
    expected = Outcome.NO_REPLY_NEEDED if provider is Provider.BOOKING_COM else Outcome.SILENT
    assert decision.outcome is expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_exists_in_every_language(language: str) -> None:
    topics = _topic_file(language)
    assert set(topics) == set(_topic_file("en"))
    assert all(len(entry["any"]) >= 3 for entry in topics.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_stands_twice_in_a_topic(language: str) -> None:
    for name, entry in _topic_file(language).items():
        for kind in ("any", "none"):
            phrases = entry.get(kind, [])
            twice = {phrase for phrase in phrases if phrases.count(phrase) > 1}
            assert not twice, (name, kind)


def test_every_topic_is_used_by_a_rule() -> None:
    rules = "".join(
        text for name, text in starter_files().items() if name.startswith("rules/") and "topics/" not in name
    )
    unused = {name for name in _topic_file("en") if name not in rules}
    assert not unused


def test_every_reply_exists_in_every_language(workspace: Workspace) -> None:
    wanted = {rule.reply for rule in workspace.ruleset.rules if rule.reply is not None}
    written = {name for name in starter_files() if name.startswith("templates/")}
    names = {*wanted, "_reply"}
    assert written == {f"templates/{name}.{language}.j2" for name in names for language in LANGUAGES}
    for name in wanted:
        assert set(workspace.templates.languages(name)) == set(LANGUAGES), name


@pytest.mark.parametrize("provider", [Provider.BOOKING_COM, Provider.AIRBNB, Provider.EXPEDIA])
def test_every_reply_can_be_sent_for_every_sample_property_in_every_language(
    workspace: Workspace, settings: Settings, provider: Provider
) -> None:
    uses, places = _uses(workspace), workspace.book.all()
    tried = list(trials(uses, places, workspace.templates, settings.replies, NOW, provider=provider))
    assert len(tried) == len(uses) * len(places) * len(LANGUAGES)
    held = [trial for trial in tried if not isinstance(trial.result, Reply)]
    assert not held


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_given_together_repeat_no_sentence(
    workspace: Workspace, settings: Settings, language: str
) -> None:
    use = [use for use in _uses(workspace) if not use.inquiry]
    parts = {one.section.rule_id: _sentences(workspace, settings, one, language) for one in use}
    for one, other in combinations(parts, 2):
        assert not parts[one] & parts[other], (one, other)


def _sentences(workspace: Workspace, settings: Settings, use: Use, language: str) -> frozenset[str]:
    """What one answer says, without greeting and signature."""
    text = _rendered(workspace, settings, [use.section], language)
    body = "\n".join(text.split("\n\n")[1:-1])
    assert body
    return frozenset(sentence.strip() for sentence in re.split(r"(?<=[.!?])\s", body) if sentence.strip())


def _rendered(workspace: Workspace, settings: Settings, sections: Sequence[Section], language: str) -> str:
    place = workspace.book.all()[0]
    result = try_render(sections, language, place, workspace.templates, settings.replies, NOW)
    assert isinstance(result, Reply), result
    return result.text


ASKS_FOR_WIFI = {
    "en": "What is the wifi password?",
    "de": "Wie lautet das WLAN-Passwort?",
    "fr": "Quel est le mot de passe du wifi ?",
    "es": "¿Cuál es la contraseña del wifi?",
    "it": "Qual è la password del wifi?",
    "pt": "Qual é a senha do wifi?",
    "nl": "Wat is het wachtwoord van de wifi?",
}


@pytest.mark.parametrize(("language", "text"), ASKS_FOR_WIFI.items())
def test_a_password_is_told_in_its_time_and_never_before(
    workspace: Workspace, settings: Settings, language: str, text: str
) -> None:
    password = "blue-lemon-42"
    early = _explain(workspace, settings, text, stay=StayStage.BEFORE_ARRIVAL).reply
    assert early is not None
    assert early.language == language
    assert "20" in early.text, "guests hear the day on which they can have it"
    assert password not in early.text
    asked = _explain(workspace, settings, text, stay=StayStage.INQUIRY).reply
    assert asked is not None
    assert password not in asked.text
    there = _explain(workspace, settings, text, stay=StayStage.IN_STAY).reply
    assert there is not None
    assert password in there.text


@pytest.mark.parametrize(("language", "text"), ASKS_FOR_WIFI.items())
def test_on_the_day_itself_guests_hear_the_hour(
    folder: Path, tmp_path: Path, language: str, text: str
) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    book = tmp_path / "properties.yaml"
    shorter = book.read_text(encoding="utf-8").replace("before_arrival: 48h", "before_arrival: 240h")
    book.write_text(shorter, encoding="utf-8")
    settings = Settings(folder=tmp_path)
    workspace, problems = load_workspace(settings, {})
    assert workspace is not None, problems
    at = NOW.replace(hour=8)
    reply = _explain(workspace, settings, text, stay=StayStage.BEFORE_ARRIVAL, at=at).reply
    assert reply is not None
    assert reply.language == language
    assert "blue-lemon-42" not in reply.text
    assert "15:00" in reply.text
    assert not re.search(r"\b12\b", reply.text), "the day is today"


def test_the_starter_folder_has_no_problem(folder: Path) -> None:
    assert check_folder(folder, {}) == []


DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "starter.md"


def test_the_document_names_every_rule_with_its_reply_and_whether_people_are_told(
    workspace: Workspace,
) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = {
        cells[0].strip("`"): cells[1:]
        for line in text.splitlines()
        if line.startswith("| `")
        for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
    }
    rules = {rule.id: rule for rule in workspace.ruleset.rules}
    assert set(rows) | {"courtesy"} == set(rules)
    for name, cells in rows.items():
        rule = rules[name]
        if rule.reply is None:
            assert len(cells) == 1
            assert _tells_a_person(rule)
        else:
            assert cells[1] == f"`{rule.reply}`"
            assert (cells[3] == "and a person is told") is _tells_a_person(rule)


def test_the_documents_own_files_work(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    blocks = re.findall(r"```yaml\n# (\S+)\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    for name, text in blocks:
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert check_folder(tmp_path, {}) == []
    settings = Settings(folder=tmp_path)
    workspace, problems = load_workspace(settings, {})
    assert workspace is not None, problems
    assert _explain(workspace, settings, "Is there a sauna?").decision.rules == ("sauna",)
    assert _explain(workspace, settings, "Do you have valet service?").decision.rules == ("parking",)


def _tells_a_person(rule: Rule) -> bool:
    return ActionKind.ESCALATE in rule.actions
