"""One reply whose send breaks, carried to its end, and what the guest has of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from autoresponder.channex.client import Client
from autoresponder.clock import ManualClock
from autoresponder.config import DeliverySettings, Secret
from autoresponder.decision import Outcome
from autoresponder.delivery import machine
from autoresponder.delivery.courier import Courier
from autoresponder.delivery.gate import SendGate
from autoresponder.guards import Switches
from autoresponder.ledger import HeldThread, Ledger
from autoresponder.records import Delivery, DeliveryState, PartKind, ThreadRecord, TurnRecord
from autoresponder.sandbox.entities import Message, Origin, Property, Thread
from autoresponder.sandbox.server import SandboxServer
from autoresponder.store import open_store
from tests.wire.proxy import Break, How, Proxy, Side, head_size, is_send, running
from tests.wire.skipping_loop import SkippingLoop

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
BODY = "Hello Anna,\n\nthe Wi-Fi is called Seaview-Guest – enjoy your stay.\n\nBest regards"
PLACE = "71d34923-a8be-4682-9625-e4a2f080df92"
S = DeliveryState

_PATIENCE = 30.0
"""The client's timeout as in production; the loop's clock is put forward when it begins to wait."""

_LOOKS = 30
"""More looks than a reply can need until its end."""


@dataclass(frozen=True, slots=True)
class End:
    """What became of a reply: its delivery, what the guest has, how often it was sent."""

    breaks: tuple[Break, ...]
    delivery: Delivery
    copies: tuple[Message, ...]
    sends: int

    @property
    def wrong(self) -> str | None:
        """Which promise was broken, if any."""
        state = self.delivery.state
        if len(self.copies) > 1:
            return f"{len(self.copies)} copies"
        if state not in {S.SENT, S.HELD}:
            return f"it ended as {state.value}"
        if state is S.SENT and [m.id for m in self.copies] != [self.delivery.remote_id]:
            return f"sent by the record, and the guest has {len(self.copies)}"
        if any(m.text != BODY for m in self.copies):
            return "the guest has another text"
        if len(self.breaks) == 1 and state is not S.SENT:
            return f"one break, and it was left to a person: {self.delivery.detail}"
        if self.sends > 2:
            return f"sent {self.sends} times"
        return None


class Stage:
    """A sandbox, the proxy before it, and everything that delivers.

    Attributes:
        wire: The proxy.
        size: Bytes of the last send that came through whole: request, its head, answer, its head.

    Args:
        sandbox: The server behind the proxy.
        clock: The time the courier and the sandbox live in.
        settings: How carefully to send.
        courier: What delivers.
    """

    wire: Proxy

    def __init__(
        self,
        sandbox: SandboxServer,
        clock: ManualClock,
        *,
        settings: DeliverySettings,
        courier: type[Courier],
    ) -> None:
        self._settings = settings
        self._courier = courier
        self.sandbox = sandbox
        self.size = (0, 0, 0, 0)
        self._breaks: list[Break] = []
        self._sends = 0
        self.clock = clock
        self._owners = count()

    def choose(self, request: bytes) -> Break | None:
        """The sends break as they were told to, the others and all other requests do not."""
        if not is_send(request):
            return None
        self._sends += 1
        return self._breaks.pop(0) if self._breaks else None

    def delivered(self, request: bytes, answer: bytes) -> None:
        """An exchange came through whole."""
        if is_send(request):
            self.size = (len(request), head_size(request), len(answer), head_size(answer))

    async def deliver(self, *breaks: Break) -> End:
        """Let one reply go out through these breaks, and follow it to its end."""
        world = self.sandbox.world
        thread = world.add_thread(property_id=PLACE, provider="BookingCom", title="Anna Berg")
        question = world.write(thread, "wifi?", origin=Origin.GUEST)
        self.clock.advance(60)
        self._breaks, self._sends = list(breaks), 0
        store = open_store("memory://", now=self.clock.now)
        await store.open()
        ledger = Ledger(store, owner=lambda: f"w{next(self._owners)}", lease=120)
        base_url = f"http://127.0.0.1:{self.wire.port}/api/v1"
        async with Client(base_url=base_url, api_key=Secret("sandbox"), timeout=_PATIENCE) as client:
            courier = self._courier(
                client,
                ledger,
                self.clock,
                self._settings,
                reader=client,
                max_age=timedelta(hours=24),
                switches=_nothing_switched_off,
                rand=lambda: 0.5,
                gate=SendGate(self.clock.monotonic),
            )
            held = await courier.deliver(await _decided(ledger, thread, question))
            for wait in self._waits():
                if _delivery(held).terminal:
                    break
                await ledger.release(held)
                self.clock.advance(wait)
                again = await ledger.take(thread.id)
                assert again is not None
                held = await courier.deliver(again)
                await self.wire.release()
        await store.close()
        world.settle()
        copies = tuple(m for m in thread.messages if m.origin is Origin.API)
        return End(breaks, _delivery(held), copies, self._sends)

    @staticmethod
    def _waits() -> Iterator[float]:
        """Seconds until the next looks: one early, one in the quarantine, one behind it, and so on."""
        for number in range(_LOOKS):
            yield (3, 60, 601)[number % 3]


async def _decided(ledger: Ledger, thread: Thread, question: Message) -> HeldThread:
    """The thread with a decided turn whose text is claimed."""
    held = await ledger.take(thread.id)
    assert held is not None
    part = machine.begin(part="text", kind=PartKind.TEXT, fence=held.fence, body=BODY)
    turn = TurnRecord(
        trigger_id=question.id,
        message_ids=(question.id,),
        first_at=question.inserted_at,
        last_at=question.inserted_at,
        decided_at=question.inserted_at,
        outcome=Outcome.REPLY,
        rules=("wifi",),
        deliveries=(part,),
    )
    return await ledger.commit(held, ThreadRecord(thread_id=thread.id, turn=turn))


async def _nothing_switched_off() -> Switches:
    return Switches()


def _delivery(held: HeldThread) -> Delivery:
    assert held.record.turn is not None
    return held.record.turn.deliveries[0]


@asynccontextmanager
async def stage(
    loop: SkippingLoop,
    *,
    settings: DeliverySettings | None = None,
    courier: type[Courier] = Courier,
) -> AsyncIterator[Stage]:
    """Everything in place; the loop's clock is put forward whenever a client waits in vain."""
    clock = ManualClock(NOON)
    async with SandboxServer(None, clock=clock) as sandbox:
        sandbox.world.add_property(Property(id=PLACE, title="Seaview"))
        port = int(sandbox.origin.rpartition(":")[2])
        made = Stage(sandbox, clock, settings=settings or DeliverySettings(), courier=courier)
        made.wire = Proxy(
            port, made.choose, stalled=lambda: loop.skip(_PATIENCE + 1), delivered=made.delivered
        )
        async with running(made.wire):
            yield made


async def sizes(made: Stage) -> tuple[int, int, int, int]:
    """Bytes of a send's request and answer, each with its head's."""
    end = await made.deliver()
    assert end.delivery.state is S.SENT
    assert end.wrong is None, end.wrong
    return made.size


def every_break(size: tuple[int, int, int, int], *, stride: int = 1) -> list[Break]:
    """Every way to break a send: all bytes of the heads, and of the bodies every `stride`-th one.

    Args:
        size: As `sizes` gives it.
        stride: 1 for every byte.
    """
    request, request_head, response, response_head = size
    found = []
    for side, whole, head in (
        (Side.REQUEST, request, request_head),
        (Side.RESPONSE, response, response_head),
    ):
        hows = [How.END, How.RESET, How.STALL, *([How.LATE] if side is Side.REQUEST else [])]
        offsets = (*range(head), *range(head, whole, stride), whole)
        found += [Break(side, offset, how) for how in hows for offset in offsets]
    return found
