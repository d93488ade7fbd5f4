"""Clean texts, fit names, and what is wrong with a finished reply."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoresponder.templating.hygiene import cleaned, fault, person_name, tidy
from tests.support.effort import effort


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Anna", "Anna"),
        ("  Anna   Maria ", "Anna Maria"),
        ("Anna-Lena", "Anna-Lena"),
        ("D'Angelo", "D'Angelo"),
        ("O’Neill", "O’Neill"),
        ("J. R.", "J. R."),
        ("Anna & Bob", "Anna & Bob"),
        ("Anna 🌸", "Anna"),
        ("José", "José"),
        ("Jose\u0301", "José"),
        ("محمد", "محمد"),
        ("अनिल", "अनिल"),
        ("Ольга", "Ольга"),
        ("李 小龍", "李 小龍"),
        ("An\u202ena", "Anna"),
        ("", ""),
        ("   ", ""),
        ("-", ""),
        ("Anna2", ""),
        ("+351 912 345 678", ""),
        ("www.evil.example", ""),
        ("J.R. Stone", "J.R. Stone"),
        ("Anna²", ""),
        ("http://evil.example", ""),
        ("anna@evil.example", ""),
        ("{{ 7*7 }}", ""),
        ("<script>", ""),
        ("Anna\nBcc: x", ""),
        ("a" * 61, ""),
        ("Anna, your code is", ""),
        ("A/B", ""),
    ],
)
def test_names(written: str, name: str) -> None:
    assert person_name(written) == name


@given(st.text(max_size=80))
def test_a_name_is_letters_on_one_line_or_nothing(written: str) -> None:
    name = person_name(written)
    assert len(name) <= 60
    assert not any(c.isdigit() or c in "\n\r\t{}<>@/:%#" for c in name)
    assert person_name(name) == name


@given(st.text(max_size=200))
def test_tidy_is_clean_and_stays_so(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert once == once.strip()
    assert "\n\n\n" not in once
    for character in once:
        assert character == "\n" or unicodedata.category(character) not in ("Cc", "Cs", "Co")
        assert character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b\u2028"
    once.encode("utf-8")


@given(st.text(max_size=100))
def test_cleaning_never_adds(text: str) -> None:
    assert len(cleaned(text)) <= len(text)


def test_joiners_and_direction_marks_of_scripts_stay() -> None:
    assert (
        tidy("می\u200cخواهم \u200fשלום\u200e 👨\u200d👩\u200d👧 ❤\ufe0f")
        == "می\u200cخواهم \u200fשלום\u200e 👨\u200d👩\u200d👧 ❤\ufe0f"
    )


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "empty"),
        ("Hi {{ name }}", "braces"),
        ("Hi {% if", "braces"),
        ("Hi None,", "None"),
        ("It costs nan", ""),
        ("It costs NaN", "None"),
        ("It is undefined.", "None"),
        ("x" * 11, "11 characters"),
        ("None of it.", ""),
        ("{x}", ""),
        ("Nonesuch", ""),
    ],
)
def test_faults(text: str, word: str) -> None:
    found = fault(text, longest=20 if len(text) < 20 and "x" * 11 not in text else 10)
    assert (word in found) if word else found == ""


@pytest.mark.parametrize("unit", ["a", "a ", "a-", "-", "' "])
def test_long_names_take_little_work(unit: str) -> None:
    assert effort(lambda: person_name(unit * 20_000)) < 12 * effort(lambda: person_name(unit * 2_000)) + 100
