"""Files that go to guests: which there can be, and what each OTA takes; pure.

Channex publishes no list. What is held here: Booking.com takes JPEG and PNG up to 1 MB (its developers' page on
attachments), Expedia PDF, JPEG and PNG up to 5 MB each (its attachment service), Airbnb JPEG, GIF and PNG. An upload is
JSON with the file in base64, of which Channex takes 10 MB: about 7 MB of file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from autoresponder.model import Provider

MEGABYTE = 1_000_000
MOST = 7 * MEGABYTE
"""Bytes that can be uploaded at all."""

_JPEG, _PNG, _GIF, _PDF = "image/jpeg", "image/png", "image/gif", "application/pdf"
_TYPES: Mapping[str, str] = {".jpg": _JPEG, ".jpeg": _JPEG, ".png": _PNG, ".gif": _GIF, ".pdf": _PDF}
_STARTS: Mapping[str, tuple[bytes, ...]] = {
    _JPEG: (b"\xff\xd8\xff",),
    _PNG: (b"\x89PNG\r\n\x1a\n",),
    _GIF: (b"GIF87a", b"GIF89a"),
    _PDF: (b"%PDF-",),
}
_NAMES: Mapping[str, str] = {_JPEG: "JPEG", _PNG: "PNG", _GIF: "GIF", _PDF: "PDF"}

ENDINGS = tuple(_TYPES)
KINDS = "JPEG, PNG, GIF or PDF"


@dataclass(frozen=True, slots=True)
class _Limit:
    name: str
    types: tuple[str, ...]
    most: int


_LIMITS: Mapping[Provider, _Limit] = {
    Provider.BOOKING_COM: _Limit("Booking.com", (_JPEG, _PNG), MEGABYTE),
    Provider.AIRBNB: _Limit("Airbnb", (_JPEG, _PNG, _GIF), MOST),
    Provider.EXPEDIA: _Limit("Expedia", (_JPEG, _PNG, _PDF), 5 * MEGABYTE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file of the manager's that rules may send."""

    path: str
    """Below the folder of files, with `/`."""
    type: str
    """MIME type, by the name's ending."""
    digest: str
    """SHA-256 of the content, hexadecimal."""
    content: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """What the guest sees."""
        return self.path.rpartition("/")[2]


def attached_file(path: str, content: bytes) -> AttachedFile:
    """A file as rules know it; its ending must be one of `ENDINGS`."""
    kind = _type(path)
    if kind is None:
        raise ValueError(f"{path} is no {KINDS}")
    return AttachedFile(path=path, type=kind, digest=hashlib.sha256(content).hexdigest(), content=content)


def path_complaint(path: str) -> str:
    """What is wrong with a path as such; empty when nothing is."""
    parts = path.split("/")
    if "\\" in path or ":" in path or path.startswith(("/", "~")) or ".." in parts:
        return f"'{path[:80]}' leads out of the folder of files"
    if "" in parts or "." in parts or any(part.startswith(".") for part in parts) or not path.isprintable():
        return f"'{path[:80]}' is no name of a file"
    if _type(path) is None:
        return f"'{path[:80]}' is no {KINDS}"
    return ""


def file_complaint(file: AttachedFile) -> str:
    """Why nobody could get this file; empty when somebody could."""
    if not file.content:
        return f"{file.path} is empty"
    if not file.content.startswith(_STARTS[file.type]):
        return f"{file.path} is called {_NAMES[file.type]} and is none"
    if len(file.content) > MOST:
        return f"{file.path} has {_size(len(file.content))}; Channex takes {_size(MOST)} at most"
    return ""


def refusal(file: AttachedFile, provider: Provider) -> str:
    """Why guests of an OTA cannot get this file; empty when they can."""
    limit = _LIMITS.get(provider)
    if limit is None:
        return "only guests of Booking.com, Airbnb and Expedia can be sent files"
    if file.type not in limit.types:
        taken = " and ".join(_NAMES[kind] for kind in limit.types[-2:])
        head = ", ".join(_NAMES[kind] for kind in limit.types[:-2])
        return f"{limit.name} takes {head + ', ' if head else ''}{taken} only, and {file.path} is a {_NAMES[file.type]}"
    if len(file.content) > limit.most:
        return (
            f"{limit.name} takes {_size(limit.most)} at most, and {file.path} has {_size(len(file.content))}"
        )
    return file_complaint(file)


def _type(path: str) -> str | None:
    _, dot, ending = path.rpartition(".")
    return _TYPES.get(f".{ending.lower()}") if dot else None


def _size(count: int) -> str:
    return f"{count / MEGABYTE:.1f} MB" if count >= 100_000 else f"{count / 1000:.0f} kB"
