"""Settings that come from environment variables; they win over the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from autoresponder.addresses import store_complaint, url_complaint, webhook_complaint
from autoresponder.config import Secret, Settings
from autoresponder.problems import Problem
from autoresponder.schemas.settings import LOG_LEVELS

PLACE = "environment"
"""What stands as the file of a problem in a variable."""

_LONGEST_KEY = 4096


def with_environment(settings: Settings, environ: Mapping[str, str]) -> tuple[Settings, list[Problem]]:
    """Put the environment's values over the file's.

    Args:
        settings: What the file says.
        environ: The process environment; an empty variable counts as not set. A file named by
            CHANNEX_API_KEY_FILE is read.

    Returns:
        The settings with every usable variable applied, and a problem for each other one.
    """
    problems: list[Problem] = []
    key, complaint = _api_key(environ)
    if complaint:
        variable = "CHANNEX_API_KEY_FILE" if _is_in_file(environ) else "CHANNEX_API_KEY"
        problems.append(_problem(variable, complaint))
    elif key is not None:
        settings = replace(settings, channex=replace(settings.channex, api_key=key))
    for variable, (apply, remedy) in _VARIABLES.items():
        value = environ.get(variable, "").strip()
        if not value:
            continue
        try:
            settings = apply(settings, value)
        except _Refused as refusal:
            problems.append(_problem(variable, str(refusal), remedy))
    return settings, problems


class _Refused(Exception):
    """A variable's value cannot be used; the text says why without repeating it."""


def _problem(variable: str, complaint: str, remedy: str = "") -> Problem:
    return Problem(file=PLACE, code="C003", message=f"{variable}: {complaint}", remedy=remedy)


def _base_url(settings: Settings, url: str) -> Settings:
    if complaint := url_complaint(url):
        raise _Refused(complaint)
    return replace(settings, channex=replace(settings.channex, base_url=url.rstrip("/")))


def _store(settings: Settings, url: str) -> Settings:
    if complaint := store_complaint(url):
        raise _Refused(complaint)
    return replace(settings, store=Secret(url))


def _state(settings: Settings, folder: str) -> Settings:
    if "\0" in folder:
        raise _Refused("this is no folder")
    return replace(settings, state=folder)


def _webhook(settings: Settings, url: str) -> Settings:
    if complaint := webhook_complaint(url):
        raise _Refused(complaint)
    return replace(settings, notify=replace(settings.notify, webhook=Secret(url)))


def _log_level(settings: Settings, level: str) -> Settings:
    if level.lower() not in LOG_LEVELS:
        raise _Refused("there is no such level")
    return replace(settings, log_level=level.lower())


def _is_in_file(environ: Mapping[str, str]) -> bool:
    return not environ.get("CHANNEX_API_KEY", "").strip() and bool(environ.get("CHANNEX_API_KEY_FILE"))


def _api_key(environ: Mapping[str, str]) -> tuple[Secret | None, str]:
    """The key, or what is wrong with it; neither when none is given. The key is never in the text."""
    if _is_in_file(environ):
        path = Path(environ["CHANNEX_API_KEY_FILE"])
        try:
            with path.open("rb") as file:
                raw = file.read(_LONGEST_KEY + 1)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            return None, f"the file '{path}' cannot be read ({reason.lower()})"
        if len(raw) > _LONGEST_KEY:
            return None, f"the file '{path}' is too large to hold just an API key"
        key = raw.decode("utf-8", "replace").strip()
        if not key:
            return None, f"the file '{path}' is empty; it must hold the API key and nothing else"
        where = f" in the file '{path}'"
    else:
        key, where = environ.get("CHANNEX_API_KEY", "").strip(), ""
        if not key:
            return None, ""
    if any(not 33 <= ord(character) <= 126 for character in key):
        return None, f"the API key{where} holds a space, a line end or an odd character"
    return Secret(key), ""


def _listen(settings: Settings, place: str) -> Settings:
    """Read `host:port`, `[::1]:8080`, `:8080` (the host stays as it is) or `off`."""
    listen = settings.listen
    if place.lower() == "off":
        return replace(settings, listen=replace(listen, enabled=False))
    host, colon, port = place.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    odd = any(c.isspace() or c in "/@" for c in host) or (":" in host and not bracketed)
    if not colon or odd or re.fullmatch("[0-9]{1,5}", port) is None or int(port) > 65_535:
        raise _Refused("needs host:port, or off")
    host = host[1:-1] if bracketed else host
    return replace(settings, listen=replace(listen, host=host or listen.host, port=int(port), enabled=True))


_VARIABLES: Mapping[str, tuple[Callable[[Settings, str], Settings], str]] = {
    "CHANNEX_BASE_URL": (_base_url, "such as https://app.channex.io/api/v1"),
    "AUTORESPONDER_STATE": (_state, "the name of a folder"),
    "AUTORESPONDER_STORE": (_store, "such as redis://localhost:6379/0"),
    "AUTORESPONDER_NOTIFY_WEBHOOK": (_webhook, "such as https://chat.example/hooks/abc"),
    "AUTORESPONDER_LOG_LEVEL": (_log_level, "possible: " + ", ".join(LOG_LEVELS)),
    "AUTORESPONDER_LISTEN": (_listen, "such as 127.0.0.1:8080"),
}
"""Variable → how it is applied, and an example."""
