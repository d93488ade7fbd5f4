"""Whether guests are being answered, by which files, and what needs a person: what is known, and what it means."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from autoresponder.decision import Outcome
from autoresponder.doctor import Finding, Grade
from autoresponder.durations import spoken
from autoresponder.guards import Switches
from autoresponder.ledger import Ledger
from autoresponder.records import DeliveryState, JournalEntry, PartKind
from autoresponder.service.health import Readiness
from autoresponder.store.interface import Health

_MOST_WAITING = 1000
_MOST_TURNS = 20_000
"""Turns of a day that are counted; beyond that the numbers are a lower bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDay:
    """What became of the messages of the last 24 hours, in turns."""

    replies: int = 0
    marked: int = 0
    """Marked as needing no reply, and nothing else."""
    left_to_a_person: int = 0
    """Held or handed over; some of them got a reply as well."""
    complete: bool = True
    """False when there were more than could be counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the store says; everything else stays empty when it has a `problem`."""

    problem: str = ""
    health: Health | None = None
    alive_at: datetime | None = None
    """When a service last left word that it is at work."""
    forgot_at: datetime | None = None
    """When a service last found that the store had lost its memory."""
    in_force: tuple[str, datetime] | None = None
    """Version of the files that guests are answered by, and since when."""
    switches: Switches = field(default_factory=Switches)
    waiting: int = 0
    """Threads that wait for a person; counted up to a thousand."""
    oldest: datetime | None = None
    """Since when the one waits that waits longest."""
    last_day: LastDay = LastDay()


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The folder's files as they are now."""

    version: str
    errors: int
    """What `check` would refuse them for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What is known of a running service."""

    running: bool
    address: str | None
    """Where it was asked; None when settings say that it does not listen."""
    answer: Readiness | None
    rules: str | None
    """Version of the files in force, as far as known: an answer gives its first 12 characters."""
    rules_since: datetime | None


async def remembered(ledger: Ledger, now: datetime) -> Memory:
    """Ask the store.

    Raises:
        StoreError: It cannot be used.
    """
    health = await ledger.health()
    alive = await ledger.last_alive()
    waiting = await ledger.waiting(limit=_MOST_WAITING)
    turns = await ledger.decisions(since=now - timedelta(days=1), limit=_MOST_TURNS)
    return Memory(
        health=health,
        alive_at=None if alive is None else alive[0],
        forgot_at=await ledger.forgot_at(),
        in_force=await ledger.in_force(),
        switches=await ledger.switches(),
        waiting=len(waiting),
        oldest=min((r.waiting.since for r in waiting if r.waiting is not None), default=None),
        last_day=LastDay(
            replies=sum(1 for turn in turns if _sent(turn, PartKind.TEXT)),
            marked=sum(1 for turn in turns if _sent(turn, PartKind.NO_REPLY_NEEDED)),
            left_to_a_person=sum(1 for t in turns if t.outcome in {Outcome.HOLD, Outcome.ESCALATE}),
            complete=len(turns) < _MOST_TURNS,
        ),
    )


def _sent(turn: JournalEntry, kind: PartKind) -> bool:
    return any(d.kind is kind and d.state is DeliveryState.SENT for d in turn.deliveries)


def seen_service(
    memory: Memory, answer: Readiness | None, address: str | None, *, now: datetime, fresh: timedelta
) -> Service:
    """Put together what the store and the service itself say.

    Args:
        memory: What the store says.
        answer: What the service said; None when it did not.
        address: Where it was asked.
        now: The present.
        fresh: How old the last sign of life of a running service can be.
    """
    alive = memory.alive_at is not None and now - memory.alive_at <= fresh
    version, since = memory.in_force if memory.in_force is not None else (None, None)
    if answer is not None and (version is None or not version.startswith(answer.rules)):
        version, since = answer.rules, None
    return Service(
        running=answer is not None or alive,
        address=address,
        answer=answer,
        rules=version,
        rules_since=since,
    )


def judge(memory: Memory, service: Service, files: Files, *, off: str, now: datetime) -> list[Finding]:
    """What all that means, a line for each thing; a bad one is one that needs a person.

    Args:
        memory: What the store says.
        service: What is known of the service.
        files: The folder's files.
        off: Where people switched replies off, in words; empty when nowhere.
        now: The present.
    """
    found = [_service(memory, service, now), _files(service, files, now)]
    if memory.problem:
        found.append(
            Finding(subject="store", grade=Grade.BAD, text=memory.problem, remedy="run: autoresponder doctor")
        )
        return found
    if off:
        found.append(
            Finding(
                subject="replies",
                grade=Grade.WARNING,
                text=f"switched off {off}",
                remedy="switch them on again with: autoresponder resume",
            )
        )
    else:
        found.append(Finding(subject="replies", grade=Grade.GOOD, text="switched off nowhere"))
    return [*found, _waiting(memory, now), _last_day(memory.last_day), _store(memory)]


