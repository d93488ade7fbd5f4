"""What `doctor` says about lists of properties and about clocks, and that nobody waits without a word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from autoresponder.channex.limiter import RateLimiter
from autoresponder.channex.retrying import RetryingReader
from autoresponder.cli.findings import show_findings
from autoresponder.doctor import Finding, Grade, _book, examine_clock
from autoresponder.errors import ChannexUnavailable
from autoresponder.model import Property, PropertyId
from autoresponder.properties import PropertyBook
from autoresponder.properties.book import Entry
from tests.unit.channex.test_channex_retrying import Flaky

NOW = datetime(2026, 6, 12, 12, tzinfo=UTC)


def places(*titles: str) -> list[Property]:
    return [Property(id=PropertyId(f"id-{n}"), title=title) for n, title in enumerate(titles)]


def test_both_lists_are_held_against_each_other() -> None:
    book = PropertyBook(entries=[Entry(key="a", channex_id="id-0"), Entry(key="gone", channex_id="id-99")])
    found = _book(places("A", "B", "x" * 500, *"CDEFG"), book)
    assert [f.grade for f in found] == [Grade.WARNING, Grade.WARNING]
    assert found[0].text == f"does not name B, {'x' * 60}…, C, D, E and 2 more of the account"
    assert found[1].text == "names gone, which the account does not have"
    assert "init --from-account" in found[0].remedy


@pytest.mark.parametrize(
    ("ahead", "grade", "says"),
    [
        (0, Grade.GOOD, "agrees with the server (difference 0 s)"),
        (-30, Grade.GOOD, "difference 30 s"),
        (31, Grade.BAD, "is 31 seconds ahead of the server"),
        (-7200, Grade.BAD, "is 7200 seconds behind the server"),
    ],
)
def test_the_difference_of_the_clocks_is_told(ahead: int, grade: Grade, says: str) -> None:
    found = examine_clock(NOW + timedelta(seconds=ahead), NOW)
    assert found.grade is grade
    assert says in found.text


def test_a_remedy_of_several_lines_stands_once_and_titles_do_no_harm(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = {"grade": Grade.BAD, "remedy": "do this"}
    show_findings([Finding(subject="a", text="x\x1b[31m", **line), Finding(subject="b", text="y", **line)])  # type: ignore[arg-type]
    said = capsys.readouterr().out
    assert said.count("do this") == 1
    assert said.index("y") < said.index("do this")
    assert "\x1b" not in said


async def test_a_pause_is_told_once_with_its_length() -> None:
    told: list[str] = []
    now = [0.0]
    limiter = RateLimiter(per_minute=60, concurrency=2, monotonic=lambda: now[0], tell=told.append)
    limiter.throttled(None)
    limiter.throttled(None)
    assert told == ["Channex says that it was asked too often: asking again in 10 s, and more slowly"]
    now[0] = 11.0
    limiter.throttled(30.0)
    assert "30 s" in told[1]


async def test_a_repeated_read_is_told() -> None:
    told: list[str] = []

    async def sleep(_: float) -> None:
        return

    flaky = Flaky(ChannexUnavailable("no answer"), ChannexUnavailable("no answer"))
    await RetryingReader(flaky, rand=lambda: 0.0, sleep=sleep, tell=told.append).installed_applications()
    assert told == [
        "no answer: trying again, 3 more times at most",
        "no answer: trying again, 2 more times at most",
    ]
