"""How the service is: what `/readyz` reports."""

from __future__ import annotations

from dataclasses import dataclass

from autoresponder.delivery.gate import SendGate
from autoresponder.service.health import Readiness


@dataclass(slots=True)
class Condition:
    """What is known about the store and Channex: `ok`, or what is wrong."""

    store: str = "not yet reached"
    channex: str = "not yet reached"

    def readiness(self, *, rules: str, gate: SendGate) -> Readiness:
        """Whether the service can do its work.

        Args:
            rules: Version of the rules in force.
            gate: Whether anything may be sent.
        """
        good = self.store == "ok" and self.channex == "ok"
        sending = "on"
        if not good:
            sending = "off until store and Channex answer"
        elif gate.left > 0:
            sending = f"off for {gate.left:.0f} more seconds: {gate.why}"
        elif gate.refused:
            sending = f"refused: {gate.refused}"
        return Readiness(
            ready=good, store=self.store, channex=self.channex, rules=rules[:12], sending=sending
        )
