"""Texts that were to be filled in later: `TODO`, `???`, `<wifi password>`. Pure."""

from __future__ import annotations

import re

_SIGNS = re.compile(
    r"\b(?:TODO\s*:|FIXME\b|TBD\b|TBC\b)"
    r"|^(?i:todo|x{3,}|n\.?n\.?|change[ _-]?me|placeholder|lorem ipsum\b.*"
    r"|to be (?:added|confirmed|defined|done|filled)\b.*"
    r"|(?:please )?(?:fill|insert)(?: \w+){0,4} (?:in|here)|your [\w -]{1,40} here)\W*$"
    r"|^[?_.…]{2,}$|^[?…]$|^[-–—]+$|^<[^<>]{1,60}>$|^\[[^\[\]]{1,60}\]$",
    re.DOTALL,
)


def is_placeholder(text: str) -> bool:
    """Whether a text stands where its author meant to write something else."""
    return _SIGNS.search(text.strip()) is not None
