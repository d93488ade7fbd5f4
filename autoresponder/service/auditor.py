"""Looks now and then whether what was sent stands in its threads exactly once, and stops sending when not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from autoresponder.channex.interface import ChannexReader
from autoresponder.clock import Clock
from autoresponder.config import Settings
from autoresponder.delivery.audit import Report, audit
from autoresponder.errors import ChannexError, StoreError
from autoresponder.ledger import Ledger
from autoresponder.service.metrics import Metrics

log = logging.getLogger(__name__)

_CURSOR = "audit"
_MOST = 1000
"""Decisions looked at in one round; the next round goes on from there."""

_LATE = 60.0
"""Seconds beyond the quarantine within which nothing is judged: it may still be on its way."""


class Auditor:
    """Audits the decisions since the last round.

    Args:
        reader: Reads threads.
        ledger: Where decisions, the cursor and the switch stand.
        clock: Time.
        settings: How often, and the quarantine.
        metrics: Counters.
        alarm: Told about a report that is alarming.
        activated_at: When this store was first used.
    """

    def __init__(
        self,
        reader: ChannexReader,
        ledger: Ledger,
        clock: Clock,
        settings: Settings,
        metrics: Metrics,
        *,
        alarm: Callable[[Report], None],
        activated_at: datetime,
    ) -> None:
        self._reader = reader
        self._ledger = ledger
        self._clock = clock
        self._every = settings.poll.audit
        self._quiet = settings.delivery.quarantine + _LATE
        self._metrics = metrics
        self._alarm = alarm
        self._activated_at = activated_at

    async def run(self, stop: asyncio.Event, pause: Callable[[float], Awaitable[None]]) -> None:
        """A round now and then until `stop` is set.

        Args:
            stop: Ends it.
            pause: Waits so many wall seconds, or until `stop`.
        """
        while not stop.is_set():
            await pause(self._clock.wall(self._every.total_seconds()).total_seconds())
            if stop.is_set():
                return
            try:
                await self.round()
            except (ChannexError, StoreError) as error:
                log.warning("audit put off", extra={"action": "audit_failed", "error": str(error)})

    async def round(self) -> Report | None:
        """Look at what was decided since the last round; None when that is nothing.

        Raises:
            ChannexError, StoreError: It could not be done; the next round starts from the same place.
        """
        until = self._clock.now() - self._clock.wall(self._quiet)
        since = await self._ledger.cursor(_CURSOR) or self._activated_at
        if since >= until:
            return None
        entries = await self._ledger.decisions(since=since, until=until, limit=_MOST)
        report = await audit(self._reader, entries, activated_at=self._activated_at)
        if len(entries) == _MOST:
            until = max(entries[-1].at, since + timedelta(microseconds=1))
        self._tell(report)
        if report.alarming:
            await self._ledger.pause(on=True)
            self._alarm(report)
        await self._ledger.move_cursor(_CURSOR, until)
        return report

    def _tell(self, report: Report) -> None:
        self._metrics.audited.inc(report.texts)
        for finding in report.findings:
            self._metrics.audit_findings.labels(kind=finding.kind.value).inc()
            log.error(
                finding.explanation,
                extra={
                    "action": "audit_finding",
                    "kind": finding.kind.value,
                    "thread_id": finding.thread_id,
                    "trigger_id": finding.trigger_id,
                    "copies": finding.copies,
                },
            )
        if report.alarming:
            log.critical(
                "replies are switched off: a guest may have got a text twice, or another program answers too; "
                "see `autoresponder audit`, then `autoresponder resume`",
                extra={"action": "audit_alarm"},
            )
