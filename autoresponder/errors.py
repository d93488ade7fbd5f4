"""The error tree.

Every error that this package raises on purpose derives from `AutoresponderError`, and its message is
written for the person who has to act on it: it names the place and the remedy.

    AutoresponderError
    ├── ConfigError                 settings, rules, templates or properties cannot be used
    ├── StoreError
    │   ├── StoreUnavailable        unreachable, slow, read-only or full: nothing may be sent
    │   ├── EpochChanged            the store lost or replaced its memory: reopen and quarantine
    │   └── LeaseLost               somebody else owns the thread now: stop, change nothing
    └── ChannexError
        ├── ChannexRejected         the request can never succeed as it is (400, 413, 422, 3xx …)
        │   ├── ChannexNotFound     404
        │   └── ChannexNotSupported 422 not_supported: the OTA of this booking has no messaging
        ├── ChannexUnauthorized     401: the API key is wrong, or may not see this object
        ├── ChannexForbidden        403: the Messages app is not installed on the property
        ├── ChannexRateLimited      429: definitely not applied; wait, then ask again
        ├── ChannexUnavailable      no answer that can be used; a read may be repeated
        └── DeliveryUnknown         a write may or may not have been applied: never repeat blindly
"""

from __future__ import annotations

from typing import ClassVar


class AutoresponderError(Exception):
    """Base of every deliberate error; `str(error)` is fit to be shown to a user."""


class ConfigError(AutoresponderError):
    """Settings, rules, templates or properties cannot be used.

    The message may hold several lines, one finding after the other.
    """


class StoreError(AutoresponderError):
    """Base of the state store's errors."""


class StoreUnavailable(StoreError):
    """The store did not answer, answered too late, or refuses to write. Fail closed: nothing is sent."""


class EpochChanged(StoreError):
    """The store is not the one that was opened: flushed, restored or replaced. Nothing was written."""


class LeaseLost(StoreError):
    """The lease ran out or another owner holds it. Nothing was written."""


class ChannexError(AutoresponderError):
    """Base of what the Channex API, or the way to it, can answer.

    Attributes:
        status: HTTP status, or None when no answer came.
        code: Channex's `errors.code`, or None.
        details: Channex's `errors.details` as short text, or None.
    """

    remedy: ClassVar[str] = ""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        details: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.details = details


class ChannexRejected(ChannexError):
    """The request was understood and refused; repeating it unchanged cannot help. Not applied."""


class ChannexNotFound(ChannexRejected):
    """The object does not exist, or no longer does (bookings vanish months after checkout). Not applied."""


class ChannexNotSupported(ChannexRejected):
    """The booking's OTA has no messaging. Not applied."""


class ChannexUnauthorized(ChannexError):
    """The API key is wrong, revoked, or may not see this object. Not applied."""


class ChannexForbidden(ChannexError):
    """The Messages app is not installed on the property. Not applied."""


class ChannexRateLimited(ChannexError):
    """Too many requests. Not applied.

    Attributes:
        retry_after: Seconds to wait that the server asked for, or None when it named none.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        status: int | None = 429,
        code: str | None = None,
        details: str | None = None,
    ) -> None:
        super().__init__(message, status=status, code=code, details=details)
        self.retry_after = retry_after


class ChannexUnavailable(ChannexError):
    """No usable answer.

    For a read: connection trouble, a timeout, 5xx, or a body that is not what was promised; it may be
    repeated. For a write it is raised only when not one byte of the request was sent, so the write
    definitely did not happen.

    Attributes:
        retry_after: Seconds to wait that the server asked for, or None.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        status: int | None = None,
        code: str | None = None,
        details: str | None = None,
    ) -> None:
        super().__init__(message, status=status, code=code, details=details)
        self.retry_after = retry_after


class DeliveryUnknown(ChannexError):
    """A write was, or may have been, put on the wire and its outcome is not known.

    Timeouts and resets after the first byte, every 5xx, 408, 409, 425, and a 2xx whose body does not say
    which message was made. Never repeat such a write before the thread was read back.
    """
