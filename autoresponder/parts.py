"""One outgoing action of a turn, as it is remembered; `delivery.machine` alone changes its state."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from autoresponder.decision import SkipReason


class DeliveryState(StrEnum):
    """State of one outgoing action; see docs/delivery.md for the transition table."""

    CLAIMED = "claimed"
    """Being decided or prepared; nothing can have left."""
    INTENT = "intent"
    """Durable: from here on it may be on its way. Whoever sees this does not know the outcome."""
    RETRY = "retry"
    """Definitely not applied; to be tried again."""
    SENT = "sent"
    """Applied: acknowledged with an id, or found in the thread."""
    HELD = "held"
    """A person must look."""
    SUPPRESSED = "suppressed"
    """Not wanted any more: somebody answered, or the thread was closed."""
    EXPIRED = "expired"
    """Too late to be sent."""


class PartKind(StrEnum):
    """What an outgoing action does."""

    TEXT = "text"
    ATTACHMENT = "attachment"
    """A file, as a message of its own."""
    PREAPPROVE = "preapprove"
    """An Airbnb inquiry is pre-approved; the body is the id of its event in the live feed."""
    NO_REPLY_NEEDED = "no_reply_needed"
    CLOSE = "close"


MESSAGES = frozenset({PartKind.TEXT, PartKind.ATTACHMENT})
"""What the guest gets as a message: never repeated while it may have arrived. The rest may be, harmlessly."""


class Via(StrEnum):
    """How it is known that a delivery was applied."""

    ACK = "ack"
    READBACK = "readback"
    PRECONDITION = "precondition"


class Attached(msgspec.Struct, frozen=True, kw_only=True):
    """The file that a delivery sends."""

    path: str
    """Below the folder of files."""
    digest: str
    """SHA-256 of the content that was decided on, hexadecimal."""
    id: str = ""
    """What Channex calls the uploaded file; empty before it was uploaded."""
    fresh: bool = False
    """Whether it was uploaded for this very delivery, so that uploading it again cannot help."""
    failures: int = 0
    """How often uploading it failed."""

    @property
    def name(self) -> str:
        """What the guest sees."""
        return self.path.rpartition("/")[2]


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One outgoing action of a turn."""

    part: str
    """Unique within the turn: `text`, `attachment 1`, `preapprove`, `no_reply_needed`, `close`."""
    kind: PartKind
    state: DeliveryState = DeliveryState.CLAIMED
    fence: int = 0
    """Fence of the lease under which the present state was written."""
    attempt: int = 0
    """How often an intent was written."""
    unproven: int = 0
    """How many attempts ended ambiguously and were then proven absent."""
    acknowledged: bool = False
    """The server answered 2xx but did not name the message: never send again."""
    body: str = ""
    """The text, frozen; recovery never renders again. Empty for actions without text."""
    attached: Attached | None = None
    """The file, of an attachment."""
    baseline: tuple[str, ...] = ()
    """Ids of the property messages seen right before the intent."""
    intent_at: datetime | None = None
    not_before: datetime | None = None
    remote_id: str | None = None
    """The message that is ours, or (HELD) probably ours: nobody else's answer."""
    via: Via | None = None
    reason: SkipReason | None = None
    detail: str = ""
    """One line for people; no guest text."""

    @property
    def terminal(self) -> bool:
        """Whether nothing will happen to it by itself any more."""
        return self.state in _TERMINAL


_TERMINAL = frozenset(
    {DeliveryState.SENT, DeliveryState.HELD, DeliveryState.SUPPRESSED, DeliveryState.EXPIRED}
)
