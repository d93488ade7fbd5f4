"""From a case to the thread that Channex would show, and to what is remembered of it; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from autoresponder.cases.spec import BookingFacts, Case, Line, Side
from autoresponder.guards import reply_mark
from autoresponder.model import Booking, Inquiry, Message, MessageId, PropertyId, Sender, Snapshot, ThreadId
from autoresponder.records import ThreadRecord
from autoresponder.samples import Scene, scene_snapshot

_NIGHTS = timedelta(days=3)
_THREAD = ThreadId("sample-thread")
_NUMBERS = tuple(f"number_of_{who}" for who in ("adults", "children", "infants", "pets", "guests"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What a case is tried on."""

    snapshot: Snapshot
    record: ThreadRecord
    now: datetime
    """When the last message is written and the decision falls, UTC."""


def set_stage(case: Case, property_id: PropertyId | None, zone: ZoneInfo) -> Stage:
    """Make the thread of a case.

    Args:
        case: What the author wrote.
        property_id: The property's Channex id.
        zone: Its time zone, by which the case's times are meant.
    """
    now = case.at.replace(tzinfo=zone).astimezone(UTC)
    scene = Scene(
        texts=(),
        provider=case.provider,
        property_id=property_id,
        stay=case.stay,
        guest=case.guest,
        language=case.language,
        at=now,
        zone=zone,
        inquiry_card=case.inquiry is not None,
    )
    snapshot = scene_snapshot(scene)
    written = tuple(_message(line, number, now) for number, line in enumerate(case.lines))
    cards = snapshot.messages
    if cards and written:
        first = written[0].inserted_at - timedelta(minutes=1)
        cards = tuple(replace(card, inserted_at=first) for card in cards)
    if case.inquiry:
        cards = tuple(_with_details(card, case.inquiry) for card in cards)
    messages = (*cards, *written)
    booking = snapshot.booking
    if booking is not None:
        booking = _with_facts(booking, case.booking)
    thread = replace(snapshot.thread, message_count=len(messages))
    return Stage(
        snapshot=Snapshot(thread=thread, messages=messages, booking=booking),
        record=_record(case.lines, messages[len(cards) :], messages[: len(cards)]),
        now=now,
    )


def _message(line: Line, number: int, now: datetime) -> Message:
    guest = line.side is Side.GUEST
    return Message(
        id=MessageId(f"sample-message-{number + 1}"),
        thread_id=_THREAD,
        sender=Sender.GUEST if guest else Sender.PROPERTY,
        sender_name="guest" if guest else "property",
        text=line.text,
        inserted_at=now - line.before,
        attachments=("https://attachments.example/photo.jpg",) if line.attachment else (),
    )


def _record(
    lines: tuple[Line, ...], messages: tuple[Message, ...], cards: tuple[Message, ...]
) -> ThreadRecord:
    """What autoresponder remembers after the answers that it gave in the conversation."""
    handled: list[str] = []
    ours: list[str] = []
    replies = []
    unanswered = [card.id for card in cards]
    for line, message in zip(lines, messages, strict=True):
        if line.side is Side.GUEST:
            unanswered.append(message.id)
        elif line.side is Side.AUTORESPONDER:
            rules = () if line.rule is None else (line.rule,)
            trigger = unanswered[-1] if unanswered else message.id
            handled += unanswered
            unanswered = []
            ours.append(message.id)
            replies.append(reply_mark(trigger, rules, line.text, message.inserted_at))
    return ThreadRecord(thread_id=_THREAD, handled=tuple(handled), ours=tuple(ours), replies=tuple(replies))


def _with_facts(booking: Booking, facts: BookingFacts) -> Booking:
    arrival, departure = facts.arrival, facts.departure
    if arrival is not None and departure is None:
        departure = arrival + _NIGHTS
    elif departure is not None and arrival is None:
        arrival = departure - _NIGHTS
    values: dict[str, Any] = {
        "arrival_date": arrival,
        "departure_date": departure,
        "arrival_hour": facts.arrival_hour,
        "adults": facts.adults,
        "children": facts.children,
        "infants": facts.infants,
        "amount": None if facts.amount is None else Decimal(str(facts.amount)),
        "currency": facts.currency,
        "ota_reservation_code": facts.code,
        "guest_country": None if facts.country is None else facts.country.lower(),
    }
    given = {name: value for name, value in values.items() if value is not None}
    return replace(booking, **given) if given else booking


def _with_details(card: Message, written: Mapping[str, Any]) -> Message:
    inquiry = card.inquiry
    if inquiry is None:
        return card
    return replace(card, inquiry=_inquiry(inquiry, written))


def _inquiry(inquiry: Inquiry, written: Mapping[str, Any]) -> Inquiry:
    """The card with what the case says, both as fields and as the OTA's own details."""
    start = written.get("checkin_date") or inquiry.checkin_date
    end = written.get("checkout_date")
    nights = written.get("nights")
    if start is not None and end is None:
        end = start + timedelta(days=nights or inquiry.nights or _NIGHTS.days)
    if nights is None and start is not None and end is not None:
        nights = (end - start).days
    values: dict[str, Any] = {"checkin_date": start, "checkout_date": end, "nights": nights}
    for name in (*_NUMBERS, "currency", "status", "listing_id", "listing_name"):
        if name in written:
            values[name] = written[name]
    if "number_of_guests" not in written and {"number_of_adults", "number_of_children"} & written.keys():
        values["number_of_guests"] = written.get("number_of_adults", 2) + written.get("number_of_children", 0)
    details = {**inquiry.details, **{name: _plain(value) for name, value in {**values, **written}.items()}}
    if "payout" in written:
        values["payout"] = Decimal(str(written["payout"]))
        details["expected_payout_amount_accurate"] = str(written["payout"])
        details.pop("payout")
    return replace(inquiry, **values, details=details)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
