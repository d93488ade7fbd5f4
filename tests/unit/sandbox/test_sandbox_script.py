"""Script files: what is read, and what is said about mistakes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from autoresponder.sandbox.script import demo_script, duration, load_script, parse_script
from autoresponder.sandbox.script_text import ScriptError

GOOD = """\
day: 2026-06-12
properties:
  seaview: {id: 5ea51e30-0001-4a00-8000-000000000001, title: Seaview Apartments}
threads:
  - key: one
    property: seaview
    provider: BookingCom
    guest: {name: Ada}
    says:
      - {at: "09:12", text: Hello}
"""


def test_a_script_is_read() -> None:
    script = parse_script(GOOD, "day.yaml")
    assert script.threads[0].steps[0].text == "Hello"
    # Lisbon is an hour ahead of UTC in June.
    assert script.moment("09:12") == datetime(2026, 6, 12, 8, 12, tzinfo=UTC)
    assert script.moment("-2 18:30") == datetime(2026, 6, 10, 17, 30, tzinfo=UTC)


def test_the_demo_covers_what_it_promises() -> None:
    script = demo_script()
    assert {key: entry.title for key, entry in script.properties.items()} == {
        "seaview": "Seaview Apartments",
        "harbour-loft": "Harbour Loft",
        "old-town": "Old Town Rooms",
    }
    assert {thread.provider for thread in script.threads} == {"BookingCom", "AirBNB", "Expedia"}
    languages = {thread.guest.language for thread in script.threads}
    assert {"en", "de", "fr", "es", "it", "pt", "nl"} <= languages
    kinds = {kind for thread in script.threads for step in thread.steps for kind in step.kinds()}
    assert kinds == {"text", "host", "support", "inquiry", "books", "close"}
    assert len(script.threads) >= 20


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("text: Hello", "txt: Hello", "line 10: Object contains unknown field `txt`"),
        ("provider: BookingCom", "provider: [BookingCom]", "line 7: Expected `str`"),
        ("property: seaview", "property: nowhere", "thread one: property 'nowhere' is not under properties"),
        ('{at: "09:12", text: Hello}', '{at: "09:12"}', "thread one, step 1: must do exactly one thing"),
        ('"09:12", text', '"09:12", host: Hi, text', "step 1: must do exactly one thing"),
        ('at: "09:12"', 'at: "9:99"', "step 1: "),
        ('at: "09:12"', "after: soon", "step 1: 'soon' is no duration"),
        ('at: "09:12"', 'at: "09:12", after: 5m', "step 1: has more than one of at, after"),
        ("5ea51e30-0001", "5ea51e30", "properties.seaview: id must be a UUID"),
        ("    property: seaview", "    key: two\n    property: seaview", "line 6: 'key' stands twice"),
        ("guest: {name: Ada}", "guest: &a {name: Ada}\n    booking: *a", "anchors and aliases"),
        ("says:", "says: [", "line 10"),
        ("day: 2026-06-12", "day: 2026-13-12", "day.yaml"),
        ("day: 2026-06-12", "day: 2026-06-12\ntimezone: Mars/Base", "timezone"),
        ('"09:12"', '"-99999999999 09:12"', "step 1: "),
        ("    says:", "    booking: {arrives: 99999}\n    says:", "line 9: Expected `int` <= 3650"),
        (GOOD, "", "is empty"),
        (GOOD, "[]", "line 1"),
        (GOOD, "a: \x00", "day.yaml"),
    ],
)
def test_mistakes_are_named_with_their_place(old: str, new: str, words: str) -> None:
    with pytest.raises(ScriptError) as caught:
        parse_script(GOOD.replace(old, new), "day.yaml")
    assert str(caught.value).startswith("day.yaml")
    assert words in str(caught.value)


def test_two_threads_of_one_key_are_refused() -> None:
    twice = GOOD + GOOD[GOOD.index("  - key") :]
    with pytest.raises(ScriptError, match="same key"):
        parse_script(twice, "day.yaml")


def test_deep_nesting_ends_in_a_clear_error() -> None:
    with pytest.raises(ScriptError):
        parse_script("a: " + "[" * 5000, "day.yaml")


def test_too_long_a_script_is_refused() -> None:
    with pytest.raises(ScriptError, match="longer than"):
        parse_script("#" * 2_000_001, "day.yaml")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="cannot be read"):
        load_script(tmp_path / "missing.yaml")
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("day: é".encode("latin-1"))
    with pytest.raises(ScriptError, match="UTF-8"):
        load_script(latin)
    good = tmp_path / "good.yaml"
    good.write_text(GOOD, "utf-8")
    assert load_script(good) == parse_script(GOOD, "x")


@pytest.mark.parametrize(("written", "seconds"), [("20s", 20), ("5m", 300), ("1.5h", 5400), ("2 d", 172800)])
def test_durations(written: str, seconds: float) -> None:
    assert duration(written) == seconds


@pytest.mark.parametrize("written", ["", "5", "m", "-5m", "5 weeks"])
def test_what_is_no_duration(written: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        duration(written)
