"""How the results of tests look on a terminal."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from autoresponder.cases.coverage import Coverage
from autoresponder.cases.judging import Failure, Result, Verdict
from autoresponder.cases.snapshots import Recording
from autoresponder.cli.terminal import safe
from autoresponder.decision import ConditionTrace, RuleTrace
from autoresponder.decision import Verdict as Fate
from autoresponder.rules import Rule

_BOLD, _DIM, _RED, _GREEN, _YELLOW = "1", "2", "31", "32", "33"
_STRONG = {_RED: "1;7;31", _GREEN: "1;7;32"}
_LONGEST = 300
_MARKED = 0.5
"""Lines that have less than this in common are shown without marks inside."""
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Painter:
    """Colours, or none."""

    def __init__(self, *, colour: bool) -> None:
        self._colour = colour

    def __call__(self, text: str, style: str) -> str:
        """The text in a style."""
        return f"\x1b[{style}m{text}\x1b[0m" if self._colour and text else text


def failed(result: Result, rules: Mapping[str, Rule], paint: Painter) -> str:
    """Everything about a test that is not green."""
    case = result.case
    head = f"{paint('FAIL', '1;31')} {paint(safe(case.where), _BOLD)}  {safe(case.name)}"
    if result.verdict is Verdict.GAP_CLOSED:
        gap = safe(" ".join((case.known_gap or "").split()), limit=_LONGEST)
        return f"{head}\n  now works: remove known_gap (“{gap}”)"
    lines = [head, *_scene(result, paint)]
    lines += [f"  {safe(failure.message, limit=_LONGEST)}" for failure in result.failures]
    lines += list(_why(result, rules))
    lines += list(_reply(result, paint))
    return "\n".join(lines)


def _scene(result: Result, paint: Painter) -> Iterator[str]:
    case = result.case
    for line in case.lines[-3:]:
        text = " ".join(line.text.split())
        yield paint(f"  {line.side.value}: “{safe(text, limit=_LONGEST)}”", _DIM)
    where = result.resolution.facts.name or result.resolution.facts.key
    told = f"  {case.provider.value} · {safe(where)} · {case.stay.value} · {case.at:%a %Y-%m-%d %H:%M}"
    yield paint(told, _DIM)


def _why(result: Result, rules: Mapping[str, Rule]) -> Iterator[str]:
    lead = "why: "
    for row in result.won:
        yield f"  {lead}{_named(row, rules)} took it: {_held(row)}"
        lead = "     "
    for row in result.lost:
        yield f"  {lead}{_named(row, rules)} {_missed(row)}"
        lead = "     "


def _named(row: RuleTrace, rules: Mapping[str, Rule]) -> str:
    rule = rules.get(row.rule_id)
    return f"“{row.rule_id}”" + (f" ({safe(rule.file)}:{rule.line})" if rule is not None else "")


def _held(row: RuleTrace) -> str:
    text = "; ".join(_condition(condition) for condition in row.conditions if condition.satisfied)
    return safe(text or "it always applies", limit=_LONGEST)


def _missed(row: RuleTrace) -> str:
    if row.verdict is Fate.DISABLED:
        return "is switched off (enabled: false)"
    if row.verdict is Fate.BEATEN:
        by = f"“{row.beaten_by}”" if row.beaten_by else "another rule"
        return f"would apply, but {by} comes first"
    if row.verdict is Fate.USED:
        return "applies, but its answer was not used"
    text = "; ".join(_condition(condition) for condition in row.conditions if not condition.satisfied)
    near = f"   ← {row.nearest_miss}" if row.nearest_miss else ""
    return safe(f"did not: {text or 'it does not apply'}{near}", limit=_LONGEST)


def _condition(condition: ConditionTrace) -> str:
    return f"{condition.written} → {condition.actual}"


def _reply(result: Result, paint: Painter) -> Iterator[str]:
    compared = next((f for f in result.failures if f.expected_text is not None), None)
    if compared is not None:
        yield from _compared(compared, result.text or "", paint)
        return
    about = {failure.about for failure in result.failures}
    if result.text is not None and about & {"reply", "language", "rule", "not_rules"}:
        for line in result.text.splitlines():
            yield paint(f"  │ {safe(line)}", _DIM)


def _compared(failure: Failure, text: str, paint: Painter) -> Iterator[str]:
    yield f"  {paint('- recorded', _RED)}  {paint('+ now', _GREEN)}"
    yield from (f"  {line}" for line in difference(failure.expected_text or "", text, paint))


def difference(old: str, new: str, paint: Painter) -> Iterator[str]:
    """What changed between two texts, line by line; in lines that stayed alike the words are marked."""
    before, after = safe(old).split("\n"), safe(new).split("\n")
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (f"  {line}" for line in before[a:b])
            continue
        gone, come = before[a:b], after[c:d]
        for number in range(max(len(gone), len(come))):
            left = gone[number] if number < len(gone) else None
            right = come[number] if number < len(come) else None
            yield from _changed(left, right, paint)


def _changed(left: str | None, right: str | None, paint: Painter) -> Iterator[str]:
    if left is not None and right is not None:
        first, second = _WORDS.findall(left), _WORDS.findall(right)
        match = difflib.SequenceMatcher(None, first, second, autojunk=False)
        if match.ratio() >= _MARKED:
            codes = match.get_opcodes()
            yield paint("- ", _RED) + _marked(first, [(k, a, b) for k, a, b, _, _ in codes], _RED, paint)
            yield paint("+ ", _GREEN) + _marked(second, [(k, c, d) for k, _, _, c, d in codes], _GREEN, paint)
            return
    if left is not None:
        yield paint(f"- {left}", _RED)
    if right is not None:
        yield paint(f"+ {right}", _GREEN)


def _marked(words: Sequence[str], codes: Iterable[tuple[str, int, int]], style: str, paint: Painter) -> str:
    return "".join(
        paint("".join(words[start:end]), style if kind == "equal" else _STRONG[style])
        for kind, start, end in codes
    )


def recording(change: Recording, paint: Painter) -> str:
    """A reply that is to be recorded, with what changes."""
    case = change.case
    head = f"{paint(safe(change.path), _BOLD)}  {safe(case.name)}"
    if change.old is None:
        return "\n".join(
            [f"{head}   (new)", *(paint(f"  + {safe(x)}", _GREEN) for x in change.new.splitlines())]
        )
    return "\n".join([head, *(f"  {line}" for line in difference(change.old, change.new, paint))])


def gaps(results: Iterable[Result], paint: Painter) -> Iterator[str]:
    """The known gaps, one line each."""
    for result in results:
        if result.verdict is Verdict.KNOWN_GAP:
            gap = safe(" ".join((result.case.known_gap or "").split()), limit=_LONGEST)
            yield f"{paint('GAP ', _YELLOW)} {safe(result.case.where)}  {safe(result.case.name)}: {gap}"


def summary(results: Sequence[Result], seconds: float, paint: Painter) -> str:
    """The closing line."""
    counts = Counter(result.verdict for result in results)
    failures = counts[Verdict.FAILED] + counts[Verdict.GAP_CLOSED]
    parts = [paint(f"{counts[Verdict.PASSED]} passed", _GREEN)]
    if failures:
        parts.append(paint(f"{failures} failed", "1;31"))
    if counts[Verdict.KNOWN_GAP]:
        known = counts[Verdict.KNOWN_GAP]
        parts.append(paint(f"{known} known gap{'s' if known > 1 else ''}", _YELLOW))
    return f"{', '.join(parts)} in {seconds:.1f} s."


def covered(found: Coverage, paint: Painter) -> str:
    """How many tests take each rule."""
    total, never = len(found.counts), found.never
    share = f"{total - len(never)} of {total} rules ({found.percent:.0f} %)"
    lines = [f"Taken by tests that pass: {paint(share, _BOLD)}"]
    for rule, count in found.counts:
        line = f"{count:5}  {rule.id}"
        lines.append(line if count else paint(f"{line}   no test ({safe(rule.file)}:{rule.line})", _YELLOW))
    return "\n".join(lines)
