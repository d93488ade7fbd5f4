"""Jinja's complaints about a text that is no template, in plain words and with a place."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches

from jinja2 import TemplateSyntaxError

from autoresponder.problems import Problem
from autoresponder.templating.places import Place, Source

UNREADABLE = "T001"

_TAGS = (
    *("if", "elif", "else", "endif", "for", "endfor", "set", "endset", "macro", "endmacro"),
    *("include", "import", "from", "with", "endwith", "raw", "endraw"),
)

_OTHER_TAGS = {
    **dict.fromkeys(("elseif", "elsif", "else_if", "otherwise"), "elif"),
    **dict.fromkeys(("end", "fi", "end_if"), "endif"),
    **dict.fromkeys(("foreach", "each", "loop"), "for"),
    **dict.fromkeys(("let", "assign", "var"), "set"),
}
"""Words of other template languages, and ours."""
_SIGNS = {
    "&": "write  and",
    "!": "write  not",
    "?": "write  {% if … %} … {% endif %}",
    "$": "write the name alone",
}
_UNKNOWN_TAG = re.compile(r"unknown tag '(\w+)'")
_MISSING_END = re.compile(
    r"looking for the following tags: (.+?)\. The innermost block .* is '(\w+)'", re.DOTALL
)
_LOOKING = re.compile(r"looking for the following tags: ([^.]+)\.", re.DOTALL)
_UNCLOSED = re.compile(r"unexpected ('?\}'?|'?\)'?|'?\]'?)")
_GOT = re.compile(r"got '(.+?)'$")
_CHARACTER = re.compile(r"unexpected char '(.+?)' at (\d+)")


def syntax_problem(source: Source, error: TemplateSyntaxError, *, rule: str = "") -> Problem:
    """Tell a syntax error to the person who wrote the template."""
    text = error.message or ""
    for reader in (_unknown_tag, _unfinished, _open_print, _character, _dot, _unexpected):
        found = reader(source, text, error.lineno)
        if found is not None:
            return replace(found, rule=rule)
    return source.problem(
        source.line(error.lineno),
        UNREADABLE,
        "this line cannot be read",
        "a value is written {{ guest.first_name }}, a condition {% if … %} … {% endif %}",
        rule=rule,
    )


def _find(source: Source, text: str, line: int) -> Place:
    """The last place of a text on a line, or the line."""
    lines = source.text.split("\n")
    row = lines[min(line, len(lines)) - 1]
    column = row.rfind(text)
    return source.line(line) if column < 0 else Place(line, column + 1, len(text))


def _unknown_tag(source: Source, text: str, line: int) -> Problem | None:
    found = _UNKNOWN_TAG.search(text)
    if found is None:
        return None
    tag = found[1]
    place = _find(source, tag, line)
    expected = _LOOKING.search(text)
    if expected is not None and tag.startswith("end"):
        ends = [name for name in re.findall(r"\w+", expected[1]) if name.startswith("end")]
        if tag not in _TAGS and (tag == "end" or get_close_matches(tag, ends, 1)):
            message = f"'{tag}' is no word that starts a {{% … %}}"
            return source.problem(
                place, UNREADABLE, message, f"did you mean '{ends[0] if ends else 'endif'}'?"
            )
        return source.problem(
            place, UNREADABLE, f"'{tag}' does not fit here", f"expected here: {_tags(expected[1])}"
        )
    near = [_OTHER_TAGS[tag]] if tag in _OTHER_TAGS else get_close_matches(tag, _TAGS, 1)
    remedy = f"did you mean '{near[0]}'?" if near else f"known words are: {', '.join(_TAGS)}"
    return source.problem(place, UNREADABLE, f"'{tag}' is no word that starts a {{% … %}}", remedy)


def _tags(listed: str) -> str:
    names = [name.strip(" '") for name in re.split(r",| or ", listed)]
    return " or ".join(f"{{% {name} %}}" for name in names if name)


def _unfinished(source: Source, text: str, line: int) -> Problem | None:
    found = _MISSING_END.search(text)
    if found is None:
        return None
    opener = found[2]
    start = _last_open(source, opener)
    ends = _tags(found[1])
    if "Unexpected end of template" not in text:
        return source.problem(
            source.line(line), UNREADABLE, f"'{opener}' is not finished here", f"expected before: {ends}"
        )
    return source.problem(
        start or source.line(line), UNREADABLE, f"this '{opener}' is never closed", f"add {ends} after it"
    )


def _last_open(source: Source, tag: str) -> Place | None:
    """The opening tag that has no end: openings and ends are counted from the top."""
    open_tags: list[re.Match[str]] = []
    for match in re.finditer(r"\{%[-+]?\s*(end)?" + re.escape(tag) + r"\b", source.text):
        if match[1]:
            del open_tags[-1:]
        else:
            open_tags.append(match)
    if not open_tags:
        return None
    word = open_tags[-1]
    return source.at(word.end() - len(tag), len(tag))


def _open_print(source: Source, text: str, line: int) -> Problem | None:
    """A `{{` or `{%` without its end, however the reader stumbled over it."""
    for opening, closing in (("{{", "}}"), ("{%", "%}"), ("{#", "#}")):
        start = source.text.find(opening)
        while start >= 0:
            end = source.text.find(closing, start)
            following = source.text.find(opening, start + len(opening))
            if end < 0 or 0 <= following < end:
                if source.at(start).line > line:
                    return None
                return source.problem(
                    source.at(start, len(opening)),
                    UNREADABLE,
                    f"this {opening} is never closed",
                    f"write {closing} after the name",
                )
            start = following
    if "looking" in text or _CHARACTER.search(text):
        return None
    return _single_brace(source, text, line)


def _single_brace(source: Source, text: str, line: int) -> Problem | None:
    found = _UNCLOSED.search(text)
    if found is None:
        return None
    sign = found[1].strip("'")
    return source.problem(
        _find(source, sign, line),
        UNREADABLE,
        f"'{sign}' stands alone",
        "braces and brackets come in pairs: {{ … }}, ( … )",
    )


def _character(source: Source, text: str, _line: int) -> Problem | None:
    found = _CHARACTER.search(text)
    if found is None:
        return None
    sign = found[1].replace("\\\\", "\\")
    remedy = (
        'texts stand between straight quotation marks: "…"' if sign in "“”„«»‘’" else _SIGNS.get(sign, "")
    )
    place = source.at(min(int(found[2]), max(0, len(source.text) - 1)))
    return source.problem(place, UNREADABLE, f"'{sign}' cannot stand here", remedy)


def _dot(source: Source, text: str, line: int) -> Problem | None:
    """A dot with nothing behind it."""
    if "expected name or number" not in text:
        return None
    places = [_find(source, sign, line) for sign in ("}}", "%}")]
    place = next((p for p in places if p.length == len("}}")), source.line(line))
    message = "something is missing after the dot"
    return source.problem(place, UNREADABLE, message, "write a name there, or take the sign before it away")


def _unexpected(source: Source, text: str, line: int) -> Problem | None:
    found = _GOT.search(text)
    if found is None or "end of template" in found[1]:
        return None
    word = found[1]
    if word in ("end of print statement", "end of statement block"):
        sign = "}}" if "print" in word else "%}"
        return source.problem(
            _find(source, sign, line),
            UNREADABLE,
            f"something is missing before {sign}",
            "write a name there, or take the sign before it away",
        )
    rows = source.text.split("\n")
    else_if = re.search(r"\{%[-+]?\s*(else\s+if)\b", rows[min(line, len(rows)) - 1])
    if word == "if" and else_if is not None:
        place = Place(line, else_if.start(1) + 1, len(else_if[1]))
        return source.problem(place, UNREADABLE, "'else if' is one word here", "write  elif")
    place = _find(source, word, line)
    before = rows[place.line - 1][: place.column - 1]
    return source.problem(place, UNREADABLE, f"'{word}' is not expected here", _remedy(word, before))


def _remedy(word: str, before: str) -> str:
    """What to write instead of a word in the wrong place."""
    if word == "=":
        return "to compare, write  =="
    owner = re.search(r"(\w+\.\w+)\s+$", before)
    if owner is not None and word.isidentifier():
        return f"names have no spaces: write  {owner[1]}_{word}"
    return "join texts with ~, and use one name inside {{ … }}"
