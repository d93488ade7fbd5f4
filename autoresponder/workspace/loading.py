"""Puts a working folder together from its files, or collects all that is wrong with them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from autoresponder.attachments import ENDINGS, AttachedFile, attached_file
from autoresponder.config import Settings
from autoresponder.problems import Problem, Severity
from autoresponder.properties import PropertyBook, load_properties
from autoresponder.rules import RuleSet, load_rules
from autoresponder.settings_file import load_settings
from autoresponder.templating import Templates
from autoresponder.workspace.folder import Reading, read_file, read_tree
from autoresponder.yamltext.raw import to_text

SETTINGS_FILE = "autoresponder.yaml"

UNREAD = frozenset({"F001", "F002", "Y001", "Y002", "Y003"})
"""Codes of problems that mean: nothing of this file was used."""

_LONGEST_SECRET = 4096
_MOST_SENT = 20 * 1024 * 1024
_RULES = (".yaml", ".yml")
_TEMPLATES = (".j2",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Everything that a decision needs; immutable, so that a turn under way keeps the one it began with."""

    ruleset: RuleSet
    templates: Templates
    book: PropertyBook
    version: str
    """Hash of the content of every file that was read."""
    files: Mapping[str, AttachedFile] = field(default_factory=dict)
    """What rules may send, by path below the folder of files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What could be read of a folder, also when other parts are wrong; what `check` looks at."""

    settings: Settings
    ruleset: RuleSet | None
    templates: Templates
    book: PropertyBook | None
    rule_files: Mapping[str, str]
    """Path relative to the working folder → text; topics included."""
    template_files: Mapping[str, str]
    """Path below the templates folder → text."""
    files: Mapping[str, AttachedFile] = field(default_factory=dict)
    """What rules may send, by path below the folder of files."""
    unread: frozenset[str] = frozenset()
    """Files that are there and could not be read; paths relative to the working folder."""
    problems: tuple[Problem, ...] = field(default=())
    """Everything that is wrong with the parts themselves."""
    version: str = ""


def read_settings(folder: Path, environ: Mapping[str, str]) -> tuple[Settings | None, list[Problem]]:
    """Read a folder's autoresponder.yaml, if it has one, and the environment."""
    reading = Reading()
    text = read_file(folder, SETTINGS_FILE, reading)
    if reading.problems:
        return None, reading.problems
    return load_settings(text, SETTINGS_FILE, environ, folder)


def load_workspace(
    settings: Settings, environ: Mapping[str, str], *, secrets: Path | None = None
) -> tuple[Workspace | None, list[Problem]]:
    """Read rules, templates and properties.

    Args:
        settings: Says where they are.
        environ: Where secrets with `from_env` are.
        secrets: Where relative names of `from_file` begin; the working folder by default.

    Returns:
        The workspace, or None when there is any error, and every problem. Warnings do not stop it.
    """
    parts = read_parts(settings, environ, secrets=secrets)
    problems = list(parts.problems)
    failed = any(p.severity is Severity.ERROR for p in problems)
    if failed or parts.ruleset is None or parts.book is None:
        return None, problems
    workspace = Workspace(
        ruleset=parts.ruleset,
        templates=parts.templates,
        book=parts.book,
        version=parts.version,
        files=parts.files,
    )
    return workspace, problems


def read_parts(settings: Settings, environ: Mapping[str, str], *, secrets: Path | None = None) -> Parts:
    """Read everything that can be read, and collect what is wrong."""
    folder = settings.folder
    rules = read_tree(folder, settings.rules, _RULES, "rule files")
    templates = read_tree(folder, settings.templates, _TEMPLATES, "templates")
    rest = Reading()
    properties = read_file(folder, settings.properties, rest)
    sent = _sent(settings)
    problems = [*rules.problems, *templates.problems, *rest.problems, *sent.problems]
    if not rules.files and not rules.problems:
        problems.append(_no_rules(settings.rules))
    rule_files = _texts(rules, problems)
    prefix = f"{PurePosixPath(settings.templates).as_posix()}/"
    template_files = {name.removeprefix(prefix): text for name, text in _texts(templates, problems).items()}
    ruleset, found = load_rules(rule_files)
    problems += _without_knock_on(found)
    unread = frozenset(p.file for p in problems if p.code in UNREAD)
    if unread.intersection({*rules.files, *(p.file for p in rules.problems)}):
        ruleset = None  # the rest of the rules alone would mean something else
    loaded, found = Templates.load(template_files)
    problems += (replace(p, file=prefix + p.file) for p in found)
    book, found = load_properties(
        properties,
        settings.properties,
        environ,
        _secret_reader(secrets or folder),
        language=settings.replies.fallback_language,
    )
    problems += found
    return Parts(
        settings=settings,
        ruleset=ruleset,
        templates=loaded,
        book=book,
        rule_files=rule_files,
        template_files=template_files,
        files=_attached(sent, settings),
        unread=unread,
        problems=tuple(sorted(problems, key=lambda p: p.sort_key)),
        version=content_version({**rules.files, **templates.files, **rest.files, **sent.files}),
    )


def _without_knock_on(problems: list[Problem]) -> list[Problem]:
    """A rule with a misspelt `reply` "does nothing" only because of that."""
    misspelt = {(p.file, p.rule) for p in problems if p.code == "S001"}
    astray = {p.file for p in problems if p.code == "S001" and not p.rule and p.column == 1}
    return [
        p for p in problems if p.code != "R003" or ((p.file, p.rule) not in misspelt and p.file not in astray)
    ]


def _no_rules(name: str) -> Problem:
    return Problem(
        file=name,
        code="F005",
        message=f"there are no rules: '{name}' is missing or empty",
        remedy="make a working folder with  autoresponder init",
    )


def _texts(reading: Reading, problems: list[Problem]) -> dict[str, str]:
    """Decode files; what is no text is a problem and left out."""
    texts: dict[str, str] = {}
    for file, raw in reading.files.items():
        text, found = to_text(raw, file)
        problems.extend(found)
        if not found:
            texts[file] = text
    return texts


def _secret_reader(folder: Path) -> Callable[[str], str]:
    """Reads files that secrets name: they may lie anywhere, relative names below the working folder."""

    def read(name: str) -> str:
        with (folder / name).open("rb") as file:
            raw = file.read(_LONGEST_SECRET + 1)
        if len(raw) > _LONGEST_SECRET:
            raise ValueError("too large for a secret")
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ValueError("not saved as UTF-8") from error

    return read


def folder_files(settings: Settings) -> dict[str, bytes]:
    """Every file that a workspace is made of, path relative to the working folder → content."""
    rest = Reading()
    read_file(settings.folder, settings.properties, rest)
    rules = read_tree(settings.folder, settings.rules, _RULES, "rule files")
    templates = read_tree(settings.folder, settings.templates, _TEMPLATES, "templates")
    return {**rules.files, **templates.files, **rest.files, **_sent(settings).files}


def _sent(settings: Settings) -> Reading:
    """The files that rules may send; many or large ones are nothing to be read again and again."""
    return read_tree(settings.folder, settings.files, ENDINGS, "files to send", most=_MOST_SENT)


def _attached(sent: Reading, settings: Settings) -> dict[str, AttachedFile]:
    prefix = f"{PurePosixPath(settings.files).as_posix()}/"
    below = ((name.removeprefix(prefix), content) for name, content in sent.files.items())
    return {path: attached_file(path, content) for path, content in below}


def content_version(files: Mapping[str, bytes]) -> str:
    """Changes exactly when the content of the files changes."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        for part in (name.encode("utf-8", "surrogateescape"), content):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:16]
