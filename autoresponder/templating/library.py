"""All templates of a workspace: loaded, judged and compiled once. The only place that makes templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from jinja2 import Template, TemplateSyntaxError

from autoresponder.problems import Problem, Severity
from autoresponder.templating.environment import ReplyEnvironment
from autoresponder.templating.fields import BODY, SECTIONS
from autoresponder.templating.files import (
    ENDING,
    FRAME,
    LONGEST,
    TOO_LARGE,
    Variant,
    closest,
    file_problem,
    is_frame,
    is_part,
    normal,
    safe,
    variant_of,
)
from autoresponder.templating.inspection import Fact, Inspection, inspect
from autoresponder.templating.places import Source
from autoresponder.templating.shapes import Shapes
from autoresponder.templating.syntax import UNREADABLE, syntax_problem

SILENT_FRAME = "T008"


@dataclass(frozen=True, slots=True)
class _Unit:
    """A text that was read, with what is wrong with it."""

    source: Source
    problems: tuple[Problem, ...]
    inspection: Inspection | None = None
    template: Template | None = None


class Templates:
    """Reply templates by name and language; made by `Templates.load`."""

    def __init__(self, environment: ReplyEnvironment, units: Mapping[str, _Unit]) -> None:
        self._environment = environment
        self._units = units
        self._inline: dict[str, _Unit] = {}
        self._shapes: Shapes[Inspection] = Shapes(environment, environment.prepare)
        self._variants: dict[str, dict[str, Variant]] = {}
        for file in sorted(units):
            variant = variant_of(file)
            if variant is not None:
                self._variants.setdefault(variant.name, {})[variant.language] = variant

    @classmethod
    def load(cls, files: Mapping[str, str]) -> tuple[Templates, list[Problem]]:
        """Read every template.

        Args:
            files: Path below the templates folder, with `/`, to text. `NAME.LANG.j2` is a reply, `_reply.LANG.j2`
                a frame, any other name that starts with `_` may be included by the others. Files that do
                not end in `.j2` are left alone.

        Returns:
            The templates, also when some are wrong (a wrong one renders to `Held`), and everything that is
            wrong, by file and line. Paths in problems are as given.
        """
        texts = {file: normal(text) for file, text in files.items() if file.endswith(ENDING)}
        usable = {file: text for file, text in texts.items() if len(text) <= LONGEST and safe(file)}
        environment = ReplyEnvironment(usable)
        units: dict[str, _Unit] = {}
        problems: list[Problem] = []
        for file, text in texts.items():
            source = Source(file, text, environment)
            complaint = file_problem(source, file)
            if complaint is not None:
                problems.append(complaint)
            if file in usable:
                units[file] = _read(environment, source, usable, frame=is_frame(file))
                problems.extend(units[file].problems)
        for file in list(units):
            units[file] = _link(environment, units, file)
            problems.extend(p for p in units[file].problems if p not in problems)
        return cls(environment, units), sorted(problems, key=lambda p: p.sort_key)

    def names(self) -> tuple[str, ...]:
        """Names of the reply templates, sorted; frames and macro files are not among them."""
        return tuple(sorted(name for name in self._variants if not is_part(name)))

    def languages(self, name: str) -> tuple[str, ...]:
        """Languages in which a template exists, sorted; empty for an unknown name."""
        return tuple(sorted(self._variants.get(name, {})))

    def find(self, name: str, language: str, fallbacks: Iterable[str] = ()) -> Variant | None:
        """The variant of a template for a language, else for the first fallback that has one.

        A language meets its regional forms and the other way round: `pt` finds `pt-BR`, `de-AT` finds `de`.
        """
        variants = self._variants.get(name, {})
        for wanted in (language, *fallbacks):
            found = closest(variants, wanted)
            if found is not None:
                return found
        return None

    def frame(self, language: str) -> Variant | None:
        """The frame for a language, or None."""
        return closest(self._variants.get(FRAME, {}), language)

    def frame_languages(self) -> tuple[str, ...]:
        """Languages in which there is a frame, sorted."""
        return self.languages(FRAME)

    def compiled(self, file: str) -> Template | None:
        """A template file ready to render, or None when there is none or it is wrong."""
        unit = self._units.get(file)
        return None if unit is None else unit.template

    def inline(self, text: str) -> Template | None:
        """A rule's own `text:` ready to render, or None when it is wrong."""
        return self._inline_unit(text).template

    def check_text(
        self, text: str, *, file: str, line: int = 1, indent: int = 0, rule: str = ""
    ) -> list[Problem]:
        """Judge a rule's own `text:`.

        Args:
            text: The text.
            file: The rule file, as the user knows it.
            line: The line of the file on which the text starts.
            indent: Columns before each line of the text.
            rule: Title of the rule.
        """
        if not self._inline_unit(text).problems:
            return []  # read once for all that is asked about it; only what is wrong needs places
        source = Source(file, normal(text), self._environment, first_line=line, indent=indent)
        unit = _read(self._environment, source, self._units, rule=rule)
        return list(unit.problems)

    def source(self, file: str) -> Source | None:
        """The text of a template file, for pointing into it."""
        unit = self._units.get(file)
        return None if unit is None else unit.source

    def facts(self, file: str) -> tuple[Fact, ...]:
        """Facts and secrets of properties.yaml that a template file names itself."""
        unit = self._units.get(file)
        return () if unit is None or unit.inspection is None else unit.inspection.facts

    def inline_facts(self, text: str) -> tuple[Fact, ...]:
        """The same for a rule's own text; without lines."""
        inspection = self._inline_unit(text).inspection
        return () if inspection is None else tuple(replace(fact, line=0) for fact in inspection.facts)

    def parts(self, file: str) -> tuple[str, ...]:
        """A file and every file that it includes, also indirectly."""
        found: list[str] = []
        waiting = [file]
        while waiting:
            current = waiting.pop()
            unit = self._units.get(current)
            if unit is not None and current not in found:
                found.append(current)
                waiting.extend(unit.inspection.files if unit.inspection else ())
        return tuple(found)

    def read_by(self, *, name: str | None, text: str | None, language: str) -> frozenset[str]:
        """Variables that a reply reads: its template or its own text, its frame, and all that they include."""
        variant = self.find(name, language) if name is not None else None
        frame = self.frame(language)
        files = [file for v in (variant, frame) if v is not None for file in self.parts(v.file)]
        read: set[str] = set()
        own = self._inline_unit(text).inspection if text is not None else None
        if own is not None:
            read |= own.names
            files += [file for included in own.files for file in self.parts(included)]
        for file in files:
            unit = self._units.get(file)
            read |= unit.inspection.names if unit is not None and unit.inspection is not None else frozenset()
        return frozenset(read)

    def _inline_unit(self, text: str) -> _Unit:
        unit = self._inline.get(text)
        if unit is None:
            source = Source("", normal(text), self._environment)
            known = self._shapes.find_text(source.text) if len(source.text) <= LONGEST else None
            if known is not None:
                unit = _Unit(source, (), known[1], known[0])
            else:
                unit = _read(self._environment, source, self._units, shapes=self._shapes)
            self._inline[text] = unit
        return unit


