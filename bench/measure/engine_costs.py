"""What loading costs, what rules weigh, and what the worst messages and rules do to deciding."""

from __future__ import annotations

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence

import yaml

from autoresponder.rules import RuleSet, load_rules
from bench.measure.engine_ours import full, load, turn_of
from bench.measure.engine_workload import as_yaml, make_rules

_ROUNDS = 3
_STEEP = 2.5
"""How much more than in proportion a cost may grow before it counts as growing faster than its input."""


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    kept = work()
    taken = time.process_time() - start
    del kept
    return taken


def _seconds_uncollected(work: Callable[[], object]) -> float:
    """The same with the garbage collector off, as ours has it while it loads: like with like."""
    gc.disable()
    try:
        return _seconds(work)
    finally:
        gc.enable()


def loading(sizes: Sequence[int]) -> list[str]:
    """Print what loading costs beside PyYAML's C loader alone; gives what is not as wanted."""
    print("\nloading: parse with positions, validate, compile")
    wrong: list[str] = []
    for size in sizes:
        text = as_yaml(make_rules(size))
        bare, ours = [], []
        for number in range(_ROUNDS):
            bare.append(_seconds_uncollected(lambda text=text: yaml.load(text, yaml.CSafeLoader)))
            ours.append(_seconds(lambda text=f"{text}# {number}": load_rules({"rules/rules.yaml": text})))
        again = _seconds(lambda text=f"{text}# {_ROUNDS - 1}": load_rules({"rules/rules.yaml": text}))
        ratio = statistics.median(ours) / statistics.median(bare)
        print(
            f"  {size:>6,} rules ({len(text) // 1024:,} KiB): CSafeLoader {statistics.median(bare):.3f} s, "
            f"ours {statistics.median(ours):.3f} s, {ratio:.2f} times; unchanged files again {again:.3f} s"
        )
        if size == max(sizes) and ratio > 2:
            wrong.append(
                f"loading {size} rules takes {ratio:.2f} times the C loader's time, wanted at most 2"
            )
    text = as_yaml(make_rules(max(sizes)))
    tracemalloc.start()
    ruleset = load({"rules/rules.yaml": text})
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    print(f"  memory: {held / 1_048_576:.1f} MiB for {len(ruleset.rules):,} rules")
    return wrong


def curves() -> list[str]:
    """Print how the cost grows with the worst inputs; gives those that grow faster than their input."""
    print("\nworst cases: milliseconds to decide, while the input doubles")
    plain = load({"rules/rules.yaml": as_yaml(make_rules(1_000))})
    phrase = make_rules(1_000)[3].keywords[0]
    regex = load(
        {"rules/r.yaml": _one(r"re: (a+)+b(c|d)*(e?f?g?){1,20}x", r"re: (\w+\s*)+zzz", "a ... a ... b")}
    )
    gaps = load({"rules/r.yaml": _one("a ... a ... b", "a a a a ... a a b", "aa* ... aa* ... b")})
    cases: list[tuple[str, Callable[[int], tuple[RuleSet, str]], Sequence[int]]] = [
        (
            "long message",
            lambda n: (plain, "hello we are coming with the family. " * n),
            (340, 680, 1_360, 2_700),
        ),
        (
            "one sentence",
            lambda n: (plain, "hello we are coming with the family " * n),
            (340, 680, 1_360, 2_700),
        ),
        ("repeated phrase", lambda n: (plain, f"{phrase} " * n), (1_250, 2_500, 5_000, 10_000)),
        ("hostile regex", lambda n: (regex, "a" * n + " " + "a c d " * n), (2_000, 4_000, 8_000, 16_000)),
        ("hostile gaps", lambda n: (gaps, "a " * n), (5_000, 10_000, 20_000, 40_000)),
        ("new words", lambda n: (plain, " ".join(f"w{i}x" for i in range(n))), (1_750, 3_500, 7_000, 14_000)),
        ("marks", lambda n: (plain, "a?! \n" * n), (2_500, 5_000, 10_000, 20_000)),
        ("buts", lambda n: (plain, "a b but " * n), (1_500, 3_000, 6_000, 12_000)),
        ("quotes", lambda n: (plain, "> a\nb\nBest regards\nA\n" * n), (500, 1_000, 2_000, 4_000)),
        ("deep nesting", lambda n: (load({"rules/r.yaml": _nested(n)}), "is there wifi"), (3, 6, 12, 24)),
    ]
    wrong = []
    for name, make, sizes in cases:
        times = []
        for size in sizes:
            ruleset, text = make(size)
            decide, turn = full(ruleset), turn_of(text)
            times.append(min(_seconds(lambda decide=decide, turn=turn: decide(turn)) for _ in range(_ROUNDS)))
        print(
            f"  {name:<16}"
            + "".join(f"{size:>8,}:{taken * 1e3:>9.2f}" for size, taken in zip(sizes, times, strict=True))
        )
        if times[-1] / times[0] > _STEEP * sizes[-1] / sizes[0] and times[-1] > 0.001:
            wrong.append(
                f"worst case '{name}' grows {times[-1] / times[0]:.0f} times over {sizes[-1] // sizes[0]} times the input"
            )
    return wrong


def _one(*phrases: str) -> str:
    return yaml.safe_dump(
        {"rules": [{"id": "r", "when": {"text": {"any": list(phrases)}}, "then": ["hold"]}]}
    )


def _nested(depth: int) -> str:
    when: dict[str, object] = {"text": {"any": ["wifi"]}}
    for _ in range(depth):
        when = {"any": [when, {"provider": "expedia"}]}
    return yaml.safe_dump({"rules": [{"id": "r", "when": when, "then": ["hold"]}]})
