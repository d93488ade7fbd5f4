"""Tells a person at once: posts to the web address that the manager named.

What is posted holds ids, names of properties and reasons, never a guest's words. A notification is a help,
not a record: `inbox` lists whoever waits, also when nobody could be told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from types import TracebackType
from typing import Self

import aiohttp

from autoresponder.config import Secret
from autoresponder.decision import Outcome
from autoresponder.delivery.audit import Report
from autoresponder.delivery.outcome import pause
from autoresponder.service.closing import person_needed
from autoresponder.service.reports import TurnReport

log = logging.getLogger(__name__)

_TRIES = 4
_TIMEOUT = 10.0
_TOLD = 20
_WAITING = 1_000
"""Notifications kept while the address does not answer; the newest are left out then."""


class Notifier:
    """Posts a JSON object for every turn that needs a person.

    Args:
        webhook: Address to post to.
        rand: Random numbers in [0, 1) for jitter.
        base: Longest real seconds before the second try.
    """

    def __init__(self, webhook: Secret, *, rand: Callable[[], float], base: float = 2.0) -> None:
        self._webhook = webhook
        self._rand = rand
        self._base = base
        self._queue: asyncio.Queue[dict[str, object]] = asyncio.Queue(_WAITING)
        self._task: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT)
        self._session = aiohttp.ClientSession(timeout=timeout)
        self._task = asyncio.create_task(self._work(self._session), name="notifier")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Post what is still waiting, within one timeout, and end."""
        assert self._task is not None
        assert self._session is not None
        try:
            await asyncio.wait_for(self._queue.join(), _TIMEOUT)
        except TimeoutError:
            log.warning(
                "notifications left out", extra={"action": "notify_lost", "count": self._queue.qsize()}
            )
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._session.close()

    def report(self, report: TurnReport) -> None:
        """Take note of a turn; posts when it ended with a person, or when the guest waits for one meanwhile."""
        turn = report.record
        if report.waiting is None and (turn.done_at is None or not person_needed(turn)):
            return
        self._put(notification(report))

    def alarm(self, report: Report) -> None:
        """Tell that an audit switched replies off."""
        self._put(
            {
                "event": "replies_switched_off",
                "urgent": True,
                "text": "autoresponder switched replies off: a guest may have got a text twice, or another "
                "program answers with the same API key. See: autoresponder audit",
                "thread_id": report.findings[0].thread_id,
                "findings": [
                    {"kind": f.kind.value, "thread_id": f.thread_id, "message_id": f.trigger_id}
                    for f in report.findings[:_TOLD]
                ],
            }
        )

    def refused(self, text: str) -> None:
        """Tell that the files on disk have errors and the rules from before stay in force."""
        body = {"event": "rules_refused", "urgent": False, "text": f"autoresponder: {text}", "thread_id": ""}
        self._put(body)

    def _put(self, body: dict[str, object]) -> None:
        try:
            self._queue.put_nowait(body)
        except asyncio.QueueFull:
            log.warning("notification left out", extra={"action": "notify_lost", "count": 1})

    async def _work(self, session: aiohttp.ClientSession) -> None:
        while True:
            body = await self._queue.get()
            try:
                await self._post(session, body)
            finally:
                self._queue.task_done()

    async def _post(self, session: aiohttp.ClientSession, body: dict[str, object]) -> None:
        for attempt in range(1, _TRIES + 1):
            problem = await self._try(session, body)
            if not problem:
                return
            if attempt < _TRIES:
                await asyncio.sleep(pause(attempt, self._rand(), base=self._base, cap=30.0))
        log.error(
            "nobody could be told; see `autoresponder inbox`",
            extra={"action": "notify_failed", "thread_id": body["thread_id"], "problem": problem},
        )

    async def _try(self, session: aiohttp.ClientSession, body: dict[str, object]) -> str:
        """Post once; empty when it was taken. The address is never part of the answer."""
        try:
            async with session.post(self._webhook.reveal(), json=body, allow_redirects=False) as answer:
                return "" if answer.status < 300 else f"answered {answer.status}"
        except TimeoutError:
            return "did not answer in time"
        except aiohttp.ClientError as error:
            return f"could not be reached ({type(error).__name__})"


def notification(report: TurnReport) -> dict[str, object]:
    """What is posted about a turn."""
    turn, entry, waiting = report.record, report.entry, report.waiting
    outcome, reason = (turn.outcome, turn.reason) if waiting is None else (waiting.outcome, waiting.reason)
    urgent = outcome is Outcome.ESCALATE
    return {
        "event": "person_needed",
        "urgent": urgent,
        "text": f"{entry.property_name or 'A property'}: a guest needs a person"
        + (" at once" if urgent else "")
        + (f" ({reason.value})" if reason is not None else ""),
        "property": entry.property_name,
        "property_id": entry.property_id,
        "provider": entry.provider,
        "thread_id": entry.thread_id,
        "message_id": turn.trigger_id,
        "outcome": outcome.value if outcome is not None else None,
        "reason": reason.value if reason is not None else None,
        "rules": list(turn.rules),
        "at": turn.last_at.isoformat(),
    }
