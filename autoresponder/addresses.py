"""Judges addresses that people set, without ever repeating them: they can hold a password."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

_STORES = ("sqlite", "redis", "rediss", "unix", "memory")


def url_complaint(url: str) -> str:
    """What is wrong with the address of the API, without repeating it; empty when it will do."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "this is no web address"
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return "this is no web address: it must begin with https://"
    if parts.username is not None or parts.password is not None:
        return "the address must not hold a name or a password"
    if parts.query or parts.fragment or any(c.isspace() for c in url):
        return "the address must end with its path, without ? or #"
    if parts.scheme == "http" and not _near(parts.hostname):
        return "the address must begin with https://, or the API key could be read on the way"
    return ""


def webhook_complaint(url: str) -> str:
    """What is wrong with an address to post to, without repeating it; empty when it will do."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "this is no web address"
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return "this is no web address: it must begin with https://"
    if any(c.isspace() for c in url):
        return "the address must hold no spaces"
    if parts.scheme == "http" and not _near(parts.hostname):
        return "the address must begin with https://"
    return ""


def store_complaint(url: str) -> str:
    """What is wrong with a store's address, without repeating it; empty when it will do."""
    scheme, sign, rest = url.partition("://")
    if not sign or scheme not in _STORES:
        return "this is no store: it must begin with " + ", ".join(f"{name}://" for name in _STORES)
    return "the store's address ends too early" if not rest and scheme != "memory" else ""


def _near(host: str) -> bool:
    """Whether a host is on this machine or this private network."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(".localhost")
