"""What a replay has found, for a manager to read."""

from __future__ import annotations

from dataclasses import dataclass

from autoresponder.cli.terminal import out, safe
from autoresponder.replay import Change, Coverage, Played, Wording, told

_GROUPS = 15
_WIDTH = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a replay has found."""

    coverage: Coverage
    not_compared: int
    """Recorded turns whose rules were never asked, or of which an older version kept too little."""
    never_fired: tuple[str, ...]
    unanswered: tuple[Wording, ...]
    changes: tuple[Change, ...] | None
    """None when there is nothing to compare with."""
    source: str
    against: str | None


def show(report: Report) -> None:
    """Print it."""
    console = out()
    count = report.coverage
    console.print(f"Replayed {_turns(count.turns)} from {report.source} with the rules in this folder.")
    for number, what in (
        (count.answered, "answered"),
        (count.person, "left to a person"),
        (count.no_reply_needed, "marked as no reply needed"),
        (count.silent, "passed over in silence"),
    ):
        share = f" ({100 * number / count.turns:.0f} %)" if count.turns else ""
        console.print(f"  {number:>7,}  {what}{share}")
    if report.not_compared:
        console.print(
            f"  {report.not_compared:>7,}  left out: the rules were not asked then (switched off, too old, "
            "already answered), or an older version kept too little",
            style="dim",
        )
    if report.never_fired and count.turns:
        console.print()
        console.print(f"Rules that never fired: {', '.join(report.never_fired)}")
    if report.unanswered:
        console.print()
        console.print("Questions that no rule answers, by wording:", style="bold")
        for wording in report.unanswered[:_GROUPS]:
            console.print(f"  {wording.count:>4} ×  {_quoted(wording.samples[0])}")
        _more(len(report.unanswered) - _GROUPS, "wordings")
    if report.changes is not None:
        _changes(report.changes, report.against)


def _changes(found: tuple[Change, ...], against: str | None) -> None:
    console = out()
    console.print()
    than = "what was decided then" if against is None else f"the rules in {against}"
    if not found:
        console.print(f"No difference to {than}.", style="green")
        return
    console.print(f"Difference to {than}:", style="bold")
    for change in found[:_GROUPS]:
        console.print(f"  {told(change)}", style="yellow")
        for sample in change.samples:
            console.print(f"      {_quoted(sample)}", style="dim")
    _more(len(found) - _GROUPS, "kinds of difference")


def _more(number: int, what: str) -> None:
    if number > 0:
        out().print(f"  and {number:,} more {what}; --format json shows all", style="dim")


def _quoted(sample: Played) -> str:
    words = " ".join(safe(sample.text, limit=_WIDTH).split())
    return f"“{words}”" if words else "(no words)"


def _turns(number: int) -> str:
    return "1 turn" if number == 1 else f"{number:,} turns"
