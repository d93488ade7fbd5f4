"""May we act in this thread at all, and may we say this now? Pure; in the order of the design.

`before_rules` runs before the engine and needs no rule; `before_sending` runs on what the rules decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from autoresponder.config import GuardSettings, QuietHours
from autoresponder.decision import Outcome, SkipReason
from autoresponder.delivery.matching import body_hash
from autoresponder.model import Booking, MessageThread, Provider, Sender, Turn
from autoresponder.records import ReplyMark, ThreadRecord
from autoresponder.turns import Reading

_BOOKING_COM_AFTER_CHECKOUT = timedelta(days=7)
_BOOKING_COM_AFTER_MESSAGE = timedelta(days=14)
_DAY = timedelta(days=1)
_FAST_ANSWER = timedelta(seconds=30)
_FAST_ANSWERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What people have switched off."""

    kill: bool = False
    paused_threads: frozenset[str] = frozenset()
    paused_properties: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A guard's word: not now, or not at all."""

    reason: SkipReason
    explanation: str
    outcome: Outcome = Outcome.SILENT
    """What the turn ends with; meaningless when it only waits."""
    until: datetime | None = None
    """Look again then; None when the turn ends here."""


def before_rules(
    reading: Reading,
    record: ThreadRecord,
    *,
    switches: Switches,
    settings: GuardSettings,
    activated_at: datetime,
    now: datetime,
) -> Stop | None:
    """The guards that need no rule, in order; None when the engine may decide.

    Args:
        reading: The turn, with what others wrote.
        record: What is remembered about the thread.
        switches: Kill switch and pauses.
        settings: Limits.
        activated_at: When this store was first used: older messages are history, never answered.
        now: The present, UTC.
    """
    turn = reading.turn
    if turn is None:
        return Stop(reason=SkipReason.ALREADY_HANDLED, explanation="every guest message is handled")
    return (
        # What is history or answered is nobody's work, in closed and in paused threads too.
        _age(turn, settings, activated_at, now)
        or _answered(reading)
        or _switched_off(turn, switches)
        or _closed(turn.thread)
        or _handover(reading, settings, now)
        or _loop(turn, record)
        or _settling(turn, settings, now)
    )


def before_sending(
    turn: Turn,
    record: ThreadRecord,
    *,
    settings: GuardSettings,
    zone: ZoneInfo,
    now: datetime,
) -> Stop | None:
    """The guards on a reply that the rules want to send; None when it may go out."""
    return (
        _reply_cap(record, settings, now)
        or _ota_window(turn.thread, turn.booking, turn, zone, now)
        or _quiet(settings.quiet_hours, zone, now)
    )


def cooling_rules(
    record: ThreadRecord,
    *,
    cooldowns: Mapping[str, float | None],
    settings: GuardSettings,
    now: datetime,
) -> frozenset[str]:
    """Ids of the rules that answered in this thread too recently to answer again.

    Args:
        record: What is remembered about the thread.
        cooldowns: Rule id to its own cooldown in seconds, or None for the default.
        settings: Holds the default.
        now: The present, UTC.
    """
    cooling = set()
    for rule_id, own in cooldowns.items():
        pause = settings.cooldown if own is None else timedelta(seconds=own)
        if any(rule_id in mark.rules and now - mark.at < pause for mark in record.replies):
            cooling.add(rule_id)
    return frozenset(cooling)


def _switched_off(turn: Turn, switches: Switches) -> Stop | None:
    if switches.kill:
        return Stop(
            reason=SkipReason.KILL_SWITCH,
            explanation="all automatic replies are switched off",
            outcome=Outcome.HOLD,
        )
    if turn.thread.id in switches.paused_threads:
        return Stop(
            reason=SkipReason.PAUSED_THREAD, explanation="this thread is paused", outcome=Outcome.HOLD
        )
    if turn.thread.property_id in switches.paused_properties:
        return Stop(
            reason=SkipReason.PAUSED_PROPERTY, explanation="this property is paused", outcome=Outcome.HOLD
        )
    return None


def _closed(thread: MessageThread) -> Stop | None:
    if not thread.is_closed:
        return None
    return Stop(reason=SkipReason.CLOSED_THREAD, explanation="the thread is closed", outcome=Outcome.HOLD)


def _age(turn: Turn, settings: GuardSettings, activated_at: datetime, now: datetime) -> Stop | None:
    age = now - turn.trigger.inserted_at
    if age <= settings.max_age:
        return None
    if turn.trigger.inserted_at < activated_at:
        return Stop(
            reason=SkipReason.TOO_OLD,
            explanation="from before autoresponder was first started; recorded, never answered",
        )
    return Stop(
        reason=SkipReason.TOO_OLD,
        explanation=f"the message is {_hours(age)} old, more than {_hours(settings.max_age)}",
        outcome=Outcome.HOLD,
    )


