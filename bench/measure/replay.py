"""`autoresponder replay` over many messages: how many turns a second one core reads, decides and sums up."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from autoresponder.cli.loading import read_settings, read_workspace
from autoresponder.cli.replay import Side, many_turns, of_file, played
from autoresponder.replay import coverage, never_fired, unanswered
from autoresponder.starter import sample_files, starter_files
from bench.measure.engine import real_texts
from bench.measure.engine_workload import as_yaml, make_messages, make_rules

_WANTED = 20_000
Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Seconds of this process, and what came out."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def write_folder(folder: Path, rules: dict[str, str]) -> None:
    """A working folder with the sample property, the starter templates and these rules."""
    others = {name: text for name, text in starter_files().items() if not name.startswith("rules/")}
    for name, text in {**others, **sample_files(), **rules}.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def measure(name: str, rules: dict[str, str], lines: list[dict[str, str]], rounds: int) -> float:
    """Turns decided a second in the best round (others were only disturbed); prints it beside reading and summing up."""
    with tempfile.TemporaryDirectory(prefix="bench-") as made, many_turns():
        folder = Path(made)
        write_folder(folder, rules)
        file = folder / "messages.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        settings = read_settings(folder)
        taken = []
        for _ in range(rounds):
            side = Side(settings, read_workspace(settings))
            reading, asked = timed(lambda side=side: of_file(file, side.workspace, None))  # type: ignore[misc]
            deciding, done = timed(lambda side=side, asked=asked: played(side, asked, "replaying"))  # type: ignore[misc]
            ids = [rule.id for rule in side.workspace.ruleset.rules]
            summing, _ = timed(
                lambda done=done, ids=ids: (coverage(done), never_fired(done, ids), unanswered(done))
            )  # type: ignore[misc]
            taken.append((reading, deciding, summing))
    rates = [len(lines) / min(column) for column in zip(*taken, strict=True)]
    whole = len(lines) / min(sum(row) for row in taken)
    print(
        f"  {name}: {rates[1]:,.0f} turns decided a second (read {rates[0]:,.0f}, summed up {rates[2]:,.0f}; "
        f"all of it {whole:,.0f})"
    )
    return rates[1]


def main() -> None:
    """A hundred plain rules, then the starter set."""
    parser = argparse.ArgumentParser(prog="bench/replay", description=__doc__)
    parser.add_argument("--turns", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    rules = make_rules(100)
    plain = [
        {"id": str(number), "text": message.text, "provider": message.provider}
        for number, message in enumerate(make_messages(rules, args.turns))
    ]
    print(f"{args.turns:,} turns, one core")
    rate = measure("100 rules", {"rules/rules.yaml": as_yaml(rules)}, plain, args.rounds)
    texts = real_texts(None)
    guests = [{"id": str(number), "text": texts[number % len(texts)]} for number in range(args.turns)]
    starter = {name: text for name, text in starter_files().items() if name.startswith("rules/")}
    measure("the starter set", starter, guests, args.rounds)
    raise SystemExit(0 if rate >= _WANTED else f"fewer than {_WANTED:,} turns a second")


if __name__ == "__main__":
    main()
