"""What has to be done now and then: numbers for people, and forgetting."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from autoresponder.delivery.gate import SendGate
from autoresponder.delivery.mark import Mark
from autoresponder.delivery.trust import leave_mark
from autoresponder.ledger import Ledger
from autoresponder.service.metrics import Metrics

log = logging.getLogger(__name__)

_PURGE_EVERY = timedelta(hours=1)


class Housekeeping:
    """Keeps the waiting gauges true and purges what is past its retention.

    Args:
        ledger: The store.
        metrics: Gauges to set.
        retention: How long guest texts are kept.
        gate: Closed while the store's memory is not trusted.
        mark: Of this machine.
    """

    def __init__(
        self, ledger: Ledger, metrics: Metrics, retention: timedelta, gate: SendGate, mark: Mark
    ) -> None:
        self._ledger = ledger
        self._metrics = metrics
        self._retention = retention
        self._gate = gate
        self._mark = mark
        self._purged: datetime | None = None

    async def vouch(self, now: datetime) -> None:
        """Leave the mark, and word that a service trusts the store's memory; one that waits out a loss does not.

        Raises:
            StoreError: The store cannot be used.
        """
        await leave_mark(self._ledger, self._mark, now)
        if self._gate.left <= 0:
            await self._ledger.alive(now)

    async def round(self, now: datetime) -> None:
        """One round.

        Raises:
            StoreError: The store cannot be used.
        """
        if self._purged is None or now - self._purged >= _PURGE_EVERY:
            gone = await self._ledger.purge(before=now - self._retention)
            self._purged = now
            log.debug("purged", extra={"action": "purged", "count": gone})
        await self.vouch(now)
        waiting = await self._ledger.waiting(limit=1000)
        self._metrics.waiting.set(len(waiting))
        since = [record.waiting.since for record in waiting if record.waiting is not None]
        oldest = (now - min(since)).total_seconds() if since else 0.0
        self._metrics.oldest_waiting.set(max(0.0, oldest))
        self._metrics.store_up.set(1)
