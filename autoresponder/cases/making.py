"""From one entry of a test file, which follows the schema, to a case; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from autoresponder.cases.expecting import Complaint, read_expected
from autoresponder.cases.spec import DEFAULT_AT, BookingFacts, Case, Line, Side
from autoresponder.durations import parse_duration
from autoresponder.model import Provider, StayStage
from autoresponder.yamltext import Way

_BETWEEN_MESSAGES = timedelta(seconds=20)
_BETWEEN_LINES = timedelta(minutes=1)
_WORDS = ("message", "messages", "conversation")
_DATES = ("checkin_date", "checkout_date")


class Maker:
    """Makes a case of an entry and the defaults of its file.

    Args:
        defaults: What the file says for all of its tests.
        entry: The test; it follows the schema.
    """

    def __init__(self, defaults: Mapping[str, Any], entry: Mapping[str, Any]) -> None:
        self.complaints: list[Complaint] = []
        self._entry = entry
        self._values = {**defaults, **entry}
        self._values["booking"] = {**defaults.get("booking", {}), **entry.get("booking", {})}

    def case(self, file: str, line: int, column: int) -> Case | None:
        """The case, or None when it cannot be told what is meant; `complaints` says what is wrong."""
        values = self._values
        inquiry = self._inquiry()
        lines = self._lines(may_be_silent=inquiry is not None)
        at = self._at(values.get("at"))
        booking = self._booking()
        stay = self._stay(booking, at, inquiry=inquiry is not None)
        expected, wrong = read_expected(values["expect"])
        self.complaints += wrong
        if self.complaints:
            return None
        provider = values.get("provider") or ("airbnb" if inquiry is not None else "booking_com")
        return Case(
            name=values["name"],
            file=file,
            line=line,
            column=column,
            lines=lines,
            provider=Provider(provider),
            place=values.get("property"),
            stay=stay,
            at=at,
            language=values.get("language"),
            guest=values.get("guest", "Anna Berg"),
            booking=booking,
            inquiry=inquiry,
            expected=expected,
            known_gap=values.get("known_gap"),
        )

    def _complain(self, way: Way, code: str, message: str, remedy: str = "", *, on_key: bool = False) -> None:
        self.complaints.append(Complaint(way, code, message, remedy, on_key))

    def _lines(self, *, may_be_silent: bool) -> tuple[Line, ...]:
        given = [name for name in _WORDS if name in self._entry]
        if len(given) > 1:
            names = " and ".join(f"'{name}'" for name in given)
            self._complain(
                (given[1],), "K003", f"{names} cannot stand together", "keep one of them", on_key=True
            )
            return ()
        if not given:
            if not may_be_silent:
                self._complain(
                    ("name",), "K003", "this test does not say what the guest writes", 'add  message: "…"'
                )
            return ()
        if given[0] == "conversation":
            return self._conversation(self._entry["conversation"])
        texts = [self._entry["message"]] if given[0] == "message" else self._entry["messages"]
        count = len(texts)
        return tuple(
            Line(side=Side.GUEST, text=text, before=_BETWEEN_MESSAGES * (count - 1 - n))
            for n, text in enumerate(texts)
        )

    def _conversation(self, entries: list[Mapping[str, Any]]) -> tuple[Line, ...]:
        lines: list[Line] = []
        later: timedelta | None = None
        for number, entry in reversed(list(enumerate(entries))):
            way: Way = ("conversation", number)
            sides = [side for side in Side if side.value in entry]
            if len(sides) != 1:
                self._complain(way, "K003", "each line is from one side", "write  guest: …  or  property: …")
                continue
            before = self._before(entry, way, later)
            later = before
            side = sides[0]
            if "rule" in entry and side is not Side.AUTORESPONDER:
                self._complain(
                    (*way, "rule"),
                    "K003",
                    "only what autoresponder answered has a rule",
                    "take it away",
                    on_key=True,
                )
            lines.append(
                Line(
                    side=side,
                    text=entry[side.value],
                    before=before,
                    attachment=entry.get("attachment", False),
                    rule=entry.get("rule"),
                )
            )
        if lines and all(line.side is not Side.GUEST for line in lines):
            self._complain(
                ("conversation",), "K003", "the guest says nothing here", "add  - guest: …", on_key=True
            )
        elif lines and all(side is not Side.GUEST for side in _after_answer(lines)):
            self._complain(
                ("conversation",),
                "K003",
                "autoresponder has answered everything here",
                "end with what the guest writes then",
                on_key=True,
            )
        return tuple(reversed(lines))

    def _before(self, entry: Mapping[str, Any], way: Way, later: timedelta | None) -> timedelta:
        written = parse_duration(entry["before"]) if "before" in entry else None
        if later is None:
            if written:
                self._complain(
                    (*way, "before"),
                    "K011",
                    "the last message is the one that the others are before",
                    "take it away",
                )
            return timedelta(0)
        if written is None:
            return later + _BETWEEN_LINES
        if written < later:
            self._complain(
                (*way, "before"), "K011", "this is later than the message below", "put them in order"
            )
        return written

    def _at(self, written: str | None) -> datetime:
        if written is None:
            return DEFAULT_AT
        try:
            if len(written) <= 5:
                return datetime.combine(DEFAULT_AT.date(), time.fromisoformat(written))
            return datetime.fromisoformat(written)
        except ValueError:
            self._complain(("at",), "K005", f"there is no such time: {written}")
            return DEFAULT_AT

    def _day(self, way: Way, written: str | None) -> date | None:
        if written is None:
            return None
        try:
            return date.fromisoformat(written)
        except ValueError:
            self._complain(way, "K005", f"there is no such day: {written}")
            return None

    def _booking(self) -> BookingFacts:
        written = dict(self._values["booking"])
        for key in ("arrival", "departure"):
            written[key] = self._day(("booking", key), written.get(key))
        arrival, departure = written["arrival"], written["departure"]
        if arrival is not None and departure is not None and departure <= arrival:
            self._complain(("booking", "departure"), "K006", "the departure is not after the arrival")
        return BookingFacts(**written)

    def _inquiry(self) -> Mapping[str, Any] | None:
        written = self._values.get("inquiry")
        if written is None:
            return None
        days = {name: self._day(("inquiry", name), written.get(name)) for name in _DATES}
        arrival, departure = days["checkin_date"], days["checkout_date"]
        if arrival is not None and departure is not None and departure <= arrival:
            self._complain(("inquiry", "checkout_date"), "K006", "the departure is not after the arrival")
        return {**written, **{name: day for name, day in days.items() if day is not None}}

    def _stay(self, booking: BookingFacts, at: datetime, *, inquiry: bool) -> StayStage:
        own = self._entry.get("stay")
        written = StayStage(self._values.get("stay", "before_arrival"))
        if inquiry:
            if own not in (None, "inquiry"):
                self._complain(
                    ("stay",), "K006", f"an inquiry has no booking, so '{own}' cannot be", "take it away"
                )
            if "booking" in self._entry:
                self._complain(("booking",), "K006", "an inquiry has no booking", "take it away", on_key=True)
            return StayStage.INQUIRY
        if written is StayStage.INQUIRY:
            if "booking" in self._entry:
                self._complain(
                    ("booking",),
                    "K006",
                    "with  stay: inquiry  there is no booking",
                    "take one of them away",
                    on_key=True,
                )
            return written
        if written is StayStage.CANCELLED or (booking.arrival is None and booking.departure is None):
            return written
        by_days = _stage(booking, at.date())
        if own is not None and by_days is not None and by_days is not written:
            self._complain(
                ("stay",),
                "K006",
                f"on {at:%Y-%m-%d} a guest with these days is '{by_days.value}', not '{own}'",
                "take one of them away",
            )
        return by_days or written


def _after_answer(lines: list[Line]) -> list[Side]:
    """Who wrote after autoresponder's last answer; `lines` have the newest first."""
    sides = [line.side for line in lines]
    return sides[: sides.index(Side.AUTORESPONDER)] if Side.AUTORESPONDER in sides else sides


def _stage(booking: BookingFacts, today: date) -> StayStage | None:
    """The stage of the stay by the days that are written; None when they do not tell."""
    arrival, departure = booking.arrival, booking.departure
    if departure is not None and today >= departure:
        return StayStage.DEPARTURE_DAY if today == departure else StayStage.AFTER_STAY
    if arrival is None:
        return None
    if today < arrival:
        return StayStage.BEFORE_ARRIVAL
    if today == arrival:
        return StayStage.ARRIVAL_DAY
    return StayStage.IN_STAY if departure is not None else None
