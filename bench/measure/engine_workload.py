"""What engines are compared on: plain keyword rules, and messages of which each is met by one or two of them."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

PROVIDERS = ("booking_com", "airbnb", "expedia")
_FILLERS = (
    "hello we are coming with the family and would like to know something about our room on friday thank you very much",
    "hallo wir kommen mit der Familie und möchten gerne etwas über unser Zimmer am Freitag wissen vielen Dank für Grüße",
    "bonjour nous arrivons avec la famille et nous voudrions savoir quelque chose sur notre séjour très bientôt à été",
    "hola llegamos con la familia y nos gustaría saber algo sobre nuestra habitación el próximo viernes muchísimas año",
    "buongiorno arriviamo con la famiglia e vorremmo sapere qualcosa sulla nostra camera perché venerdì è così già più",
    "olá chegamos com a família e gostaríamos de saber alguma coisa sobre o nosso quarto não é então amanhã também à",
)
_ASCII_SHARE = 0.38
_SYLLABLES = [
    a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en", "il", "os", "un")
]
_ACCENTS = str.maketrans("aeiou", "áéíóú")
_WORD = re.compile(r"[a-z0-9]+")
_ANY_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f]+")


@dataclass(frozen=True, slots=True)
class PlainRule:
    """Any of some keywords; perhaps of one provider; perhaps for long stays; perhaps a regular expression."""

    name: str
    keywords: tuple[str, ...]
    provider: str | None
    nights: int | None
    """At least so many."""
    literal: str | None
    """A regular expression beside the keywords: this word, then a space and a number."""


@dataclass(frozen=True, slots=True)
class PlainMessage:
    """What a decision is made of."""

    text: str
    provider: str
    nights: int


def make_rules(count: int, seed: int = 5) -> list[PlainRule]:
    """So many rules; a keyword or phrase belongs to one rule only."""
    rand = random.Random(seed)
    words = _words(rand, count * 8 + 100)
    rules = []
    for number in range(count):
        keywords = tuple(
            " ".join(next(words) for _ in range(rand.choice((1, 1, 2)))) for _ in range(rand.randint(3, 5))
        )
        rules.append(
            PlainRule(
                f"rule-{number}",
                keywords,
                rand.choice(PROVIDERS) if number % 2 else None,
                rand.randint(2, 4) if number % 4 == 0 else None,
                next(words) if number % 20 == 7 else None,
            )
        )
    return rules


def _words(rand: random.Random, count: int) -> Iterator[str]:
    seen: set[str] = set()
    while len(seen) < count * 2:
        seen.add("".join(rand.choice(_SYLLABLES) for _ in range(rand.choice((3, 3, 4)))))
    return iter(sorted(seen, key=lambda word: (hash_of(word), word)))


def hash_of(word: str) -> int:
    """An order that is no alphabet's and the same every time."""
    value = 0
    for sign in word:
        value = (value * 131 + ord(sign)) % 1_000_003
    return value


def make_messages(rules: list[PlainRule], count: int, seed: int = 6) -> list[PlainMessage]:
    """Messages in six languages with the words of one or two rules in them."""
    rand = random.Random(seed)
    messages = []
    for _ in range(count):
        plain = rand.random() < _ASCII_SHARE
        filler = _FILLERS[0] if plain else rand.choice(_FILLERS[1:])
        pieces = rand.sample(filler.split(), rand.randint(11, min(19, len(filler.split()))))
        for rule in rand.sample(rules, rand.choice((1, 1, 2))):
            words = rand.choice(rule.keywords)
            if rule.literal is not None and rand.random() < 0.5:
                words = f"{rule.literal} {rand.randint(1, 99)}"
            if not plain and rand.random() < 0.5:
                words = words.translate(_ACCENTS)
            pieces.insert(rand.randint(0, len(pieces)), words.capitalize() if rand.random() < 0.3 else words)
        text = " ".join(pieces)
        text = text[0].upper() + text[1:] + rand.choice((".", "?", "", "!"))
        messages.append(PlainMessage(text, rand.choice(PROVIDERS), rand.randint(1, 6)))
    return messages


def as_yaml(rules: list[PlainRule]) -> str:
    """The rules as a file of ours. They hand over to a person, so that every mention counts."""
    entries = []
    for rule in rules:
        phrases = list(rule.keywords)
        if rule.literal is not None:
            phrases.append(rf"re: \b{rule.literal} [0-9]+")
        when: dict[str, object] = {"text": {"any": phrases}}
        if rule.provider is not None:
            when["provider"] = rule.provider
        if rule.nights is not None:
            when["stay_details"] = {"nights": {"at_least": rule.nights}}
        entries.append({"id": rule.name, "title": rule.name, "when": when, "then": ["hold"]})
    return yaml.dump({"rules": entries}, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


def bare_normalise(text: str) -> str:
    """Case, accents and punctuation taken away, in as few passes as the standard library allows."""
    if text.isascii():
        return f" {' '.join(_WORD.findall(text.lower()))} "
    folded = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return f" {' '.join(_ANY_WORD.findall(folded))} "
