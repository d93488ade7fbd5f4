"""What deciding costs, beside other engines, beside the bare limit, and as the rules become many."""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from autoresponder.app import calm_collector
from autoresponder.starter import starter_files
from bench.measure.engine_compiled import is_compiled, run_compiled
from bench.measure.engine_costs import curves, loading
from bench.measure.engine_install import installed
from bench.measure.engine_ours import full, load, plain, turn_of
from bench.measure.engine_peers import GENERAL, PACKAGES, automaton, peers
from bench.measure.engine_workload import as_yaml, bare_normalise, make_messages, make_rules

SIZES = (10, 100, 1_000, 10_000)
_SLOW = 4.0
"""Seconds that a slow peer gets; it then decides fewer messages."""
_MESSAGES_FILE = Path(__file__).resolve().parents[2] / "tests" / "unit" / "starter" / "messages.txt"
One = TypeVar("One")


def microseconds(work: Callable[[One], Any], items: Sequence[One]) -> float:
    """Time of one call, over all items."""
    start = time.process_time()
    for item in items:
        work(item)
    return (time.process_time() - start) / len(items) * 1e6


def side_by_side(rounds: int, *jobs: tuple[Callable[[Any], Any], Sequence[Any]]) -> list[list[float]]:
    """Microseconds of each job in each round. They take turns, so that a busy machine harms all alike."""
    for work, items in jobs:
        microseconds(work, items)
    thresholds = gc.get_threshold()
    calm_collector()  # as the service does
    try:
        taken = [[microseconds(work, items) for work, items in jobs] for _ in range(rounds)]
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
    return [list(row) for row in zip(*taken, strict=True)]


def scanner(phrases: Sequence[str]) -> tuple[Callable[[str], Any], str]:
    """The bare limit: normalise the text, scan it once; no rule is looked at."""
    try:
        made = automaton({bare_normalise(phrase): None for phrase in phrases if phrase.strip()})
    except ImportError:
        known = frozenset(word for phrase in phrases for word in bare_normalise(phrase).split())
        return lambda text: [w for w in bare_normalise(text).split() if w in known], "one look-up per word"
    return lambda text: list(made.iter(bare_normalise(text))), "one Aho-Corasick scan in C"


def plain_table(sizes: Sequence[int], count: int, rounds: int) -> Iterator[tuple[str, dict[int, float]]]:
    """Microseconds of a message for everybody, on the plain workload; decisions must be identical."""
    rows: dict[str, dict[int, float]] = {}
    for size in sizes:
        rules = make_rules(size)
        messages = make_messages(rules, count)
        texts = [message.text for message in messages]
        keywords = [keyword for rule in rules for keyword in rule.keywords]
        turns, decide = plain(rules, messages)
        scan, _ = scanner(keywords)
        limit, ours = map(statistics.median, side_by_side(rounds, (scan, texts), (decide, turns)))
        rows.setdefault("limit: normalise + one scan", {})[size] = limit
        rows.setdefault("autoresponder", {})[size] = ours
        expected = [decide(turn) for turn in turns]
        for name, peer in peers(rules):
            row = rows.setdefault(name, {})
            if isinstance(peer, str):
                print(f"  {name}: {peer}", file=sys.stderr)
                continue
            probe = microseconds(peer, messages[:3])
            some = messages[: max(20, min(count, int(_SLOW / (probe / 1e6))))]
            row[size] = microseconds(peer, some)
            wrong = [i for i, m in enumerate(some) if peer(m) != expected[i]]
            if wrong:
                raise SystemExit(
                    f"{name} decides {len(wrong)} of {len(some)} otherwise: {messages[wrong[0]]}"
                )
    yield from rows.items()


def real_texts(file: Path | None) -> list[str]:
    """Guest messages: of a JSONL file with `text`, or those with which the starter set is tested.

    Mixed as in an inbox: in the files they stand by language and question, so that each would find what it needs
    still in the processor's cache from the one before.
    """
    if file is not None:
        lines = file.read_text("utf-8").splitlines()
        texts = [json.loads(line)["text"] for line in lines if line.strip()]
    else:
        lines = _MESSAGES_FILE.read_text("utf-8").splitlines()
        texts = [line.split("|", 2)[2].strip() for line in lines if line.count("|") >= 2 and line[0] != "#"]
    random.Random(1).shuffle(texts)
    return texts


def full_table(
    sizes: Sequence[int], texts: list[str], rounds: int
) -> Iterator[tuple[int, float, float, float]]:
    """Size, limit and ours in microseconds a message (the quickest round), and the median of the rounds' quotients."""
    starter = {name: text for name, text in starter_files().items() if name.startswith("rules/")}
    turns = [turn_of(text) for text in texts]
    for size in sizes:
        rules = make_rules(size)
        ruleset = load({**starter, "rules/90-more.yaml": as_yaml(rules)})
        scan, _ = scanner([*ruleset.phrases, *(keyword for rule in rules for keyword in rule.keywords)])
        limit, ours = side_by_side(rounds, (scan, texts), (full(ruleset), turns))
        quotient = statistics.median(mine / bare for mine, bare in zip(ours, limit, strict=True))
        yield size, min(limit), min(ours), quotient


