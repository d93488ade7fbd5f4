"""`autoresponder test`: try the tests in `tests/` on the rules of the folder."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from autoresponder.cases.coverage import coverage
from autoresponder.cases.folder import Suite, read_suite
from autoresponder.cases.formats import as_data, as_junit
from autoresponder.cases.judging import Result
from autoresponder.cases.reading import FOLDER
from autoresponder.cases.run import Run, tried
from autoresponder.cases.snapshots import Recording, snapshot_path, unused, write
from autoresponder.cli.choosing import chosen_part
from autoresponder.cli.loading import Unusable, folder_option, read_settings, read_workspace, show
from autoresponder.cli.terminal import colourful, echo_json, note
from autoresponder.cli.tested import Painter, covered, failed, gaps, recording, summary
from autoresponder.config import Settings
from autoresponder.lint.own_tests import known_names
from autoresponder.workspace import Workspace


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@folder_option
@click.option(
    "--run",
    "wanted",
    metavar="WORDS",
    help="Only tests with these words in name or file; * stands for anything.",
)
@click.option("--format", "form", type=click.Choice(["human", "json"]), default="human", show_default=True)
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), help="Write a JUnit report, too.")
@click.option("--coverage", "with_coverage", is_flag=True, help="Count the tests that take each rule.")
@click.option(
    "--coverage-threshold",
    "threshold",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Fail when fewer of the rules are taken by a test.",
)
@click.option(
    "--update",
    is_flag=True,
    help="Record the replies of tests with  snapshot: true  after showing what changes.",
)
@click.option(
    "--from-message",
    "message_id",
    metavar="ID",
    help="Make a test of a guest's message that was decided, with names, numbers and dates replaced.",
)
@click.option("--yes", is_flag=True, help="Record or write without asking.")
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    folder: Path,
    wanted: str | None,
    form: str,
    junit: Path | None,
    threshold: float | None,
    message_id: str | None,
    *,
    with_coverage: bool,
    update: bool,
    yes: bool,
) -> None:
    """Try the tests in tests/ on your rules: what would guests get? Sends nothing, needs no network.

    PATHS: only these test files or folders.

    Exit code 0: all as expected. 1: something is not. 2: a test file has mistakes, or there is no test.
    """
    selective = bool(paths or wanted)
    if threshold is not None and selective:
        raise click.UsageError(
            "--coverage-threshold looks at all tests: leave --run and the file names away."
        )
    if update and os.environ.get("CI"):
        raise click.UsageError(
            "--update does not record in an automatic build (CI is set): record at your desk."
        )
    if message_id is not None and (selective or update or threshold is not None):
        raise click.UsageError("--from-message makes one test and tries it: leave the other options away.")
    settings, workspace = _loaded(folder)
    if message_id is not None:
        paths = _made(settings, workspace, message_id, yes=yes)
        if not paths:
            ctx.exit(0)
        selective = True
    known = known_names(workspace.ruleset, workspace.book)
    suite = read_suite(folder, known)
    chosen = chosen_part(suite, folder, paths, wanted)
    began = time.perf_counter()
    results = tried(chosen, settings, workspace)
    if update and _update(chosen, folder, results, yes=yes):
        suite = read_suite(folder, known)
        chosen = replace(chosen, snapshots=suite.snapshots)
        results = tried(chosen, settings, workspace)
    run = Run(
        suite=chosen,
        results=results,
        seconds=time.perf_counter() - began,
        coverage=coverage(workspace.ruleset.rules, results)
        if with_coverage or threshold is not None
        else None,
        threshold=threshold,
    )
    if junit is not None:
        junit.write_text(as_junit(results, run.errors, run.seconds), encoding="utf-8")
    if form == "json":
        echo_json(as_data(results, chosen.problems, run.coverage))
    else:
        _tell(run, workspace)
        if not selective:
            _stale(suite)
    ctx.exit(run.code)


def _loaded(folder: Path) -> tuple[Settings, Workspace]:
    try:
        settings = read_settings(folder)
        return settings, read_workspace(settings)
    except Unusable as unusable:
        note("No test was tried: the files above have to be mended first.")
        raise click.exceptions.Exit(Run.BROKEN) from unusable


def _made(settings: Settings, workspace: Workspace, message_id: str, *, yes: bool) -> tuple[Path, ...]:
    """The test file made of a message, or none."""
    from autoresponder.cli.recorded_case import write_case

    name = write_case(settings, workspace, message_id, yes=yes)
    return () if name is None else (settings.folder / name,)


def _update(suite: Suite, folder: Path, results: Sequence[Result], *, yes: bool) -> bool:
    """Record replies after showing what changes; whether anything was written."""
    paint = Painter(colour=colourful(sys.stderr))
    changes = list(_recordings(suite, results))
    if not changes:
        note("Every recorded reply is as it should be.")
        return False
    for change in changes:
        click.echo(recording(change, paint) + "\n", err=True)
    texts = f"{len(changes)} repl{'ies' if len(changes) > 1 else 'y'}"
    if not yes and sys.stdin.isatty() and not click.confirm(f"Record {texts}?", default=False, err=True):
        note("Nothing was recorded.")
        return False
    write(folder, changes)
    note(f"Recorded {texts}. Look at the difference before you commit.")
    return True


def _recordings(suite: Suite, results: Sequence[Result]) -> Iterator[Recording]:
    """What is new or different; the reply of a test that fails otherwise, too, is not worth keeping."""
    for result in results:
        case, text = result.case, result.text
        if not case.expected.snapshot or case.known_gap is not None or text is None:
            continue
        if any(failure.about != "snapshot" for failure in result.failures):
            continue
        path = snapshot_path(case)
        old = suite.snapshots.get(path)
        if old != text:
            yield Recording(case=case, path=path, old=old, new=text)


def _tell(run: Run, workspace: Workspace) -> None:
    paint = Painter(colour=colourful(sys.stdout))
    show(list(run.suite.problems))
    rules = {rule.id: rule for rule in workspace.ruleset.rules}
    for result in run.results:
        if result.red:
            click.echo(failed(result, rules, paint) + "\n")
    for line in gaps(run.results, paint):
        click.echo(line)
    if run.coverage is not None:
        click.echo(covered(run.coverage, paint) + "\n")
    if not run.results:
        click.echo(_nothing(run.suite), err=True)
        return
    click.echo(summary(run.results, run.seconds, paint))
    if run.errors:
        click.echo("The tests with mistakes (above) were not tried.", err=True)
    if run.too_little and run.coverage is not None:
        never = ", ".join(rule.id for rule in run.coverage.never)
        click.echo(f"Fewer than {run.threshold:g} % of the rules are taken by a test. Without one: {never}")


def _nothing(suite: Suite) -> str:
    if suite.problems:
        return "No test could be tried."
    return (
        f"There is no test: put one into {FOLDER}/, in a file that ends in .yaml. For example:\n\n"
        "tests:\n"
        "  - name: a guest asks for the Wi-Fi password\n"
        '    message: "What is the wifi password?"\n'
        "    stay: in_stay\n"
        "    expect: {rule: wifi, outcome: reply}"
    )


def _stale(suite: Suite) -> None:
    """Recorded replies that nobody asks for; not told when a file could not be read, whose they may be."""
    if suite.problems:
        return
    for path in unused(suite.snapshots, suite.cases):
        note(f"{path} belongs to no test any more: delete it.")
