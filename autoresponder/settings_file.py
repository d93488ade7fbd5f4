"""autoresponder.yaml and the environment → `Settings`. The environment wins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from autoresponder.addresses import store_complaint, url_complaint, webhook_complaint
from autoresponder.config import (
    Answers,
    ChannexSettings,
    DeliverySettings,
    GuardSettings,
    ListenSettings,
    NotifySettings,
    OnAmbiguous,
    Partial,
    PollSettings,
    QuietHours,
    ReplySettings,
    Secret,
    Settings,
)
from autoresponder.durations import parse_duration
from autoresponder.languages import is_language, language_hint
from autoresponder.problems import Problem, Severity
from autoresponder.schemas.settings import SETTINGS_SCHEMA
from autoresponder.settings_environment import with_environment
from autoresponder.yamltext import Source, Way, parse, validate

_KEY_NAMES = frozenset({"api_key", "apikey", "api-key", "key", "token", "user-api-key", "user_api_key"})


def load_settings(
    text: str | bytes | None, file: str, environ: Mapping[str, str], folder: Path
) -> tuple[Settings | None, list[Problem]]:
    """Read the settings of a working folder.

    Args:
        text: Content of autoresponder.yaml, or None when there is none: then the defaults hold.
        file: Its path as the user knows it, for problems.
        environ: The process environment: CHANNEX_API_KEY, CHANNEX_API_KEY_FILE (a file that is read here),
            CHANNEX_BASE_URL, AUTORESPONDER_STORE, AUTORESPONDER_STATE, AUTORESPONDER_LISTEN (`host:port` or `off`) and
            AUTORESPONDER_LOG_LEVEL. Empty ones count as not set.
        folder: The working folder.

    Returns:
        The settings, or None when there is an error, and everything that is wrong. No problem ever shows
        an API key or a password.
    """
    source, problems = parse("" if text is None else text, file)
    if source is None:
        return None, problems
    problems += _with_key_remarks(source, validate(source, SETTINGS_SCHEMA))
    settings = Settings(folder=folder)
    if not _errors(problems):
        settings = _from_file(source, folder)
        problems += _check(source, settings)
    settings, remarks = with_environment(settings, environ)
    problems += remarks
    return (None if _errors(problems) else settings), sorted(problems, key=lambda p: p.sort_key)


def _errors(problems: list[Problem]) -> bool:
    return any(p.severity is Severity.ERROR for p in problems)


def _with_key_remarks(source: Source, problems: list[Problem]) -> list[Problem]:
    """Say about a written API key what really is wrong with it, instead of "unknown setting"."""
    found: dict[tuple[int, int], Problem] = {}
    sections: list[Way] = [(), ("channex",)]
    top = source.data if isinstance(source.data, dict) else {}
    for section in sections:
        inside = top.get("channex") if section else top
        for name in inside if isinstance(inside, dict) else ():
            if name.lower() in _KEY_NAMES:
                remark = source.problem(
                    (*section, name),
                    "C001",
                    "an API key does not belong in this file",
                    "set CHANNEX_API_KEY or CHANNEX_API_KEY_FILE; make a new key if others saw this one",
                    on_key=True,
                )
                found[remark.line, remark.column] = replace(
                    remark, excerpt=" " * (remark.column - 1) + f"{name}: ****"
                )
    return [*found.values(), *(p for p in problems if (p.line, p.column) not in found)]


def _from_file(source: Source, folder: Path) -> Settings:
    """The file's values, over the defaults. The file follows its schema by now."""
    data: Mapping[str, Any] = source.data
    plain = {
        name: data[name]
        for name in ("rules", "templates", "properties", "files", "state", "workers", "log_level")
        if name in data
    }
    if "store" in data:
        plain["store"] = Secret(data["store"])
    if "retention" in data:
        plain["retention"] = _length(data["retention"])
    return Settings(
        folder=folder,
        channex=ChannexSettings(**_section(data, "channex", timeout=_seconds, base_url=_tidy_url)),
        replies=ReplySettings(
            **_section(data, "replies", answers=Answers, partial=Partial, approved_links=tuple)
        ),
        guards=GuardSettings(
            **_section(data, "guards", quiet_hours=_quiet, **dict.fromkeys(_GUARD_TIMES, _length))
        ),
        delivery=DeliverySettings(
            **_section(
                data,
                "delivery",
                quarantine=_seconds,
                grace=_seconds,
                lease=_seconds,
                on_ambiguous=OnAmbiguous,
            )
        ),
        poll=PollSettings(
            **_section(data, "poll", every=_length, overlap=_length, sweep=_length, audit=_length)
        ),
        listen=ListenSettings(**_section(data, "listen")),
        notify=NotifySettings(**_section(data, "notify", webhook=Secret)),
        **plain,
    )


_GUARD_TIMES = ("max_age", "settle", "settle_limit", "human_handover", "cooldown")


def _section(data: Mapping[str, Any], name: str, **readers: Callable[[Any], Any]) -> dict[str, Any]:
    section = data.get(name) or {}
    return {key: readers[key](value) if key in readers else value for key, value in section.items()}


def _length(text: str) -> timedelta:
    length = parse_duration(text)
    assert length is not None
    return length


def _seconds(text: str) -> float:
    return _length(text).total_seconds()


def _quiet(section: Mapping[str, Any]) -> QuietHours:
    start, end = (time.fromisoformat(clock) for clock in section["between"])
    return QuietHours(start=start, end=end)


def _tidy_url(url: str) -> str:
    return url.rstrip("/")


def _pauses(source: Source, settings: Settings) -> list[Problem]:
    """What would ask Channex again and again without a pause."""
    return [
        source.problem(
            ("poll", name), "C002", f"'{name}' of no length would ask Channex without a pause", "such as 60s"
        )
        for name in ("every", "sweep", "audit")
        if not getattr(settings.poll, name)
    ]


def _check(source: Source, settings: Settings) -> list[Problem]:
    """What a schema cannot say: values that do not go together."""
    found = _pauses(source, settings)

    def add(way: Way, message: str, remedy: str = "") -> None:
        found.append(source.problem(way, "C002", message, remedy))

    guards = settings.guards
    if complaint := url_complaint(settings.channex.base_url):
        add(("channex", "base_url"), complaint, "such as https://app.channex.io/api/v1")
    if complaint := store_complaint(settings.store.reveal()):
        add(("store",), complaint, "such as sqlite:///autoresponder.db")
    webhook = settings.notify.webhook.reveal()
    if webhook and (complaint := webhook_complaint(webhook)):
        add(("notify", "webhook"), complaint, "such as https://chat.example/hooks/abc")
    if not is_language(settings.replies.fallback_language):
        way: Way = ("replies", "fallback_language")
        language = settings.replies.fallback_language
        add(way, f"'{language}' is no language code", language_hint(language))
    if guards.settle > guards.settle_limit:
        add(
            ("guards", "settle"), "'settle' is longer than 'settle_limit'", "make settle_limit the longer one"
        )
    if guards.quiet_hours and guards.quiet_hours.start == guards.quiet_hours.end:
        add(
            ("guards", "quiet_hours", "between"),
            "quiet hours begin and end at the same time",
            "take them away",
        )
    for name in ("rules", "templates", "properties", "files"):
        path = getattr(settings, name)
        if path.startswith(("/", "~", "\\")) or ".." in path.replace("\\", "/").split("/") or ":" in path:
            add((name,), f"'{name}' must lie inside the working folder", "give a path below this folder")
    return found