def _growth(row: dict[int, float]) -> float:
    return row[max(row)] / row[min(row)] if row else float("nan")


def report_plain(rows: dict[str, dict[int, float]], sizes: Sequence[int]) -> list[str]:
    """Print the table; gives what is not as wanted."""
    print("\nplain workload, microseconds a message; everybody decides the same")
    print(f"  {'rules':<30}" + "".join(f"{size:>11,}" for size in sizes) + "     growth")
    for name, row in rows.items():
        cells = "".join(f"{row[size]:>11,.1f}" if size in row else f"{'-':>11}" for size in sizes)
        print(f"  {name:<30}{cells}     {_growth(row):.2f}")
    limit, ours = rows["limit: normalise + one scan"], rows["autoresponder"]
    wrong = []
    at = 1_000 if 1_000 in sizes else max(sizes)
    print(f"  at {at:,} rules:", end=" ")
    checks = [("limit", ours[at] / limit[at], 2.0, True)]
    fast = [rows[name][at] for name in GENERAL if at in rows.get(name, {})]
    if fast:
        checks.append(("fastest general engine", min(fast) / ours[at], 200.0, False))
    if at in rows.get("yara", {}):
        checks.append(("YARA", rows["yara"][at] / ours[at], 2.0, False))
    said = []
    for name, ratio, wanted, below in checks:
        said.append(f"{ratio:.2f} times the limit" if below else f"{ratio:.1f} times as fast as {name}")
        if ratio > wanted if below else ratio < wanted:
            wrong.append(
                f"plain, {name}: {ratio:.2f}, wanted {'at most' if below else 'at least'} {wanted:g}"
            )
    print("; ".join(said))
    if _growth(ours) > 1.5:
        wrong.append(f"plain: the cost grows {_growth(ours):.2f} times, wanted at most 1.5")
    return wrong


def report_full(table: Sequence[tuple[int, float, float, float]], count: int, file: Path | None) -> list[str]:
    """Print the table; gives what is not as wanted."""
    print(
        f"\nfull semantics, {count} guest messages ({file.name if file else _MESSAGES_FILE.name}), starter set + rules"
    )
    wrong = []
    for size, limit, ours, quotient in table:
        print(f"  {size:>6,} rules: limit {limit:.1f} us, ours {ours:.1f} us, {quotient:.2f} times the limit")
        if quotient > 8:
            wrong.append(f"full, {size} rules: {quotient:.2f} times the limit, wanted at most 8")
    growth = table[-1][2] / table[0][2]
    print(f"  growth {growth:.2f}")
    if growth > 1.5:
        wrong.append(f"full: the cost grows {growth:.2f} times, wanted at most 1.5")
    return wrong


def main() -> None:
    """Print all figures; ends with 1 when one of them is not as wanted."""
    parser = argparse.ArgumentParser(prog="bench/engine", description=__doc__)
    parser.add_argument("--messages", type=Path, help="guest messages, one JSON object with text a line")
    parser.add_argument("--count", type=int, default=2_000, help="messages of the plain workload")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument(
        "--no-peers", action="store_true", help="compare with the limit alone; installs nothing"
    )
    parser.add_argument("--only", choices=("plain", "full", "loading", "curves"))
    parser.add_argument(
        "--interpreted", action="store_true", help="measure the engine as Python runs it, not as machine code"
    )
    args = parser.parse_args()
    if not args.interpreted and not is_compiled():
        code = run_compiled(sys.argv[1:])
        if code is not None:
            raise SystemExit(code)
    parts = [args.only] if args.only else ["plain", "full", "loading", "curves"]
    wrong: list[str] = []
    with installed(() if args.no_peers else PACKAGES) as missing:
        if missing:
            print(f"not installed, so left out: {', '.join(missing)} (is there a package index?)")
        print(f"the engine is {'machine code' if is_compiled() else 'run by Python'}")
        print(f"the bare limit is: normalise and {scanner(['a'])[1]}")
        if "plain" in parts:
            wrong += report_plain(dict(plain_table(args.sizes, args.count, args.rounds)), args.sizes)
        if "full" in parts:
            texts = real_texts(args.messages)
            wrong += report_full(list(full_table(args.sizes, texts, args.rounds)), len(texts), args.messages)
    if "loading" in parts:
        wrong += loading(args.sizes)
    if "curves" in parts:
        wrong += curves()
    for line in wrong:
        print(line, file=sys.stderr)
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
