"""Files of guest messages, one JSON document a line, as `explain` and `replay` read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec

from autoresponder.model import PropertyId, Provider, StayStage
from autoresponder.samples import Scene

_GUEST = "guest"


class _Said(msgspec.Struct):
    """One message of a whole thread."""

    text: str = ""
    id: str | int = ""
    sender: str = msgspec.field(default=_GUEST, name="from")


class _Line(msgspec.Struct):
    """One line: a message (`text`), or a whole thread (`messages`)."""

    text: str | None = None
    id: str | int = ""
    lang: str | None = None
    provider: str = Provider.BOOKING_COM.value
    booking: object = "confirmed"
    thread_id: str = ""
    messages: tuple[_Said, ...] = ()


def read_scenes(
    file: Path, *, property_id: PropertyId | None, zone: ZoneInfo, at: datetime
) -> Iterator[tuple[str, Scene]]:
    """The turns of a file, each with its id.

    A line has `text`, and may have `id`, `lang`, `provider` and `booking` (`confirmed`, `none`, or an object with
    `stay` or `status`). A thread has `messages` instead, each with `text` and `from` (`guest` or anybody else):
    what the guest says until somebody answers is one turn.

    Raises:
        click.UsageError: The file cannot be read, or a line is something else; it names the line.
    """
    try:
        with file.open("rb") as stream:
            for number, data in enumerate(stream, 1):
                if data.strip():
                    yield from _scenes(data, f"{file}:{number}", property_id, zone, at)
    except OSError as error:
        raise click.UsageError(f"cannot read {file}: {error.strerror}") from error


def _scenes(
    data: bytes, place: str, property_id: PropertyId | None, zone: ZoneInfo, at: datetime
) -> Iterator[tuple[str, Scene]]:
    try:
        row = msgspec.json.decode(data, type=_Line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise click.UsageError(
            f'{place}: this is no message; write a line like {{"id": "1", "text": "Is there parking?"}}'
        ) from error
    try:
        provider = Provider(row.provider)
    except ValueError as error:
        names = ", ".join(known.value for known in Provider)
        raise click.UsageError(f"{place}: '{row.provider[:40]}' is no provider; there are {names}") from error
    if row.text is None and not row.messages:
        raise click.UsageError(f'{place}: there is no "text" and there are no "messages"')
    turns = [(str(row.id), (row.text,))] if row.text is not None else _turns(row)
    for identity, texts in turns:
        yield (
            identity,
            Scene(
                texts=texts,
                provider=provider,
                property_id=property_id,
                stay=_stay(row.booking),
                language=row.lang,
                at=at,
                zone=zone,
            ),
        )


def _turns(row: _Line) -> list[tuple[str, tuple[str, ...]]]:
    """What the guest says until somebody answers; named by its last message."""
    turns: list[tuple[str, tuple[str, ...]]] = []
    said: list[_Said] = []
    thread = row.thread_id or str(row.id)
    for message in (*row.messages, _Said(sender="")):
        if message.sender == _GUEST:
            said.append(message)
        elif said:
            name = str(said[-1].id) or f"{thread}/{len(turns) + 1}"
            turns.append((name, tuple(m.text for m in said)))
            said = []
    return turns


def _stay(booking: object) -> StayStage:
    """The stay that a line's `booking` means: `confirmed`, `none`, or an object with a `stay`."""
    if booking == "none":
        return StayStage.INQUIRY
    if isinstance(booking, dict):
        if booking.get("status") == "cancelled":
            return StayStage.CANCELLED
        try:
            return StayStage(str(booking.get("stay", StayStage.IN_STAY.value)))
        except ValueError:
            return StayStage.IN_STAY
    return StayStage.IN_STAY
