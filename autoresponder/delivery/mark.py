"""What this machine remembers of its store, outside of the store: how a start notices that the store was exchanged.

A store that is empty, or was put back from a copy, while no service was running looks like one that was never used.
The mark says otherwise: that a service of this machine left word in the store, and when.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import tempfile
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from autoresponder.config import Settings

log = logging.getLogger(__name__)

FILE = ".autoresponder-mark.json"
"""Name of the file that holds the marks of a machine, one for each store that it uses."""

_LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class Seen:
    """Word that was left in a store."""

    machine: str
    """Whose word it is: made up once for each machine and store."""
    at: datetime


class Mark(ABC):
    """Where a machine keeps when it last left word in its store."""

    @abstractmethod
    async def load(self) -> Seen | None:
        """The last word; None when there is none, or none that can be read."""

    @abstractmethod
    async def save(self, seen: Seen) -> None:
        """Keep it, also when the power fails; what cannot be kept is no error."""


class NoMark(Mark):
    """Nothing is kept: for a store that never outlives its process."""

    async def load(self) -> Seen | None:
        """See `Mark.load`."""
        return None

    async def save(self, seen: Seen) -> None:
        """See `Mark.save`."""


class FileMark(Mark):
    """A small file in a folder that only this machine writes to.

    Args:
        folder: Where the file is; it need not be writable.
        store: What tells this store from others; it is not written as it is.
    """

    def __init__(self, folder: Path, store: str) -> None:
        self._path = folder / FILE
        self._name = hashlib.sha256(store.encode()).hexdigest()[:32]
        self._complained = False

    async def load(self) -> Seen | None:
        """See `Mark.load`."""
        kept = (await asyncio.to_thread(self._read)).get(self._name)
        if not isinstance(kept, dict):
            return None
        machine, at = kept.get("machine"), kept.get("at")
        if not isinstance(machine, str) or not machine or not isinstance(at, str):
            return None
        try:
            stamp = datetime.fromisoformat(at)
        except ValueError:
            return None
        return None if stamp.tzinfo is None else Seen(machine[:64], stamp)

    async def save(self, seen: Seen) -> None:
        """See `Mark.save`."""
        try:
            await asyncio.to_thread(self._write, seen)
        except OSError as error:
            if not self._complained:
                self._complained = True
                reason = error.strerror or type(error).__name__
                log.info("no mark kept", extra={"action": "no_mark", "error": reason})

    def _read(self) -> dict[str, object]:
        try:
            with self._path.open("rb") as file:
                kept = json.loads(file.read(_LARGEST))
        except (OSError, ValueError, RecursionError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def _write(self, seen: Seen) -> None:
        marks = {**self._read(), self._name: {"machine": seen.machine, "at": seen.at.isoformat()}}
        handle, name = tempfile.mkstemp(prefix=f"{FILE}.", dir=self._path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(marks, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def mark_of(settings: Settings) -> Mark:
    """The mark for the store of these settings."""
    address = settings.store.reveal()
    scheme, _, rest = address.partition("://")
    if scheme == "memory":
        return NoMark()
    parts = urlsplit(address)
    where = f"{parts.netloc.rpartition('@')[2]} {parts.path} {parts.query}"
    if scheme == "sqlite":
        where = str((settings.folder / rest[1:]).resolve())
    return FileMark(settings.folder / settings.state, f"{scheme} {where}")
