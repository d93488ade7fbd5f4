"""How each kind of delivery goes out, the check right before its first byte, and who waits while it may not."""

from __future__ import annotations

import logging
from datetime import timedelta

from msgspec.structs import replace

from autoresponder.channex.interface import BeforeWrite, ChannexWriter
from autoresponder.clock import Clock
from autoresponder.decision import Outcome, SkipReason
from autoresponder.delivery.preapproval import PREAPPROVAL
from autoresponder.errors import AutoresponderError
from autoresponder.model import ThreadId
from autoresponder.parts import MESSAGES
from autoresponder.records import Delivery, DeliveryState, PartKind, ThreadRecord, TurnRecord, Waiting

log = logging.getLogger(__name__)


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


def key_refused(delivery: Delivery) -> bool:
    """Whether it waits for somebody to let this API key write."""
    return delivery.reason is SkipReason.KEY_REFUSED and delivery.state in {
        DeliveryState.CLAIMED,
        DeliveryState.RETRY,
    }


def kept_waiting(record: ThreadRecord, turn: TurnRecord, delivery: Delivery) -> ThreadRecord:
    """The record with the guest in the inbox, whose message goes out only when somebody mends the key."""
    log.warning(
        "Channex does not let this API key write",
        extra={"action": "key_refused", "thread_id": record.thread_id, "error": delivery.detail},
    )
    if delivery.kind not in MESSAGES or record.waiting is not None:
        return record
    waiting = Waiting(
        since=turn.last_at,
        reason=SkipReason.KEY_REFUSED,
        outcome=Outcome.HOLD,
        explanation=f"the reply was refused and is tried again: {delivery.detail}",
        trigger_id=turn.trigger_id,
        deadline=turn.first_at + timedelta(hours=24),
    )
    return replace(record, waiting=waiting)
