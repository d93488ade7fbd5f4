"""A program that commits until it is killed, and says on its output what was acknowledged.

Usage: python -m tests.support.store_child URL NAME. After each acknowledged commit it prints the name of the
journal entry; each entry belongs to one counter document that is raised in the same commit.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from autoresponder.store import open_store
from autoresponder.store.interface import Document, Entry


async def main(url: str, name: str) -> None:
    store = open_store(url)
    await store.open()

    async def work(worker: int) -> None:
        key, number = f"{name}-{worker}", 0
        while True:
            number += 1
            note = f"{key}-{number}"
            lease = await store.acquire(key, owner=note, ttl=60)
            assert lease is not None
            entry = Entry(id=note, key=key, at=datetime.now(UTC), data=b"x" * 300, refs=(f"ref {note}",))
            document = Document(data=str(number).encode(), due_at=datetime.now(UTC))
            await store.commit(lease, document, entries=[entry], live=True, release=True)
            sys.stdout.write(note + "\n")
            sys.stdout.flush()

    await asyncio.gather(*(work(worker) for worker in range(8)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
