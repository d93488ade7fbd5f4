"""Since when guests are answered, over a store that loses its memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from autoresponder.ledger import Ledger
from autoresponder.store.memory import Memory, MemoryStore

FIRST = datetime(2026, 5, 1, 12, tzinfo=UTC)


async def test_who_was_at_work_before_the_loss_writes_it_back() -> None:
    memory = Memory()
    at_work, newcomer = (MemoryStore(memory=memory) for _ in range(2))
    await at_work.open()
    ledger = Ledger(at_work, owner=lambda: "one", lease=30)
    assert await ledger.activated_at(FIRST) == FIRST

    memory.wipe()
    await newcomer.open()
    other = Ledger(newcomer, owner=lambda: "two", lease=30)
    late = FIRST + timedelta(hours=3)
    assert await other.activated_at(late) == late
    await ledger.reopen(late + timedelta(seconds=5))

    third = Ledger(newcomer, owner=lambda: "three", lease=30)
    assert await third.activated_at(late) == FIRST
    assert await ledger.forgot_at() == late + timedelta(seconds=5)


async def test_an_older_one_is_left_as_it_is() -> None:
    memory = Memory()
    store = MemoryStore(memory=memory)
    await store.open()
    ledger = Ledger(store, owner=lambda: "one", lease=30)
    await ledger.activated_at(FIRST)
    memory.wipe()
    other = MemoryStore(memory=memory)
    await other.open()
    earlier = FIRST - timedelta(days=9)  # a restored backup
    await Ledger(other, owner=lambda: "two", lease=30).activated_at(earlier)
    await ledger.reopen(FIRST)
    assert await ledger.activated_at(FIRST) == earlier
