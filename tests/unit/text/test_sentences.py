"""Where sentences end, and which of them are questions."""

from __future__ import annotations

import pytest

from autoresponder.text.sentences import split


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi! Is there wifi? Thanks.", ["Hi!", "Is there wifi?", "Thanks."]),
        ("Hi\nIs there wifi", ["Hi", "Is there wifi"]),
        ("We arrive at 10.30 or so. Ok?", ["We arrive at 10.30 or so.", "Ok?"]),
        ("We come at 10 p.m. on Friday", ["We come at 10 p.m. on Friday"]),
        ("Am 15. Mai kommen wir. Geht das?", ["Am 15. Mai kommen wir.", "Geht das?"]),
        ("approx. 5 people. Ok?", ["approx. 5 people.", "Ok?"]),
        ("z.B. am Bahnhof", ["z.B. am Bahnhof"]),
        ("Dear Mr. Smith, thanks", ["Dear Mr. Smith, thanks"]),
        ("Thanks.Is there wifi?", ["Thanks.", "Is there wifi?"]),
        ("wifi?parking?", ["wifi?", "parking?"]),
        ("See https://x.example/a?b=c.d ok? Bye", ["See https://x.example/a?b=c.d ok?", "Bye"]),
        ("有停车场吗？谢谢。", ["有停车场吗？", "谢谢。"]),
        ("¿Hay wifi? ¡Gracias!", ["¿Hay wifi?", "¡Gracias!"]),
        ("... !!! ?", []),
        ("", []),
        ("No. Is there another?", ["No.", "Is there another?"]),
        ("We are 3. Is there wifi?", ["We are 3.", "Is there wifi?"]),
    ],
)
def test_split(text: str, expected: list[str]) -> None:
    found = [sentence.text.lstrip("¿¡ ") for sentence in split(text)]
    assert found == [sentence.lstrip("¿¡ ") for sentence in expected]


def test_a_line_broken_by_a_mail_programme_is_one_sentence() -> None:
    text = "We would like to know whether it is possible to come a little bit\nearlier on Friday\nAnna"
    assert [s.words[-1] for s in split(text)] == ["friday", "anna"]


@pytest.mark.parametrize("text", ["ok?", "ok ?!", "吗？", "ok؟", "ok ❓", "πότε;", "Hello\n?"])
def test_questions(text: str) -> None:
    assert [sentence.question for sentence in split(text)] == [True]


@pytest.mark.parametrize("text", ["ok.", "ok!", "I am here; see you", "see https://x.example/?a"])
def test_no_questions(text: str) -> None:
    assert not any(sentence.question for sentence in split(text))


def test_compounds_count_from_the_sentence_s_own_first_word() -> None:
    first, second = split("Hi there. The wi-fi?")
    assert first.compounds == {}
    assert second.compounds == {1: ("wifi", 3)}
