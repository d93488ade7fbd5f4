"""`thread`: first_contact (nothing was answered here yet), message_count, has_attachment (in this turn)."""

from __future__ import annotations

from typing import Any, Final

from autoresponder.rules.comparisons import Comparison, any_test, number_schema
from autoresponder.rules.conditions.base import Condition, ConditionKind, Path, Workbench
from autoresponder.rules.conditions.fields import FieldsCondition, compile_fields
from autoresponder.rules.situation import Situation

SCHEMA: Final[dict[str, Any]] = {
    "description": "What is known about the conversation.",
    "type": "object",
    "properties": {
        "first_contact": {
            "description": "Whether nothing was ever answered in this thread.",
            "type": "boolean",
            "examples": [True],
        },
        "message_count": number_schema("Messages in the thread, from all sides.", [1, {"at_most": 5}]),
        "has_attachment": {
            "description": "Whether the guest sent a file with these messages.",
            "type": "boolean",
            "examples": [False],
        },
    },
    "additionalProperties": False,
    "minProperties": 1,
    "examples": [{"first_contact": True}, {"has_attachment": False}],
}


class ThreadCondition(FieldsCondition):
    """The thread's fields pass."""

    def __init__(self, tests: dict[str, Comparison]) -> None:
        super().__init__("thread", tests)

    def value(self, situation: Situation, field: str) -> Any:
        """See `FieldsCondition.value`."""
        if field == "first_contact":
            return situation.surroundings.first_contact
        if field == "has_attachment":
            return situation.turn.has_attachments
        return situation.turn.thread.message_count


def build(value: Any, path: Path, bench: Workbench) -> Condition | None:
    """Compile `thread`."""
    tests = compile_fields(value, path, bench, {}, any_test)
    return None if tests is None else ThreadCondition(tests)


KIND: Final[ConditionKind] = ConditionKind(name="thread", schema=SCHEMA, compile=build)
