"""Slips of the hand within a line of YAML, each with the change that undoes it; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autoresponder.yamltext.slip import QUOTE, SHOWN, SPACING, Slip, indent, quoted, write
from autoresponder.yamltext.slips_of_layout import block, missing_dash, stray_dash, value_above_settings

CURLY = "“”„‟«»‘’‚‹›"
"""Quotes that word processors and telephones make of straight ones."""
_ODD_SPACES = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000"
_ODD_SPACE = re.compile(f"[{_ODD_SPACES}]+")
_BULLET = re.compile(r"(?P<in>\s*)(?P<sign>[•·‣▪●○–—−*+])\s*(?P<rest>\w[\w-]*\s*:.*)")
_DASH = re.compile(r"(?P<in>\s*)-(?P<rest>[A-Za-z_]\w*:.*)")
_KEY = r"(?P<in>\s*(?:-\s+)*)(?P<key>[A-Za-z_][\w-]*)"
_TIGHT = re.compile(_KEY + r":(?P<rest>(?!//)\S.*)")
_OTHER_COLON = re.compile(_KEY + r"\s*(?P<sign>[：﹕ː∶])\s*(?P<rest>.*)")
_EQUALS = re.compile(_KEY + r"\s*(?P<sign>:?=>?)\s*(?P<rest>.*)")
_NO_COLON = re.compile(_KEY + r"(?P<gap>\s+|(?=[\[{]))(?P<rest>[^:\s].*)")
_BARE = re.compile(_KEY + r"\s*")
_NO_COLON_INSIDE = re.compile(r"(?<=[{,])\s*(?P<key>[A-Za-z_][\w-]*)\s*(?=[\[{])")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_VALUE = re.compile(r"(?P<lead>\s*(?:-\s+)*(?:[\w-]+\s*:\s+|-\s+))(?P<value>\S.*)")


def slips(lines: list[str], number: int) -> Iterator[Slip]:
    """What a line may have wrong that can be told better than the reader does."""
    line = lines[number - 1]
    for look in (
        _odd_space,
        _bullet,
        _dash,
        _colon,
        _colon_above,
        _colon_inside,
        _tag,
        _quotes,
        _closer,
        value_above_settings,
        missing_dash,
        stray_dash,
        block,
    ):
        yield from look(lines, number, line)


def _odd_space(_lines: list[str], number: int, line: str) -> Iterator[Slip]:
    match = _ODD_SPACE.search(line)
    if match is not None:
        plain = _ODD_SPACE.sub(lambda m: " " * len(m.group()), line)
        message = "this is no plain space, but one from a word processor or a web page"
        remedy = "delete it, and type a space"
        yield Slip({number: plain}, number, match.start() + 1, len(match.group()), SPACING, message, remedy)


def _bullet(_lines: list[str], number: int, line: str) -> Iterator[Slip]:
    match = _BULLET.match(line)
    if match is not None:
        changed = f"{match['in']}- {match['rest']}"
        message, remedy = (
            f"an entry of a list starts with a plain -, not with {match['sign']}",
            write(changed),
        )
        yield Slip({number: changed}, number, match.start("sign") + 1, 1, SPACING, message, remedy)


def _dash(_lines: list[str], number: int, line: str) -> Iterator[Slip]:
    match = _DASH.match(line)
    if match is not None:
        changed = f"{match['in']}- {_spaced(match['rest'])}"
        length = len(line.strip())
        message, remedy = "a space is missing after the -", write(changed)
        yield Slip({number: changed}, number, len(match["in"]) + 1, length, SPACING, message, remedy)


def _spaced(setting: str) -> str:
    return re.sub(r"^(\w+):(?=\S)", r"\1: ", setting)


def _colon(_lines: list[str], number: int, line: str) -> Iterator[Slip]:
    for pattern, message in (
        (_TIGHT, "a space is missing after the ':'"),
        (_OTHER_COLON, "this is no plain colon"),
        (_EQUALS, "between a setting and its value stands a ':', not '{sign}'"),
        (_NO_COLON, "a ':' is missing behind this"),
    ):
        match = pattern.match(line)
        if match is None:
            continue
        changed = f"{match['in']}{match['key']}: {match['rest']}"
        at, length = match.start("key"), len(match["key"])
        if pattern is _TIGHT:
            length = len(line.rstrip()) - at
        elif pattern is _OTHER_COLON:
            at, length = match.start("sign"), 1
        sign = match["sign"] if "{sign}" in message else ""
        told = message.format(sign=sign)
        yield Slip({number: changed}, number, at + 1, length, SPACING, told, write(changed))


def _colon_above(lines: list[str], number: int, line: str) -> Iterator[Slip]:
    """`when` alone on its line, with its settings below it."""
    match = _BARE.fullmatch(line)
    following = next((other for other in lines[number:] if other.strip()), "")
    if match is not None and indent(following) > match.start("key"):
        changed = line.rstrip() + ":"
        place, length = match.start("key") + 1, len(match["key"])
        message = "a ':' is missing behind this"
        yield Slip({number: changed}, number, place, length, SPACING, message, write(changed))


def _colon_inside(_lines: list[str], number: int, line: str) -> Iterator[Slip]:
    """`{any [wifi]}` where `{any: [wifi]}` was meant."""
    for match in _NO_COLON_INSIDE.finditer(line):
        key, value = match["key"], line[match.end() :]
        changed = f"{line[: match.end('key')]}: {value}"
        message = "a ':' is missing behind this"
        place, remedy = match.start("key") + 1, write(f"{key}: {value[0]}…")
        yield Slip({number: changed}, number, place, len(key), SPACING, message, remedy)


def _tag(_lines: list[str], number: int, line: str) -> Iterator[Slip]:
    match = _TAG.search(line)
    if match is not None:
        changed = _TAG.sub("", line)
        message = f"{match.group()[:SHOWN]} comes from a web page and means nothing here"
        yield Slip(
            {number: changed},
            number,
            match.start() + 1,
            len(match.group()),
            SPACING,
            message,
            write(changed),
        )


def _quotes(_lines: list[str], number: int, line: str) -> Iterator[Slip]:
    """A text in quotes that ends too early, too late, or never."""
    match = _VALUE.match(line)
    value = match["value"].rstrip() if match is not None else ""
    if match is None or value[0] not in "\"'":
        yield from _open_quote(number, line)
        return
    quote, lead = value[0], match["lead"]
    inner = value[1:].find(quote) + 1
    bare = value[1:].split(" #")[0].rstrip()
    if not inner:
        at = len(lead)
        changed = lead + quoted(bare)
        message = f"this {quote} is never closed"
        yield Slip({number: changed}, number, at + 1, 1, QUOTE, message, "add the same quote at the end")
    elif value.endswith(quote) and inner < len(value) - 1:
        changed = lead + quoted(value[1:-1])
        message = f"this {quote} ends the text, and more follows"
        other = f"inside '…' write it twice: {quote}{quote}" if quote == "'" else 'inside "…" write it as \\"'
        yield Slip({number: changed}, number, len(lead) + inner + 1, 1, QUOTE, message, other)
    elif inner < len(value) - 1:
        rest = value[inner + 1 :]
        at = len(lead) + inner + 1 + len(rest) - len(rest.lstrip())
        plain = value[1:inner] + rest
        message = f"the text ended at the {quote} before this"
        remedy = "put the quotes around the whole text"
        yield Slip({number: lead + quoted(plain)}, number, at + 1, len(rest.strip()), QUOTE, message, remedy)


def _open_quote(number: int, line: str) -> Iterator[Slip]:
    """A quote that opens between brackets and does not close on its line."""
    for quote in "\"'":
        for match in re.finditer(
            r"(?<=[\[{,])\s*" + quote + r"(?P<text>[^" + quote + r",\]}]*)(?P<end>[,\]}])", line
        ):
            at = match.end() - len(match.group().lstrip())
            changed = line[: match.end("text")] + quote + line[match.start("end") :]
            message = f"this {quote} is never closed"
            yield Slip({number: changed}, number, at + 1, 1, QUOTE, message, "add the same quote at the end")


def _closer(_lines: list[str], number: int, line: str) -> Iterator[Slip]:
    """A bracket that is closed by one of the other kind, or never."""
    open_at: list[int] = []
    quote = ""
    pairs = {"]": "[", "}": "{"}
    closing = {"[": "]", "{": "}"}
    for at, sign in enumerate(line):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'" and line[:at].rstrip()[-1:] in ("[", "{", ",", ":"):
            quote = sign
        elif sign in closing:
            open_at.append(at)
        elif sign in pairs and open_at and line[open_at[-1]] != pairs[sign]:
            opener = open_at[-1]
            yield _unclosed(number, opener, line, line[:at] + closing[line[opener]] + line[at:])
            return
        elif sign in pairs and open_at:
            open_at.pop()
    if open_at and "{{" not in line:
        ends = "".join(closing[line[at]] for at in reversed(open_at))
        yield _unclosed(number, open_at[0], line, line.split(" #", maxsplit=1)[0].rstrip() + ends)


def _unclosed(number: int, opener: int, line: str, changed: str) -> Slip:
    sign = line[opener]
    remedy = "add  " + {"[": "]", "{": "}"}[sign]
    return Slip({number: changed}, number, opener + 1, 1, QUOTE, f"this {sign} is never closed", remedy)
