"""autoresponder.yaml → settings, or everything that is wrong with it."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from autoresponder.config import Answers, OnAmbiguous, Partial, QuietHours, Settings
from autoresponder.problems import Problem
from autoresponder.schemas.settings import SETTINGS_SCHEMA
from autoresponder.settings_file import load_settings

FOLDER = Path("anywhere")

EVERYTHING = """\
channex:
  base_url: https://staging.channex.io/api/v1/
  requests_per_minute: 60
  timeout: 20s
  concurrency: 4
store: redis://:pw@redis:6379/0
rules: my-rules
templates: my-templates
properties: places.yaml
replies:
  answers: first
  partial: hold
  max_length: 1500
  fallback_language: de
  approved_links: [seaview.example]
guards:
  max_age: 12h
  settle: 30s
  settle_limit: 5m
  human_handover: 1d
  cooldown: 2h
  replies_per_day: 3
  quiet_hours: {between: [22:00, "07:00"]}
delivery:
  quarantine: 20m
  grace: 3s
  lease: 90s
  attempts: 2
  on_ambiguous: hold
poll: {every: 30s, overlap: 20m, sweep: 12h}
listen: {host: 0.0.0.0, port: 9000, enabled: false}
retention: 30d
workers: 2
log_level: debug
"""


def load(text: str | bytes | None, environ: dict[str, str] | None = None) -> Settings:
    settings, problems = load_settings(text, "autoresponder.yaml", environ or {}, FOLDER)
    assert problems == []
    assert settings is not None
    return settings


def problems_of(text: str) -> list[Problem]:
    settings, problems = load_settings(text, "autoresponder.yaml", {}, FOLDER)
    assert settings is None
    return problems


@pytest.mark.parametrize("text", [None, "", "# nothing yet\n"])
def test_without_a_word_the_defaults_hold(text: str | None) -> None:
    assert load(text) == Settings(folder=FOLDER)


def test_everything_that_can_be_set() -> None:
    settings = load(EVERYTHING)
    channex = settings.channex
    assert (channex.base_url, channex.requests_per_minute) == ("https://staging.channex.io/api/v1", 60)
    assert (channex.timeout, channex.concurrency) == (20.0, 4)
    assert settings.store.reveal() == "redis://:pw@redis:6379/0"
    assert (settings.rules, settings.templates, settings.properties) == (
        "my-rules",
        "my-templates",
        "places.yaml",
    )
    replies = settings.replies
    assert (replies.answers, replies.partial) == (Answers.FIRST, Partial.HOLD)
    assert (replies.max_length, replies.fallback_language) == (1500, "de")
    assert replies.approved_links == ("seaview.example",)
    guards = settings.guards
    assert (guards.max_age, guards.settle) == (timedelta(hours=12), timedelta(seconds=30))
    assert (guards.settle_limit, guards.human_handover) == (timedelta(minutes=5), timedelta(days=1))
    assert (guards.cooldown, guards.replies_per_day) == (timedelta(hours=2), 3)
    assert guards.quiet_hours == QuietHours(start=time(22), end=time(7))
    delivery = settings.delivery
    assert (delivery.quarantine, delivery.grace, delivery.lease) == (1200.0, 3.0, 90.0)
    assert (delivery.attempts, delivery.on_ambiguous) == (2, OnAmbiguous.HOLD)
    assert settings.poll.every == timedelta(seconds=30)
    assert (settings.poll.overlap, settings.poll.sweep) == (timedelta(minutes=20), timedelta(hours=12))
    listen = settings.listen
    assert (listen.host, listen.port, listen.enabled) == ("0.0.0.0", 9000, False)
    assert (settings.retention, settings.workers, settings.log_level) == (timedelta(days=30), 2, "debug")


def test_the_schema_is_one_and_describes_every_key() -> None:
    Draft202012Validator.check_schema(SETTINGS_SCHEMA)

    def walk(schema: dict[str, object], name: str) -> None:
        assert schema.get("description"), name
        properties = schema.get("properties", {})
        assert isinstance(properties, dict)
        for key, inner in properties.items():
            walk(inner, f"{name}.{key}")

    walk(SETTINGS_SCHEMA, "settings")


@pytest.mark.parametrize(
    ("text", "line", "column", "code", "message"),
    [
        ("gards: {}\n", 1, 1, "S001", "unknown setting 'gards'"),
        ("workers: many\n", 1, 10, "S006", "'workers' needs a whole number, got the text 'many'"),
        ("workers: 0\n", 1, 10, "S004", "'workers' needs a number of at least 1, the number 0 is too small"),
        ("guards: {settle: 45}\n", 1, 18, "S006", "'settle' needs a length of time"),
        ("replies: {partial: keep}\n", 1, 20, "S003", "the text 'keep' is not possible here"),
        ("listen: {enabled: no}\n", 1, 19, "S006", "'enabled' needs true or false"),
        ('guards: {quiet_hours: {between: ["22:00"]}}\n', 1, 33, "S005", "'between' needs two times"),
        (
            'guards: {quiet_hours: {between: [7:00, "09:00"]}}\n',
            1,
            34,
            "S005",
            "'between' needs a time of day",
        ),
        ("guards: {quiet_hours: {between: [09:00, 09:00]}}\n", 1, 33, "C002", "quiet hours begin and end"),
        ("channex: {base_url: app.channex.io}\n", 1, 21, "C002", "this is no web address"),
        ("channex: {base_url: 'http://app.channex.io/api/v1'}\n", 1, 21, "C002", "must begin with https"),
        ("channex: {base_url: 'https://x.io/v1?a=b'}\n", 1, 21, "C002", "without ? or #"),
        ("store: mysql://x\n", 1, 8, "C002", "this is no store"),
        ("store: 'redis://'\n", 1, 8, "C002", "ends too early"),
        ("replies: {fallback_language: english}\n", 1, 30, "C002", "'english' is no language code"),
        (
            "replies: {approved_links: [https://seaview.example]}\n",
            1,
            28,
            "S005",
            "needs a domain without https:// and path",
        ),
        ("guards: {settle: 11m}\n", 1, 18, "C002", "'settle' is longer than 'settle_limit'"),
        ("templates: /etc\n", 1, 12, "C002", "'templates' must lie inside the working folder"),
        ("properties: a/../../b.yaml\n", 1, 13, "C002", "'properties' must lie inside"),
        ("- a\n", 1, 1, "S006", "needs settings of its own, got a list"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(
    text: str, line: int, column: int, code: str, message: str
) -> None:
    (problem,) = problems_of(text)
    assert (problem.line, problem.column, problem.code) == (line, column, code)
    assert message in problem.message


def test_several_mistakes_in_one_run() -> None:
    found = problems_of("gards: 1\nworkers: x\nguards:\n  settle: soon\n")
    assert [p.line for p in found] == [1, 2, 4]


@pytest.mark.parametrize("key", ["api_key", "apikey", "key", "token"])
@pytest.mark.parametrize("section", ["", "channex:\n  "])
def test_an_api_key_in_the_file_is_refused_and_never_shown(section: str, key: str) -> None:
    (problem,) = problems_of(f"{section}{key}: s3cr3t-value\n")
    assert problem.code == "C001"
    assert "CHANNEX_API_KEY" in problem.remedy
    assert "s3cr3t-value" not in repr(problem)


@pytest.mark.parametrize(
    "text",
    [
        "channex: {base_url: 'https://me:s3cr3t@app.channex.io/api/v1'}\n",
        "store: postgres://me:s3cr3t@db/x\n",
        "store: redis://:s3cr3t@db/0\nworkers: x\n",
        "store: redis://:s3cr3t@db/0: x\n",
    ],
)
def test_passwords_in_addresses_are_never_shown(text: str) -> None:
    assert "s3cr3t" not in repr(problems_of(text))
