"""A run of tests as a whole; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from autoresponder.brain import Knowledge
from autoresponder.cases.coverage import Coverage
from autoresponder.cases.folder import Suite
from autoresponder.cases.judging import Judge, Result
from autoresponder.config import Settings
from autoresponder.problems import Problem, Severity


def tried(suite: Suite, settings: Settings, knowledge: Knowledge) -> list[Result]:
    """Try every case of a suite."""
    judge = Judge(knowledge, settings, suite.snapshots)
    return [judge.try_case(case) for case in suite.cases]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished run."""

    BROKEN: ClassVar[int] = 2
    """Exit code: a file that cannot be read as a test, or no test at all."""

    suite: Suite
    results: Sequence[Result]
    seconds: float
    coverage: Coverage | None
    threshold: float | None

    @property
    def errors(self) -> list[Problem]:
        """Mistakes in test files."""
        return [p for p in self.suite.problems if p.severity is Severity.ERROR]

    @property
    def too_little(self) -> bool:
        """Whether fewer rules are taken than asked for."""
        return (
            self.threshold is not None
            and self.coverage is not None
            and self.coverage.percent < self.threshold
        )

    @property
    def code(self) -> int:
        """The exit code."""
        if self.errors or not self.results:
            return self.BROKEN
        return 1 if self.too_little or any(result.red for result in self.results) else 0
