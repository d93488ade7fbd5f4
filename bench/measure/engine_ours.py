"""Our engine as the others are measured: loading rules, deciding messages that were read before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from autoresponder.decision import Decision
from autoresponder.model import (
    Booking,
    BookingId,
    BookingStatus,
    Event,
    Message,
    MessageId,
    MessageThread,
    PropertyId,
    Provider,
    Sender,
    ThreadId,
    Turn,
)
from autoresponder.rules import RuleSet, Surroundings, load_rules
from bench.measure.engine_workload import PlainMessage, PlainRule, as_yaml

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
_WHERE = Surroundings(
    property_key="seaview", property_name="Seaview Rooms", zone=ZoneInfo("Europe/Lisbon"), first_contact=True
)
_BOOKING = Booking(
    id=BookingId("b1"),
    property_id=PropertyId("p1"),
    status=BookingStatus.CONFIRMED,
    arrival_date=date(2026, 5, 1),
    departure_date=date(2026, 5, 4),
    guest_name="Ana",
    guest_surname="Silva",
)


def turn_of(text: str, provider: str = "booking_com", nights: int = 3) -> Turn:
    """A turn as intake makes it from one message of a booked guest."""
    message = Message(
        id=MessageId("m1"), thread_id=ThreadId("t1"), sender=Sender.GUEST, text=text, inserted_at=NOW
    )
    booking = replace(_BOOKING, departure_date=date(2026, 5, 1 + nights))
    thread = MessageThread(
        id=ThreadId("t1"),
        title="Ana Silva",
        provider=Provider(provider),
        provider_name=provider,
        is_closed=False,
        message_count=1,
        property_id=PropertyId("p1"),
        booking_id=booking.id,
    )
    return Turn(
        event=Event.MESSAGE,
        thread=thread,
        trigger=message,
        messages=(message,),
        history=(message,),
        booking=booking,
    )


def load(files: Mapping[str, str]) -> RuleSet:
    """Rules that must be sound."""
    loaded, problems = load_rules(files)
    if loaded is None:
        raise SystemExit("\n".join(str(problem) for problem in problems[:5]))
    return loaded


def plain(
    rules: list[PlainRule], messages: Sequence[PlainMessage]
) -> tuple[list[Turn], Callable[[Turn], str | None]]:
    """The messages as turns, and what names the first matching rule of a turn."""
    ruleset = load({"rules/rules.yaml": as_yaml(rules)})

    def decide(turn: Turn) -> str | None:
        found = ruleset.matching(turn, _WHERE, NOW)
        return found[0] if found else None

    return [turn_of(m.text, m.provider, m.nights) for m in messages], decide


def full(ruleset: RuleSet) -> Callable[[Turn], Decision]:
    """What decides a turn with everything that the language has, without a trace."""
    return lambda turn: ruleset.decide(turn, _WHERE, NOW)
