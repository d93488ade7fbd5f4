"""What a guest wrote in a message, without what their mail programme put around it.

Left out: quoted lines (`> …`), the host's letter below "On … wrote:", a signature below `-- `, "Sent from my
phone", and name and trade below "Best regards". Whatever is in doubt stays.
"""

from __future__ import annotations

import re
from typing import Final

_HEADERS: Final = (
    r"on\b.{4,200}\bwrote ?:|am\b.{4,200}\bschrieb\b.{0,120}:|le\b.{4,200}\ba écrit ?:|el\b.{4,200}\bescribió ?:"
    r"|il\b.{4,200}\bha scritto ?:|em\b.{4,200}\bescreveu ?:|op\b.{4,200}\bschreef\b.{0,120}:"
    r"|-{3,} ?(?:original message|original ?nachricht|ursprüngliche nachricht|message d'origine|mensaje original"
    r"|messaggio originale|mensagem original|oorspronkelijk bericht|forwarded message) ?-{3,}"
)
_SENT: Final = (
    r"(?:sent (?:from|via) (?:my|the|mail|outlook|yahoo|gmail|samsung)|get outlook for|gesendet (?:von|mit) "
    r"|von meinem \w+ gesendet|envoyé (?:de|depuis) |enviado (?:desde|do|a partir) |inviato da(?:l|lla)? "
    r"|verstuurd vanaf |verzonden vanaf )[^?\n]{0,60}"
)
_CLOSINGS: Final = (
    r"(?:(?:with |mit |met )?(?:best|kind|warm|kindest|warmest|many) (?:regards|wishes)|regards|yours (?:sincerely|truly)"
    r"|sincerely|(?:mit )?(?:freundlichen|besten|herzlichen|lieben) grüßen|(?:viele|liebe|beste|freundliche|schöne) grüße"
    r"|mfg|lg|vg|(?:bien )?cordialement|saludos(?: cordiales)?|un saludo|atentamente|(?:cordiali|distinti) saluti"
    r"|atenciosamente|cumprimentos|met vriendelijke groet(?:en)?|groet(?:en|jes)?)"
)
_HEADER: Final = re.compile(rf"[ \t]*(?:{_HEADERS})[ \t]*", re.IGNORECASE)
_SENT_LINE: Final = re.compile(rf"[ \t]*{_SENT}", re.IGNORECASE)
_CLOSING: Final = re.compile(rf"[ \t]*{_CLOSINGS}[ \t]*[,.!]?[ \t]*", re.IGNORECASE)
_SUSPECT: Final = re.compile(
    rf"^[ \t]*(?:>|--[ \t]*$|{_HEADERS}|{_SENT}|{_CLOSINGS}[ \t]*[,.!]?[ \t]*$)", re.IGNORECASE | re.MULTILINE
)
_LINE_END: Final = re.compile(r"\r\n|\r")
_LONGEST_HEADER: Final = 400
_NAME_LINES: Final = 3
_NAME_WORDS: Final = 4


def own_words(text: str) -> str:
    """The part of a message that its writer wrote for this occasion. Time in proportion to the length."""
    if "\n" not in text and "\r" not in text:
        return "" if text.lstrip().startswith(">") else text
    text = _LINE_END.sub("\n", text)
    if not _SUSPECT.search(text):
        return text
    return "\n".join(_kept(text.split("\n")))


def _kept(lines: list[str]) -> list[str]:
    kept: list[str] = []
    names = 0
    for number, line in enumerate(lines):
        bare = line.strip()
        if bare.startswith(">") or _SENT_LINE.fullmatch(bare):
            continue
        if line.rstrip() == "--" and kept:
            return kept
        if len(line) <= _LONGEST_HEADER and _HEADER.fullmatch(bare):
            if not any(later.lstrip().startswith(">") for later in lines[number + 1 : number + 4]):
                return kept  # a whole letter follows, without marks at its lines
            continue
        if names and bare:
            names -= 1
            if _is_name(bare):
                continue
            names = 0
        if _CLOSING.fullmatch(bare):
            names = _NAME_LINES
        kept.append(line)
    return kept


def _is_name(line: str) -> bool:
    """`Jane Pool`, `Garage Smith Ltd.`: every word begins with a capital letter, and nothing is asked."""
    words = line.split()
    return len(words) <= _NAME_WORDS and all(
        word[0].isupper() and not any(sign.isdigit() or sign in "?!" for sign in word) for word in words
    )
