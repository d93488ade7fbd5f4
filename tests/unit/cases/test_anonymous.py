"""What is taken out of a guest's words, and what stays."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoresponder.cases.anonymous import Anonymiser

WEEKS = timedelta(weeks=4)


def anonymiser(
    guest: str = "Ingeborg Zwanziger", secrets: tuple[str, ...] = ("blue-lemon-42",)
) -> Anonymiser:
    return Anonymiser(
        guest=guest,
        secrets=secrets,
        shift=WEEKS,
        year=2026,
        languages=("en", "de", "fr", "es", "it", "pt", "nl"),
    )


PRIVATE = [
    ("write to ingeborg.z@web.example.de please", "ingeborg.z@"),
    ("call me: +49 171 2345678 or 0171/2345678", "2345678"),
    ("my booking 4193.207.561", "207"),
    ("booking number 4193207561", "4193207561"),
    ("confirmation HMQXZKPLWA", "HMQXZKPLWA"),
    ("confirmation HMK3ZKPLWA", "HMK3ZKPLWA"),
    ("passport C01X00T47", "C01X00T47"),
    ("I am Ingeborg Zwanziger", "Ingeborg"),
    ("ZWANZIGER, INGEBORG is the name", "ZWANZIGER"),
    ("is zwanziger on the bell?", "zwanziger"),
    ("my name is Fritz Huber, hello", "Huber"),
    ("Ich heiße Fritz Huber.", "Huber"),
    ("Best regards,\nFritz Huber", "Fritz"),
    ("See you\n\nFritz", "Fritz"),
    ("Dear Apollonia,\nis there parking?", "Apollonia"),
    ("Frau Moosbrugger kommt mit", "Moosbrugger"),
    ("the code blue-lemon-42 does not work", "lemon"),
    ("see https://maps.example.com/u/fritz?q=1", "fritz"),
    ("we live at 221 Baker Street, London", "Baker"),
    ("wir wohnen Lindenstraße 12a, 10115 Berlin", "Linden"),
    ("10115 Berlin is home", "Berlin"),
    ("nous habitons 12 rue de la Paix", "Paix"),
    ("Via Garibaldi 7 is where we live", "Garibaldi"),
    ("Calle de Alcalá 45", "Alcal"),
    ("we arrive on 14 May 2026", "14 May"),
    ("we arrive on 2026-05-14", "05-14"),
    ("vom 14.05.2026 an", "14.05."),
]


@pytest.mark.parametrize(("text", "private"), PRIVATE)
def test_what_tells_who_wrote_goes(text: str, private: str) -> None:
    assert private in text
    assert private.casefold() not in anonymiser().text(text).casefold()


KEPT = [
    "Hi! What's the wifi password, and can we park?",
    "Can we check in at 11:30 or 14h30?",
    "Is it 25 EUR or 30€ per night for 2 adults and 1 child?",
    "Wo können wir parken? Es sind 3 km bis zum Strand.",
    "The apartment has 2 rooms, right?",
    "Thank you so much, everything was great!",
    "Hello there,\nis there parking?",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_the_question_is_made_of_stays(text: str) -> None:
    assert anonymiser().text(text) == text


def test_dates_move_as_they_are_written_and_keep_their_day_of_the_week() -> None:
    moved = anonymiser().text("from 1st May to 3rd May, 2026-05-01, 01.05.2026, le 1 mai, May 30-31")
    assert moved == "from 29th May to 31st May, 2026-05-29, 29.05.2026, le 29 mai, June 27-28"


@given(st.text(max_size=400))
def test_any_text_can_be_given_and_no_mark_of_ours_is_left(text: str) -> None:
    found = anonymiser().text(text)
    assert not any("\ue000" <= c <= "\uf8ff" for c in found)


@given(
    st.text("abc xyz,.!?\n", max_size=80), st.sampled_from(["Ingeborg", "ZWANZIGER", "ingeborg zwanziger"])
)
def test_the_guests_name_never_stays(around: str, name: str) -> None:
    found = anonymiser().text(f"{around} {name} {around}").casefold()
    assert "ingeborg" not in found
    assert "zwanziger" not in found


@pytest.mark.parametrize(
    "piece", ["1", "a", "A", "A ", "1.", "-", "#1", "12 ", "Aa ", "@", "1 May ", "a.", "rue ", "(at)"]
)
def test_hostile_texts_take_no_more_than_a_moment(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    began = time.process_time()
    anonymiser().text(text)
    assert time.process_time() - began < 5.0
