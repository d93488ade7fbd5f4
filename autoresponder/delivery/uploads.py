"""Brings files to Channex before they are sent: once for each content, and again when it is not known there any more.

An upload shows nothing to any guest, so it may be repeated; the message that then carries the file may not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from weakref import WeakValueDictionary

from msgspec.structs import replace

from autoresponder.attachments import AttachedFile
from autoresponder.channex.interface import ChannexWriter
from autoresponder.clock import Clock
from autoresponder.config import DeliverySettings
from autoresponder.decision import SkipReason
from autoresponder.delivery import machine
from autoresponder.delivery.outcome import Effect, judge, pause
from autoresponder.errors import ChannexError
from autoresponder.ledger import Ledger
from autoresponder.records import Delivery


class Uploads:
    """Knows which files Channex has.

    Args:
        channex: Takes the files.
        ledger: Remembers what they are called there.
        clock: Time, for the next attempt.
        settings: How many attempts are made.
        files: What rules may send now, by path.
        rand: Random numbers in [0, 1) for jitter.
    """

    def __init__(
        self,
        channex: ChannexWriter,
        ledger: Ledger,
        clock: Clock,
        settings: DeliverySettings,
        *,
        files: Callable[[], Mapping[str, AttachedFile]],
        rand: Callable[[], float],
    ) -> None:
        self._channex = channex
        self._ledger = ledger
        self._clock = clock
        self._settings = settings
        self._files = files
        self._rand = rand
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def prepare(self, delivery: Delivery, *, fence: int) -> Delivery:
        """Make sure that Channex has the file of a claimed delivery.

        Returns:
            The delivery with the file's id; or to be tried again at its `not_before`; or held, with the reason.

        Raises:
            StoreError: The store cannot be used.
        """
        attached = delivery.attached
        assert attached is not None
        lock = self._locks.setdefault(attached.digest, asyncio.Lock())
        async with lock:
            known = await self._ledger.uploaded(attached.digest)
            if known is not None:
                fresh = attached.fresh and known == attached.id
                return replace(delivery, attached=replace(attached, id=known, fresh=fresh))
            file = next((f for f in self._files().values() if f.digest == attached.digest), None)
            if file is None:
                text = f"the file {attached.path} was changed or removed before it could be sent"
                return machine.hold(delivery, fence=fence, reason=SkipReason.MISSING_VALUE, detail=text)
            try:
                uploaded = await self._channex.upload_attachment(
                    content=file.content, file_name=file.name, file_type=file.type
                )
            except ChannexError as error:
                return self._failed(delivery, error, fence=fence)
            await self._ledger.remember_upload(attached.digest, uploaded)
            return replace(delivery, attached=replace(attached, id=uploaded, fresh=True))

    async def unknown(self, delivery: Delivery) -> bool:
        """Whether a refused message is worth another upload: its file was brought there for an earlier message.

        Raises:
            StoreError: The store cannot be used.
        """
        attached = delivery.attached
        if attached is None or attached.fresh:
            return False
        if await self._ledger.uploaded(attached.digest) == attached.id:
            await self._ledger.remember_upload(attached.digest, None)
        return True

    def _failed(self, delivery: Delivery, error: ChannexError, *, fence: int) -> Delivery:
        """An upload that failed left nothing behind that anybody could see, whatever the error."""
        verdict = judge(error)
        attached = delivery.attached
        assert attached is not None
        detail = f"uploading {attached.path}: {verdict.detail}"
        if verdict.effect is Effect.REFUSED:
            return machine.hold(delivery, fence=fence, reason=SkipReason.REJECTED, detail=detail)
        failures = attached.failures + verdict.counts
        if failures >= self._settings.attempts:
            reason = SkipReason.ATTEMPTS_EXHAUSTED
            return machine.hold(delivery, fence=fence, reason=reason, detail=detail)
        wait = pause(max(1, failures), self._rand())
        delay = self._clock.wall(wait if verdict.wait is None else verdict.wait + wait * 0.1)
        attached = replace(attached, failures=failures)
        return replace(
            delivery,
            attached=attached,
            not_before=self._clock.now() + delay,
            detail=detail,
            reason=verdict.reason,
        )
