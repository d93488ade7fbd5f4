"""From a recorded decision to a test file with an anonymous case; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from autoresponder.cases.anonymous import Anonymiser
from autoresponder.cases.spec import DEFAULT_AT
from autoresponder.decision import Outcome, SkipReason
from autoresponder.model import Provider, StayStage
from autoresponder.records import JournalEntry
from autoresponder.stay import known_stay_stage

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
"""Whose names of months are looked for besides the guest's own."""

BY_RULES = frozenset(
    {
        None,
        SkipReason.NO_RULE,
        SkipReason.COURTESY,
        SkipReason.PARTIAL,
        SkipReason.RULE_HOLDS,
        SkipReason.RULE_ESCALATES,
        SkipReason.MISSING_VALUE,
        SkipReason.SECRET_NOT_RELEASED,
        SkipReason.TEMPLATE_ERROR,
        SkipReason.FORBIDDEN_CONTENT,
    }
)
"""Reasons that come of the rules and files, so that the same message has them again."""

_MIN_SHIFT = timedelta(weeks=1)
_OTHER_SHIFT = timedelta(weeks=4)
_LONGEST_NAME = 60
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
_BLOCK = re.compile(r"[^\s][^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\t]*\Z")

_HEAD = """\
# Made from a guest's message: names, addresses, numbers and dates were replaced by a program, which can miss some.
# READ IT before you share it. Then say under `expect` what should happen.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a recorded decision says, without who it was about."""

    texts: tuple[str, ...]
    provider: Provider
    place: str | None
    """Name in properties.yaml."""
    at: datetime
    """By the property's clock."""
    card: bool
    """Whether an inquiry's card came with it."""
    stay: StayStage
    certain: bool = False
    """Whether the stage of the stay is recorded."""
    rules: tuple[str, ...]
    outcome: Outcome

    def with_stay(self, stay: StayStage) -> Draft:
        """The same at another stage of the stay, which is not recorded."""
        return replace(self, stay=stay)

    def expecting(self, rules: Iterable[str], outcome: Outcome) -> Draft:
        """The same with another result."""
        return replace(self, rules=tuple(rules), outcome=outcome)

    @property
    def stays(self) -> tuple[StayStage, ...]:
        """Where the guest may have been, most usual first."""
        if self.certain or self.stay is StayStage.INQUIRY:
            return (self.stay,)
        return tuple(stage for stage in _USUAL if stage is not StayStage.INQUIRY)


_USUAL = (
    StayStage.IN_STAY,
    StayStage.BEFORE_ARRIVAL,
    StayStage.ARRIVAL_DAY,
    StayStage.DEPARTURE_DAY,
    StayStage.AFTER_STAY,
    StayStage.CANCELLED,
)


def draft(entry: JournalEntry, *, place: str | None, zone: ZoneInfo, secrets: Collection[str]) -> Draft:
    """Take the person out of a recorded decision.

    Args:
        entry: As the journal has it.
        place: The property's name in properties.yaml, if it stands there.
        zone: Its time zone.
        secrets: Its door codes and passwords.
    """
    last = max((m.at for m in entry.messages), default=entry.at).astimezone(zone)
    day, shift = _moved(last.date())
    anonymiser = Anonymiser(
        guest=entry.guest,
        secrets=secrets,
        shift=shift,
        year=last.year,
        languages=((entry.language,) if entry.language else ()) + LANGUAGES,
    )
    known = {m.id for m in entry.messages}
    card = any(ref not in known for ref in entry.message_ids) and entry.provider == Provider.AIRBNB.value
    kept = None if entry.circumstances is None else entry.circumstances.booking
    stage = None if kept is None else known_stay_stage(kept, zone, entry.at)
    guess = StayStage.INQUIRY if card or entry.booking_id is None else StayStage.IN_STAY
    return Draft(
        texts=tuple(anonymiser.text(m.text) for m in entry.messages if m.text.strip()),
        provider=_provider(entry.provider),
        place=place,
        at=datetime.combine(day, last.time().replace(second=0, microsecond=0)),
        card=card,
        stay=stage or guess,
        certain=stage is not None,
        rules=entry.rules,
        outcome=entry.outcome,
    )


def _moved(day: date) -> tuple[date, timedelta]:
    """The day of the test: the same day of the week as the real one, and how far it is from that."""
    base = DEFAULT_AT.date()
    moved = base + timedelta(days=(day.weekday() - base.weekday()) % 7)
    if abs(moved - day) < _MIN_SHIFT:
        moved += _OTHER_SHIFT
    return moved, moved - day


def _provider(name: str) -> Provider:
    return Provider(name) if name in {provider.value for provider in Provider} else Provider.OTHER


def case_file(made: Draft) -> str:
    """The draft as a test file."""
    lines = [_HEAD + "tests:", f"  - name: {_quoted(_name(made))}"]
    if len(made.texts) == 1:
        lines += _written("message", made.texts[0])
    elif made.texts:
        lines += ["    messages:", *(f"      - {_quoted(text)}" for text in made.texts)]
    if made.card:
        lines.append("    inquiry: {}")
    lines.append(f"    provider: {made.provider.value}")
    if made.place is not None:
        lines.append(f"    property: {made.place if _PLAIN.match(made.place) else _quoted(made.place)}")
    if not made.card:
        lines.append(f"    stay: {made.stay.value}")
    lines.append(f"    at: {made.at:%Y-%m-%dT%H:%M}")
    lines += ["    expect:", *(f"      {key}: {value}" for key, value in _expected(made).items())]
    return "\n".join(lines) + "\n"


def _expected(made: Draft) -> Mapping[str, str]:
    if len(made.rules) > 1:
        return {"rules": f"[{', '.join(made.rules)}]", "outcome": made.outcome.value}
    return {"rule": made.rules[0] if made.rules else "none", "outcome": made.outcome.value}


def _name(made: Draft) -> str:
    words = " ".join(" ".join(made.texts).split()) or "an inquiry without words"
    short = words if len(words) <= _LONGEST_NAME else words[: _LONGEST_NAME - 1].rstrip() + "…"
    return f"a guest's message: {short}"


def _written(key: str, text: str) -> list[str]:
    """A text as a block that is easy to read, or in quotes when a block cannot hold it."""
    rows = text.strip("\n").replace("\r\n", "\n").split("\n")
    if len(rows) > 1 and all(not row or (_BLOCK.match(row) and row == row.rstrip()) for row in rows):
        return [f"    {key}: |-", *(f"      {row}" if row else "" for row in rows)]
    return [f"    {key}: {_quoted(text)}"]


def _quoted(text: str) -> str:
    """A text in quotes; what a line of a file cannot hold is written as its number."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(
        c if c.isprintable() else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}"
        for c in quoted
    )
