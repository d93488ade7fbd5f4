"""How decisions look on a terminal; shared by explain, preview, why and the demo."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from autoresponder.brain import Resolution
from autoresponder.cli.terminal import safe
from autoresponder.decision import ActionKind, ConditionTrace, Outcome, RuleTrace, Trace, Verdict
from autoresponder.parts import MESSAGES, Delivery, DeliveryState, PartKind, Via
from autoresponder.templating import Gapped

_MARK = re.compile("⟨[^⟨⟩\n]{1,100}\\?⟩")

OUTCOME_STYLE = {
    Outcome.REPLY: "green",
    Outcome.NO_REPLY_NEEDED: "cyan",
    Outcome.SILENT: "dim",
    Outcome.ESCALATE: "bold red",
    Outcome.HOLD: "yellow",
}

OUTCOME_WORDS = {
    Outcome.REPLY: "reply",
    Outcome.NO_REPLY_NEEDED: "marked: no reply needed",
    Outcome.SILENT: "nothing to do",
    Outcome.ESCALATE: "a person is called at once",
    Outcome.HOLD: "left to a person",
}

_VERDICT = {
    Verdict.USED: ("yes", "green"),
    Verdict.NOT_MATCHED: ("no", "dim"),
    Verdict.BEATEN: ("yes, but", "yellow"),
    Verdict.DISABLED: ("off", "dim"),
}


def show_trace(console: Console, trace: Trace, *, rule: str | None = None) -> None:
    """Each rule with its verdict; conditions of those that lost say where they failed."""
    width = max((len(r.rule_id) for r in trace.rules), default=0)
    for number, row in enumerate(trace.rules, 1):
        if rule is not None and row.rule_id != rule:
            continue
        word, style = _VERDICT[row.verdict]
        console.print(f"{number:3} {row.rule_id:{width}}  {word:8} ", style=style, end="")
        console.print(_reason(row))
        if rule is not None:
            for condition in row.conditions:
                _show_condition(console, condition, depth=2)
    if trace.left_out:
        more = "1 rule more" if trace.left_out == 1 else f"{trace.left_out} rules more"
        console.print(f"    {more}, about words that this message does not have", style="dim")


def _reason(row: RuleTrace) -> str:
    if row.verdict is Verdict.BEATEN:
        return f"beaten by {row.beaten_by}" if row.beaten_by else "another rule decided"
    if row.verdict is Verdict.DISABLED:
        return "switched off (enabled: false)"
    if row.verdict is Verdict.USED:
        held = [c for c in row.conditions if c.satisfied]
        return safe("; ".join(f"{c.written} → {c.actual}" for c in held) or "always", limit=300)
    failed = next((c for c in row.conditions if not c.satisfied), None)
    text = f"{failed.written} → {failed.actual}" if failed is not None else "does not apply"
    if row.nearest_miss:
        text += f"   ← {row.nearest_miss}"
    return safe(text, limit=300)


def _show_condition(console: Console, condition: ConditionTrace, *, depth: int) -> None:
    mark, style = ("✓", "green") if condition.satisfied else ("✗", "red")
    console.print("  " * depth + f"{mark} ", style=style, end="")
    console.print(safe(f"{condition.written} → {condition.actual}", limit=400))
    for child in condition.children:
        _show_condition(console, child, depth=depth + 1)


def show_resolution(console: Console, resolution: Resolution) -> None:
    """Outcome, reason and reply."""
    decision = resolution.decision
    stop = resolution.stop
    if stop is not None and stop.until is not None:
        console.print(f"→ waits: {stop.explanation}", style="cyan")
    else:
        console.print(f"→ {OUTCOME_WORDS[decision.outcome]}", style=OUTCOME_STYLE[decision.outcome], end="")
        names = f"  [{', '.join(decision.rules)}]" if decision.rules else ""
        told = "  (a person is told)" if decision.notify and decision.outcome is Outcome.REPLY else ""
        console.print(names + told)
        if decision.explanation and decision.outcome is not Outcome.REPLY:
            console.print(f"  {safe(decision.explanation)}")
    if resolution.reply is not None and decision.outcome is Outcome.REPLY:
        for line in resolution.reply.text.splitlines():
            console.print(f"  │ {safe(line)}", style="green")
        if ActionKind.PREAPPROVE in decision.actions:
            console.print("  + the inquiry is pre-approved, right before", style="green")
        for file in resolution.files:
            console.print(f"  + {safe(file.path)}, as a message of its own", style="green")


def show_gaps(console: Console, gapped: Gapped) -> None:
    """A reply that cannot be written yet, each gap marked, with what is missing."""
    for line in safe(gapped.text).splitlines():
        text = Text(f"  ┆ {line}", style="dim")
        text.highlight_regex(_MARK, "bold red")
        console.print(text)
    for path, why in gapped.missing:
        console.print(f"  ⟨{safe(path)}?⟩ {safe(why)}", style="red")


_WHAT: Final = {
    PartKind.TEXT: "reply",
    PartKind.PREAPPROVE: "pre-approval",
    PartKind.NO_REPLY_NEEDED: "mark that no reply is needed",
    PartKind.CLOSE: "closing the thread",
}
_HOW: Final = {
    DeliveryState.CLAIMED: "not yet",
    DeliveryState.INTENT: "perhaps under way; the thread is read until that is known",
    DeliveryState.RETRY: "not yet, and tried again",
    DeliveryState.HELD: "left to a person",
    DeliveryState.SUPPRESSED: "not wanted any more",
    DeliveryState.EXPIRED: "given up, too late",
}
_KNOWN: Final = {
    Via.ACK: "confirmed by Channex",
    Via.READBACK: "found in the thread afterwards",
    Via.PRECONDITION: "stood in the thread already",
}


def show_deliveries(console: Console, deliveries: Sequence[Delivery]) -> None:
    """What became of everything that a decision wanted done."""
    for delivery in deliveries:
        what = _WHAT.get(delivery.kind) or (f"file {delivery.attached.path}" if delivery.attached else "file")
        if delivery.state is DeliveryState.SENT:
            how = "sent" if delivery.kind in MESSAGES else "done"
            how += f", {_KNOWN[delivery.via]}" if delivery.via is not None else ""
        else:
            how = _HOW[delivery.state]
            if delivery.not_before is not None:
                how += f" from {delivery.not_before:%Y-%m-%d %H:%M} UTC on"
        detail = f": {safe(delivery.detail)}" if delivery.detail else ""
        console.print(f"{what}: {how}{detail}", style="dim")
