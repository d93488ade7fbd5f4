"""Examines everything around the rules: key, Messages app, properties, store and clock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from autoresponder.channex.interface import ChannexReader, Page
from autoresponder.errors import ChannexError, ChannexRateLimited, ChannexUnauthorized, StoreError
from autoresponder.model import MessageThread, Property
from autoresponder.properties import PropertyBook
from autoresponder.store.interface import Store

_SHOWN = 5
_LONGEST = 60
"""Names in a list, and characters of each."""

MESSAGES_APP = "channex_messages"


class Grade(StrEnum):
    """How a finding is meant."""

    GOOD = "ok"
    WARNING = "warning"
    BAD = "problem"
    UNKNOWN = "not checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the examination."""

    subject: str
    grade: Grade
    text: str
    remedy: str = ""


async def examine_channex(reader: ChannexReader, book: PropertyBook | None) -> AsyncIterator[Finding]:
    """Key, properties and Messages app."""
    try:
        places = [place async for place in reader.all_properties()]
    except ChannexUnauthorized as error:
        yield Finding(
            subject="API key",
            grade=Grade.BAD,
            text=str(error),
            remedy="make a new key in Channex (User profile → API keys) and set CHANNEX_API_KEY",
        )
        return
    except ChannexError as error:
        yield Finding(
            subject="Channex",
            grade=Grade.BAD,
            text=str(error),
            remedy=_way_out(error),
        )
        return
    yield Finding(
        subject="API key", grade=Grade.GOOD, text=f"works; {_count(len(places), 'property', 'properties')}"
    )
    async for finding in _apps(reader, places):
        yield finding
    for finding in _book(places, book):
        yield finding
    pages: list[Page[MessageThread]] = []

    async def read(filters: Mapping[str, str] | None) -> None:
        pages.append(await reader.message_threads(limit=1, filters=filters))

    try:
        await reader.read_threads(read)
    except ChannexError as error:
        yield Finding(
            subject="message threads",
            grade=Grade.BAD,
            text=str(error),
            remedy="see that the key may read the messages of these properties (User profile → API keys)",
        )
        return
    order = f", by {pages[0].order_by}" if pages[0].order_by else ""
    yield Finding(
        subject="message threads", grade=Grade.GOOD, text=f"readable; {_total(pages)} threads{order}"
    )


def _way_out(error: ChannexError) -> str:
    """What to do when not even the properties can be read, and the key is not to blame."""
    if isinstance(error, ChannexRateLimited):
        return "too much is asked with this key at the moment: try again in a minute; lower requests_per_minute if it lasts"
    if error.status is not None and error.status >= 500:
        return "Channex is in trouble: try again in some minutes; guests are answered when it is over"
    return "check channex.base_url and the network"


def _total(pages: Sequence[Page[MessageThread]]) -> str:
    """How many threads the lists hold together, as far as the server says."""
    totals = [page.total for page in pages if page.total is not None]
    return str(sum(totals)) if len(totals) == len(pages) else "some"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _listed(names: Sequence[str]) -> str:
    """The first few names, none of them long, and how many more there are."""
    shown = [f"{name[:_LONGEST]}…" if len(name) > _LONGEST else name for name in names[:_SHOWN]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


async def _apps(reader: ChannexReader, places: list[Property]) -> AsyncIterator[Finding]:
    try:
        apps = await reader.installed_applications()
    except ChannexError as error:
        yield Finding(subject="Messages app", grade=Grade.UNKNOWN, text=str(error))
        return
    having = {a.property_id for a in apps if a.code == MESSAGES_APP and a.is_active}
    missing = [p.title for p in places if p.id not in having]
    if not missing:
        yield Finding(subject="Messages app", grade=Grade.GOOD, text="installed on every property")
        return
    yield Finding(
        subject="Messages app",
        grade=Grade.BAD,
        text=f"not installed on {_listed(missing)}",
        remedy="Channex → Applications → Messages → install it on these properties",
    )


def _book(places: list[Property], book: PropertyBook | None) -> list[Finding]:
    if book is None:
        return [
            Finding(
                subject="properties.yaml",
                grade=Grade.BAD,
                text="has problems",
                remedy="run: autoresponder check",
            )
        ]
    keys = book.keys()
    known = {book.channex_id(key) for key in keys}
    account = {str(p.id) for p in places}
    findings = []
    unknown = [p.title for p in places if str(p.id) not in known]
    if unknown:
        findings.append(
            Finding(
                subject="properties.yaml",
                grade=Grade.WARNING,
                text=f"does not name {_listed(unknown)} of the account",
                remedy="their guests get only answers that need no facts: add them, or make a folder with "
                "autoresponder init --from-account and copy them from there",
            )
        )
    stray = [key for key in keys if book.channex_id(key) not in account]
    if stray:
        findings.append(
            Finding(
                subject="properties.yaml",
                grade=Grade.WARNING,
                text=f"names {_listed(stray)}, which the account does not have",
                remedy="correct channex_id, or take them out",
            )
        )
    if not findings:
        findings.append(
            Finding(subject="properties.yaml", grade=Grade.GOOD, text="knows every property of the account")
        )
    return findings


async def examine_store(store: Store) -> AsyncIterator[Finding]:
    """Whether the store answers and keeps what it is told."""
    try:
        await store.open()
    except StoreError as error:
        yield Finding(subject="store", grade=Grade.BAD, text=str(error))
        return
    try:
        health = await store.health()
    finally:
        await store.close()
    yield Finding(subject="store", grade=Grade.GOOD if health.ok else Grade.BAD, text=health.detail)
    for warning in health.warnings:
        yield Finding(subject="store", grade=Grade.WARNING, text=warning)


def examine_clock(now: datetime, server: datetime | None) -> Finding:
    """Whether the machine's clock agrees with the server's (from its Date header)."""
    if server is None:
        return Finding(subject="clock", grade=Grade.UNKNOWN, text="the server named no time")
    ahead = (now.astimezone(UTC) - server).total_seconds()
    skew = abs(ahead)
    if skew <= 30:
        text = f"agrees with the server (difference {skew:.0f} s)"
        return Finding(subject="clock", grade=Grade.GOOD, text=text)
    return Finding(
        subject="clock",
        grade=Grade.BAD,
        text=f"is {skew:.0f} seconds {'ahead of' if ahead > 0 else 'behind'} the server",
        remedy="set the machine's clock (timedatectl set-ntp true)",
    )
