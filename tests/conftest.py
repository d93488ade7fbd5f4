"""What every test gets: an environment without the settings of the machine it runs on."""

from __future__ import annotations

import os

import pytest

_PREFIXES = ("AUTORESPONDER_", "CHANNEX_", "REDIS_")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away variables that would change what is tested."""
    for name in list(os.environ):
        if name.startswith(_PREFIXES):
            monkeypatch.delenv(name)
