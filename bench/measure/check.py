"""`autoresponder check` of a large rule file, against yamllint on the same file."""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_PLACES = ("kitchen", "garage", "balcony", "garden", "lift", "sauna", "pool", "floor", "stairs", "window")
_THINGS = (
    "towel",
    "heater",
    "key",
    "code",
    "door",
    "pillow",
    "sheet",
    "grill",
    "crib",
    "taxi",
    "train",
    "dog",
)
_WORDS = (*_PLACES, *_THINGS, "arrive", "late", "early", "luggage", "airport", "beach", "cat", "child", "bed")
_PROVIDERS = ("booking_com", "airbnb", "expedia")


_TEMPLATES = 50


def rule_file(count: int, *, own_text: bool, seed: int = 7) -> str:
    """So many rules as people write them: phrases, half with a provider, a quarter with a number."""
    rand = random.Random(seed)
    lines = ["---", "rules:"]
    for number in range(count):
        lines += [f"  - id: rule-{number}", f"    title: Rule number {number}", "    when:", "      text:"]
        lines.append("        any:")
        for _ in range(rand.randint(3, 6)):
            phrase = " ".join(rand.sample(_WORDS, rand.randint(2, 3)))
            lines.append(f"          - {phrase} {number}")
        if number % 2:
            lines.append(f"      provider: [{rand.choice(_PROVIDERS)}]")
        if number % 4 == 0:
            lines.append(f"      stay_details: {{nights: {{at_least: {rand.randint(1, 7)}}}}}")
        if own_text:
            lines += ["    text: |", "      {{ property.name }} says:", f"      this is answer {number}."]
        else:
            lines.append(f"    reply: answer-{number % _TEMPLATES}")
    return "\n".join(lines) + "\n"


def write_folder(folder: Path, count: int, *, own_text: bool) -> Path:
    """A working folder with one property and the rules; gives the rule file."""
    (folder / "rules").mkdir()
    (folder / "templates").mkdir()
    rules = folder / "rules" / "rules.yaml"
    rules.write_text(rule_file(count, own_text=own_text))
    for number in range(0 if own_text else _TEMPLATES):
        text = f"{{{{ property.name }}}} says:\nthis is answer {number}.\n"
        (folder / "templates" / f"answer-{number}.en.j2").write_text(text)
    (folder / "autoresponder.yaml").write_text("poll:\n  every: 60s\n")
    (folder / "properties.yaml").write_text(
        "defaults:\n  language: en\n  timezone: Europe/Lisbon\nproperties:\n  seaview:\n"
        "    channex_id: 5ea51e30-0001-4a00-8000-000000000001\n    name: Seaview\n"
    )
    return rules


def timed(*command: str) -> float:
    """Seconds that a command takes; it must find nothing wrong. It may keep its compiled modules, as when installed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    took = time.perf_counter() - start
    if done.returncode != 0:
        raise SystemExit(
            f"{command[0]} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return took


def measure(args: argparse.Namespace, *, own_text: bool) -> float:
    """Run both in turn and print the ratio of the medians."""
    programs = Path(sys.executable).parent
    ours, theirs = [], []
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        rules = write_folder(folder, args.rules, own_text=own_text)
        replies = "each with its own text" if own_text else f"replies from {_TEMPLATES} templates"
        print(f"{args.rules} rules, {rules.stat().st_size // 1024} KiB, {replies}")
        check = (sys.executable, "-m", "autoresponder", "check", str(folder))
        yamllint = (str(programs / "yamllint"), "-d", "default", str(rules))
        timed(*check)  # the first start of each compiles its modules
        timed(*yamllint)
        for number in range(args.rounds):
            ours.append(timed(*check))
            theirs.append(timed(*yamllint))
            print(f"  round {number + 1}: autoresponder check {ours[-1]:.2f} s, yamllint {theirs[-1]:.2f} s")
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"  median ratio {ratio:.2f} (wanted: under 0.5)")
    return ratio


def main() -> None:
    """Measure both ways to write replies."""
    parser = argparse.ArgumentParser(prog="bench/check", description=__doc__)
    parser.add_argument("--rules", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    ratios = [measure(args, own_text=own_text) for own_text in (False, True)]
    raise SystemExit(0 if max(ratios) < 0.5 else "not in half of yamllint's time")


if __name__ == "__main__":
    main()
