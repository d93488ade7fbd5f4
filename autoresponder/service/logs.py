"""Structured logs: one JSON object a line for machines, short lines on a terminal.

Messages are constant; what varies stands in fields. Guest texts and names are never logged; ids are.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import TextIO

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_LIMIT = 2_000


class JsonFormatter(logging.Formatter):
    """One JSON object a line; control characters inside values stay escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        row: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        row.update(_fields(record))
        if record.exc_info is not None and record.exc_info[1] is not None:
            row["error_type"] = type(record.exc_info[1]).__name__
            row["trace"] = _places(record.exc_info[1])
        return json.dumps(row, ensure_ascii=True, default=str)


class LineFormatter(logging.Formatter):
    """Short lines for people."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        clock = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        fields = " ".join(f"{name}={value}" for name, value in _fields(record).items() if name != "action")
        line = f"{clock} {record.levelname.lower():7} {record.getMessage()}"
        if record.exc_info is not None and record.exc_info[1] is not None:
            fields = (
                f"{fields} error={type(record.exc_info[1]).__name__} at {_places(record.exc_info[1])[-1]}"
            )
        return _clean(f"{line}  {fields}".rstrip())


def set_up(level: str, *, stream: TextIO | None = None, as_json: bool | None = None) -> None:
    """Send our logs to `stream` (standard error), as JSON unless it is a terminal."""
    target = stream if stream is not None else sys.stderr
    machine = not target.isatty() if as_json is None else as_json
    handler = logging.StreamHandler(target)
    handler.setFormatter(JsonFormatter() if machine else LineFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("autoresponder").setLevel(level.upper())


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return {
        name: value[:_LIMIT] if isinstance(value, str) else value
        for name, value in record.__dict__.items()
        if name not in _STANDARD and not name.startswith("_")
    }


def _places(error: BaseException) -> list[str]:
    """Where an error came from, without the values involved: those may be a guest's words."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames][-12:] or [
        "unknown"
    ]


def _clean(line: str) -> str:
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in line)
