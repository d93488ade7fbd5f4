"""Watches the store, the wire and the sandbox, and says which promise was broken.

It believes nothing that the product says about itself: what was sent is what arrived in the sandbox, and
what was intended is what the store acknowledged. The numbers are those of the guarantee's invariants:

    I1 at most one text reaches the guest for one turn, and no message of the guest is answered twice
    I2 a delivery recorded as sent stands in the thread
    I3 every guest message comes to an end once the trouble is over
    I4 what arrives is the text that was frozen, in its thread
    I5 nothing is written without a durable intent of this very process
    I6 nothing is written too long after its intent, or after people switched replies off
    I7 a rule does not answer twice within its cooldown
    L  nothing is written that somebody's words, visible for longer than a lease, made superfluous
    I8 a thread is not marked or closed while a text of the same turn is on its way or held
    M  no delivery moves otherwise than the table of states allows, and no intent is forgotten
    X  nothing fails in a way that nobody foresaw
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from autoresponder.channex.requests import Request
from autoresponder.decision import Outcome
from autoresponder.delivery.machine import TRANSITIONS
from autoresponder.delivery.matching import comparable
from autoresponder.parts import MESSAGES
from autoresponder.records import (
    Delivery,
    DeliveryState,
    PartKind,
    ThreadRecord,
    TurnRecord,
    decode_entry,
    decode_record,
)
from autoresponder.sandbox.entities import Happening, Message, Origin, is_inquiry_card
from autoresponder.sandbox.world import World
from autoresponder.store.interface import Document, Entry, Lease
from tests.simulation.stores import Disk
from tests.simulation.virtual_time import NOON, Process, VirtualLoop

S = DeliveryState
_SWITCHES_SEEN = 2.0
"""Seconds for which the service may go by its last look at the switches."""

_INSTANT = 1.0
"""Seconds within which a write follows a fresh intent when nothing stands in the way."""


@dataclass(frozen=True)
class Intent:
    """A durable intent to send a text or a file."""

    process: Process
    thread_id: str
    turn: TurnRecord
    delivery: Delivery
    at: float


class Witness(logging.Handler):
    """See the module.

    Args:
        grace: Most seconds between intent and first byte.
        idle: Seconds after which the server closes a connection.
        lease: Most seconds from the last look to the intent.
    """

    def __init__(
        self, loop: VirtualLoop, disk: Disk, world: World, *, grace: float, idle: float, lease: float
    ) -> None:
        super().__init__(logging.ERROR)
        self.loop = loop
        self.disk = disk
        self.world = world
        self.violations: list[str] = []
        self.history: list[str] | None = None
        self.states: Counter[str] = Counter()
        self.killed_at: float | None = None
        self._grace = grace
        self._idle = idle
        self._lease = lease
        self._records: dict[str, ThreadRecord] = {}
        self._intents: dict[tuple[str, str], Intent] = {}
        self._writes: dict[int, tuple[Request, Intent | None]] = {}
        self._approvals: set[tuple[str, str]] = set()
        self._copies: dict[str, list[tuple[Intent, Message]]] = {}
        self._shown: dict[str, float] = {}
        """When a message could first be seen; what stood there before a decision counts as an answer."""
        world.listeners.append(self._shows)
        self._forgot = False
        disk.committed.append(self.committed)

    def note(self, text: str) -> None:
        """A line of the history."""
        if self.history is not None:
            self.history.append(f"{self.loop.time():10.3f}  {text}")

    def broken(self, which: str, text: str) -> None:
        """A promise was broken."""
        self.violations.append(f"{which} at {self.loop.time():.3f}: {text}")
        self.note(f"!!! {which}: {text}")

    def emit(self, record: logging.LogRecord) -> None:
        """An error of the product's log: what it did not foresee."""
        action = getattr(record, "action", "")
        if action in {"thread_failed", "task_failed"}:
            error = record.exc_info[1] if record.exc_info else None
            self.broken("X", f"{record.getMessage()}: {error!r}")

    def forgotten(self) -> None:
        """The store lost something: what it says next need not follow from what it said before."""
        self._forgot = True
        self._records.clear()

    def _shows(self, happening: Happening) -> None:
        if happening.message is not None:
            self._shown[happening.message.id] = self.loop.time()

    # -- the store

    def committed(self, process: Process, lease: Lease, document: Document, entries: Sequence[Entry]) -> None:
        """A record was written."""
        record = decode_record(document.data)
        before = self._records.get(record.thread_id)
        self._records[record.thread_id] = record
        turn = record.turn or record.last
        if self.history is not None:
            self.note(f"{process.name} recorded {_told(record)} (fence {lease.fence})")
        former = None if before is None else before.turn
        closes = record.turn is None and record.last != (None if before is None else before.last)
        if turn is not None and (record.turn is not None or closes):
            for delivery in turn.deliveries:
                self._moved(process, record, turn, delivery, former)
        if former is not None and (turn is None or turn.trigger_id != former.trigger_id):
            lost = [d.part for d in former.deliveries if d.state is S.INTENT and d.kind in MESSAGES]
            if lost:
                self.broken("M", f"{process.name} forgot the intent of {record.thread_id}")

    def _moved(
        self,
        process: Process,
        record: ThreadRecord,
        turn: TurnRecord,
        now: Delivery,
        former: TurnRecord | None,
    ) -> None:
        same = former is not None and former.trigger_id == turn.trigger_id
        then = former.delivery(now.part) if former is not None and same else None
        if then == now:
            return
        self.states[now.state.value] += 1
        if then is not None and then.state is not now.state and not _legal(then.state, now.state):
            self.broken("M", f"{now.part} of {record.thread_id}: {then.state} → {now.state}")
        if now.kind is PartKind.PREAPPROVE and now.state is S.INTENT:
            self._approvals.add((process.name, now.body))
        if now.kind not in MESSAGES:
            return
        if now.state is S.INTENT and (then is None or then.attempt != now.attempt):
            intent = Intent(process, record.thread_id, turn, now, self.loop.time())
            self._intents[process.name, record.thread_id] = intent
        if now.state is S.SENT and (then is None or then.state is not S.SENT):
            self._is_there(record.thread_id, now)

    def _is_there(self, thread_id: str, sent: Delivery) -> None:
        messages = (*self.world.threads[thread_id].messages, *self.world.pending())
        found = next((m for m in messages if m.id == sent.remote_id), None)
        if found is None:
            self.broken("I2", f"the {sent.part} of {thread_id} is recorded as sent and is nowhere")
        elif sent.attached is not None:
            files = [self.world.attachments.get(a.split("/")[1]) for a in found.attachments]
            if sent.attached.digest not in [sha256(f.content).hexdigest() for f in files if f is not None]:
                self.broken("I2", f"another file of {thread_id} was taken for ours")
        elif comparable(found.text) != comparable(sent.body) and sent.via != "ack":
            self.broken("I2", f"another text of {thread_id} was taken for ours")

    # -- the wire

    def writes(self, request: Request, process: Process) -> None:
        """The first byte of a write leaves."""
        self.note(f"{process.name} writes: {request.what}")
        if request.path == "/attachments":
            return  # shows nothing to anybody
        thread_id, action = _target(request)
        if action == "resolve":
            self._resolves(process, thread_id)
            return
        if action != "messages":
            record = self._records.get(thread_id)
            turn = None if record is None else record.turn
            open_texts = [] if turn is None else [d for d in turn.deliveries if d.kind in MESSAGES]
            if any(d.state in {S.INTENT, S.HELD} for d in open_texts):
                self.broken("I8", f"{action} in {thread_id} while its text is unsettled")
            return
        intent = self._intents.get((process.name, thread_id))
        self._writes[id(request)] = (request, intent)
        if intent is None or intent.process is not process:
            self.broken("I5", f"{process.name} wrote to {thread_id} without an intent")
            return
        if _content(request) != _frozen(intent.delivery):
            self.broken("I4", f"the text sent to {thread_id} is not the frozen one")
        late = self.loop.time() - intent.at
        if late > self._grace + self._idle + _INSTANT:
            self.broken("I6", f"{process.name} wrote {late:.0f} s after its intent")
        self._overlooked(intent)
        if self.killed_at is not None:
            since = self.loop.time() - self.killed_at
            if since > _SWITCHES_SEEN + self._lease + self._grace + self._idle + _INSTANT:
                self.broken("I6", f"{process.name} wrote {since:.0f} s after replies were switched off")

    def _resolves(self, process: Process, event_id: str) -> None:
        """An inquiry is pre-approved."""
        if (process.name, event_id) not in self._approvals:
            self.broken("I5", f"{process.name} pre-approved {event_id} without an intent")
        event = self.world.feed.get(event_id)
        if event is None or event.payload.get("resolved"):
            self.broken("I1", f"{process.name} pre-approved {event_id} once more")

    def _overlooked(self, intent: Intent) -> None:
        """What stood in the thread long before the intent must have been seen."""
        before = NOON + timedelta(seconds=intent.at - self._lease - _INSTANT)
        messages = self.world.threads[intent.thread_id].messages
        trigger = next((m for m in messages if m.id == intent.turn.trigger_id), None)
        if trigger is None:
            return
        for message in messages:
            if message.sequence < trigger.sequence or message.updated_at > before:
                continue
            if message.origin is Origin.HOST and message.inserted_at > trigger.inserted_at:
                self.broken("L", f"{intent.thread_id}: a text after somebody had answered")
            file = intent.delivery.kind is PartKind.ATTACHMENT  # it follows a text that promised it
            if not file and message.origin is Origin.GUEST and message.id not in intent.turn.message_ids:
                self.broken("L", f"{intent.thread_id}: a text that overlooks words of the guest")

    def applied(self, request: Request, process: Process, made: Message | None) -> None:
        """The server made a message."""
        if made is None:
            return
        _, intent = self._writes.get(id(request), (request, None))
        if intent is None:
            return
        if made.thread_id != intent.thread_id:
            self.broken("I4", f"a text for {intent.thread_id} stands in {made.thread_id}")
        copies = self._copies.setdefault(made.thread_id, [])
        for other, made_before in copies:
            if other.delivery.part != intent.delivery.part:
                continue
            both = set(other.turn.message_ids) & set(intent.turn.message_ids)
            same = other.turn.trigger_id == intent.turn.trigger_id
            if same or (both and intent.at - self._shown.get(made_before.id, intent.at) < self._lease):
                self.broken(
                    "I1",
                    f"{made.thread_id}: a second text for the same words of the guest, by {process.name} "
                    f"(attempt {intent.delivery.attempt}) after {other.process.name} "
                    f"(attempt {other.delivery.attempt})",
                )
            elif _frozen(other.delivery) == _frozen(intent.delivery) and not self._forgot:
                self.broken("I7", f"{made.thread_id}: the same words twice within the cooldown")
        copies.append((intent, made))

    # -- at the end

    def records(self) -> dict[str, ThreadRecord]:
        """What the store holds about threads now."""
        found = {}
        for key, row in self.disk.memory.rows.items():
            if key.startswith("thread:") and row.document is not None:
                found[key.removeprefix("thread:")] = decode_record(row.document.data)
        return found

    def open_ends(self) -> list[str]:
        """Guest messages that have not come to an end, and threads that are not at rest."""
        self.world.settle()
        ends = []
        records = self.records()
        for thread in self.world.threads.values():
            record = records.get(thread.id)
            handled = set() if record is None else set(record.handled)
            open_ones = [m for m in thread.messages if _asks(m) and m.id not in handled]
            if open_ones:
                ends.append(f"{len(open_ones)} message(s) of {thread.id} are not handled")
            elif record is not None and (record.turn is not None or record.due_at is not None):
                ends.append(f"{thread.id} is not at rest: {_told(record)}")
        if self.world.pending():
            ends.append("something is still on its way")
        return ends

    def finish(self) -> None:
        """Everything should be at rest: hold the ledger against the world."""
        for end in self.open_ends():
            self.broken("I3", end)
        entries = [decode_entry(entry.data) for entry in self.disk.memory.entries.values()]
        if not self._forgot:
            told = {i for entry in entries for i in entry.message_ids}
            for thread in self.world.threads.values():
                for message in thread.messages:
                    if _asks(message) and message.id not in told:
                        self.broken("I3", f"no decision about a message of {thread.id}")
        for entry in entries:
            if any(o.at > entry.at and entry.trigger_id in o.message_ids for o in entries):
                continue  # the guest wrote more, and the turn was decided anew
            texts = [d for d in entry.deliveries if d.kind is PartKind.TEXT]
            if entry.outcome is Outcome.REPLY and not any(d.state is S.SENT for d in texts):
                self.broken("I2", f"{entry.thread_id}: a reply by the journal, and nothing was sent")
            silent = entry.outcome not in {Outcome.REPLY, Outcome.HOLD}
            made = self._copies.get(entry.thread_id, [])
            if silent and any(i.turn.trigger_id == entry.trigger_id for i, _ in made) and not self._forgot:
                self.broken("I3", f"{entry.thread_id}: {entry.outcome} by the journal, and a text was sent")
        self._waiting(entries)

    def _waiting(self, entries: Sequence[object]) -> None:
        """Whoever was left to a person waits for one, until a person wrote: or we, as far as that was forgotten."""
        answers = {Origin.HOST, Origin.API} if self._forgot else {Origin.HOST}
        for thread_id, record in self.records().items():
            last = record.last
            if last is None or last.outcome not in {Outcome.HOLD, Outcome.ESCALATE}:
                continue
            messages = self.world.threads[thread_id].messages
            answered = any(m.origin in answers and m.inserted_at >= last.first_at for m in messages)
            if record.waiting is None and not answered:
                self.broken("I3", f"{thread_id} was left to a person, and waits for nobody")


