"""The oracle: counts what became of the guests' messages, from the sandbox's own record.

The product hands in its ledger, which says what it believes it did. What it sent and marked is counted from
what really arrived here; the ledger is only used to see whether every guest message is accounted for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autoresponder.sandbox.entities import Message, Origin, Thread, is_inquiry_card
from autoresponder.sandbox.world import World

_OUTCOMES = frozenset({"reply", "no_reply_needed", "silent", "escalate", "hold"})


class BadLedger(ValueError):
    """The ledger is not a list of entries as described at `audit`."""


@dataclass(slots=True)
class _Claim:
    """What the ledger says about one turn."""

    outcome: str
    parts: int
    last: int
    """Sequence of the turn's newest message."""
    first: int
    copies: list[Message] = field(default_factory=list)
    marked: bool = False


def audit(world: World, ledger: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Hold a ledger against what really happened.

    Args:
        world: The record.
        ledger: One entry for every decided turn: `thread_id`, `message_ids` (guest messages and inquiry
            cards), `outcome` (reply, no_reply_needed, silent, escalate or hold) and, for a reply, `parts`:
            how many messages it was sent as (1 when missing).

    Returns:
        `guest_messages`; `turns` (claimed ones and groups of unaccounted messages); `replies_sent` and
        `no_reply_needed` as they arrived here; `escalated`, `held` and `silent` as claimed; `duplicates`:
        messages received beyond one for each turn and part, or the same words again before the guest said
        anything new; `unaccounted`: guest messages and inquiry cards in no entry, messages named that do
        not exist, replies claimed and never received, received and never claimed, marks claimed and never set.

    Raises:
        BadLedger: An entry lacks a field or has an unknown outcome.
    """
    world.settle()
    by_thread: dict[str, list[Mapping[str, Any]]] = {}
    for number, entry in enumerate(ledger):
        by_thread.setdefault(_checked(entry, number), []).append(entry)
    arrivals: dict[str, list[Message]] = {
        thread_id: list(t.messages) for thread_id, t in world.threads.items()
    }
    for message in world.pending():
        # Accepted, only not visible yet: it will reach the guest.
        arrivals[message.thread_id].append(message)
    total: Counter[str] = Counter(dict.fromkeys(_COUNTS, 0))
    for thread_id, thread in world.threads.items():
        messages = sorted(arrivals[thread_id], key=lambda m: m.sequence)
        total.update(_audit_thread(thread, messages, by_thread.pop(thread_id, [])))
    for entries in by_thread.values():
        # Threads that do not exist.
        total["unaccounted"] += sum(max(1, len(entry["message_ids"])) for entry in entries)
    return {name: total[name] for name in _COUNTS}


_COUNTS = (
    "guest_messages",
    "turns",
    "replies_sent",
    "no_reply_needed",
    "escalated",
    "held",
    "silent",
    "duplicates",
    "unaccounted",
)
_CLAIMED = {"escalate": "escalated", "hold": "held", "silent": "silent"}


def _audit_thread(thread: Thread, messages: list[Message], entries: list[Mapping[str, Any]]) -> Counter[str]:
    count: Counter[str] = Counter()
    wanted = {m.id: m for m in messages if _is_guest(m) or is_inquiry_card(m)}
    count["guest_messages"] = sum(_is_guest(m) for m in wanted.values())
    claims, covered, unknown = _claims(entries, wanted)
    left = [m for m in wanted.values() if m.id not in covered]
    count["turns"] = len(claims) + _groups(messages, {m.id for m in left})
    count["unaccounted"] = unknown + len(left)
    for claim in claims:
        if claim.outcome in _CLAIMED:
            count[_CLAIMED[claim.outcome]] += 1
    _match_copies(messages, claims, count)
    _match_marks(thread, messages, claims, count)
    return count


def _is_guest(message: Message) -> bool:
    """Guest input: from the guest and, where a role is given, not from a co-host."""
    role = (message.meta or {}).get("role")
    return message.origin is Origin.GUEST and (role is None or str(role).upper() == "GUEST")


def _claims(
    entries: list[Mapping[str, Any]], wanted: Mapping[str, Message]
) -> tuple[list[_Claim], set[str], int]:
    """The ledger's turns in order of their newest message, the messages they cover, and unknown ids."""
    claims: dict[str, _Claim] = {}
    owner: dict[str, str] = {}
    unknown = 0
    for number, entry in enumerate(entries):
        known = [wanted[i] for i in entry["message_ids"] if i in wanted]
        unknown += len(set(entry["message_ids"])) - len({m.id for m in known})
        if not known:
            unknown += not entry["message_ids"]
            continue
        parts = int(entry.get("parts", 1)) if entry["outcome"] == "reply" else 0
        name = next((owner[m.id] for m in known if m.id in owner), str(number))
        claim = claims.get(name)
        if claim is None:
            sequences = [m.sequence for m in known]
            claim = _Claim(entry["outcome"], parts, max(sequences), min(sequences))
            claims[name] = claim
        elif entry["outcome"] == "reply":
            # A message claimed twice is still one turn: it earns no second reply.
            claim.outcome, claim.parts = "reply", max(claim.parts, parts)
        owner.update({m.id: name for m in known})
    return sorted(claims.values(), key=lambda c: c.last), set(owner), unknown


def _groups(messages: list[Message], among: set[str]) -> int:
    """How many turns these messages make: a property message ends one."""
    groups, running = 0, False
    for message in messages:
        if message.id in among:
            groups += not running
            running = True
        elif message.origin in (Origin.API, Origin.HOST):
            running = False
    return groups


def _match_copies(messages: list[Message], claims: list[_Claim], count: Counter[str]) -> None:
    said: set[str] = set()
    began = 0
    for message in messages:
        if _is_guest(message) or is_inquiry_card(message):
            said.clear()
        if message.origin is not Origin.API:
            continue
        words = " ".join(message.text.split()) or "\0".join(message.attachments)
        owed = [c for c in claims if c.last < message.sequence and len(c.copies) < c.parts]
        if words in said:
            count["duplicates"] += 1
        elif owed:
            began += not owed[0].copies
            owed[0].copies.append(message)
        elif any(c.outcome == "reply" and c.first < message.sequence for c in claims):
            count["duplicates"] += 1
        else:
            began += 1
            count["unaccounted"] += 1
        said.add(words)
    count["replies_sent"] = began
    count["unaccounted"] += sum(c.outcome == "reply" and len(c.copies) < c.parts for c in claims)


def _match_marks(thread: Thread, messages: list[Message], claims: list[_Claim], count: Counter[str]) -> None:
    guests = [m.sequence for m in messages if _is_guest(m) or is_inquiry_card(m)]
    former = 0
    for mark in thread.marks:
        if former and not any(former < sequence < mark.sequence for sequence in guests):
            # Marking again what is marked changes nothing.
            continue
        former = mark.sequence
        count["no_reply_needed"] += 1
        if not any(claim.last < mark.sequence for claim in claims):
            count["unaccounted"] += 1
        owed = (c for c in claims if c.outcome == "no_reply_needed" and not c.marked)
        for claim in owed:
            if claim.last < mark.sequence:
                # One mark covers everything that was said before it.
                claim.marked = True
    count["unaccounted"] += sum(c.outcome == "no_reply_needed" and not c.marked for c in claims)


def _checked(entry: object, number: int) -> str:
    """The entry's thread id, after a look at its form."""
    place = f"ledger entry {number + 1}"
    if not isinstance(entry, dict) or not isinstance(entry.get("thread_id"), str):
        raise BadLedger(f"{place}: thread_id is missing or no text")
    ids = entry.get("message_ids")
    if not isinstance(ids, list | tuple) or not all(isinstance(i, str) for i in ids):
        raise BadLedger(f"{place}: message_ids is missing or no list of texts")
    outcome = entry.get("outcome")
    if not isinstance(outcome, str) or outcome not in _OUTCOMES:
        raise BadLedger(f"{place}: outcome must be one of {', '.join(sorted(_OUTCOMES))}")
    parts = entry.get("parts", 1)
    if isinstance(parts, bool) or not isinstance(parts, int) or parts < 1:
        raise BadLedger(f"{place}: parts must be a whole number, 1 or more")
    return str(entry["thread_id"])
