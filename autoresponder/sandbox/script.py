"""Scripted guests: the YAML file's form, read strictly. `docs/sandbox.md` describes it for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from autoresponder.sandbox.script_text import ScriptError, find_node, read_yaml

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


_Days = Annotated[int, msgspec.Meta(ge=-3650, le=3650)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=3650)]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of the script; a key that is not listed is an error."""


class PropertyPart(_Part, frozen=True, kw_only=True):
    """A property; see `entities.Property`."""

    id: str
    title: str
    timezone: str = "Europe/Lisbon"
    currency: str = "EUR"
    country: str | None = "PT"
    city: str | None = "Lisbon"
    address: str | None = None
    zip_code: str | None = None
    email: str | None = None
    phone: str | None = None
    messages_app: bool = True


class GuestPart(_Part, frozen=True, kw_only=True):
    """Who writes."""

    name: str
    surname: str = ""
    language: str | None = None
    country: str | None = None
    mail: str | None = None
    phone: str | None = None


class BookingPart(_Part, frozen=True, kw_only=True):
    """A stay; `arrives` counts days from the script's day (negative: before it)."""

    arrives: _Days
    nights: _Count = 3
    status: Literal["new", "modified", "cancelled"] = "new"
    adults: _Count = 2
    children: _Count = 0
    infants: _Count = 0
    amount: str = "240.00"
    payment_collect: Literal["property", "ota"] | None = None
    arrival_hour: str | None = None
    notes: str | None = None
    booked: _Count = 20
    """Days before the script's day on which it was booked."""
    ota_name: str | None = None
    """Another spelling than the thread's provider."""


class InquiryPart(_Part, frozen=True, kw_only=True):
    """An Airbnb inquiry card."""

    arrives: _Days
    nights: _Count = 2
    adults: _Count = 2
    children: _Count = 0
    infants: _Count = 0
    pets: _Count = 0
    payout: str = "180.00"
    currency: str = "EUR"
    status: str = "active"
    event_id: bool = True
    """Whether the card names its live feed event; real ones do not always."""


class Step(_Part, frozen=True, kw_only=True):
    """One thing that happens in a thread: when, and exactly one of what."""

    at: str | None = None
    """Clock time of the script's day, `09:12`; a day may stand before it, `-2 18:30`."""
    after: str | None = None
    """Time since the step before, `20s`, `5m`."""
    after_reply: str | None = None
    """Time since the property next wrote; the rest is left out when it does not within `patience`."""
    patience: str = "1h"
    text: str | None = None
    """The guest writes."""
    files: tuple[str, ...] = ()
    """The guest sends files, with or without words."""
    role: str | None = None
    """Airbnb role of the writer, `GUEST` or `COHOST`."""
    lag: str | None = None
    """How long the message was under way from the OTA: its stamp lies so far back."""
    host: str | None = None
    """A person of the property writes in the OTA's app."""
    system: str | None = None
    """The channel writes a system message."""
    support: str | None = None
    """The OTA's support writes."""
    inquiry: InquiryPart | None = None
    """The guest sends an inquiry."""
    books: BookingPart | None = None
    """The thread gets a booking."""
    close: bool = False
    """The thread is closed."""

    def kinds(self) -> list[str]:
        """What the step does; a step that can be used has exactly one."""
        named = ("host", "system", "support", "inquiry", "books")
        found = [name for name in named if getattr(self, name) is not None]
        if self.text is not None or self.files:
            found.append("text")
        return found + (["close"] if self.close else [])


class ThreadPart(_Part, frozen=True, kw_only=True):
    """One conversation."""

    key: str
    property: str
    provider: str
    guest: GuestPart
    booking: BookingPart | None = None
    steps: tuple[Step, ...] = msgspec.field(name="says")
    title: str | None = None


class Script(_Part, frozen=True, kw_only=True):
    """A day of scripted guests."""

    day: date
    timezone: str = "Europe/Lisbon"
    start: str = "08:00"
    """Clock time at which the sandbox's clock starts."""
    properties: dict[str, PropertyPart]
    threads: tuple[ThreadPart, ...] = ()

    @property
    def starts_at(self) -> datetime:
        """When the day begins."""
        return self.moment(self.start)

    def moment(self, written: str) -> datetime:
        """A written time of the script's day."""
        days, _, clock = written.rpartition(" ")
        day = self.day + timedelta(days=int(days or 0))
        local = datetime.combine(day, time.fromisoformat(clock), ZoneInfo(self.timezone))
        return local.astimezone(UTC)


def duration(written: str) -> float:
    """Seconds of `20s`, `5m`, `1.5h` or `2d`.

    Raises:
        ValueError: It is none of these.
    """
    found = _DURATION.fullmatch(written.strip())
    if found is None:
        raise ValueError(f"{written!r} is no duration; write 20s, 5m, 2h or 1d")
    return float(found[1]) * _SECONDS[found[2]]


def demo_script() -> Script:
    """The script that comes with the package: a day of a small property."""
    text = resources.files("autoresponder.sandbox").joinpath("demo.yaml").read_text("utf-8")
    return parse_script(text, "demo.yaml")


def load_script(path: Path) -> Script:
    """Read a script file.

    Raises:
        ScriptError: It cannot be read or used.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise ScriptError(
            f"{path}: cannot be read ({(error.strerror or 'unknown reason').lower()})"
        ) from error
    except UnicodeDecodeError as error:
        raise ScriptError(f"{path}: not saved as UTF-8; save it with that encoding in your editor") from error
    return parse_script(text, str(path))


def parse_script(text: str, file: str) -> Script:
    """Read a script.

    Raises:
        ScriptError: It cannot be used; the message names `file`, the line and what to do.
    """
    root, value = read_yaml(text, file)
    try:
        script = msgspec.convert(value, Script)
    except msgspec.ValidationError as error:
        words, _, path = str(error).partition(" - at ")
        place = find_node(root, path.strip("`"))
        raise ScriptError(f"{file}, line {place.start_mark.line + 1}: {words}") from error
    for problem in _problems(script):
        raise ScriptError(f"{file}: {problem}")
    return script


def _problems(script: Script) -> Iterator[str]:
    """What is wrong with the meaning of a script, place first."""
    try:
        ZoneInfo(script.timezone)
        script.starts_at  # noqa: B018 - raises for what is no time
    except (ValueError, KeyError, OSError) as error:
        yield f"timezone or start: {error}"
    for key, entry in script.properties.items():
        if not _is_uuid(entry.id):
            yield f"properties.{key}: id must be a UUID"
    if len({thread.key for thread in script.threads}) != len(script.threads):
        yield "threads: two have the same key; give each its own"
    for thread in script.threads:
        if thread.property not in script.properties:
            yield f"thread {thread.key}: property {thread.property!r} is not under properties"
        for number, step in enumerate(thread.steps, start=1):
            for words in _step_problems(script, step):
                yield f"thread {thread.key}, step {number}: {words}"


def _step_problems(script: Script, step: Step) -> Iterator[str]:
    whens = [w for w in (step.at, step.after, step.after_reply) if w is not None]
    if len(whens) > 1:
        yield "has more than one of at, after and after_reply"
    if len(step.kinds()) != 1:
        yield "must do exactly one thing: text or files, host, system, support, inquiry, books or close"
    try:
        if step.at is not None:
            script.moment(step.at)
        for written in (step.after, step.after_reply, step.lag, step.patience):
            if written is not None:
                duration(written)
    except (ValueError, OverflowError) as error:
        yield str(error)


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
