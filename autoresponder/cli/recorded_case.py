"""`autoresponder test --from-message`: a test made from a message that was decided."""

from __future__ import annotations

import asyncio
import sys
from hashlib import sha256
from pathlib import Path

import click

from autoresponder.app import opened_ledger
from autoresponder.brain import Resolution
from autoresponder.cases.judging import Judge
from autoresponder.cases.reading import FOLDER, Known, load_cases
from autoresponder.cases.recorded import BY_RULES, Draft, case_file, draft
from autoresponder.cli.terminal import note, safe
from autoresponder.config import Settings
from autoresponder.errors import AutoresponderError
from autoresponder.model import PropertyId
from autoresponder.records import JournalEntry
from autoresponder.workspace import Workspace

_READ_IT = (
    "\nREAD IT before you share or commit it: a program replaced names, addresses, numbers and dates, and can have "
    "missed some."
)


def write_case(settings: Settings, workspace: Workspace, message_id: str, *, yes: bool) -> str | None:
    """Show a test made from the message, anonymous, and write it when that is wanted.

    Args:
        settings: The working folder and its store.
        workspace: Rules and properties.
        message_id: Any message of the turn.
        yes: Write without asking.

    Returns:
        The file, relative to the working folder; None when it was not written.

    Raises:
        AutoresponderError: Nothing is recorded about the message, or its text is no longer kept.
        click.UsageError: The test was made before.
    """
    entry = asyncio.run(_find(settings, message_id))
    if entry is None:
        raise AutoresponderError(
            f"nothing is recorded about message '{safe(message_id, limit=100)}'. It may be older than the "
            "retention time, or autoresponder has not seen it. `autoresponder inbox` and `autoresponder why` "
            "know what was recorded"
        )
    name = f"{FOLDER}/from-message-{sha256(entry.trigger_id.encode()).hexdigest()[:6]}.test.yaml"
    target = settings.folder / name
    if target.exists():
        raise click.UsageError(f"There is already a test of this message: {name}")
    property_id = None if entry.property_id is None else PropertyId(entry.property_id)
    facts = workspace.book.find(property_id, None)
    secrets = [s.value.reveal() for s in facts.secrets.values() if s.value is not None]
    made = draft(entry, place=facts.key if facts.listed else None, zone=facts.timezone, secrets=secrets)
    if not made.texts and not made.card:
        raise AutoresponderError(
            "the words of this message are not recorded (any more), only the decision: no test can be made of it"
        )
    judge = Judge(workspace, settings)
    made, remarks = _settled(made, entry, judge, {rule.id for rule in workspace.ruleset.rules})
    text = case_file(made)
    click.echo(text, nl=False)
    for remark in (_READ_IT, *remarks):
        note(remark)
    if not _wanted(name, yes=yes):
        return None
    _write(settings.folder, target, text)
    note(f"Written to {name}.")
    return name


def _wanted(name: str, *, yes: bool) -> bool:
    """Ask; where nobody can answer, nothing is written."""
    if yes:
        return True
    if not sys.stdin.isatty():
        note("Nothing was written: nobody could be asked. With --yes it is written without a question.")
        return False
    if click.confirm(f"Write this to {name}?", default=False, err=True):
        return True
    note("Nothing was written.")
    return False


async def _find(settings: Settings, message_id: str) -> JournalEntry | None:
    async with opened_ledger(settings) as ledger:
        return await ledger.decision(message_id)


def _settled(made: Draft, entry: JournalEntry, judge: Judge, rules: set[str]) -> tuple[Draft, list[str]]:
    """Fill in what is not recorded, and what the test cannot expect."""
    remarks = []
    results = {stay: _happens(made.with_stay(stay), judge) for stay in made.stays}
    repeatable = entry.reason in BY_RULES and set(entry.rules) <= rules
    same = [stay for stay, resolution in results.items() if _same(resolution, entry)]
    stay = same[0] if same else made.stays[0]
    made = made.with_stay(stay)
    if len(results) > 1:
        remarks.append(
            f"The dates of the booking are not recorded; `stay: {stay.value}` is a guess that fits. Put it right."
        )
    if same:
        return made, remarks
    decision = results[stay].decision
    today = f"{decision.outcome.value} ({', '.join(decision.rules) or 'no rule'})"
    if repeatable:
        remarks.append(f"The test expects what was decided then. Today the guest would get: {today}.")
        return made, remarks
    remarks.append(
        f"What was decided then ({entry.explanation or entry.outcome.value}) cannot be repeated in a test; it expects "
        f"what your rules say today: {today}."
    )
    return made.expecting(decision.rules, decision.outcome), remarks


def _happens(made: Draft, judge: Judge) -> Resolution:
    cases, problems = load_cases({f"{FOLDER}/draft.yaml": case_file(made)}, Known())
    if not cases:
        raise AutoresponderError(f"no test can be made of this message: {problems[0].message}")
    return judge.happen(cases[0], trace=False)


def _same(resolution: Resolution, entry: JournalEntry) -> bool:
    decision = resolution.decision
    return decision.outcome is entry.outcome and set(decision.rules) == set(entry.rules)


def _write(folder: Path, target: Path, text: str) -> None:
    if not target.parent.resolve().is_relative_to(folder.resolve()):
        raise AutoresponderError(f"{FOLDER}/ leads out of the working folder; nothing is written there")
    target.parent.mkdir(exist_ok=True)
    with target.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
