"""Files → rule set, or everything that is wrong with them at once."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any, Final

from autoresponder.problems import Problem, Severity
from autoresponder.rules.compiler import Bench, CompiledRule, phrase_problem
from autoresponder.rules.conditions.base import Path
from autoresponder.rules.ruleset import RuleSet
from autoresponder.rules.schema import RULES_SCHEMA, TOPICS_SCHEMA
from autoresponder.rules.spec import Rule, RuleSpec, read_rule
from autoresponder.rules.vocabulary import VocabularyBuilder
from autoresponder.text.phrases import PhraseError
from autoresponder.yamltext import Source, parse, validate


@contextmanager
def _without_collecting() -> Iterator[None]:
    """What is read here stays: looking through it for garbage again and again would take a third of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


_KEPT: Final = 2
"""Rule sets that are kept: the one in use, and the one before, which an author often goes back to."""
_kept: dict[str, tuple[RuleSet, list[Problem]]] = {}


def load_rules(files: Mapping[str, str]) -> tuple[RuleSet | None, list[Problem]]:
    """Read rule files and topic files.

    Args:
        files: Path, relative to the working folder, → content. What lies in a folder `topics` holds topics,
            everything else rules. Rule order is the order of the paths, then the order in each file.

    Returns:
        The rule set, or None when there is an error; and every problem found, in the order of a report.
        Warnings alone do not stop a rule set. Files that were read before, unchanged, give the same rule set
        again and cost next to nothing.
    """
    digest = _digest(files)
    known = _kept.pop(digest, None)
    if known is None:
        ruleset, problems = _load(files, digest[:16])
        if ruleset is None:
            return None, problems
        known = ruleset, problems
    while len(_kept) >= _KEPT:
        del _kept[next(iter(_kept))]
    _kept[digest] = known
    return known[0], list(known[1])


@_without_collecting()
def _load(files: Mapping[str, str], version: str) -> tuple[RuleSet | None, list[Problem]]:
    problems: list[Problem] = []
    builder = VocabularyBuilder()
    sources = [_read(file, text, problems) for file, text in sorted(files.items())]
    for source, sound in (entry for entry in sources if entry is not None):
        if _holds_topics(source.file):
            _add_topics(source, builder, problems, sound=sound)
    compiled: list[CompiledRule] = []
    seen: dict[str, Rule] = {}
    for source, sound in (entry for entry in sources if entry is not None):
        if not _holds_topics(source.file):
            compiled += _compile_file(source, builder, seen, problems, sound=sound)
    problems.sort(key=lambda problem: problem.sort_key)
    if any(problem.severity is Severity.ERROR for problem in problems):
        return None, problems
    return RuleSet(builder.finish(), compiled, version), problems


def _digest(files: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for file, text in sorted(files.items()):
        for part in (file, text):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _holds_topics(file: str) -> bool:
    return "topics" in PurePosixPath(file.replace("\\", "/")).parts[:-1]


def _read(file: str, text: str, problems: list[Problem]) -> tuple[Source, bool] | None:
    """A file with whether it follows its schema; None when it cannot be read at all."""
    source, found = parse(text, file)
    problems += found
    if source is None:
        return None
    data = source.data if isinstance(source.data, dict) else {}
    if "topics" in data and "rules" not in data and not _holds_topics(file):
        message, remedy = (
            "topics do not belong among the rules",
            "move this file into the folder rules/topics/",
        )
        problems.append(source.problem_at(source.key(("topics",)), "S001", message, remedy))
        return source, False
    schema = TOPICS_SCHEMA if _holds_topics(file) else RULES_SCHEMA
    unfit = validate(source, schema, owner=lambda way: _title_at(source, way))
    problems += unfit
    return source, not unfit and not source.repaired


def _title_at(source: Source, way: Path) -> str:
    """Title of the rule that a place belongs to, or an empty text."""
    data: Any = source.data
    entries = data.get("rules") if isinstance(data, dict) else None
    if len(way) < 2 or way[0] != "rules" or not isinstance(entries, list) or not isinstance(way[1], int):
        return ""
    entry = entries[way[1]] if way[1] < len(entries) else None
    if not isinstance(entry, dict):
        return ""
    name = entry.get("title") or entry.get("id") or ""
    return name if isinstance(name, str) else ""


def _section(source: Source, key: str, kind: type) -> Any:
    """The main part of a file, or an empty one when it is missing or of another kind."""
    value = source.data.get(key) if isinstance(source.data, dict) else None
    return value if isinstance(value, kind) else kind()


def _add_topics(source: Source, builder: VocabularyBuilder, problems: list[Problem], *, sound: bool) -> None:
    language = source.data.get("language") if isinstance(source.data, dict) else None
    for name, entry in _section(source, "topics", dict).items():
        if not isinstance(entry, dict):
            continue
        numbers = {
            key: _topic_phrases(source, ("topics", name, key), entry.get(key), builder, problems)
            for key in ("any", "all", "none")
        }
        title = entry.get("title")
        builder.extend_topic(
            name,
            title=title if isinstance(title, str) else "",
            language=language if isinstance(language, str) else None,
            any_of=numbers["any"],
            all_of=numbers["all"],
            none_of=numbers["none"],
            asked=entry.get("asked") is True,
            told=entry.get("told") is True,
        )
    if sound and language is None and not source.empty:
        problems.append(
            source.problem(
                (),
                "R008",
                "the file does not say in which language its phrases are",
                "add a line such as  language: en  at the top",
                severity=Severity.WARNING,
            )
        )


def _topic_phrases(
    source: Source, path: Path, entries: Any, builder: VocabularyBuilder, problems: list[Problem]
) -> list[int]:
    numbers: list[int] = []
    for place, written in enumerate(entries if isinstance(entries, list) else ()):
        if not isinstance(written, str) or not written:
            continue
        try:
            numbers.append(builder.add(written))
        except PhraseError as error:
            problems.append(phrase_problem(source, (*path, place), error))
    return numbers


def _compile_file(
    source: Source,
    builder: VocabularyBuilder,
    seen: dict[str, Rule],
    problems: list[Problem],
    *,
    sound: bool,
) -> list[CompiledRule]:
    bench = Bench(source, builder, sound=sound)
    compiled: list[CompiledRule] = []
    for place, entry in enumerate(_section(source, "rules", list)):
        rule = read_rule(source, ("rules", place), entry) if isinstance(entry, dict) else None
        if rule is None:
            continue
        earlier = seen.setdefault(rule.id, rule)
        if earlier is not rule:
            problems.append(_duplicate(source, ("rules", place, "id"), rule, earlier))
        when = entry.get("when")
        spec = RuleSpec(
            rule=rule,
            when=when if isinstance(when, dict) else {},
            source=source,
            path=("rules", place),
            lists_files=isinstance(entry.get("attach"), list),
            acts=any(key in entry for key in ("reply", "text", "then")),
        )
        compiled.append(bench.compile(spec))
    problems += bench.problems
    return compiled


def _duplicate(source: Source, path: Path, rule: Rule, earlier: Rule) -> Problem:
    return source.problem(
        path,
        "R001",
        f"the id '{rule.id}' is already used in {earlier.file}, line {earlier.line}, column {earlier.column}",
        "give one of the two rules another id",
        rule=rule.title,
    )
