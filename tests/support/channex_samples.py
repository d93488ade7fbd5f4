"""The API document's samples, from tests/fixtures/channex."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "channex"


def raw(name: str) -> bytes:
    """Bytes of a sample, such as `message_send/200`."""
    return (FOLDER / f"{name}.json").read_bytes()


def sample(name: str) -> Any:
    """A sample as plain values; a fresh copy each time."""
    return json.loads(raw(name))
