"""Does something again whenever files change; for `check --watch`."""

from __future__ import annotations

import time
from collections.abc import Callable

_EVERY = 0.5
"""Seconds between two looks."""


def again_on_change(
    look: Callable[[], object], act: Callable[[], None], *, pause: Callable[[float], None] = time.sleep
) -> None:
    """Do it now, and again whenever what is seen has changed; ends with Ctrl-C only.

    Something is done when two looks in a row have seen the same: an editor may save several files.

    Args:
        look: Tells what is there, such as a hash of all contents.
        act: What is done.
        pause: Waits for so many seconds.
    """
    done_for = seen = look()
    act()
    while True:
        pause(_EVERY)
        now = look()
        settled, seen = now == seen, now
        if settled and seen != done_for:
            done_for = seen
            act()
