"""Transactions on the SQLite file: one for each group of operations, checked before and after."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from autoresponder.errors import AutoresponderError, EpochChanged
from autoresponder.store.group_commit import Job, Session
from autoresponder.store.sqlite_file import DatabaseFile


class Transaction:
    """What an operation works with while its group's transaction is open.

    Attributes:
        execute: Runs one statement.
        epoch: The file's epoch.
        fence: The newest fence given out.
    """

    __slots__ = ("epoch", "execute", "fence")

    def __init__(self, execute: Callable[..., sqlite3.Cursor]) -> None:
        self.execute = execute
        self.epoch, self.fence = execute("SELECT epoch, fence FROM meta").fetchone()

    def next_fence(self) -> int:
        """A fence larger than every earlier one."""
        fence: int = self.fence + 1
        self.fence = fence
        return fence


class SqliteSession(Session[Transaction]):
    """A connection whose groups are transactions.

    Args:
        file: The database.
        writes: Whether groups take the write lock; else each reads one consistent state.
    """

    def __init__(self, file: DatabaseFile, *, writes: bool) -> None:
        self._file = file
        self._writes = writes
        self._begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
        self._connection: sqlite3.Connection | None = None
        self._identity = (0, 0)
        self._newest_fence = 0
        self.epoch = ""
        """The epoch seen at `open`."""

    def open(self) -> None:
        """See `Session.open`."""
        connection = self._connection = self._file.connect()
        self._identity = self._file.identity()
        self.epoch, self._newest_fence = connection.execute("SELECT epoch, fence FROM meta").fetchone()

    def close(self) -> None:
        """See `Session.close`."""
        if self._connection is not None:
            try:
                self._connection.close()
            except sqlite3.Error:
                # Closing only tidies up (a last checkpoint); every commit is safe without it.
                return
            finally:
                self._connection = None

    def run(self, jobs: list[Job[Transaction]]) -> None:
        """See `Session.run`: all jobs become durable together before any of them is answered."""
        connection = self._connection
        assert connection is not None
        try:
            self._same_file()
            connection.execute(self._begin)
            transaction = Transaction(connection.execute)
            self._same_memory(transaction)
            before = transaction.fence
            for job in jobs:
                self._run_one(connection, transaction, job)
            if transaction.fence != before:
                connection.execute("UPDATE meta SET fence = ?", (transaction.fence,))
            connection.execute("COMMIT")
            self._newest_fence = transaction.fence
            self._same_file()
        except Exception as error:  # noqa: BLE001 - whatever it is, every caller must be answered
            self._roll_back(connection)
            for job in jobs:
                job.error = self._translated(error)

    def _run_one(
        self, connection: sqlite3.Connection, transaction: Transaction, job: Job[Transaction]
    ) -> None:
        guarded = self._writes and job.savepoint
        if guarded:
            connection.execute("SAVEPOINT job")
        try:
            job.result = job.operation(transaction)
        except Exception as error:
            if not connection.in_transaction:
                raise  # SQLite itself gave the whole transaction up
            job.error = self._translated(error)
            if guarded:
                connection.execute("ROLLBACK TO job")
        if guarded:
            connection.execute("RELEASE job")

    def _translated(self, error: Exception) -> Exception:
        """An error for one caller; errors of ours and of the caller's own making stay what they are."""
        if isinstance(error, sqlite3.Error):
            translated: Exception = self._file.unavailable(error)
        elif isinstance(error, AutoresponderError):
            translated = type(error)(*error.args)
        else:
            return error
        translated.__cause__ = error
        return translated

    def _same_file(self) -> None:
        if self._file.identity() != self._identity:
            raise EpochChanged(f"the store {self._file.path} was replaced by another file while in use")

    def _same_memory(self, transaction: Transaction) -> None:
        if transaction.epoch != self.epoch or transaction.fence < self._newest_fence:
            raise EpochChanged(f"the store {self._file.path} was replaced by other content while in use")

    @staticmethod
    def _roll_back(connection: sqlite3.Connection) -> None:
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            return  # The next BEGIN fails as well and says why


def settings_of(transaction: Transaction) -> dict[str, Any]:
    """The settings on which durability rests."""
    return {
        name: transaction.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
    }