def _service(memory: Memory, service: Service, now: datetime) -> Finding:
    answer = service.answer
    if answer is not None and not answer.ready:
        wrong = [f"{n}: {t}" for n, t in (("store", answer.store), ("Channex", answer.channex)) if t != "ok"]
        return Finding(
            subject="service",
            grade=Grade.BAD,
            text=f"runs, but cannot work: {'; '.join(wrong) or 'it does not say why'}",
            remedy="run: autoresponder doctor",
        )
    if answer is not None and answer.sending != "on":
        return Finding(subject="service", grade=Grade.WARNING, text=f"runs; sending is {answer.sending}")
    if service.running:
        asked = (
            "" if answer is not None or service.address is None else f"; {service.address} does not answer"
        )
        return Finding(subject="service", grade=Grade.GOOD, text=f"runs{_last_sign(memory, now)}{asked}")
    if memory.problem:
        return Finding(
            subject="service",
            grade=Grade.UNKNOWN,
            text="does not answer here, and without the store its last sign of life is not known",
        )
    if memory.forgot_at is not None and (memory.alive_at is None or memory.forgot_at > memory.alive_at):
        text = f"no sign of life since it found, {_ago(memory.forgot_at, now)}, that the store had lost its memory"
    elif memory.alive_at is None:
        text = "none has ever run with this store: guests get no answers"
    else:
        text = f"does not run: guests get no answers{_last_sign(memory, now)}"
    return Finding(subject="service", grade=Grade.BAD, text=text, remedy="start it with: autoresponder run")


def _last_sign(memory: Memory, now: datetime) -> str:
    return "" if memory.alive_at is None else f" (last sign of life {_ago(memory.alive_at, now)})"


def _files(service: Service, files: Files, now: datetime) -> Finding:
    since = "" if service.rules_since is None else f" since {_when(service.rules_since, now)}"
    used = None if service.rules is None else f"{service.rules[:12]}{since}"
    if files.errors:
        count = "1 error" if files.errors == 1 else f"{files.errors} errors"
        rest = "" if used is None else f"; in force stay those from before: {used}"
        return Finding(
            subject="files",
            grade=Grade.BAD,
            text=f"refused: the files in this folder have {count} (below){rest}",
            remedy="mend them; a running service takes them up by itself",
        )
    if service.rules is None or used is None:
        return Finding(
            subject="files", grade=Grade.GOOD, text=f"{files.version[:12]}, without errors; not in use yet"
        )
    if files.version.startswith(service.rules):
        return Finding(subject="files", grade=Grade.GOOD, text=f"these are in force: {used}")
    if not service.running:
        text = f"changed since the service ran (then: {used}); the next start takes up {files.version[:12]}"
        return Finding(subject="files", grade=Grade.GOOD, text=text)
    return Finding(
        subject="files",
        grade=Grade.WARNING,
        text=f"other files are in force: {used}; in this folder is {files.version[:12]}",
        remedy="wait a few seconds; if this stays, the service runs in another folder",
    )


def _waiting(memory: Memory, now: datetime) -> Finding:
    if not memory.waiting or memory.oldest is None:
        return Finding(subject="for you", grade=Grade.GOOD, text="nobody waits for a person")
    count = f"{memory.waiting}{' or more' if memory.waiting >= _MOST_WAITING else ''}"
    text = "1 guest waits" if memory.waiting == 1 else f"{count} guests wait"
    age = f", {'since' if memory.waiting == 1 else 'the longest since'} {spoken(now - memory.oldest)}"
    return Finding(
        subject="for you",
        grade=Grade.BAD,
        text=f"{text} for a person{age}",
        remedy="run: autoresponder inbox",
    )


def _last_day(day: LastDay) -> Finding:
    parts = [f"{day.replies} {'reply' if day.replies == 1 else 'replies'}"]
    if day.marked:
        parts.append(f"{day.marked} marked as needing none")
    if day.left_to_a_person:
        parts.append(f"{day.left_to_a_person} left to a person")
    more = "" if day.complete else " (and more: not everything was counted)"
    return Finding(subject="last 24 h", grade=Grade.GOOD, text=", ".join(parts) + more)


def _store(memory: Memory) -> Finding:
    health = memory.health
    if health is None:
        return Finding(subject="store", grade=Grade.UNKNOWN, text="not asked")
    if not health.ok:
        return Finding(
            subject="store", grade=Grade.BAD, text=health.detail, remedy="run: autoresponder doctor"
        )
    if health.warnings:
        return Finding(
            subject="store",
            grade=Grade.WARNING,
            text=f"{health.detail}; {len(health.warnings)} remarks",
            remedy="run: autoresponder doctor",
        )
    return Finding(subject="store", grade=Grade.GOOD, text=health.detail)


def _ago(then: datetime, now: datetime) -> str:
    return f"{spoken(now - then)} ago"


def _when(then: datetime, now: datetime) -> str:
    return f"{then:%Y-%m-%d %H:%M} UTC ({_ago(then, now)})"
