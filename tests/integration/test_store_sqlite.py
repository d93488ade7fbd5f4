"""The SQLite store against the operating system: crashes, other processes, full disks, moved files."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autoresponder.errors import EpochChanged, LeaseLost, StoreUnavailable
from autoresponder.store.interface import Document, Entry, Lease
from autoresponder.store.sqlite import SqliteStore

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 5, 1, tzinfo=UTC)
PLAIN = Document(data=b"plain")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    made = SqliteStore(path, busy_timeout=0.1)
    await made.open()
    yield made
    await made.close()


def child(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


async def test_every_acknowledged_commit_survives_kill_9(path: Path) -> None:
    acknowledged: list[str] = []
    chance = random.Random(3)
    for life in range(6):
        process = child("-m", "tests.support.store_child", f"sqlite:///{path}", f"life{life}")
        assert process.stdout is not None
        acknowledged += [process.stdout.readline().strip() for _ in range(chance.randrange(20, 400))]
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate(timeout=20)
        # A line without its end was cut off by the kill: nobody can have read it.
        acknowledged += rest.splitlines()[: rest.count("\n")]
    assert all(acknowledged)
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()
    store = SqliteStore(path)
    await store.open()
    newest: dict[str, int] = {}
    for note in acknowledged:
        entry = await store.entry(f"ref {note}")
        assert entry is not None, f"{note} was acknowledged and is gone"
        key, _, number = note.rpartition("-")
        newest[key] = max(newest.get(key, 0), int(number))
    for key, number in newest.items():
        document = await store.read(key)
        assert document is not None
        written = int(document.data)
        assert written >= number
        # A commit is wholly there or not at all: as many entries as the counter says.
        assert await store.entry(f"{key}-{written}") is not None
        assert await store.entry(f"{key}-{written + 1}") is None
    await store.close()


async def test_processes_share_one_file_and_one_row_of_fences(path: Path) -> None:
    children = [child("-m", "tests.support.store_child", f"sqlite:///{path}", f"p{n}") for n in range(3)]
    heard = []
    for process in children:
        assert process.stdout is not None
        heard += [process.stdout.readline().strip() for _ in range(100)]
    for process in children:
        process.kill()
        _, errors = process.communicate(timeout=20)
        assert errors == ""
    assert len(set(heard)) == 300
    with sqlite3.connect(path) as raw:
        fences = [fence for (fence,) in raw.execute("SELECT fence FROM leases")]
        assert len(set(fences)) == len(fences) == 24
        assert max(fences) == raw.execute("SELECT fence FROM meta").fetchone()[0]
    raw.close()


async def test_many_stores_may_be_made_at_the_same_moment(path: Path) -> None:
    stores = [SqliteStore(path) for _ in range(8)]
    await asyncio.gather(*(store.open() for store in stores))
    assert len({store.epoch for store in stores}) == 1
    for store in stores:
        await store.close()


async def test_a_new_file_is_for_its_owner_only(path: Path, store: SqliteStore) -> None:
    await store.put("n", b"v")
    for name in (path, *path.parent.glob("store.db-*")):
        assert stat.S_IMODE(name.stat().st_mode) == 0o600, name
    assert (await store.health()).warnings == ()
    path.chmod(0o644)
    assert "chmod 600" in (await store.health()).warnings[0]


async def test_health_says_durable(store: SqliteStore) -> None:
    health = await store.health()
    assert (health.ok, health.durable) == (True, True)


async def test_a_locked_file_is_unavailable_and_works_again_afterwards(
    path: Path, store: SqliteStore
) -> None:
    await store.put("n", b"before")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="another program keeps it locked"):
        await store.put("n", b"during")
    assert await store.get("n") == b"before"
    health = await store.health()
    assert not health.ok
    assert "locked" in health.detail
    other.execute("ROLLBACK")
    other.close()
    await store.put("n", b"after")
    assert await store.get("n") == b"after"
    assert (await store.health()).ok


async def test_one_failing_operation_does_not_spoil_its_group(store: SqliteStore) -> None:
    stale = Lease(key="a", owner="me", fence=99, document=None)
    good = await store.acquire("b", owner="me", ttl=60)
    assert good is not None
    broken = Entry(id="broken", key="b", at=datetime(2026, 5, 1), data=b"", refs=())  # noqa: DTZ001
    results = await asyncio.gather(
        store.put("one", b"1"),
        store.commit(stale, PLAIN),
        store.commit(good, PLAIN, entries=[Entry(id="half", key="b", at=NOW, data=b""), broken]),
        store.acquire("lone \ud800 surrogate", owner="me", ttl=60),
        store.put("two", b"2"),
        store.acquire("c", owner="me", ttl=60),
        return_exceptions=True,
    )
    assert results[0] is results[4] is None
    assert isinstance(results[1], LeaseLost)
    assert isinstance(results[2], ValueError)
    assert isinstance(results[3], ValueError)
    assert isinstance(results[5], Lease)
    assert (await store.get("one"), await store.get("two")) == (b"1", b"2")
    assert await store.read("b") is None
    assert await store.entry("half") is None


async def test_concurrent_writes_share_transactions(path: Path, store: SqliteStore) -> None:
    wal = path.with_name("store.db-wal")
    before = wal.stat().st_size
    await asyncio.gather(*(store.put(f"n{n}", b"v") for n in range(500)))
    # Alone, each of them would write at least two pages of 4 KiB to the log.
    assert wal.stat().st_size - before < 500 * 4096


async def test_a_file_moved_away_or_replaced_is_noticed_before_anything_is_answered(
    path: Path, store: SqliteStore
) -> None:
    await store.put("n", b"v")
    moved = path.with_name("moved.db")
    path.rename(moved)
    with pytest.raises(EpochChanged, match="was deleted while in use"):
        await store.put("n", b"void")
    path.touch()
    with pytest.raises(EpochChanged, match="replaced by another file"):
        await store.get("n")
    with pytest.raises(EpochChanged, match="replaced by another file"):
        await store.put("n", b"void")
    path.unlink()
    moved.rename(path)
    assert await store.get("n") == b"v"


async def test_an_older_copy_put_into_the_same_file_is_noticed(path: Path, store: SqliteStore) -> None:
    backup = sqlite3.connect(path.with_name("backup.db"))
    live = sqlite3.connect(path)
    live.backup(backup)
    for number in range(3):
        assert await store.acquire(f"k{number}", owner="me", ttl=60)
    backup.backup(live)
    backup.close()
    live.close()
    with pytest.raises(EpochChanged, match="other content"):
        await store.acquire("k9", owner="me", ttl=60)


async def test_another_memory_put_into_the_same_file_is_noticed(path: Path, store: SqliteStore) -> None:
    other = SqliteStore(path.with_name("other.db"))
    await other.open()
    for number in range(10):
        assert await other.acquire(f"k{number}", owner="me", ttl=60)
    await other.close()
    source, target = sqlite3.connect(path.with_name("other.db")), sqlite3.connect(path)
    source.backup(target)
    source.close()
    target.close()
    with pytest.raises(EpochChanged, match="other content"):
        await store.get("n")
    with pytest.raises(EpochChanged, match="other content"):
        await store.put("n", b"v")


async def test_a_full_disk_is_unavailable_and_loses_nothing(path: Path) -> None:
    program = """
        import asyncio, resource, signal, sys
        from pathlib import Path
        from autoresponder.errors import StoreUnavailable
        from autoresponder.store.sqlite import SqliteStore

        async def main():
            store = SqliteStore(Path(sys.argv[1]))
            await store.open()
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
            written = 0
            try:
                while written < 1000:
                    await store.put(f"n{written}", b"x" * 2000)
                    written += 1
            except StoreUnavailable as error:
                print(written, error)
            print(len(await store.names("")))
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            await store.put("room again", b"")
            await store.close()

        asyncio.run(main())
    """
    process = child("-c", textwrap.dedent(program), str(path))
    output, errors = process.communicate(timeout=60)
    assert errors == ""
    first, second = output.splitlines()
    written = int(first.split()[0])
    assert 0 < written < 1000
    assert "the disk" in first
    assert int(second) == written
    store = SqliteStore(path)
    await store.open()
    assert len(await store.names("")) == written + 1
    await store.close()


async def test_a_file_that_cannot_be_written_is_unavailable() -> None:
    with tempfile.TemporaryDirectory() as folder:
        await check_that_it_cannot_be_written(Path(folder) / "store.db")


async def check_that_it_cannot_be_written(path: Path) -> None:
    first = SqliteStore(path)
    await first.open()
    await first.close()
    program = """
        import asyncio, os, sys
        from pathlib import Path
        from autoresponder.errors import StoreUnavailable
        from autoresponder.store.sqlite import SqliteStore

        store = SqliteStore(Path(sys.argv[1]))
        if os.getuid() == 0:
            os.setuid(65534)
        try:
            asyncio.run(store.open())
        except StoreUnavailable as error:
            print(error)
    """
    path.chmod(0o444)
    path.parent.chmod(0o555)
    process = child("-c", textwrap.dedent(program), str(path))
    output, errors = process.communicate(timeout=60)
    path.parent.chmod(0o755)
    assert errors == ""
    assert "check the permissions" in output


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"certainly no database, only words " * 40, "no SQLite database"), (None, "of another program")],
)
async def test_a_foreign_file_is_refused_and_left_alone(path: Path, content: bytes | None, says: str) -> None:
    if content is not None:
        path.write_bytes(content)
    else:
        raw = sqlite3.connect(path)
        raw.execute("CREATE TABLE theirs (a)")
        raw.commit()
        raw.close()
    store = SqliteStore(path)
    with pytest.raises(StoreUnavailable, match=says):
        await store.open()
    if content is not None:
        assert path.read_bytes() == content
    assert not (await store.health()).ok
    await store.close()


async def test_a_newer_schema_is_refused(path: Path, store: SqliteStore) -> None:
    await store.close()
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(StoreUnavailable, match="written by a newer version"):
        await store.open()


async def test_leases_end_when_the_machine_starts_anew(path: Path, store: SqliteStore) -> None:
    lease = await store.acquire("a", owner="me", ttl=10_000_000)
    assert lease is not None
    await store.close()
    raw = sqlite3.connect(path)
    raw.execute("UPDATE meta SET boot = 'before the power failure'")
    raw.commit()
    raw.close()
    await store.open()
    taken = await store.acquire("a", owner="you", ttl=60)
    assert taken is not None
    assert taken.fence > lease.fence


async def test_purged_words_are_not_left_in_the_file(path: Path, store: SqliteStore) -> None:
    lease = await store.acquire("a", owner="me", ttl=60)
    assert lease is not None
    words = b"my husband is in hospital"
    await store.commit(lease, PLAIN, entries=[Entry(id="e", key="a", at=NOW, data=words * 50)])
    assert await store.purge(before=datetime(2027, 1, 1, tzinfo=UTC)) == 1
    await store.close()
    assert words not in path.read_bytes()
