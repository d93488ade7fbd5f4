"""How `status` and `doctor` show what they found: a line for each thing, with its remedy."""

from __future__ import annotations

from collections.abc import Sequence

from autoresponder.cli.terminal import out, safe
from autoresponder.doctor import Finding, Grade

_MARK = {
    Grade.GOOD: ("✓", "green"),
    Grade.WARNING: ("!", "yellow"),
    Grade.BAD: ("✗", "bold red"),
    Grade.UNKNOWN: ("?", "dim"),
}


def show_findings(findings: Sequence[Finding]) -> None:
    """Show findings; a remedy that several in a row share stands once, below the last of them."""
    console = out()
    width = max(len(f.subject) for f in findings)
    for finding, following in zip(findings, [*findings[1:], None], strict=True):
        mark, style = _MARK[finding.grade]
        console.print(f"{mark} {finding.subject:{width}}  ", style=style, end="")
        console.print(safe(finding.text))
        if finding.remedy and (following is None or following.remedy != finding.remedy):
            console.print(f"  {'':{width}}  → {safe(finding.remedy)}", style="dim")
