"""How open threads and what would be sent to them look; for `preview`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import click

from autoresponder.brain import Knowledge
from autoresponder.cli.showing import OUTCOME_WORDS, show_gaps, show_resolution, show_trace
from autoresponder.cli.terminal import echo_json_line, note, out, safe
from autoresponder.config import Settings
from autoresponder.preview import Instead, Preview, Seen, preview


class View:
    """Shows what would be sent to threads that were read, by whatever rules are given.

    Args:
        settings: Guards and how replies are put together.
        now: The time to look from.
        instead: Another property or stage of the stay.
        traced: Whether every rule is shown.
        form: `human` or `jsonl`.
    """

    def __init__(
        self, settings: Settings, *, now: datetime, instead: Instead, traced: bool, form: str = "human"
    ) -> None:
        self._settings = settings
        self._now = now
        self._instead = instead
        self._traced = traced
        self._form = form

    def show(
        self,
        knowledge: Knowledge,
        found: Sequence[Seen],
        *,
        settings: Settings | None = None,
        fresh: bool = False,
    ) -> None:
        """Decide and show every thread.

        Args:
            knowledge: Rules, templates, properties.
            found: The threads.
            settings: Settings that take the place of those from the beginning.
            fresh: Whether it takes the place of what was shown before.
        """
        if fresh and sys.stdout.isatty():
            click.clear()
        self._settings = settings or self._settings
        counts: Counter[str] = Counter()
        for one in found:
            row = preview(one, knowledge, self._settings, now=self._now, instead=self._instead)
            if row is None:
                continue
            counts[_word(row)] += 1
            if self._form == "jsonl":
                echo_json_line(_plain(row))
            else:
                _show(row, traced=self._traced)
        if self._form == "human":
            self._count(counts)

    def _count(self, counts: Counter[str]) -> None:
        total = sum(counts.values())
        parts = ", ".join(f"{number} × {word}" for word, number in counts.most_common())
        out().print(
            f"{total} open thread{'' if total == 1 else 's'}" + (f": {parts}" if parts else "; nothing to do")
        )
        supposed = [
            *(["at another property"] if self._instead.property is not None else []),
            *(
                [f"as if every guest were at {self._instead.stay.value}"]
                if self._instead.stay is not None
                else []
            ),
        ]
        if supposed:
            note(f"looked at {' and '.join(supposed)}")
        note("nothing was sent: this command has no way to send")


def _word(row: Preview) -> str:
    if row.resolution is None:
        return "could not be read"
    return "waits a moment" if row.resolution.waits else OUTCOME_WORDS[row.resolution.decision.outcome]


def _show(row: Preview, *, traced: bool) -> None:
    console = out()
    name = row.resolution.facts.name if row.resolution is not None else row.thread.property_id or ""
    console.print(f"{safe(row.thread.title) or 'guest'} · {name} · {row.thread.provider.value}", style="bold")
    if row.resolution is None or row.reading is None or row.reading.turn is None:
        console.print(f"→ could not be read: {row.problem}", style="red")
        console.print()
        return
    for message in row.reading.turn.messages:
        console.print(f"  {message.inserted_at:%d %b %H:%M}  “{safe(message.text, limit=600)}”")
    if traced and row.resolution.decision.trace is not None:
        show_trace(console, row.resolution.decision.trace)
    show_resolution(console, row.resolution)
    if row.gapped is not None:
        show_gaps(console, row.gapped)
    console.print()


def _plain(row: Preview) -> dict[str, object]:
    resolution = row.resolution
    turn = row.reading.turn if row.reading is not None else None
    if resolution is None or turn is None:
        return {"thread_id": row.thread.id, "problem": row.problem}
    return {
        "thread_id": row.thread.id,
        "property": resolution.facts.name,
        "provider": row.thread.provider,
        "messages": [m.text for m in turn.messages],
        "outcome": resolution.decision.outcome,
        "reason": resolution.decision.reason,
        "rules": list(resolution.decision.rules),
        "explanation": resolution.decision.explanation,
        "waits_until": resolution.stop.until if resolution.stop is not None else None,
        "language": resolution.reply.language if resolution.reply is not None else None,
        "reply": resolution.reply.text if resolution.reply is not None else None,
        "actions": list(resolution.decision.actions),
        "files": [file.path for file in resolution.files],
        "missing": [] if row.gapped is None else [path for path, _ in row.gapped.missing],
    }
