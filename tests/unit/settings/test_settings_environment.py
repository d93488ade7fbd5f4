"""Environment variables win over the file; none of their values is ever shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoresponder.config import Settings
from autoresponder.problems import Problem
from autoresponder.settings_file import load_settings


def load(text: str = "", **environ: str) -> Settings:
    settings, problems = load_settings(text, "autoresponder.yaml", environ, Path())
    assert problems == []
    assert settings is not None
    return settings


def refused(**environ: str) -> Problem:
    settings, problems = load_settings("", "autoresponder.yaml", environ, Path())
    assert settings is None
    (problem,) = problems
    assert (problem.file, problem.code) == ("environment", "C003")
    return problem


def test_the_environment_wins() -> None:
    settings = load(
        "channex: {base_url: 'https://a.example/api/v1'}\nstore: sqlite:///a.db\nlog_level: error\n",
        CHANNEX_API_KEY=" key-1 \n",
        CHANNEX_BASE_URL="http://127.0.0.1:9/api/v1/",
        AUTORESPONDER_STORE="redis://r/1",
        AUTORESPONDER_LOG_LEVEL="DEBUG",
        AUTORESPONDER_LISTEN="0.0.0.0:81",
    )
    assert settings.channex.api_key.reveal() == "key-1"
    assert settings.channex.base_url == "http://127.0.0.1:9/api/v1"
    assert settings.store.reveal() == "redis://r/1"
    assert settings.log_level == "debug"
    assert (settings.listen.host, settings.listen.port) == ("0.0.0.0", 81)
    assert "key-1" not in repr(settings)


def test_an_empty_variable_counts_as_not_set() -> None:
    settings = load(
        "log_level: error\n", AUTORESPONDER_LOG_LEVEL="", CHANNEX_API_KEY=" ", CHANNEX_BASE_URL=""
    )
    assert settings.log_level == "error"
    assert not settings.channex.api_key


@pytest.mark.parametrize(
    ("written", "host", "port", "enabled"),
    [
        ("off", "127.0.0.1", 8080, False),
        ("OFF", "127.0.0.1", 8080, False),
        (":9000", "127.0.0.1", 9000, True),
        ("[::1]:9000", "::1", 9000, True),
        ("box:0", "box", 0, True),
    ],
)
def test_where_to_listen(written: str, host: str, port: int, enabled: bool) -> None:
    listen = load(AUTORESPONDER_LISTEN=written).listen
    assert (listen.host, listen.port, listen.enabled) == (host, port, enabled)


@pytest.mark.parametrize("written", ["8080", "host", "host:port", "a:b:1", "h:99999", "h/:1", "h:٣"])
def test_where_nobody_can_listen(written: str) -> None:
    assert "host:port" in refused(AUTORESPONDER_LISTEN=written).message


def test_a_key_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("key-from-file\n", encoding="utf-8")
    assert load(CHANNEX_API_KEY_FILE=str(file)).channex.api_key.reveal() == "key-from-file"
    both = load(CHANNEX_API_KEY_FILE=str(file), CHANNEX_API_KEY="direct")
    assert both.channex.api_key.reveal() == "direct"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "cannot be read"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"two words", "odd character"),
        (b"two\nlines", "odd character"),
        (b"\xff\xfe", "odd character"),
        (b"x" * 5000, "too large"),
    ],
)
def test_a_key_file_that_is_no_good(tmp_path: Path, content: bytes | None, complaint: str) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    problem = refused(CHANNEX_API_KEY_FILE=str(file))
    assert complaint in problem.message
    assert problem.message.startswith("CHANNEX_API_KEY_FILE: ")


def test_a_folder_is_no_key_file(tmp_path: Path) -> None:
    assert "cannot be read" in refused(CHANNEX_API_KEY_FILE=str(tmp_path)).message


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CHANNEX_API_KEY", "s3cr3t\x7fx"),
        ("CHANNEX_BASE_URL", "https://u:s3cr3t@x.io/"),
        ("CHANNEX_BASE_URL", "s3cr3t"),
        ("CHANNEX_BASE_URL", "https://[s3cr3t"),
        ("CHANNEX_BASE_URL", "https://x.io:s3cr3t/"),
        ("AUTORESPONDER_STORE", "mongo://:s3cr3t@x"),
        ("AUTORESPONDER_LOG_LEVEL", "s3cr3t"),
        ("AUTORESPONDER_LISTEN", "s3cr3t"),
    ],
)
def test_what_is_refused_is_named_but_not_shown(variable: str, value: str) -> None:
    problem = refused(**{variable: value})
    assert variable in problem.message
    assert "s3cr3t" not in repr(problem)


def test_mistakes_in_file_and_environment_are_told_together() -> None:
    _, problems = load_settings(
        "workers: x\n", "autoresponder.yaml", {"AUTORESPONDER_LOG_LEVEL": "x"}, Path()
    )
    assert [p.file for p in problems] == ["autoresponder.yaml", "environment"]


@pytest.mark.parametrize("host", ["localhost", "10.0.0.7", "sandbox", "[::1]"])
def test_plain_http_is_for_near_machines_only(host: str) -> None:
    assert load(CHANNEX_BASE_URL=f"http://{host}:80/api/v1").channex.base_url.startswith("http://")
    assert "https" in refused(CHANNEX_BASE_URL="http://app.channex.io/api/v1").message
