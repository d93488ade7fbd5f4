"""Slips of the hand in how the lines of a YAML file stand to each other; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from autoresponder.yamltext.slip import (
    CONFLICT,
    INDENT,
    PART,
    QUOTE,
    SHOWN,
    SPACING,
    Slip,
    indent,
    quoted,
    write,
)

_BLOCK = re.compile(r"(?P<in>\s*)(?:-\s+)?(?P<key>[\w-]+)\s*:\s*[|>][-+]?\s*")
_LIKE_A_SETTING = re.compile(r"\s*(?:-\s|[\w-]+\s*:(?:\s|$))")
_VALUE = re.compile(r"(?P<lead>\s*(?:-\s+)*(?:[\w-]+\s*:\s+|-\s+))(?P<value>\S.*)")
_MARKED = re.compile(r"(?<=[\[,:])\s*[*&@`%!][^,\]}]*")
"""A text that starts with a sign that means something else."""
_CLOSING = {"[": "]", "{": "}"}


def conflict(lines: list[str]) -> Iterator[Slip]:
    """Marks of two versions that a program could not bring together; the first of the two is kept."""
    changes: dict[int, str] = {}
    first, dropping = 0, False
    for number, line in enumerate(lines, start=1):
        mark = line[:7] if re.match(r"(<{7}|={7}|>{7}|\|{7})(\s|$)", line) else ""
        first = first or (number if mark else 0)
        dropping = mark[:1] in ("=", "|") or (dropping and not mark)
        if mark or dropping:
            changes[number] = ""
    if first:
        yield conflict_slip(first, changes)


def conflict_slip(line: int, changes: Mapping[int, str]) -> Slip:
    """The finding about such marks, whatever file they stand in."""
    return Slip(
        changes,
        line,
        length=7,
        code=CONFLICT,
        message="two versions of this file were put together here, and somebody must choose",
        remedy="keep one of the two, and delete the lines with <<<<<<<, ======= and >>>>>>>",
    )


def second_part(lines: list[str], stop: tuple[int, int]) -> Iterator[Slip]:
    """A line of three dashes that begins the file anew; what follows is left out."""
    number = stop[0]
    if number <= len(lines) and re.match(r"---(\s|$)", lines[number - 1]):
        changes = dict.fromkeys(range(number, len(lines) + 1), "")
        message = "'---' starts a second part of the file, which has not been looked at"
        yield Slip(changes, number, 1, 3, PART, message, "take the line away, or make two files")


def missing_dash(lines: list[str], number: int, line: str) -> Iterator[Slip]:
    """`id: wifi` where `- id: wifi` was meant: the next line stands two further right."""
    following = next((other for other in lines[number:] if other.strip()), "")
    depth = indent(line)
    if not re.match(r"\s*[\w-]+\s*:\s+\S", line) or indent(following) != depth + 2:
        return
    above = next((other for other in reversed(lines[: number - 1]) if other.strip()), "")
    first = above.rstrip().endswith(":") and indent(above) < depth
    if not first and not any(other.startswith(" " * depth + "- ") for other in lines):
        return
    changed = " " * depth + "- " + line.lstrip()
    length = len(line.split(":", maxsplit=1)[0].strip())
    message = "a '- ' is missing before this"
    yield Slip({number: changed}, number, depth + 1, length, INDENT, message, write(changed))


def value_above_settings(lines: list[str], number: int, line: str) -> Iterator[Slip]:
    """`facts: yes`, and below it the facts: what has settings of its own has no value beside them."""
    if not _LIKE_A_SETTING.match(line) or line.lstrip().startswith("-"):
        return
    above = next((n for n in range(number - 1, 0, -1) if lines[n - 1].strip()), 0)
    match = _VALUE.match(lines[above - 1]) if above else None
    if match is None or indent(lines[above - 1]) >= indent(line) or match["value"][0] in "\"'|>[{#&*":
        return
    value = match["value"].split(" #", maxsplit=1)[0].rstrip()
    name = match["lead"].strip(" :")
    following = next((other for other in lines[number:] if other.strip()), "")
    alone = indent(following) < indent(line)
    if alone or name.startswith("-") or any(missing_dash(lines, above, lines[above - 1])):
        return
    message = f"'{name}' has settings of its own below, and a text beside it"
    remedy = f"take  {value if len(value) <= SHOWN else value[: SHOWN - 1] + '…'}  away"
    changed = match["lead"].rstrip()
    yield Slip({above: changed}, above, match.start("value") + 1, len(value), SPACING, message, remedy)


def stray_dash(lines: list[str], number: int, line: str) -> Iterator[Slip]:
    """`- wifi:` where names stand without a dash, as the lines further down do."""
    match = re.fullmatch(r"(?P<in> *)- (?P<rest>[\w-]+\s*:\s*)", line)
    if match is None:
        return
    depth = len(match["in"])
    if any(other.startswith(" " * depth + "- ") for n, other in enumerate(lines, start=1) if n != number):
        return
    changed = match["in"] + match["rest"]
    message = "no - belongs before a name here"
    yield Slip({number: changed}, number, depth + 1, 1, INDENT, message, write(changed))


def block(lines: list[str], number: int, line: str) -> Iterator[Slip]:
    """The text below `|` that stands no further right than its setting."""
    above = next((n for n in range(number - 1, 0, -1) if lines[n - 1].strip()), 0)
    match = _BLOCK.fullmatch(lines[above - 1]) if above else None
    if match is None:
        return
    depth = match.start("key")
    changes = {}
    for n in range(number, len(lines) + 1):
        text = lines[n - 1]
        if text.strip() and (n > number and _LIKE_A_SETTING.match(text)):
            break
        changes[n] = " " * (depth + 2) + text.lstrip() if text.strip() else ""
    message = f"the text of '{match['key']}' must stand further right than the word '{match['key']}'"
    word = len(line.split(maxsplit=1)[0])
    remedy = "put two more spaces before each line of it"
    yield Slip(changes, number, indent(line) + 1, word, INDENT, message, remedy)


def indents(lines: list[str], number: int) -> Iterator[Slip]:
    """A line that would fit with the number of spaces of one of its neighbours."""
    line = lines[number - 1]
    text = line.lstrip(" ")
    if not text or text[0] == "\t":
        return
    depths: dict[int, None] = {}
    for near in (
        *range(number - 1, max(0, number - 4), -1),
        *range(number + 1, min(len(lines), number + 3) + 1),
    ):
        other = lines[near - 1]
        if other.strip():
            depths[indent(other)] = None
            depths[indent(other) + len(other.lstrip(" ")) - len(other.lstrip(" -"))] = None
            depths[indent(other) + 2] = None
    here = indent(line)
    for depth in depths:
        if depth == here:
            continue
        side = "left" if here < depth else "right"
        message = f"this line stands further {side} than the lines it belongs to"
        remedy = (
            f"put {depth} space{'s' if depth != 1 else ''} before it, instead of {here}"
            if depth
            else "put no space before it"
        )
        word = len((text.removeprefix("- ")).split(":")[0].strip()) or 1
        at = here + (2 if text.startswith("- ") else 0)
        yield Slip({number: " " * depth + text}, number, at + 1, word, INDENT, message, remedy)


def brackets(lines: list[str], stop: tuple[int, int], start: tuple[int, int]) -> Iterator[Slip]:
    """A bracket over several lines that is never closed, or an entry in it without a comma before it."""
    line, column = stop
    sign = lines[start[0] - 1][start[1] - 1 : start[1]] if start[0] <= len(lines) else ""
    if sign not in _CLOSING or line > len(lines):
        return
    text = lines[line - 1]
    last = next((n for n in range(line - 1, 0, -1) if lines[n - 1].strip()), start[0])
    closed = lines[last - 1].split(" #", maxsplit=1)[0].rstrip().rstrip(",") + _CLOSING[sign]
    message = f"this {sign} is never closed"
    yield Slip({last: closed}, start[0], start[1], 1, QUOTE, message, f"add  {_CLOSING[sign]}")
    rest = re.match(r"[\"']?[^\s,\"'\[\]{}]+[\"']?", text[column - 1 :])
    length = len(rest.group()) if rest is not None else 1
    if text[column - 1 : column] in (";", "|", "/"):
        changed = f"{text[: column - 1]},{text[column:]}"
        message, remedy = "a comma belongs here", f"write  ,  instead of  {text[column - 1]}"
        yield Slip({line: changed}, line, column, 1, QUOTE, message, remedy)
    changed = f"{text[: column - 1]}, {text[column - 1 :]}"
    message, remedy = "a comma is missing before this", f"write  , {text[column - 1 :][:length]}"
    yield Slip({line: changed}, line, column, length, QUOTE, message, remedy)


def quiet_slips(lines: list[str], number: int) -> Iterator[Slip]:
    """Changes that get the reader on where its own complaint says best what is wrong."""
    line = lines[number - 1]
    lead = re.match(r"[ \t]*", line)
    if lead is not None and "\t" in lead.group():
        near = [indent(lines[n]) for n in (number - 2, number) if 0 <= n < len(lines)]
        if number > 1 and lines[number - 2].rstrip().endswith(":"):
            near.insert(0, near[0] + 2)
        for width in dict.fromkeys([*near, *(n + 2 for n in near), *(n + 4 for n in near)]):
            yield Slip(_untabbed(lines, number, width))
    match = _VALUE.match(line)
    if match is not None and match["value"][0] not in "\"'":
        yield Slip({number: match["lead"] + quoted(match["value"].rstrip())})
    marked = _MARKED.sub(lambda m: " " + quoted(m.group().strip()), line)
    for changed in (marked, line.replace("\\", "\\\\")):
        if changed != line:
            yield Slip({number: changed})
    for sign in "]}":
        at = line.rfind(sign)
        if at >= 0:
            yield Slip({number: line[:at] + line[at + 1 :]})


def _untabbed(lines: list[str], number: int, width: int) -> dict[int, str]:
    """The lines with tabs from here on, the first of them `width` spaces in and the others in proportion."""
    changes = {}
    tabs = 0
    for n in range(number, len(lines) + 1):
        text = lines[n - 1]
        found = text[: len(text) - len(text.lstrip())].count("\t")
        tabs = tabs or found
        if found:
            changes[n] = " " * (width * found // tabs) + text.lstrip()
    return changes
