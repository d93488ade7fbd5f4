"""Small words say which language it is, or nothing."""

from __future__ import annotations

import pytest

from autoresponder.text.hints import hinted_language
from autoresponder.text.tokens import words_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where can we leave the car?", "en"),
        ("Wo können wir das Auto lassen?", "de"),
        ("Est-ce que vous avez une place pour notre voiture ?", "fr"),
        ("¿Dónde podemos dejar el coche?", "es"),
        ("Dove possiamo lasciare la nostra macchina?", "it"),
        ("Onde podemos deixar o nosso carro?", "pt"),
        ("Waar kunnen we onze auto laten staan?", "nl"),
        ("wifi", None),
        ("pool?", None),
    ],
)
def test_two_small_words_say_it(text: str, language: str | None) -> None:
    assert hinted_language(words_of(text)) == language


def test_one_small_word_is_enough_among_few_languages() -> None:
    words = words_of("¿Se puede fumar?")
    assert hinted_language(words, among=("es", "it")) == "es"
    assert hinted_language(words_of("fumar?"), among=("es", "pt")) is None


def test_languages_that_are_out_of_the_question_do_not_count() -> None:
    words = words_of("Is the piscina open and where is it?")
    assert hinted_language(words, among=("es", "it")) is None
