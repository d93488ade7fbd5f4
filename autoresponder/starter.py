"""Where the shipped rules, templates and sample files lie, and what is in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from autoresponder.errors import ConfigError

_PACKAGE = "autoresponder"
_FOLDERS = ("rules", "templates")


def starter_files() -> Mapping[str, str]:
    """The shipped rules, topics and reply templates: path in a working folder → text.

    They lie inside an installed package, and at the top of a checkout.

    Raises:
        ConfigError: The installation is incomplete.
    """
    found: dict[str, str] = {}
    for folder in _FOLDERS:
        place = _starter_folder(folder)
        found.update(_texts(place, folder))
    return found


def sample_files() -> Mapping[str, str]:
    """What else a new working folder gets: settings, sample properties, a readme: path → text.

    Raises:
        ConfigError: The installation is incomplete.
    """
    place = files(_PACKAGE) / "workspace_files"
    if not place.is_dir():
        raise ConfigError("the sample files are missing from this installation; install autoresponder again")
    return dict(_texts(place, ""))


def _starter_folder(name: str) -> Traversable:
    installed = files(_PACKAGE) / "starter" / name
    if installed.is_dir():
        return installed
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    raise ConfigError("the starter rules are missing from this installation; install autoresponder again")


def _texts(place: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in sorted(place.iterdir(), key=lambda e: e.name):
        if entry.name.startswith(("__pycache__", ".git", ".DS_Store")):
            continue
        path = f"{prefix}/{entry.name}" if prefix else entry.name
        if entry.is_dir():
            yield from _texts(entry, path)
        elif not entry.name.endswith((".py", ".pyc")):
            yield path, entry.read_text(encoding="utf-8")
