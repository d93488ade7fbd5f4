"""What the codes of findings mean, with an example of each: shown by `autoresponder explain-code`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autoresponder.lint.code_texts import FILES, MEANING, REPLIES
from autoresponder.lint.code_texts_actions import ACTIONS
from autoresponder.lint.code_texts_slips import SLIPS
from autoresponder.lint.code_texts_tests import ALLOWING, TESTS


@dataclass(frozen=True, slots=True)
class Code:
    """What a code means."""

    what: str
    """What is wrong, one sentence."""
    why: str = ""
    """What comes of it."""
    wrong: tuple[str, ...] = ()
    """Lines as they should not be."""
    right: tuple[str, ...] = ()
    """The same lines as they should be."""


def _read(text: str) -> Iterator[tuple[str, Code]]:
    """Entries: a line with code and sentence, lines of why, `- ` lines that are wrong, `+ ` lines that are right."""
    for block in text.strip().split("\n\n"):
        first, *rest = block.split("\n")
        code, _, what = first.partition(" ")
        why = " ".join(line for line in rest if line[:2] not in ("- ", "+ "))
        wrong = tuple(line[2:] for line in rest if line.startswith("- "))
        right = tuple(line[2:] for line in rest if line.startswith("+ "))
        yield code, Code(what, why, wrong, right)


CODES: Mapping[str, Code] = dict(
    entry for text in (FILES, MEANING, REPLIES, ACTIONS, SLIPS, TESTS, ALLOWING) for entry in _read(text)
)
"""Every code that a finding can have."""
