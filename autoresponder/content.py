"""What an OTA would refuse or strip from a message: phone numbers, e-mail addresses and links, also disguised.

Airbnb refuses contact data and links until the booking is confirmed; Expedia moderates likewise. Booking.com
removes every link that was not approved in the extranet, or the whole message.
(Airbnb help 1121 and 44; Hospitable's and Booking.com's pages on message contents.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from autoresponder.model import Provider
from autoresponder.phonenumbers import phone_numbers


class Kind(StrEnum):
    """What was found."""

    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    ELSEWHERE = "elsewhere"
    """The name of another messenger, or a handle there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place in a message that the OTA would not let through."""

    kind: Kind
    excerpt: str
    """The words, at most 60 characters, in their plain form (full-width and hidden characters removed)."""
    message: str
    """Who refuses what and when, as a sentence without full stop."""


_TLDS = (
    "com net org info biz io co me ly gl eu uk de fr es it pt nl be ch at dk se no fi pl cz sk hu ro bg gr hr si"
    " ie is lt lv ee ru ua tr us ca mx br ar cl au nz jp cn in za ae il app dev page link site online shop store"
    " travel house rentals holiday apartments cat xyz top club live cloud gg to tv cc"
)
_TLD = f"(?:{_TLDS.replace(' ', '|')})"
_AT = r"(?:\s*@\s*|\s*[(\[{]\s*(?:at|@|arroba|chiocciola|ät)\s*[)\]}]\s*|\s+(?:arroba|chiocciola)\s+)"
_AT_WORD = r"\s+(?:at|ät|chez)\s+"
_DOT = r"(?:\s*[(\[{]\s*(?:dot|\.|punkt|punto|point|ponto|punt)\s*[)\]}]\s*|\s+(?:dot|punkt|punto|point|ponto|punt)\s+)"

_EMAIL = re.compile(
    rf"(?<![\w.+-])[\w.+-]{{1,64}}(?:{_AT}[\w-]+(?:(?:\s?\.\s?|{_DOT})[\w-]+)*(?:\s?\.\s?|{_DOT}){_TLD}\b"
    rf"|{_AT_WORD}[\w-]+(?:(?:\.|{_DOT})[\w-]+)*(?:\.|{_DOT}){_TLD}\b"
    r"|@[\w-]+(?:\.[\w-]+)+)",
    re.IGNORECASE,
)
_MAILBOX = re.compile(r"\b(?:gmail|hotmail|yahoo|outlook|icloud|gmx|protonmail)\b(?!\s+users)", re.IGNORECASE)
_SCHEME = re.compile(
    r"\b(?:https?|hxxps?|ftp)\s?:\s?/\s?/\s?[^\s<>\"]+|\b(?:mailto|tel|sms):[^\s<>\"]+", re.IGNORECASE
)
_WWW = re.compile(rf"\bwww\s?(?:\.|{_DOT})\s?[^\s<>\"]+", re.IGNORECASE)
# Only small letters after the dot: "tomorrow.It is" is a forgotten space and no address.
_BARE = re.compile(rf"(?<![\w@.-])(?:(?=[\w-]*[^\W\d_])[\w-]+\.)+{_TLD}(?![\w-]|\.\w)(?:/[^\s<>\"]*)?")
_DISGUISED = re.compile(rf"\b[\w-]+{_DOT}{_TLD}\b", re.IGNORECASE)
_SHORT = re.compile(r"(?:e\.g|i\.e|z\.b|d\.h|p\.ex|p\.es|a\.m|p\.m|u\.s|s\.a|i\.v\.a)\b", re.IGNORECASE)

_MARKS = ("@", "www", "http", "hxxp", "ftp", "mailto:", "tel:", "sms:")
_ENDING = re.compile(r"(?:\.|dot|punkt|punto|point|ponto|punt)(?=\s*[)\]}]?\s*([a-z]{2,10})\b)")
_ENDINGS = frozenset(_TLDS.split())
"""A mark or an ending is in every link and every e-mail address; most texts have none, and need no closer look."""
_SMALL_I = str.maketrans({"\u0307": None, "\u0131": "i"})
"""Turkish letters that patterns without regard to case take for an i."""

_MESSENGER = re.compile(
    r"\b(?:whats?\s?app|telegram|wechat|viber|skype|snapchat|paypal|venmo|zelle|facebook messenger)\b",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.])@[A-Za-z][\w.]{2,}")
_AIRBNB = re.compile(r"(?:^|\.)(?:airbnb\.(?:com|cat|[a-z]{2}|com?\.[a-z]{2})|abnb\.me)$")
_BOOKING_COM = ("booking.com",)

_HIDDEN = frozenset({"Cf", "Cc"})
_KEYCAP = str.maketrans("", "", "\ufe0f\u20e3")
_LONGEST = 60


def forbidden(
    text: str, *, provider: Provider, confirmed: bool, approved_links: Collection[str] = ()
) -> tuple[Finding, ...]:
    """What the OTA would refuse, strip or hide in a message; empty when the message may go.

    Args:
        text: The message as it would be sent.
        provider: The OTA of the thread.
        confirmed: Whether the guest has a confirmed booking.
        approved_links: Domains whose links Booking.com lets through because they were approved in the
            extranet, such as `seaview.example`; their subdomains count too. booking.com always is.

    Returns:
        Findings in the order of the text, links before what stands inside them.
    """
    plain = _plain(text)
    if provider is Provider.BOOKING_COM:
        allowed = (*_BOOKING_COM, *approved_links)
        why = "Booking.com lets no link through that was not approved in the extranet"
        return tuple(
            _finding(Kind.LINK, words, why)
            for words, host in _links(plain)
            if not any(_belongs(host, domain) for domain in allowed)
        )
    if confirmed or provider not in (Provider.AIRBNB, Provider.EXPEDIA):
        return ()
    return tuple(_before_confirmation(plain, provider))


def _before_confirmation(plain: str, provider: Provider) -> Iterator[Finding]:
    name = "Airbnb" if provider is Provider.AIRBNB else "Expedia"
    until = f"{name} lets no {{}} through before the booking is confirmed"
    for words, host in _links(plain):
        if provider is not Provider.AIRBNB or not _AIRBNB.search(host):
            yield _finding(Kind.LINK, words, until.format("link"))
    for words in _emails(plain):
        yield _finding(Kind.EMAIL, words, until.format("e-mail address"))
    for words in phone_numbers(_without_links(plain)):
        yield _finding(Kind.PHONE, words, until.format("phone number"))
    for pattern in (_MESSENGER, _HANDLE):
        for match in pattern.finditer(plain):
            yield _finding(Kind.ELSEWHERE, match[0], until.format("pointer to another service"))


def _finding(kind: Kind, words: str, why: str) -> Finding:
    excerpt = " ".join(words.split())[:_LONGEST]
    return Finding(kind=kind, excerpt=excerpt, message=f"{why}: “{excerpt}”")


def _plain(text: str) -> str:
    """The text as a filter would read it: compatibility forms folded, invisible characters gone."""
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_KEYCAP)
    if folded.replace("\n", "").isprintable():
        return folded  # nearly every text: nothing hidden in it
    return "".join(c if c in "\n\t" else "" if unicodedata.category(c) in _HIDDEN else c for c in folded)


def _emails(plain: str) -> Iterator[str]:
    for match in _EMAIL.finditer(plain):
        yield match[0]
    if not _EMAIL.search(plain):
        for match in _MAILBOX.finditer(plain):
            yield match[0]


def _links(plain: str) -> Iterator[tuple[str, str]]:
    """Links with their host; the same words are told once."""
    if not _may_hold_link(plain):
        return
    taken: list[tuple[int, int]] = [match.span() for match in _EMAIL.finditer(plain)]
    for pattern in (_SCHEME, _WWW, _BARE, _DISGUISED):
        for match in pattern.finditer(plain):
            start, end = match.span()
            inside = any(start < other_end and other_start < end for other_start, other_end in taken)
            if inside and pattern is not _SCHEME:  # https://known.example@elsewhere looks like an address
                continue
            if pattern is _BARE and _SHORT.match(match[0]):
                continue
            taken.append((start, end))
            yield match[0], _host(match[0])


def _may_hold_link(plain: str) -> bool:
    """Whether there is a trace of a link or an e-mail address; cheap, and never wrong when it says no."""
    small = plain.lower()
    if not small.isascii():
        small = small.translate(_SMALL_I)
    if not _ENDINGS.isdisjoint(_ENDING.findall(small)):
        return True
    return any([mark in small for mark in _MARKS])  # noqa: C419 - a list is quicker than a generator here


def _host(words: str) -> str:
    """The host that a link really leads to; what stands before an @ is only for show."""
    link = re.sub(_DOT, ".", words, flags=re.IGNORECASE).replace(" ", "").lower()
    rest = link.split("://", 1)[-1] if "://" in link else link
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    return authority.rpartition("@")[2].partition(":")[0].rstrip(".,;!)")


def _belongs(host: str, domain: str) -> bool:
    domain = domain.strip().lower().removeprefix("www.").rstrip("/")
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def _without_links(plain: str) -> str:
    """The text with links blanked out: the digits in them are no phone numbers."""
    return _SCHEME.sub(lambda m: m[0] if m[0].lower().startswith(("tel", "sms")) else " … ", plain)
