"""What every store promises (`autoresponder.store.interface`), checked on each kind."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from autoresponder.errors import EpochChanged, LeaseLost, StoreUnavailable
from autoresponder.store.interface import Document, Entry, Lease, Store
from tests.support.redis_server import redis_server
from tests.support.store_backends import KINDS, START, Backend, make_backend

SECOND = timedelta(seconds=1)
PLAIN = Document(data=b"plain")


@pytest.fixture(scope="module")
def redis_url() -> Iterator[Callable[[], str]]:
    """Starts the server when the first test asks for it."""
    with ExitStack() as stack:
        urls: list[str] = []

        def url() -> str:
            if not urls:
                urls.append(stack.enter_context(redis_server()))
            return urls[0]

        yield url


@pytest.fixture(params=KINDS)
async def backend(
    request: pytest.FixtureRequest, tmp_path: Path, redis_url: Callable[[], str]
) -> AsyncIterator[Backend]:
    made = make_backend(request.param, tmp_path, redis_url() if request.param == "redis" else "")
    yield made
    await made.close()


@pytest.fixture
async def store(backend: Backend) -> Store:
    return await backend.connect()


async def lease_of(store: Store, key: str, owner: str = "me", ttl: float = 60) -> Lease:
    lease = await store.acquire(key, owner=owner, ttl=ttl)
    assert lease is not None
    return lease


async def write(store: Store, key: str, document: Document = PLAIN, *entries: Entry) -> Lease:
    lease = await lease_of(store, key, owner=f"writer of {key}")
    return await store.commit(lease, document, entries=entries, release=True)


def entry(name: str, at: datetime = START, *refs: str, data: bytes = b"entry") -> Entry:
    return Entry(id=name, key="thread", at=at, data=data, refs=refs)


# --- memory -----------------------------------------------------------------------------------------


async def test_the_epoch_is_made_once_and_stays(backend: Backend) -> None:
    first = await backend.connect()
    epoch = first.epoch
    assert len(epoch) >= 16
    second = await backend.connect()
    assert second.epoch == epoch
    await first.close()
    await first.open()
    assert first.epoch == epoch


async def test_what_is_committed_is_there_after_closing_and_opening(backend: Backend) -> None:
    store = await backend.connect()
    document = Document(data=b"\0\xff\r\n$-1\r\n", due_at=START, deadline=START + SECOND, waiting_since=START)
    await write(store, "a", document, entry("e", START, "r"))
    await store.put("cursor", b"1")
    await store.close()
    await store.open()
    assert await store.read("a") == document
    assert await store.entry("r") == entry("e", START, "r")
    assert await store.get("cursor") == b"1"


async def test_two_clients_see_each_other_at_once(backend: Backend) -> None:
    one, two = await backend.connect(), await backend.connect()
    await write(one, "a")
    assert await two.read("a") == PLAIN
    await two.put("n", b"v")
    assert await one.get("n") == b"v"


@pytest.mark.parametrize("key", ["x" * 500, "ar:{main}:meta", "a{b}c*", "línea\n\0zwei", "例", " "])
async def test_any_key_and_any_bytes_come_back_unchanged(store: Store, key: str) -> None:
    document = Document(data=bytes(range(256)) * 4096)
    await write(store, key, document, entry(key, START, f"ref {key}", data=document.data))
    await store.put(key, document.data)
    assert await store.read(key) == document
    found = await store.entry(f"ref {key}")
    assert found is not None
    assert (found.id, found.data) == (key, document.data)
    assert await store.entry(key) == found
    assert await store.get(key) == document.data
    assert await store.names(key) == (key,)


# --- leases -----------------------------------------------------------------------------------------


async def test_only_one_owner_holds_a_key(store: Store) -> None:
    lease = await lease_of(store, "a", "me")
    assert (lease.key, lease.owner, lease.document) == ("a", "me", None)
    assert await store.acquire("a", owner="you", ttl=60) is None
    assert (await lease_of(store, "b", "you")).fence > lease.fence


async def test_the_holder_wins_again_with_the_same_fence_and_fresh_time(backend: Backend) -> None:
    store = await backend.connect()
    lease = await lease_of(store, "a", "me", ttl=60)
    backend.advance(50)
    assert (await lease_of(store, "a", "me", ttl=60)).fence == lease.fence
    backend.advance(50)
    assert await store.acquire("a", owner="you", ttl=60) is None
    backend.advance(11)
    assert (await lease_of(store, "a", "you")).fence > lease.fence


async def test_the_last_owner_takes_up_a_lease_that_ran_out_and_that_nobody_took(backend: Backend) -> None:
    store = await backend.connect()
    lease = await lease_of(store, "a", "me", ttl=60)
    backend.advance(100)
    assert (await lease_of(store, "a", "me", ttl=60)).fence == lease.fence
    await store.commit(lease, PLAIN, live=True)
    assert await store.acquire("a", owner="you", ttl=60) is None


async def test_a_lease_that_ran_out_goes_to_the_next_with_the_document(backend: Backend) -> None:
    store = await backend.connect()
    lease = await lease_of(store, "a", "me", ttl=60)
    await store.commit(lease, PLAIN)
    backend.advance(59)
    assert await store.acquire("a", owner="you", ttl=60) is None
    backend.advance(2)
    taken = await lease_of(store, "a", "you")
    assert taken.fence > lease.fence
    assert taken.document == PLAIN


async def test_fences_grow_with_every_acquisition_in_the_store(backend: Backend) -> None:
    stores = [await backend.connect(), await backend.connect()]
    fences = []
    for number in range(20):
        lease = await lease_of(stores[number % 2], f"key {number % 3}", f"owner {number}")
        fences.append(lease.fence)
        await stores[number % 2].release(lease)
    assert fences == sorted(set(fences))


async def test_release_gives_back_at_once_and_the_same_owner_starts_anew(store: Store) -> None:
    lease = await lease_of(store, "a", "me")
    await store.release(lease)
    await store.release(lease)
    other = await lease_of(store, "a", "you")
    await store.release(lease)
    assert await store.acquire("a", owner="third", ttl=60) is None
    await store.release(other)
    assert (await lease_of(store, "a", "me")).fence > other.fence > lease.fence


async def test_releasing_what_never_was_does_nothing(store: Store) -> None:
    await store.release(Lease(key="never", owner="me", fence=7, document=None))
    assert await store.read("never") is None
    assert (await lease_of(store, "never", "you")).fence != 7


async def test_a_hundred_racers_and_one_winner(backend: Backend) -> None:
    stores = [await backend.connect() for _ in range(3)]
    racers = [stores[n % 3].acquire("prize", owner=f"racer {n}", ttl=60) for n in range(100)]
    won = [lease for lease in await asyncio.gather(*racers) if lease is not None]
    assert len(won) == 1
    again = await lease_of(stores[0], "prize", won[0].owner)
    assert again.fence == won[0].fence


async def test_nothing_is_counted_twice_or_lost_under_contention(backend: Backend) -> None:
    stores = [await backend.connect() for _ in range(2)]

    async def count(worker: int) -> None:
        done = 0
        while done < 5:
            store = stores[worker % 2]
            lease = await store.acquire("counter", owner=f"{worker}/{done}", ttl=60)
            if lease is None:
                await asyncio.sleep(0)
                continue
            number = int(lease.document.data) if lease.document else 0
            note = entry(f"{worker}/{done}", START, "all")
            await store.commit(
                lease, Document(data=str(number + 1).encode()), entries=[note], release=True, live=True
            )
            done += 1

    await asyncio.gather(*(count(worker) for worker in range(8)))
    document = await stores[0].read("counter")
    assert document is not None
    assert document.data == b"40"
    assert len(await stores[1].entries()) == 40


# --- commits ----------------------------------------------------------------------------------------


async def test_a_commit_returns_the_lease_with_the_new_document(store: Store) -> None:
    lease = await lease_of(store, "a")
    after = await store.commit(lease, PLAIN, live=True)
    assert after == replace(lease, document=PLAIN)
    assert (await lease_of(store, "a")).document == PLAIN


async def test_an_older_fence_is_refused_however_late_and_changes_nothing(backend: Backend) -> None:
    store = await backend.connect()
    old = await lease_of(store, "a", "me", ttl=1)
    backend.advance(2)
    new = await lease_of(store, "a", "you")
    await store.commit(new, PLAIN)
    late = Document(data=b"late", due_at=START, waiting_since=START)
    for live in (False, True):
        with pytest.raises(LeaseLost):
            await store.commit(old, late, entries=[entry("late")], live=live, release=True)
    await store.commit(new, PLAIN, release=True)
    with pytest.raises(LeaseLost):
        await store.commit(old, late, entries=[entry("late")])
    assert await store.read("a") == PLAIN
    assert await store.due(now=START + SECOND) == ()
    assert await store.waiting() == ()
    assert await store.entry("late") is None


async def test_a_lease_that_never_was_is_lost(store: Store) -> None:
    with pytest.raises(LeaseLost):
        await store.commit(Lease(key="never", owner="me", fence=1, document=None), PLAIN)
    assert await store.read("never") is None


async def test_time_over_matters_only_to_commits_that_must_be_live(backend: Backend) -> None:
    store = await backend.connect()
    lease = await lease_of(store, "a", ttl=10)
    await store.commit(lease, PLAIN, live=True)
    backend.advance(11)
    with pytest.raises(LeaseLost):
        await store.commit(lease, Document(data=b"live"), entries=[entry("live")], live=True)
    assert await store.read("a") == PLAIN
    assert await store.entry("live") is None
    await store.commit(lease, Document(data=b"late but newest"))
    assert await store.read("a") == Document(data=b"late but newest")


@pytest.mark.parametrize("release", [False, True])
@pytest.mark.parametrize("live", [False, True])
async def test_a_commit_repeated_after_a_lost_answer_has_the_effect_of_one(
    store: Store, release: bool, live: bool
) -> None:
    lease = await lease_of(store, "a")
    document = Document(data=b"1", due_at=START, waiting_since=START)
    for _ in range(3):
        await store.commit(lease, document, entries=[entry("e", START, "r")], release=release, live=live)
    assert await store.read("a") == document
    assert await store.due(now=START) == ("a",)
    assert len(await store.entries()) == 1
    assert (await store.acquire("a", owner="you", ttl=60) is not None) is release


async def test_after_release_a_different_commit_is_not_live(store: Store) -> None:
    lease = await lease_of(store, "a")
    await store.commit(lease, PLAIN, live=True, release=True)
    for release in (False, True):
        with pytest.raises(LeaseLost):
            await store.commit(lease, Document(data=b"other"), live=True, release=release)
    assert await store.read("a") == PLAIN


@pytest.mark.parametrize("broken", ["entry", "due", "waiting"])
async def test_a_commit_that_cannot_be_kept_changes_nothing(store: Store, broken: str) -> None:
    naive = datetime(2026, 5, 1)  # noqa: DTZ001 - what is refused
    await write(store, "a")
    lease = await lease_of(store, "a")
    document = Document(
        data=b"new",
        due_at=naive if broken == "due" else None,
        waiting_since=naive if broken == "waiting" else None,
    )
    entries = [entry("good"), entry("bad", naive if broken == "entry" else START)]
    with pytest.raises(ValueError, match="without time zone"):
        await store.commit(lease, document, entries=entries)
    assert await store.read("a") == PLAIN
    assert await store.entry("good") is None
    await store.commit(lease, Document(data=b"fine"))


# --- schedule ---------------------------------------------------------------------------------------


async def test_due_is_what_has_come_by_deadline_then_by_due_time(store: Store) -> None:
    def at(due: float, deadline: float | None = None) -> Document:
        until = None if deadline is None else START + deadline * SECOND
        return Document(data=b"", due_at=START + due * SECOND, deadline=until)

    documents = {
        "no deadline, second": at(2),
        "no deadline, first": at(1),
        "late deadline": at(0, 900),
        "early deadline": at(3, 500),
        "same deadline b": at(0, 700),
        "same deadline a": at(0, 700),
        "not yet": at(10, 11),
    }
    for key, document in documents.items():
        await write(store, key, document)
    await write(store, "never", Document(data=b"", deadline=START))
    expected = (
        "early deadline",
        "same deadline a",
        "same deadline b",
        "late deadline",
        "no deadline, first",
        "no deadline, second",
    )
    assert await store.due(now=START + 5 * SECOND) == expected
    assert await store.due(now=START + 5 * SECOND, limit=2) == expected[:2]
    assert (await store.due(now=START + 10 * SECOND))[0] == "not yet"
    assert await store.due(now=START - SECOND) == ()


async def test_a_commit_moves_and_clears_the_schedule(store: Store) -> None:
    assert await store.next_due() is None
    await write(store, "a", Document(data=b"", due_at=START + 5 * SECOND))
    await write(store, "b", Document(data=b"", due_at=START + timedelta(microseconds=1)))
    assert await store.next_due() == START + timedelta(microseconds=1)
    await write(store, "b", Document(data=b"", due_at=START + 9 * SECOND, deadline=START))
    assert await store.next_due() == START + 5 * SECOND
    await write(store, "a")
    assert await store.due(now=START + 9 * SECOND) == ("b",)
    await write(store, "b", Document(data=b"", deadline=START))
    assert await store.due(now=START + 9 * SECOND) == ()
    assert await store.next_due() is None


async def test_due_copes_with_a_long_backlog(store: Store) -> None:
    async def fill(number: int) -> None:
        deadline = START + number * SECOND if number % 2 else None
        await write(store, f"{number:05}", Document(data=b"", due_at=START, deadline=deadline))

    await asyncio.gather(*(fill(number) for number in range(2500)))
    keys = await store.due(now=START, limit=5000)
    assert keys == tuple(f"{n:05}" for n in range(1, 2500, 2)) + tuple(f"{n:05}" for n in range(0, 2500, 2))


async def test_waiting_lists_the_longest_first_page_by_page(store: Store) -> None:
    for key, since in {"b": 5, "a": 5, "first": 1, "last": 9}.items():
        await write(store, key, Document(data=key.encode(), waiting_since=START + since * SECOND))
    await write(store, "nobody")
    everybody = await store.waiting()
    assert [key for key, _ in everybody] == ["first", "a", "b", "last"]
    assert everybody[0][1] == Document(data=b"first", waiting_since=START + SECOND)
    assert await store.waiting(limit=2, offset=1) == everybody[1:3]
    assert await store.waiting(limit=0) == ()
    assert await store.waiting(offset=4) == ()
    await write(store, "first")
    assert [key for key, _ in await store.waiting()] == ["a", "b", "last"]


# --- journal ----------------------------------------------------------------------------------------


async def test_entries_come_oldest_first_from_a_span_of_time(store: Store) -> None:
    notes = [entry(f"e{n}", START + n * SECOND, f"m{n}", "all") for n in (3, 1, 2, 0)]
    await write(store, "a", PLAIN, *notes)
    assert [note.id for note in await store.entries()] == ["e0", "e1", "e2", "e3"]
    span = await store.entries(since=START + SECOND, until=START + 3 * SECOND)
    assert span == (notes[1], notes[2])
    assert await store.entries(limit=1) == (notes[3],)
    assert await store.entries(since=START + 4 * SECOND) == ()


async def test_entries_of_one_instant_are_neither_lost_nor_doubled(store: Store) -> None:
    notes = [entry(f"{n:04}", START + (n // 400) * SECOND) for n in range(1700)]
    shuffled = list(notes)
    random.Random(1).shuffle(shuffled)
    for first in range(0, len(shuffled), 100):
        await write(store, "a", PLAIN, *shuffled[first : first + 100])
    assert await store.entries(limit=5000) == tuple(notes)
    assert await store.entries(limit=1100) == tuple(notes[:1100])
    assert await store.entries(since=START + SECOND, limit=700) == tuple(notes[400:1100])


async def test_an_entry_is_found_by_id_and_by_its_newest_reference(store: Store) -> None:
    old = entry("zz-old", START, "message 1", "thread")
    new = entry("new", START + SECOND, "message 2", "thread")
    await write(store, "a", PLAIN, new, old)
    assert await store.entry("zz-old") == old
    assert await store.entry("message 1") == old
    assert await store.entry("thread") == new
    assert await store.entry("nothing") is None
    assert await store.entry("") is None


async def test_a_known_id_replaces_the_entry_with_its_references(store: Store) -> None:
    await write(store, "a", PLAIN, entry("e", START, "old", "both"))
    again = Entry(id="e", key="other", at=START + SECOND, data=b"new", refs=("both", "new", "e"))
    await write(store, "a", PLAIN, again)
    assert await store.entries() == (again,)
    assert await store.entry("old") is None
    assert await store.entry("both") == await store.entry("new") == await store.entry("e") == again
    assert await store.entries(until=START + SECOND) == ()


async def test_several_entries_with_one_id_in_one_commit_leave_the_last(store: Store) -> None:
    first, last = entry("e", START, "a"), entry("e", START, "b")
    await write(store, "a", PLAIN, first, last)
    assert await store.entries() == (last,)
    assert await store.entry("b") == last
    assert await store.entry("a") is None


# --- named values -----------------------------------------------------------------------------------


async def test_named_values(store: Store) -> None:
    assert await store.get("none") is None
    for name in ("pause:b", "pause:a", "pause:ä", "paus", "pausf", "empty"):
        await store.put(name, name.encode() if name != "empty" else b"")
    assert await store.names("pause:") == ("pause:a", "pause:b", "pause:ä")
    assert await store.names("") == ("empty", "paus", "pause:a", "pause:b", "pause:ä", "pausf")
    assert await store.get("empty") == b""
    await store.put("pause:a", b"again")
    await store.put("pause:a", b"again")
    assert await store.get("pause:a") == b"again"
    await store.put("pause:a", None)
    await store.put("pause:a", None)
    assert await store.get("pause:a") is None
    assert "pause:a" not in await store.names("pause")


# --- retention --------------------------------------------------------------------------------------


async def test_purge_takes_old_entries_and_idle_documents_only(backend: Backend) -> None:
    store = await backend.connect()
    await write(store, "idle", PLAIN, entry("old", START, "m1", "shared"))
    await write(store, "waiting", Document(data=b"", waiting_since=START))
    await write(store, "scheduled", Document(data=b"", due_at=START + timedelta(days=400)))
    await store.commit(await lease_of(store, "held", ttl=86400 * 100), PLAIN)
    await lease_of(store, "only leased", ttl=1)
    backend.advance(86400)
    await write(store, "young", PLAIN, entry("young", START + timedelta(days=1), "m2", "shared"))
    await store.put("cursor", b"1")

    assert await store.purge(before=START + timedelta(days=1)) == 3
    assert await store.purge(before=START + timedelta(days=1)) == 0
    for key in ("idle", "waiting", "only leased"):
        assert await store.read(key) is None
    for key in ("scheduled", "held", "young"):
        assert await store.read(key) is not None
    assert await store.waiting() == ()
    assert await store.entry("old") is None
    assert await store.entry("m1") is None
    found = await store.entry("shared")
    assert found is not None
    assert found.id == "young"
    assert await store.get("cursor") == b"1"


async def test_a_document_counts_from_its_last_commit_and_comes_back_with_a_larger_fence(
    backend: Backend,
) -> None:
    store = await backend.connect()
    first = await write(store, "a")
    backend.advance(100)
    await write(store, "a")
    assert await store.purge(before=START + 50 * SECOND) == 0
    backend.advance(100)
    assert await store.purge(before=START + 150 * SECOND) == 1
    with pytest.raises(LeaseLost):
        await store.commit(first, PLAIN)
    assert (await lease_of(store, "a", "later")).fence > first.fence


async def test_purge_of_very_many(backend: Backend) -> None:
    store = await backend.connect()
    held = await lease_of(store, "held", ttl=86400)
    await store.commit(held, PLAIN)
    notes = [entry(f"e{n}", START, "shared") for n in range(1300)]
    await asyncio.gather(*(write(store, f"k{n}", PLAIN, notes[n]) for n in range(1300)))
    backend.advance(10)
    assert await store.purge(before=START + SECOND) == 2600
    assert await store.entries() == ()
    assert await store.entry("shared") is None
    assert await store.read("held") == PLAIN


# --- trouble ----------------------------------------------------------------------------------------


def every_operation(store: Store) -> dict[str, Callable[[], Awaitable[object]]]:
    lease = Lease(key="a", owner="me", fence=1, document=None)
    return {
        "acquire": lambda: store.acquire("a", owner="me", ttl=60),
        "commit": lambda: store.commit(lease, PLAIN, entries=[entry("e")]),
        "release": lambda: store.release(lease),
        "read": lambda: store.read("a"),
        "due": lambda: store.due(now=START),
        "next_due": store.next_due,
        "waiting": store.waiting,
        "entry": lambda: store.entry("e"),
        "entries": store.entries,
        "get": lambda: store.get("n"),
        "put": lambda: store.put("n", b"v"),
        "names": lambda: store.names(""),
        "purge": lambda: store.purge(before=START),
    }


async def expect_everywhere(error: type[Exception], store: Store) -> None:
    for name, operation in every_operation(store).items():
        try:
            await operation()
        except error:
            continue
        pytest.fail(f"{name} did not raise {error.__name__}")


async def test_a_lost_memory_is_noticed_by_every_operation(backend: Backend) -> None:
    store = await backend.connect()
    await write(store, "a")
    epoch = store.epoch
    backend.forget()
    await expect_everywhere(EpochChanged, store)
    await store.open()
    assert store.epoch != epoch
    assert await store.read("a") is None
    assert await store.entries() == ()
    await write(store, "a")


async def test_a_memory_replaced_by_another_is_noticed_by_every_operation(backend: Backend) -> None:
    store = await backend.connect()
    backend.forget()
    newcomer = await backend.connect()
    await write(newcomer, "a")
    await expect_everywhere(EpochChanged, store)
    assert await newcomer.read("a") == PLAIN
    assert not (await store.health()).ok
    assert (await newcomer.health()).ok


async def test_a_closed_store_refuses_everything_and_closing_twice_is_harmless(backend: Backend) -> None:
    store = backend.new()
    for _ in range(2):
        await expect_everywhere(StoreUnavailable, store)
        with pytest.raises(StoreUnavailable):
            _ = store.epoch
        health = await store.health()
        assert not health.ok
        assert health.detail
        await store.open()
        await store.close()
        await store.close()


async def test_health_of_a_working_store(store: Store) -> None:
    health = await store.health()
    assert health.ok
    assert health.detail
    assert "\n" not in health.detail


async def test_cancelled_callers_never_get_answers_mixed_up(backend: Backend) -> None:
    store = await backend.connect()
    await asyncio.gather(*(store.put(f"n{n}", b"value %d" % n) for n in range(200)))
    chance = random.Random(7)

    async def ask(number: int) -> bytes | None:
        for _ in range(chance.randrange(4)):
            await asyncio.sleep(0)
        return await store.get(f"n{number}")

    answered = 0
    for _ in range(20):
        tasks = {number: asyncio.create_task(ask(number)) for number in range(200)}
        for _ in range(chance.randrange(1, 4)):
            await asyncio.sleep(0)
        for number in chance.sample(range(200), 100):
            tasks[number].cancel()
        await asyncio.wait(tasks.values())
        for number, task in tasks.items():
            if not task.cancelled():
                answered += 1
                assert task.result() == b"value %d" % number
    assert answered >= 2000
