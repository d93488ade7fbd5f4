"""`provider`: the OTA behind the thread: booking_com, airbnb, expedia or other."""

from __future__ import annotations

from typing import Any, Final

from autoresponder.model import Provider
from autoresponder.rules.conditions.base import (
    Condition,
    ConditionKind,
    Path,
    Workbench,
    as_list,
    choice_schema,
)
from autoresponder.rules.situation import Situation

SCHEMA: Final = choice_schema(
    [provider.value for provider in Provider],
    "The OTA behind the thread, one or several.",
    ["airbnb", ["booking_com", "airbnb"]],
)


class ProviderCondition(Condition):
    """The thread belongs to one of these OTAs."""

    def __init__(self, wanted: tuple[Provider, ...]) -> None:
        self._wanted = frozenset(wanted)
        self.written = "provider: " + ", ".join(wanted)

    def holds(self, situation: Situation) -> bool:
        """See `Condition.holds`."""
        return situation.turn.thread.provider in self._wanted

    def actual(self, situation: Situation) -> str:
        """See `Condition.actual`."""
        return f"it is {situation.turn.thread.provider}"


def build(value: Any, _path: Path, _bench: Workbench) -> Condition | None:
    """Compile `provider`."""
    return ProviderCondition(tuple(Provider(name) for name in as_list(value)))


KIND: Final[ConditionKind] = ConditionKind(name="provider", schema=SCHEMA, compile=build)