def _read(
    environment: ReplyEnvironment,
    source: Source,
    files: Iterable[str],
    *,
    frame: bool = False,
    rule: str = "",
    shapes: Shapes[Inspection] | None = None,
) -> _Unit:
    """Parse and judge one text; it is compiled at once only when it is told which shapes are known."""
    if len(source.text) > LONGEST:
        message = f"the template has more than {LONGEST} characters"
        return _Unit(source, (source.problem(source.line(1), TOO_LARGE, message, rule=rule),))
    try:
        tree = environment.syntax(source.text, source.file)
        known = shapes.find(tree) if shapes is not None else None
        if known is not None:
            return _Unit(source, (), known[1], known[0])
        inspection = inspect(environment.judged(tree), source, files=files, frame=frame, rule=rule)
        if shapes is not None and not inspection.problems:
            return _Unit(source, (), inspection, shapes.add(tree, inspection, source.text))
    except TemplateSyntaxError as error:
        return _Unit(source, (syntax_problem(source, error, rule=rule),))
    except (RecursionError, MemoryError, SyntaxError):
        return _Unit(source, (_too_deep(source, rule),))
    except ValueError:  # a number of thousands of digits
        problem = source.problem(source.line(1), UNREADABLE, "a number in it is far too long", rule=rule)
        return _Unit(source, (problem,))
    problems = inspection.problems
    if frame and not problems and not inspection.names & {BODY, SECTIONS}:
        problem = source.problem(
            source.line(1),
            SILENT_FRAME,
            "the frame never prints the answers",
            "write {{ body }} where they belong",
        )
        return _Unit(source, (problem,))
    return _Unit(source, problems, inspection)


def _link(environment: ReplyEnvironment, units: Mapping[str, _Unit], file: str) -> _Unit:
    """Compile a file when it, and everything that it includes, is right."""
    unit = units[file]
    if unit.problems or unit.inspection is None:
        return unit
    try:
        for included in _reachable(units, file):
            if included == file:
                place = unit.source.word(unit.inspection.files[0], 1)
                message = "the file includes itself"
                return _Unit(unit.source, (unit.source.problem(place, UNREADABLE, message),), unit.inspection)
            if units[included].problems:
                return unit
        return _Unit(unit.source, (), unit.inspection, environment.get_template(file))
    except (SyntaxError, RecursionError, MemoryError, TemplateSyntaxError):
        return _Unit(unit.source, (_too_deep(unit.source),), unit.inspection)


def _reachable(units: Mapping[str, _Unit], file: str) -> list[str]:
    """Files that are included, directly or not; `file` itself is among them when there is a circle."""
    found: list[str] = []
    waiting = [file]
    while waiting:
        inspection = units[waiting.pop()].inspection
        for included in inspection.files if inspection else ():
            if included not in found:
                found.append(included)
                waiting.append(included)
    return found


def _too_deep(source: Source, rule: str = "") -> Problem:
    return source.problem(
        source.line(1),
        TOO_LARGE,
        "conditions, loops or brackets stand too deep inside each other",
        "split it into several templates",
        severity=Severity.ERROR,
        rule=rule,
    )
