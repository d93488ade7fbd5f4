"""How each kind of delivery goes out, and the check right before its first byte."""

from __future__ import annotations

from autoresponder.channex.interface import BeforeWrite, ChannexWriter
from autoresponder.clock import Clock
from autoresponder.delivery.preapproval import PREAPPROVAL
from autoresponder.errors import AutoresponderError
from autoresponder.model import ThreadId
from autoresponder.records import Delivery, PartKind


class IntentTooOld(AutoresponderError):
    """Too much time went by between the recorded intent and the first byte; nothing was sent."""


def freshness(clock: Clock, stated: float, grace: float) -> BeforeWrite:
    """The check right before the first byte: the intent must be fresh.

    A worker that slept (stopped process, suspended machine) must not write on the strength of a look that is
    long over.

    Args:
        clock: Time.
        stated: When the intent was stated, on the monotonic clock.
        grace: Most seconds since then.
    """

    def check() -> None:
        if clock.monotonic() - stated > grace:
            raise IntentTooOld("the process stood still between the intent and the first byte")

    return check


async def write(channex: ChannexWriter, intent: Delivery, thread: str, check: BeforeWrite) -> str | None:
    """Put a durable intent on the wire, once.

    Returns:
        The id of the message that was made; None for what makes none.

    Raises:
        IntentTooOld: Nothing was sent.
        ChannexError: See `ChannexWriter`.
    """
    thread_id = ThreadId(thread)
    match intent.kind:
        case PartKind.TEXT:
            answer = await channex.send_to_thread(thread_id, text=intent.body, before_write=check)
            return answer.message.id
        case PartKind.ATTACHMENT:
            assert intent.attached is not None
            answer = await channex.send_to_thread(
                thread_id, attachment_id=intent.attached.id, before_write=check
            )
            return answer.message.id
        case PartKind.PREAPPROVE:
            resolution = {"type": PREAPPROVAL}
            await channex.resolve_live_feed_event(intent.body, resolution, before_write=check)
        case PartKind.NO_REPLY_NEEDED:
            await channex.no_reply_needed(thread_id, before_write=check)
        case PartKind.CLOSE:
            await channex.close_thread(thread_id, before_write=check)
    return None
