"""Phone numbers in running text, told apart from dates, times, prices, postal codes and house numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

_RUN = re.compile(r"(?<![\w,])(?:\+|\()? ?\(?\d(?:\d|[ \t().\-–/·_*]{1,3}(?=[\d(]))*\d(?!\w)")
"""Digits with the signs that people put between the groups of a phone number."""

_CLOCK = r"(?:[01]?\d|2[0-4])[.:][0-5]\d"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DATE = rf"(?:{_DAY}[./-]{_MONTH}[./-](?:{_YEAR}|\d\d)|{_MONTH}/{_DAY}/(?:{_YEAR}|\d\d)|{_YEAR}[-./]{_MONTH}[-./]{_DAY}|{_DAY}\.{_MONTH}\.?)"
_TO = r"(?:\s*[-–/]\s*|\s+)"
_CALENDAR = re.compile(
    rf"(?:{_DAY}\.?\s*[-–/]\s*)?(?:{_DATE}|{_CLOCK}|{_YEAR})(?:{_TO}(?:{_DATE}|{_CLOCK}|{_YEAR}))*"
)
_DECIMAL = re.compile(r"\d{1,3}\.\d{4,}")
_THOUSANDS = re.compile(r"\d{1,2}(?:[.\s]\d{3})+(?:\.\d\d)?")
_PRICE = re.compile(r"\d{1,3}(?:[.\s']\d{3})*(?:[.]\d\d)?(?:\s*[-–/]\s*\d{1,3}(?:[.\s']\d{3})*(?:[.]\d\d)?)*")
_POSTAL = re.compile(r"(?:^|(?<=\s))\d{4,5}-\d{3}$")
_STREET = re.compile(r"\d{1,4}-\d{1,4} \d{5}")
"""House numbers before a postal code of five digits: 12-14 10115 Berlin."""
_ZIP_PLUS_FOUR = re.compile(r"\b[A-Z]{2} \d{5}-\d{4}\b")
_MONEY_BEFORE = re.compile(r"(?:[€$£¥₹]|\b[A-Z]{3}|\bR\$|\bkr)\s?$")
_MONEY_AFTER = re.compile(
    r"\s?(?:[€$£¥₹]|(?:EUR|USD|GBP|CHF|PLN|CZK|SEK|NOK|DKK|BRL|euros?|dollars?|Euro)\b)"
)
_WORD_BEFORE = re.compile(
    r"(?:\b(?:tele?(?:phone|fono|foon|fon|fone|m[oó]vel)?|tél(?:éphone)?|tfno|phone|mobile|mobiel|mobil|handy|cell|"
    r"cellulare|portable|m[oó]vil|call|ring|text|sms|anrufen|ruf\w*|ll[aá]m\w*|appel\w*|chiam\w*|lig\w+|bel|bellen|"
    r"number|nummer|numéro|número|numero|fax|whats?\s?app)\b)[^\d\n]{0,25}$",
    re.IGNORECASE,
)
_WORD_REACH = 60
_LONGEST_HOUSE_NUMBER = 4

_FEWEST, _LONE, _MOST = 7, 9, 15
"""Digits: fewest of any number, fewest without a sign that it is a phone number, most (E.164)."""

_SINGLE = re.compile(r"(?<![\w.,])\d(?:[ \t.\-_*,/]{1,3}\d){6,}(?!\w)")
_DIGIT_WORDS = (
    "zero oh one two three four five six seven eight nine double triple "
    "null eins zwei drei vier fünf sechs sieben acht neun "
    "zéro un deux trois quatre cinq sept huit neuf "
    "cero uno dos tres cuatro cinco seis siete ocho nueve "
    "due tre quattro cinque sei sette otto nove "
    "um dois três quatro sete oito "
    "nul een twee drie vijf zes zeven negen"
).replace(" ", "|")
_SPELLED = re.compile(
    rf"\b(?:(?:{_DIGIT_WORDS}|\d)[\s,.\-]{{1,3}}){{6,}}(?:{_DIGIT_WORDS}|\d)\b",
    re.IGNORECASE,
)


def phone_numbers(text: str) -> Iterator[str]:
    """The phone numbers in a text, as they are written, in order; spelled-out ones last.

    Args:
        text: Plain text, compatibility characters folded.
    """
    spread = list(_SINGLE.finditer(text))
    for match in _RUN.finditer(text):
        if any(s.start() <= match.start() < s.end() for s in spread):
            continue
        if _is_phone(match[0], text[: match.start()], text[match.end() :]):
            yield match[0].strip()
    for match in spread:
        yield match[0]
    for match in _SPELLED.finditer(text):
        if re.search(r"[^\W\d_]", match[0]):
            yield match[0]


def _is_phone(run: str, before: str, after: str) -> bool:
    run = run.strip()
    if _ZIP_PLUS_FOUR.search(before[-3:] + run):
        return False
    rest = _without_postal_code(run).strip(" -–/.")
    digits = _digits(rest)
    if not _FEWEST <= digits <= _MOST:
        return False
    if rest.startswith(("+", "(+")):
        return True
    if (
        _CALENDAR.fullmatch(rest)
        or _DECIMAL.fullmatch(rest)
        or _THOUSANDS.fullmatch(rest)
        or _STREET.fullmatch(rest)
    ):
        return False
    if _is_price(rest, before, after):
        return False
    if rest.startswith(("0", "(0")) or digits >= _LONE:
        return True
    return bool(_WORD_BEFORE.search(before[-_WORD_REACH:]))


def _is_price(run: str, before: str, after: str) -> bool:
    beside = _MONEY_BEFORE.search(before[-5:]) or _MONEY_AFTER.match(after)
    return bool(beside) and _PRICE.fullmatch(run) is not None


def _digits(run: str) -> int:
    return sum(character.isdigit() for character in run)


def _without_postal_code(run: str) -> str:
    """The run without the Portuguese or Brazilian postal code that ends it, after a house number or alone."""
    match = _POSTAL.search(run)
    if match is None or _digits(run[: match.start()]) > _LONGEST_HOUSE_NUMBER:
        return run
    return run[: match.start()]