def _legal(before: DeliveryState, after: DeliveryState) -> bool:
    """One move of the table, or two with a claim in between that was not worth a write of its own."""
    claimed = (before, S.CLAIMED) in TRANSITIONS and (S.CLAIMED, after) in TRANSITIONS
    return (before, after) in TRANSITIONS or (before is not S.INTENT and claimed)


def _asks(message: Message) -> bool:
    return message.origin is Origin.GUEST or is_inquiry_card(message)


def _target(request: Request) -> tuple[str, str]:
    """Thread and action of a write."""
    parts = request.path.strip("/").split("/")
    return parts[1], parts[2]


def _content(request: Request) -> str:
    """What a message brings: its text, or the id of its file."""
    message = json.loads(request.body or b"{}")["message"]
    return str(message.get("message") or message["attachment_id"])


def _frozen(delivery: Delivery) -> str:
    return delivery.body if delivery.attached is None else delivery.attached.id


def _told(record: ThreadRecord) -> str:
    """A record in a few words."""
    turn = record.turn or record.last
    if turn is None:
        return f"{record.thread_id[:8]} without a turn"
    parts = ", ".join(
        f"{d.part} {d.state.value} f{d.fence} a{d.attempt} u{d.unproven}"
        + (f" {d.via.value}" if d.via else "")
        + (f" {d.reason.value}" if d.reason else "")
        for d in turn.deliveries
    )
    outcome = "waits" if turn.outcome is None else turn.outcome.value
    state = "open" if record.turn is not None else "done"
    return f"{record.thread_id[:8]} turn {turn.trigger_id[:4]} {state}, {outcome} [{parts}]"
