"""The SQLite file itself: making it, its schema and settings, and noticing that it was replaced."""

from __future__ import annotations

import os
import sqlite3
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from autoresponder.errors import EpochChanged, StoreError, StoreUnavailable

_APPLICATION_ID = 0x41525350

_SCHEMA_VERSION = 1
"""`sql/n.sql` brings a file from version n - 1 to version n."""

_CAUSES = {
    sqlite3.SQLITE_BUSY: "another program keeps it locked; end that program",
    sqlite3.SQLITE_LOCKED: "another program keeps it locked; end that program",
    sqlite3.SQLITE_FULL: "the disk is full; make room",
    sqlite3.SQLITE_READONLY: "it cannot be written; check the permissions of the file and its folder",
    sqlite3.SQLITE_PERM: "access is refused; check the permissions of the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check the permissions of the file and its folder",
    sqlite3.SQLITE_IOERR: "the disk reports an error, or is full",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore a backup, or move it away to start afresh",
    sqlite3.SQLITE_NOTADB: "it is no SQLite database; name another file",
}


def boot_id() -> str:
    """What tells one start of the machine from the next; empty where the system does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def lease_clock() -> Callable[[], float]:
    """Choose the clock that times the leases: seconds that every process of this machine counts alike.

    Where the machine's start can be recognised it is the time since then, which nobody can set; else it
    is wall time, which at least survives a restart.
    """
    return time.monotonic if boot_id() else time.time


@dataclass(frozen=True, slots=True)
class DatabaseFile:
    """A path, and how long to wait for other processes that write to it.

    Attributes:
        path: The database file.
        busy_timeout: Seconds.
    """

    path: Path
    busy_timeout: float = 5.0

    def identity(self) -> tuple[int, int]:
        """Which file is at the path now; `EpochChanged` when there is none."""
        try:
            status = os.stat(self.path)  # noqa: PTH116 - twice per commit: the cheapest call there is
        except FileNotFoundError as error:
            raise EpochChanged(f"the store {self.path} was deleted while in use") from error
        except OSError as error:
            raise StoreUnavailable(f"the store {self.path} cannot be reached: {error.strerror}") from error
        return (status.st_dev, status.st_ino)

    def connect(self) -> sqlite3.Connection:
        """Open the file, made with access for its owner only when it is new."""
        try:
            self._create()
            connection = sqlite3.connect(self.path, timeout=self.busy_timeout, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise self.unavailable(error) from error
        try:
            self._configure(connection)
        except sqlite3.Error as error:
            connection.close()
            raise self.unavailable(error) from error
        except BaseException:
            connection.close()
            raise
        return connection

    def unavailable(self, error: BaseException) -> StoreError:
        """A library's error as one of ours, with what to do about it."""
        if isinstance(error, StoreError):
            return type(error)(*error.args)
        if isinstance(error, sqlite3.Error):
            code = getattr(error, "sqlite_errorcode", None)
            cause = _CAUSES.get(code & 0xFF, str(error)) if code is not None else str(error)
        elif isinstance(error, OSError):
            cause = error.strerror or "it cannot be reached"
        else:
            cause = f"{type(error).__name__}: {error}"
        return StoreUnavailable(f"the store {self.path} cannot be used: {cause}")

    def _create(self) -> None:
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            return
        os.close(descriptor)
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _configure(self, connection: sqlite3.Connection) -> None:
        self._write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = FAST")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        _transaction(connection, lambda: self._migrate(connection))

    def _write_ahead(self, connection: sqlite3.Connection) -> None:
        """Switch to the write-ahead log; the busy timeout does not cover this step, so it is repeated."""
        deadline = time.monotonic() + self.busy_timeout
        while True:
            try:
                mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                break
        if mode != "wal":
            raise StoreUnavailable(
                f"the store {self.path} cannot keep a write-ahead log (journal mode {mode}); "
                "put it on a local disk"
            )

    def _migrate(self, connection: sqlite3.Connection) -> None:
        """Bring the schema up to date and make the epoch, inside the caller's transaction."""
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if application != _APPLICATION_ID and (application or version or tables):
            raise StoreUnavailable(f"{self.path} is a database of another program; name another file")
        if version > _SCHEMA_VERSION:
            raise StoreUnavailable(
                f"the store {self.path} was written by a newer version (schema {version}, this program knows "
                f"{_SCHEMA_VERSION}); install that version again"
            )
        for step in range(version + 1, _SCHEMA_VERSION + 1):
            script = resources.files(__package__).joinpath("sql", f"{step}.sql").read_text(encoding="utf-8")
            for statement in script.split(";\n"):
                connection.execute(statement)
        if version < _SCHEMA_VERSION:
            connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
        boot = boot_id()
        connection.execute(
            "INSERT INTO meta (one, epoch, fence, boot) VALUES (1, ?, 0, ?) ON CONFLICT DO NOTHING",
            (uuid.uuid4().hex, boot),
        )
        # Fences go on from the clock at each opening, so that none of a replaced file comes again.
        connection.execute("UPDATE meta SET fence = max(fence, ?)", (time.time_ns() // 1000,))
        if connection.execute("SELECT boot FROM meta").fetchone()[0] != boot:
            # The machine was started anew: whoever held a lease is gone, and its clock means nothing now.
            connection.execute("UPDATE leases SET expires = 0, owner = NULL")
            connection.execute("UPDATE meta SET boot = ?", (boot,))


def _transaction(connection: sqlite3.Connection, action: Callable[[], None]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        action()
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
