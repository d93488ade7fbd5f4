"""What is wrong with a text that is no YAML, in words for people who never heard of YAML."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import yaml

from autoresponder.problems import Problem
from autoresponder.yamltext.slip import INDENT, write
from autoresponder.yamltext.source import Place, Source

_BRACES = re.compile(r"(?:^|[:,\[{-]\s+|[\[{]\s*)(?P<open>\{[{%])")
_WORD = re.compile(r"[^\s,\]}]+")
_QUOTES = "put quotes around the text"


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Where the reader stopped, and where the thing began that it was reading."""

    source: Source
    here: Place
    start: Place


def syntax_problem(source: Source, error: yaml.YAMLError) -> Problem:
    """The finding that stands for an error of the YAML reader."""
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    what = str(getattr(error, "problem", None) or error)
    during = str(getattr(error, "context", None) or "")
    here = _place(mark) if mark is not None else Place(1, 1)
    start = _place(context) if context is not None else here
    at = _Trouble(source, here, start)
    for special in (_tab, _braces):
        found = special(at)
        if found is not None:
            return found
    for fragment, explain in _EXPLANATIONS:
        if fragment in what or fragment in during:
            return explain(at)
    return source.problem_at(
        here,
        "Y008",
        "this does not fit here",
        "check the indentation of this line and the one above, and put quotes around special characters",
    )


def braces_problem(source: Source, line: int, column: int) -> Problem:
    """The finding about `{{ … }}` without quotes, which YAML takes for something else."""
    rest = source.line(line)[column - 1 :]
    opening = rest[:2]
    end = rest.find("}}" if opening == "{{" else "%}")
    place = Place(line, column, end + 2 if end > 0 else 2)
    return source.problem_at(
        place,
        "Y006",
        f"a text that starts with {opening} needs quotes around it",
        'put the whole text in quotes:  "{{ … }}"',
    )


def next_entry(source: Source, node: yaml.Node, key: yaml.Node) -> Problem | None:
    """The finding about a name that begins the next entry of a list without its dash; None outside of lists.

    Args:
        source: The file.
        node: The entry.
        key: Where the entry's first name stands once more.
    """
    mark = node.start_mark
    if not source.line(mark.line + 1)[: mark.column].rstrip().endswith("-"):
        return None
    place = Place(key.start_mark.line + 1, key.start_mark.column + 1, len(str(key.value)))
    remedy = write(f"- {source.line(place.line).strip()}")
    return source.problem_at(place, INDENT, "a '- ' is missing before this: a new entry begins", remedy)


def _place(mark: yaml.Mark) -> Place:
    return Place(mark.line + 1, mark.column + 1)


def _tab(at: _Trouble) -> Problem | None:
    line = at.source.line(at.here.line)
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" not in indent:
        return None
    place = Place(at.here.line, indent.index("\t") + 1)
    more = sum(1 for other in at.source.text.split("\n")[at.here.line :] if re.match(r" *\t\s*\S", other))
    also = f" (and {more} more line{'s' if more > 1 else ''})" if more else ""
    return at.source.problem_at(
        place, "Y004", f"this line is indented with a tab{also}", "use spaces: two for each level"
    )


def _braces(at: _Trouble) -> Problem | None:
    for line in dict.fromkeys((at.here.line, at.start.line)):
        match = _BRACES.search(at.source.line(line))
        if match is not None:
            return braces_problem(at.source, line, match.start("open") + 1)
    return None


def _colon(at: _Trouble) -> Problem:
    line = at.source.line(at.here.line)
    before = line[: at.here.column - 1]
    if re.search(r":\s", before):
        return at.source.problem_at(at.here, "Y008", "a second ':' in one value", _QUOTES)
    above = at.source.line(at.here.line - 1)
    word = before.strip() or ":"
    place = Place(at.here.line, max(1, at.here.column - len(word)), len(word))
    if above.strip() and ":" not in above:
        return at.source.problem_at(
            Place(at.here.line - 1, len(above) - len(above.lstrip()) + 1, len(above.strip())),
            "Y008",
            "a ':' is missing behind this",
            "write  name: value",
        )
    return at.source.problem_at(
        place,
        "Y009",
        "this line stands further right than the line above allows",
        "give settings that belong together the same number of spaces",
    )


def _quote(at: _Trouble) -> Problem:
    quote = at.source.line(at.start.line)[at.start.column - 1 : at.start.column] or "quote"
    return at.source.problem_at(
        at.start, "Y007", f"this {quote} is never closed", "add the same quote at the end"
    )


def _escape(at: _Trouble) -> Problem:
    return at.source.problem_at(
        at.here,
        "Y008",
        "a backslash has a meaning of its own between double quotes",
        "use single quotes ('…'), or write two backslashes",
    )


def _bracket(at: _Trouble) -> Problem:
    opening = at.source.line(at.start.line)[at.start.column - 1 : at.start.column]
    closing = {"[": "]", "{": "}"}.get(opening, "]")
    if at.here.line == at.start.line and at.source.line(at.here.line)[at.here.column - 1 :].strip():
        return at.source.problem_at(at.here, "Y007", f"a comma or {closing} is missing before this", _QUOTES)
    return at.source.problem_at(at.start, "Y007", f"this {opening or '['} is never closed", f"add  {closing}")


def _start_character(at: _Trouble) -> Problem:
    character = at.source.line(at.here.line)[at.here.column - 1 : at.here.column] or " "
    return at.source.problem_at(at.here, "Y008", f"a text cannot start with {character}", _QUOTES)


def _directive(at: _Trouble) -> Problem:
    return at.source.problem_at(at.start, "Y008", "a line cannot start with %", _QUOTES)


def _star(at: _Trouble) -> Problem:
    place = at.start if at.start.line == at.here.line else at.here
    match = _WORD.match(at.source.line(place.line), place.column - 1)
    word = match.group() if match else "*"
    return at.source.problem_at(
        Place(place.line, place.column, len(word)),
        "Y008",
        f"a text that starts with {word[0]} needs quotes around it",
        f'write  "{word}"',
    )


def _further_left(at: _Trouble) -> Problem:
    return at.source.problem_at(
        at.here,
        "Y009",
        "this line stands further left than the first one",
        "give settings that belong together the same number of spaces",
    )


def _list_indent(at: _Trouble) -> Problem:
    return at.source.problem_at(
        at.here,
        "Y009",
        "this line does not stand where the list above wants it",
        "put it below the first word of the entry, or start it with '- '",
    )


def _anchor(at: _Trouble) -> Problem:
    return at.source.problem_at(at.here, "Y008", "this &name stands twice", "use another name")


_EXPLANATIONS: tuple[tuple[str, Callable[[_Trouble], Problem]], ...] = (
    ("mapping values are not allowed", _colon),
    ("unknown escape", _escape),
    ("quoted scalar", _quote),
    ("undefined alias", _star),
    ("scanning an alias", _star),
    ("scanning an anchor", _star),
    ("duplicate anchor", _anchor),
    ("scanning a directive", _directive),
    ("flow sequence", _bracket),
    ("flow mapping", _bracket),
    ("cannot start any token", _start_character),
    ("document start", _further_left),
    ("'-' indicator", _list_indent),
    ("block collection", _list_indent),
)
"""Fragment of the reader's own message → how to say it. The first that fits counts."""
