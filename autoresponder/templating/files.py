"""Template files: what their names say, and which variant a language meets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from babel import Locale
from babel.core import UnknownLocaleError

from autoresponder.languages import is_language, language_hint
from autoresponder.problems import Problem
from autoresponder.templating.places import Source

FILE_NAME = "T002"
TOO_LARGE = "T009"

FRAME = "_reply"
ENDING = ".j2"
LONGEST = 20_000
"""Characters of one template file; a message has two thousand."""

_NAME = re.compile(r"(?:[\w-]+/)*[\w-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One template in one language."""

    name: str
    """Without language and ending: `early-check-in`."""
    language: str
    file: str


def normal(text: str) -> str:
    """Line ends as Jinja counts them, without a byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def safe(file: str) -> bool:
    """Whether a path stays below the templates folder."""
    parts = file.split("/")
    return not ("\\" in file or "\0" in file or file.startswith("/") or ".." in parts or "" in parts)


def split(file: str) -> tuple[str, str]:
    """Name and language of a file: `a/wifi.en.j2` → `a/wifi`, `en`; the language may be empty."""
    stem = file.removesuffix(ENDING)
    folder, slash, base = stem.rpartition("/")
    name, _, language = base.partition(".")
    return f"{folder}{slash}{name}", language


def is_part(name: str) -> bool:
    """Whether this is a frame or a file to be included, and no reply of its own."""
    return name.rpartition("/")[2].startswith("_")


def is_frame(file: str) -> bool:
    """Whether a file is a frame."""
    return split(file)[0] == FRAME


def variant_of(file: str) -> Variant | None:
    """What a file's name says, or None when it names no language that is known."""
    name, language = split(file)
    return Variant(name=name, language=language, file=file) if known_language(language) else None


def known_language(language: str) -> bool:
    """Whether this is a language in which dates and lists can be written."""
    if not is_language(language):
        return False
    try:
        Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def closest(variants: Mapping[str, Variant], language: str) -> Variant | None:
    """The variant for a language: the very same, its base, or a regional form of it."""
    if language in variants:
        return variants[language]
    wanted = language.replace("_", "-")
    base = wanted.partition("-")[0].lower()
    near = sorted(known for known in variants if known.partition("-")[0] == base)
    for known in (wanted, base, *near):
        if known in variants:
            return variants[known]
    return None


def file_problem(source: Source, file: str) -> Problem | None:
    """What is wrong with a file as such."""
    place = source.line(1)
    name, language = split(file)
    if not safe(file) or not _NAME.fullmatch(name):
        return source.problem(
            place,
            FILE_NAME,
            "this file name cannot be used",
            "letters, digits, - and _: early-check-in.en.j2",
        )
    if len(source.text) > LONGEST:
        message = f"the template has more than {LONGEST} characters"
        return source.problem(place, TOO_LARGE, message, "a message has at most a few hundred words")
    if is_part(name) and name != FRAME:
        return None
    if not language:
        remedy = f"name it {name}.en{ENDING} (en for English, de for German …)"
        return source.problem(place, FILE_NAME, "the file name does not say the language", remedy)
    if not known_language(language):
        message = f"'{language}' in the file name is no language that is known here"
        return source.problem(place, FILE_NAME, message, language_hint(language))
    return None
