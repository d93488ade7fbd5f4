"""Counters and gauges for /metrics; bounded label values, never an id or a guest's word."""

from __future__ import annotations

from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from autoresponder import __version__
from autoresponder.records import DeliveryState, PartKind
from autoresponder.service.reports import TurnReport


class Metrics:
    """One registry for one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._turns = Counter(
            "autoresponder_turns",
            "Turns that came to their end, by outcome and skip reason",
            ["outcome", "reason", "provider"],
            registry=self.registry,
        )
        self._deliveries = Counter(
            "autoresponder_deliveries",
            "Outgoing actions that came to their end, by kind and state",
            ["kind", "state"],
            registry=self.registry,
        )
        self._rules = Counter(
            "autoresponder_rule_uses", "Turns decided by a rule", ["rule"], registry=self.registry
        )
        self._delay = Histogram(
            "autoresponder_reply_delay_seconds",
            "From the guest's last message to the recorded reply",
            buckets=(30, 60, 120, 300, 600, 1800, 3600, 4 * 3600, 24 * 3600),
            registry=self.registry,
        )
        self.polls = Counter(
            "autoresponder_polls", "Looks for news, by result", ["result"], registry=self.registry
        )
        self.poll_requests = Counter(
            "autoresponder_poll_requests", "List requests made to look for news", registry=self.registry
        )
        self.last_poll = Gauge(
            "autoresponder_last_poll_timestamp_seconds",
            "When a look for news last succeeded",
            registry=self.registry,
        )
        self.waiting = Gauge(
            "autoresponder_threads_waiting", "Threads that wait for a person", registry=self.registry
        )
        self.oldest_waiting = Gauge(
            "autoresponder_oldest_waiting_seconds",
            "How long the longest waiting guest has waited for a person",
            registry=self.registry,
        )
        self.audited = Counter(
            "autoresponder_audited_texts", "Sent texts counted in their threads", registry=self.registry
        )
        self.audit_findings = Counter(
            "autoresponder_audit_findings",
            "Texts that were not there exactly once, by kind",
            ["kind"],
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "autoresponder_threads_in_flight", "Threads being handled now", registry=self.registry
        )
        self.ready = Gauge("autoresponder_ready", "1 when the service can send", registry=self.registry)
        self.store_up = Gauge("autoresponder_store_up", "1 when the store answers", registry=self.registry)
        self.reloads = Counter(
            "autoresponder_reloads",
            "Changes to the folder, by what came of them",
            ["result"],
            registry=self.registry,
        )
        self.files_refused = Gauge(
            "autoresponder_files_refused",
            "1 while the files on disk have errors and the rules from before stay in force",
            registry=self.registry,
        )
        info = Gauge("autoresponder_info", "Version and rules", ["version", "rules"], registry=self.registry)
        self._info = info
        # Finding a counter by its labels costs more than counting: the few that are used are kept at hand.
        self._turn = lru_cache(maxsize=512)(self._turns.labels)
        self._rule = lru_cache(maxsize=512)(self._rules.labels)
        self._delivery = lru_cache(maxsize=64)(self._deliveries.labels)

    def loaded(self, rules_version: str) -> None:
        """A rule set went live."""
        self._info.clear()
        self._info.labels(version=__version__, rules=rules_version[:12]).set(1)

    def report(self, report: TurnReport) -> None:
        """Count a turn that came to its end."""
        turn = report.record
        if turn.done_at is None or turn.outcome is None:
            return
        reason = turn.reason or ""
        self._turn(turn.outcome, reason, report.entry.provider).inc()
        for rule in turn.rules:
            self._rule(rule).inc()
        for delivery in turn.deliveries:
            self._delivery(delivery.kind, delivery.state).inc()
            if delivery.kind is PartKind.TEXT and delivery.state is DeliveryState.SENT:
                self._delay.observe(max(0.0, (turn.done_at - turn.last_at).total_seconds()))

    def render(self) -> bytes:
        """The text that Prometheus reads."""
        return generate_latest(self.registry)
