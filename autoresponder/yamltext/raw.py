"""From the bytes of a file to text that the YAML reader can take, or to what is wrong with them."""

from __future__ import annotations

import re

from autoresponder.problems import Problem
from autoresponder.yamltext.source import Place, Source

MAX_BYTES = 8 * 1024 * 1024
"""Larger files are refused before anything is read from them."""

_FORBIDDEN = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OTHER_LINE_ENDS = str.maketrans({"\x85": " ", "\u2028": " ", "\u2029": " ", "\ufeff": " "})
_ODD = re.compile("[\x85\u2028\u2029\ufeff]")


def to_text(raw: str | bytes, file: str) -> tuple[str, list[Problem]]:
    """Decode, unify line ends, and look for characters that no text file should hold.

    Returns:
        The text and no problem, or an empty text and one problem.
    """
    if len(raw) > MAX_BYTES:
        limit = f"{MAX_BYTES // 1_048_576} MB"
        return "", [
            Problem(
                file=file,
                code="Y001",
                message=f"the file is too large: more than {limit}",
                remedy="split it into several files",
            )
        ]
    if isinstance(raw, bytes):
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            return "", [_not_utf8(raw, error.start, file)]
    else:
        text = raw
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if _ODD.search(text):
        text = text.translate(_OTHER_LINE_ENDS)
    match = _FORBIDDEN.search(text)
    return ("", [_forbidden(text, match.start(), file)]) if match else (text, [])


def _not_utf8(raw: bytes, offset: int, file: str) -> Problem:
    before = raw[:offset]
    line = before.count(b"\n") + 1
    start = before.rfind(b"\n") + 1
    end = raw.find(b"\n", offset)
    shown = raw[start : end if end >= 0 else len(raw)].decode("utf-8", "replace")
    column = len(raw[start:offset].decode("utf-8", "replace")) + 1
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        message = "the file is saved as UTF-16, not as UTF-8"
    else:
        message = "the file is not saved as UTF-8: this letter cannot be read"
    blank = Source(file, "\n" * (line - 1) + shown, {}, None)
    return blank.problem_at(
        Place(line, column), "Y002", message, "save the file with the encoding UTF-8 in your editor"
    )


def _forbidden(text: str, offset: int, file: str) -> Problem:
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    clean = Source(file, _FORBIDDEN.sub("\ufffd", text), {}, None)
    return clean.problem_at(
        Place(line, column),
        "Y003",
        f"an invisible control character (U+{ord(text[offset]):04X}) stands here",
        "delete it; it often comes with text copied from elsewhere",
    )
