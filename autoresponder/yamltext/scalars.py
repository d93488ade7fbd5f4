"""What an unquoted word means: nothing, a switch, a number, or the text itself."""

from __future__ import annotations

import re
from typing import Any

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?\Z")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_SWITCHES = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_MAY_BE_OTHER = frozenset("-0123456789~nNtTfF")


def scalar(text: str) -> Any:
    """The value of an unquoted word: None, a switch, a number, or the text itself."""
    if text == "":
        return None
    if text[0] not in _MAY_BE_OTHER:
        return text
    if text in _NULLS:
        return None
    switch = _SWITCHES.get(text)
    if switch is not None:
        return switch
    if _NUMBER.match(text):
        return float(text) if "." in text else int(text)
    return text
