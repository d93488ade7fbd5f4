"""Takes out of a guest's words what tells who wrote them; pure.

A program cannot know every name: what comes out has to be read by a person before it is shared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta

from autoresponder.cases.moved_dates import move_dates
from autoresponder.phonenumbers import phone_numbers

FIRST, LAST = "Anna", "Berg"
"""What every guest is called."""
HOST = "Marta"

_KEPT = 0xE000
_MOST_KEPT = 6000
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
_CODE = re.compile(
    r"(?<![\w])(?:(?=[\w#*/-]{0,40}\d[\w#*/-]{0,40}\d[\w#*/-]{0,40}\d)[\w][\w#*/-]{2,}|HM[A-Z0-9]{8}\b|"
    r"(?=[A-Z]{0,20}\d)(?=\d{0,20}[A-Z])[A-Z0-9]{6,20}\b)"
)
"""Booking numbers, passports, door codes: three digits or more, or capitals with a digit among them."""
_CLOCK = re.compile(
    r"\b(?:[01]?\d|2[0-4])[:.h][0-5]\d\b|\b\d{1,3}(?:[.,]\d{1,2})?\s?(?:€|\$|£|%|EUR|km|kg|m²)"
)

_UPPER = "[A-ZÀ-ÖØ-ÞŁŚŻŽŠČĆ]"
_CAPITAL = rf"(?:{_UPPER}\.|{_UPPER}[\w'’-]*)"
_NAMES = rf"{_CAPITAL}(?:[ \t]+(?:(?:&|\+|and|und|et|y|e|en)[ \t]+)?{_CAPITAL}){{0,4}}"
_PROPER = rf"{_CAPITAL}(?:[ \t]+(?:(?:de|du|des|da|do|di|del|della|la|le|van|der|den)[ \t]+){{0,2}}{_CAPITAL}){{0,3}}"
_STREETS = (
    re.compile(
        rf"\b\d{{1,5}}[a-zA-Z]?,?[ \t]+{_PROPER}[ \t]+"
        r"(?i:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|crescent|square|terrace|boulevard|blvd)\b\.?"
    ),
    re.compile(
        r"\b(?:\d{1,5}(?:[ \t]?(?:bis|ter|[a-zA-Z]))?,?[ \t]+)?(?i:rue|avenue|boulevard|place|chemin|calle|avenida|"
        r"plaza|paseo|via|viale|piazza|corso|rua|travessa|largo|praça)[ \t]+(?i:(?:de|du|des|da|do|di|del|della|la|le)"
        rf"[ \t]+){{0,2}}{_PROPER}(?:,?[ \t]+(?:n[.º°]?[ \t]?)?\d{{1,5}}[a-zA-Z]?)?\b"
    ),
    re.compile(
        rf"\b(?:{_CAPITAL}[ \t-])?\w{{2,40}}(?i:straße|strasse|str\.|weg|gasse|platz|allee|ufer|damm|straat|laan|gracht|plein)"
        r"[ \t]+\d{1,5}(?:[ \t]?[a-zA-Z]\b)?"
    ),
)
_TOWN = re.compile(rf"\b\d{{4,5}}(?:-\d{{3}})?[ \t]+(?!(?:EUR|USD|GBP)\b){_CAPITAL}\b")
_STREET = "1 Example Street"

_INTRODUCED = re.compile(
    r"(?P<lead>\b(?i:my name is|my name's|mein name ist|ich heiße|ich heisse|je m['’]appelle|mon nom est|me llamo|"
    r"mi nombre es|mi chiamo|il mio nome è|chamo-me|me chamo|meu nome é|ik heet|mijn naam is)\s+)"
    rf"(?P<name>{_NAMES})"
)
_TITLED = re.compile(
    r"(?P<lead>\b(?:Mr|Mrs|Ms|Miss|Dr|Herr|Herrn|Frau|Monsieur|Madame|Mme|Señor|Señora|Sr|Sra|Signor|Signora|Sig|"
    rf"Senhor|Senhora|Dhr|Mevr|Mevrouw)\.?\s+)(?P<name>{_NAMES})"
)
_GREETED = re.compile(
    r"(?P<lead>\A\s*(?i:dear|hi|hello|hey|hallo|liebe|lieber|guten tag|bonjour|cher|chère|hola|querida|querido|ciao|"
    r"buongiorno|cara|caro|olá|bom dia|beste|geachte)\s+)"
    rf"(?!(?:There|All|Team|Sir|Madam|Everyone|Host|Zusammen|Alle|Tous|Todos)\b)(?P<name>{_NAMES})(?=\s*[,!.\n])"
)
_SIGNED = re.compile(
    r"(?P<lead>\b(?i:regards|wishes|cheers|best|sincerely|thanks|thank you|grüße|grüßen|gruß|grüsse|danke|dank|lg|mfg|vg|"
    r"cordialement|merci|salutations|saludos|gracias|saluti|grazie|cumprimentos|abraço|abraços|obrigado|obrigada|"
    r"groet|groeten|groetjes|bedankt)\b[^\w\n]{0,4}[ \t]*\n?\s*)"
    rf"(?P<name>{_NAMES})\s*\Z"
)
_LAST_LINE = re.compile(rf"(?P<lead>\n\s*[-–~]?\s*)(?P<name>{_NAMES})\s*\Z")


class Anonymiser:
    """Replaces in several texts of one guest, everywhere in the same way.

    Args:
        guest: The guest's name as the OTA gives it, or empty.
        secrets: Door codes and passwords that may have been quoted.
        shift: What is added to every date; whole weeks, so that the days of the week stay right.
        year: The year of dates without one.
        languages: Whose names of months are looked for, two letters each.
    """

    def __init__(
        self,
        *,
        guest: str,
        secrets: Iterable[str],
        shift: timedelta,
        year: int,
        languages: Iterable[str],
    ) -> None:
        self._guest = [part for part in re.split(r"[\s,]+", guest) if len(part) > 1]
        self._secrets = sorted({s for s in secrets if len(s) > 2}, key=len, reverse=True)
        self._shift = shift
        self._year = year
        self._languages = tuple(dict.fromkeys(languages))

    def text(self, text: str) -> str:
        """A text without names, addresses, numbers and dates of its writer."""
        kept: list[str] = []

        def keep(words: str) -> str:
            if len(kept) >= _MOST_KEPT:
                return words
            kept.append(words)
            return chr(_KEPT + len(kept) - 1)

        plain = _PRIVATE_USE.sub("", text)
        for secret in self._secrets:
            plain = re.sub(re.escape(secret), lambda m: keep(_masked(m[0])), plain, flags=re.IGNORECASE)
        plain = _EMAIL.sub(lambda _: keep("guest@example.com"), plain)
        plain = _LINK.sub(lambda _: keep("https://example.com"), plain)
        for street in _STREETS:
            plain = street.sub(lambda _: keep(_STREET), plain)
        plain = move_dates(plain, self._shift, self._year, self._languages, keep)
        plain = _TOWN.sub(lambda _: keep("00000 Town"), plain)
        plain = _CLOCK.sub(lambda m: keep(m[0]), plain)
        for number in sorted(set(phone_numbers(plain)), key=len, reverse=True):
            plain = plain.replace(number, keep(_masked(number)))
        plain = _CODE.sub(lambda m: keep(_masked(m[0])), plain)
        plain = self._without_names(plain)
        return _PRIVATE_USE.sub(lambda m: kept[ord(m[0]) - _KEPT], plain)

    def _without_names(self, plain: str) -> str:
        if self._guest:
            full = r"[\s,]+".join(map(re.escape, self._guest))
            plain = re.sub(rf"(?<!\w){full}(?!\w)", f"{FIRST} {LAST}", plain, flags=re.IGNORECASE)
        for number, part in enumerate(self._guest):
            flags = re.IGNORECASE if len(part) > 2 else 0
            name = FIRST if number == 0 else LAST
            plain = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", name, plain, flags=flags)
        for pattern, name in (
            (_GREETED, HOST),
            (_TITLED, LAST),
            (_INTRODUCED, FIRST),
            (_SIGNED, FIRST),
            (_LAST_LINE, FIRST),
        ):
            plain = pattern.sub(_named(name), plain)
        return plain


def _named(name: str) -> Callable[[re.Match[str]], str]:
    return lambda match: f"{match['lead']}{name}"


def _masked(words: str) -> str:
    """Digits become 0, capitals X, small letters x: the shape stays, the content goes."""
    return "".join(
        "0" if c.isdigit() else c if not c.isalpha() else "X" if c.isupper() else "x" for c in words
    )
