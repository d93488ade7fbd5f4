"""Keeps everything from being sent for a while, and remembers when Channex refuses to take it.

After the store lost its memory, what an earlier attempt still has on its way must have shown up in the
threads before anything new leaves.
"""

from __future__ import annotations

from collections.abc import Callable


class SendGate:
    """Open, or closed for so many more real seconds.

    Args:
        monotonic: Seconds that only grow.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._until = float("-inf")
        self._why = ""
        self.refused = ""
        """Why Channex let this key write nothing when it was last tried; empty when it did."""

    def close_for(self, seconds: float, why: str) -> None:
        """Let nothing out for `seconds`; a longer closing that is under way stays."""
        until = self._monotonic() + seconds
        if until > self._until:
            self._until = until
            self._why = why

    @property
    def left(self) -> float:
        """Real seconds until it opens; 0 when it is open."""
        return max(0.0, self._until - self._monotonic())

    @property
    def why(self) -> str:
        """Why it is closed; empty when it is open."""
        return self._why if self.left > 0 else ""
