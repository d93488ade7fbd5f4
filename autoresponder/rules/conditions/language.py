"""`language`: language of the guest's words, as two letters.

It is the language of the phrases that were found; failing that, the language the booking names. When
neither says one, the condition does not hold.
"""

from __future__ import annotations

from typing import Any, Final

from autoresponder.languages import is_language, language_hint
from autoresponder.rules.conditions.base import Condition, ConditionKind, Path, Workbench, as_list, listed
from autoresponder.rules.situation import Situation

SCHEMA: Final[dict[str, Any]] = {
    "description": "Language of the guest's words: two letters, one or several.",
    "type": ["string", "array"],
    "pattern": "^[a-z]{2}$",
    "items": {"type": "string", "pattern": "^[a-z]{2}$"},
    "minItems": 1,
    "examples": ["de", ["en", "de"]],
}


class LanguageCondition(Condition):
    """The guest writes one of these languages."""

    def __init__(self, wanted: tuple[str, ...]) -> None:
        self._wanted = frozenset(wanted)
        self.written = f"language: {listed(wanted)}"

    def holds(self, situation: Situation) -> bool:
        """See `Condition.holds`."""
        return situation.reading.language in self._wanted

    def actual(self, situation: Situation) -> str:
        """See `Condition.actual`."""
        language = situation.reading.language
        return f"it is {language}" if language else "the language is not certain"


def build(value: Any, path: Path, bench: Workbench) -> Condition | None:
    """Compile `language`."""
    for index, code in enumerate(as_list(value)):
        if not is_language(code):
            place = (*path, index) if isinstance(value, list) else path
            bench.problem(place, "R016", f"'{code}' is no language code", language_hint(code))
    return LanguageCondition(tuple(as_list(value)))


KIND: Final[ConditionKind] = ConditionKind(name="language", schema=SCHEMA, compile=build)
