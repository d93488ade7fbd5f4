"""What one rendering carries along: language, zone, money and the budget that bounds it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from babel import Locale
from jinja2.runtime import Context, Undefined

from autoresponder.templating.values import NotPrintable

STATE = "_render"
"""Context key of the state. No template can name it: unknown names are refused when loading."""

_STEPS = 20_000
_CHARACTERS = 200_000


class Budget(msgspec.Struct):
    """How much one rendering may still do. Bounds loops and macros that no check of the text can bound."""

    steps: int = _STEPS
    characters: int = _CHARACTERS

    def step(self) -> None:
        """Count one call, loop turn or output.

        Raises:
            NotPrintable: The template does too much.
        """
        self.steps -= 1
        if self.steps < 0:
            raise NotPrintable("the template repeats itself too often")

    def write(self, length: int) -> None:
        """Count characters that were produced.

        Raises:
            NotPrintable: The template writes too much.
        """
        self.step()
        self.characters -= length
        if self.characters < 0:
            raise NotPrintable("the template writes far more than a message can hold")


class State(msgspec.Struct, frozen=True, kw_only=True):
    """The unprintable part of a rendering's context."""

    locale: Locale
    zone: ZoneInfo
    currency: str | None
    """Of the property: for amounts that name none."""
    released: Callable[[str], bool]
    release_day: Callable[[str], datetime | Undefined]
    budget: Budget = msgspec.field(default_factory=Budget)


def state_of(context: Context) -> State:
    """The state of the rendering that a context belongs to."""
    state = context.resolve(STATE)
    if not isinstance(state, State):
        raise NotPrintable("the template was rendered without its surroundings")
    return state