def _answered(reading: Reading) -> Stop | None:
    if reading.answer is None:
        return None
    return Stop(reason=SkipReason.ANSWERED, explanation="somebody has already answered")


def _handover(reading: Reading, settings: GuardSettings, now: datetime) -> Stop | None:
    if reading.human_at is None or now - reading.human_at >= settings.human_handover:
        return None
    return Stop(
        reason=SkipReason.HUMAN_HANDOVER,
        explanation=f"a person wrote here less than {_hours(settings.human_handover)} ago and keeps the thread",
        outcome=Outcome.HOLD,
    )


def _loop(turn: Turn, record: ThreadRecord) -> Stop | None:
    """Recognise another machine: it quotes us, or answers us within seconds again and again."""
    bodies = {mark.body_hash for mark in record.replies}
    if bodies and any(body_hash(m.text) in bodies for m in turn.messages):
        return Stop(
            reason=SkipReason.LOOP,
            explanation="the guest's message is a copy of our own reply: probably another automatic responder",
            outcome=Outcome.HOLD,
        )
    fast = sum(
        1
        for mark in record.replies
        if any(
            m.sender is Sender.GUEST and timedelta(0) <= m.inserted_at - mark.at < _FAST_ANSWER
            for m in turn.history
        )
    )
    if fast > _FAST_ANSWERS:
        return Stop(
            reason=SkipReason.LOOP,
            explanation="the guest's side answers our replies within seconds: probably another automatic responder",
            outcome=Outcome.HOLD,
        )
    return None


def _settling(turn: Turn, settings: GuardSettings, now: datetime) -> Stop | None:
    if not settings.settle or not turn.messages:
        return None
    last = min(turn.messages[-1].inserted_at, now)
    first = min(turn.messages[0].inserted_at, now)
    until = min(last + settings.settle, first + settings.settle_limit)
    if until <= now:
        return None
    return Stop(
        reason=SkipReason.SETTLING, explanation="waiting until the guest has finished typing", until=until
    )


def _reply_cap(record: ThreadRecord, settings: GuardSettings, now: datetime) -> Stop | None:
    recent = {mark.trigger_id for mark in record.replies if now - mark.at < _DAY}
    if len(recent) < settings.replies_per_day:
        return None
    return Stop(
        reason=SkipReason.REPLY_CAP,
        explanation=f"{len(recent)} automatic replies in this thread within 24 hours, the most allowed",
        outcome=Outcome.HOLD,
    )


def _ota_window(
    thread: MessageThread, booking: Booking | None, turn: Turn, zone: ZoneInfo, now: datetime
) -> Stop | None:
    """Booking.com takes messages until 7 days after checkout, or 14 days after the guest wrote.

    Source: Booking.com's messaging questions and answers for partners.
    """
    if thread.provider is not Provider.BOOKING_COM or booking is None or booking.departure_date is None:
        return None
    checkout = datetime.combine(booking.departure_date, datetime.max.time(), zone).astimezone(UTC)
    if now <= checkout + _BOOKING_COM_AFTER_CHECKOUT:
        return None
    if now - turn.trigger.inserted_at <= _BOOKING_COM_AFTER_MESSAGE:
        return None
    return Stop(
        reason=SkipReason.OTA_WINDOW,
        explanation="Booking.com takes no more messages for this stay",
        outcome=Outcome.HOLD,
    )


def _quiet(quiet: QuietHours | None, zone: ZoneInfo, now: datetime) -> Stop | None:
    if quiet is None:
        return None
    until = quiet_until(quiet, zone, now)
    if until is None:
        return None
    local = until.astimezone(zone).strftime("%H:%M")
    return Stop(reason=SkipReason.QUIET_HOURS, explanation=f"quiet hours until {local}", until=until)


def quiet_until(quiet: QuietHours, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The end (UTC) of the quiet hours that hold now, or None outside of them.

    The wall time decides, in the property's zone; across a change of clocks the hours are as long as
    they are.
    """
    local = now.astimezone(zone)
    clock = local.time()
    if quiet.start == quiet.end:
        return None
    spans = quiet.start > quiet.end
    inside = (clock >= quiet.start or clock < quiet.end) if spans else quiet.start <= clock < quiet.end
    if not inside:
        return None
    day = local.date()
    if spans and clock >= quiet.start:
        day += _DAY
    end = datetime.combine(day, quiet.end, zone).astimezone(UTC)
    return end if end > now else now + timedelta(minutes=1)


def reply_mark(turn_trigger: str, rules: tuple[str, ...], body: str, at: datetime) -> ReplyMark:
    """The mark that a sent reply leaves for cooldown, cap and loop detection."""
    return ReplyMark(rules=rules, at=at, body_hash=body_hash(body), trigger_id=turn_trigger)


def _hours(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:.0f} hours" if hours >= 2 else f"{span.total_seconds() / 60:.0f} minutes"
