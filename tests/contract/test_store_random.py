"""Random histories: SQLite and Redis must answer exactly as the in-memory store does."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from msgspec.structs import replace

from autoresponder.errors import LeaseLost
from autoresponder.store.interface import Document, Entry, Lease, Store
from tests.support.redis_server import redis_server
from tests.support.store_backends import KINDS, START, make_backend

KEYS = st.sampled_from(["a", "b", "ä"])
OWNERS = st.sampled_from(["o1", "o2"])
NAMES = st.sampled_from(["n", "n:1", "n:2", "o"])
IDS = st.sampled_from(["e1", "e2", "e3", "e4", "r1"])
REFS = st.lists(st.sampled_from(["r1", "r2", "r3", "e1"]), max_size=3).map(tuple)
TIMES = st.integers(-20, 200).map(lambda seconds: START + timedelta(seconds=seconds))
DOCUMENTS = st.builds(
    Document,
    data=st.binary(max_size=8),
    due_at=st.none() | TIMES,
    deadline=st.none() | TIMES,
    waiting_since=st.none() | TIMES,
)
ENTRIES = st.lists(
    st.builds(Entry, id=IDS, key=KEYS, at=TIMES, data=st.binary(max_size=4), refs=REFS), max_size=3
)


class Histories(RuleBasedStateMachine):
    """Drives one store of each kind through the same history."""

    redis_url = ""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.backends = [make_backend(kind, Path(self.folder.name), self.redis_url) for kind in KINDS]
        self.stores = [self.runner.run(backend.connect()) for backend in self.backends]
        self.leases: list[Lease] = []
        self.fences: list[list[int]] = [[] for _ in self.stores]
        """Fences of each store in the order in which they came: each store begins at its own clock."""

    def teardown(self) -> None:
        for backend in self.backends:
            self.runner.run(backend.close())
        self.runner.close()
        self.folder.cleanup()

    def same(self, operation: Callable[[Store], Awaitable[Any]]) -> Any:
        """Run on every store; all must return, or fail, alike."""
        return self.same_under(lambda store, _: operation(store))

    def same_under(self, operation: Callable[[Store, Sequence[int]], Awaitable[Any]]) -> Any:
        """The same for operations with a lease, whose fence is a place among the fences of the store."""

        async def outcome(store: Store, fences: list[int]) -> Any:
            try:
                answer = await operation(store, fences)
            except LeaseLost as error:
                return str(error)
            if not isinstance(answer, Lease):
                return answer
            if answer.fence not in fences:
                assert not fences or answer.fence > fences[-1]
                fences.append(answer.fence)
            return replace(answer, fence=fences.index(answer.fence))

        answers = [
            self.runner.run(outcome(store, fences))
            for store, fences in zip(self.stores, self.fences, strict=True)
        ]
        for kind, answer in zip(KINDS, answers, strict=True):
            assert answer == answers[0], kind
        return answers[0]

    @rule(key=KEYS, owner=OWNERS, ttl=st.sampled_from([10, 100]))
    def acquire(self, key: str, owner: str, ttl: float) -> None:
        lease = self.same(lambda store: store.acquire(key, owner=owner, ttl=ttl))
        if lease is not None:
            self.leases.append(lease)

    @precondition(lambda self: self.leases)
    @rule(
        data=st.data(),
        document=DOCUMENTS,
        entries=ENTRIES,
        release=st.booleans(),
        live=st.booleans(),
        repeat=st.booleans(),
    )
    def commit(
        self,
        data: st.DataObject,
        document: Document,
        entries: list[Entry],
        release: bool,
        live: bool,
        repeat: bool,
    ) -> None:
        lease = data.draw(st.sampled_from(self.leases[-8:]))
        for _ in range(1 + repeat):
            self.same_under(
                lambda s, fences: s.commit(
                    replace(lease, fence=fences[lease.fence]),
                    document,
                    entries=entries,
                    release=release,
                    live=live,
                )
            )

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), older=st.booleans())
    def release(self, data: st.DataObject, older: bool) -> None:
        lease = data.draw(st.sampled_from(self.leases[-8:]))
        self.same_under(lambda s, fences: s.release(replace(lease, fence=fences[lease.fence] - older)))

    @rule(seconds=st.sampled_from([1, 9, 11, 101]))
    def wait(self, seconds: int) -> None:
        for backend in self.backends:
            backend.advance(seconds)

    @rule(name=NAMES, value=st.none() | st.binary(max_size=4))
    def put(self, name: str, value: bytes | None) -> None:
        self.same(lambda store: store.put(name, value))

    @rule(before=TIMES)
    def purge(self, before: Any) -> None:
        self.same(lambda store: store.purge(before=before))

    @rule(which=st.integers(0, 2))
    def reopen(self, which: int) -> None:
        self.runner.run(self.stores[which].close())
        self.runner.run(self.stores[which].open())

    @rule(now=TIMES, limit=st.sampled_from([1, 2, 100]), until=st.none() | TIMES)
    def look(self, now: Any, limit: int, until: Any) -> None:
        for key in ("a", "b", "ä"):
            self.same(lambda store, key=key: store.read(key))
        for ref in ("e1", "e2", "e3", "e4", "r1", "r2", "r3"):
            self.same(lambda store, ref=ref: store.entry(ref))
        self.same(lambda store: store.due(now=now, limit=limit))
        self.same(lambda store: store.next_due())
        self.same(lambda store: store.waiting(limit=limit, offset=limit - 1))
        self.same(lambda store: store.entries(since=now, until=until, limit=limit))
        self.same(lambda store: store.entries())
        self.same(lambda store: store.names("n:"))
        self.same(lambda store: store.get("n"))


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with ExitStack() as stack:
        yield stack.enter_context(redis_server(appendonly=False))


def test_every_store_tells_the_same_story(redis_url: str) -> None:
    Histories.redis_url = redis_url
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=80,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
