"""Which rules the tests reach; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autoresponder.cases.judging import Result, Verdict
from autoresponder.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How often each rule decided in a test that passed."""

    counts: tuple[tuple[Rule, int], ...]
    """In rule order; rules that are switched off are not among them."""

    @property
    def never(self) -> tuple[Rule, ...]:
        """Rules that no test that passed has taken."""
        return tuple(rule for rule, count in self.counts if not count)

    @property
    def percent(self) -> float:
        """Share of the rules that at least one test takes; 100 when there is no rule."""
        return 100.0 * (len(self.counts) - len(self.never)) / len(self.counts) if self.counts else 100.0


def coverage(rules: Sequence[Rule], results: Iterable[Result]) -> Coverage:
    """Count. What fails, and what is known not to work, proves nothing about a rule."""
    taken: Counter[str] = Counter()
    for result in results:
        if result.verdict is Verdict.PASSED:
            taken.update(result.resolution.decision.rules)
    return Coverage(counts=tuple((rule, taken[rule.id]) for rule in rules if rule.enabled))
