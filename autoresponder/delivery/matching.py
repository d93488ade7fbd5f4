"""Is this message ours? How a sent text is recognised when the thread is read back."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from enum import Enum
from urllib.parse import unquote, urlsplit

from autoresponder.model import Message, Sender
from autoresponder.parts import Attached, Delivery

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")

CLOCK_BAND = timedelta(seconds=60)
"""Stamps of guests (OTA seconds) and of the property (Channex microseconds) order only this well."""

_SIMILAR = 0.8
_PREFIX = 40
_COMPARE = 2000


def comparable(text: str) -> str:
    """The text as it is compared: NFC, line ends and spaces folded, invisible characters gone."""
    if not text.isascii():  # of ASCII nothing is composed or invisible
        text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return " ".join(text.split())


def body_hash(text: str) -> str:
    """A short hash of the comparable text, fit to be stored and logged."""
    return hashlib.sha256(comparable(text).encode()).hexdigest()[:32]


class Strength(Enum):
    """How sure a match is."""

    STRONG = "strong"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Match:
    """A property message that is, or may be, the one we sent."""

    message: Message
    strength: Strength


def find_copy(
    messages: Iterable[Message], *, body: str, baseline: frozenset[str], since: datetime
) -> Match | None:
    """Look for a message that we may have sent.

    Args:
        messages: The thread as read back.
        body: The frozen text.
        baseline: Property messages that were there before the attempt; never ours.
        since: Time of the message that is answered, in the server's stamps; only server stamps are
            compared with each other, so a wrong local clock cannot hide a copy.

    Returns:
        A strong match (equal text) if there is one, else a weak one (masked, cut or decorated text).
    """
    wanted: str | None = None
    weak: Match | None = None
    for message in messages:
        if message.sender is not Sender.PROPERTY or message.id in baseline:
            continue
        if message.inserted_at < since - CLOCK_BAND:
            continue
        wanted = comparable(body) if wanted is None else wanted
        found = comparable(message.text)
        if found == wanted:
            return Match(message, Strength.STRONG)
        if weak is None and _similar(found, wanted):
            weak = Match(message, Strength.WEAK)
    return weak


def find_file(
    messages: Iterable[Message], *, attached: Attached, baseline: frozenset[str], since: datetime
) -> Match | None:
    """Look for the message that carries a file of ours, as `find_copy` looks for a text.

    Returns:
        A strong match when the file's address holds its id or ends in its name; a weak one for any other file
        without words: addresses change, and it may as well be a person's.
    """
    weak: Match | None = None
    for message in messages:
        if message.sender is not Sender.PROPERTY or message.id in baseline:
            continue
        if not message.attachments or message.inserted_at < since - CLOCK_BAND:
            continue
        if carries(message, attached):
            return Match(message, Strength.STRONG)
        if weak is None and not comparable(message.text):
            weak = Match(message, Strength.WEAK)
    return weak


def carries(message: Message, attached: Attached) -> bool:
    """Whether a message of the property brings this file, by the addresses of its files."""
    for address in message.attachments:
        path = unquote(urlsplit(address).path)
        if (attached.id and attached.id in path) or path.rpartition("/")[2] == attached.name:
            return True
    return False


def find_ours(
    messages: Iterable[Message], delivery: Delivery, *, baseline: frozenset[str], since: datetime
) -> Match | None:
    """Look for the message that a delivery sends, be it a text or a file; see `find_copy` and `find_file`."""
    if delivery.attached is not None:
        return find_file(messages, attached=delivery.attached, baseline=baseline, since=since)
    return find_copy(messages, body=delivery.body, baseline=baseline, since=since)


def _similar(found: str, wanted: str) -> bool:
    if not found or not wanted:
        return False
    if len(wanted) >= _PREFIX and (found.startswith(wanted[:_PREFIX]) or wanted in found):
        return True
    matcher = SequenceMatcher(None, found[:_COMPARE], wanted[:_COMPARE], autojunk=False)
    return matcher.quick_ratio() >= _SIMILAR and matcher.ratio() >= _SIMILAR
