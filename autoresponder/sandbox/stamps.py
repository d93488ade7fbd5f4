"""How Channex writes times: UTC without a zone, to the microsecond."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(moment: datetime) -> str:
    """`2021-07-28T04:25:15.000000`, as in every answer's `inserted_at` (API document, Data Structures)."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def zulu(moment: datetime) -> str:
    """`2021-07-28T04:25:15.000000Z`, as in webhook envelopes."""
    return stamp(moment) + "Z"


def read_stamp(text: str) -> datetime:
    """Read an ISO date or time; without a zone it is UTC.

    Raises:
        ValueError: It is neither.
    """
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
