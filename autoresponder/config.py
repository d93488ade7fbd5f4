"""Settings: what `autoresponder.yaml` and the environment say, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path


class Secret:
    """A text that never shows itself: not in repr, str, format, logs or JSON.

    Only `reveal()` gives it away, at the one place that needs it.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the hidden text."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(****)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format("****", spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a Secret is not serialised")


class Answers(StrEnum):
    """What happens when several answering rules match one turn."""

    COMBINE = "combine"
    FIRST = "first"


class Partial(StrEnum):
    """What happens when part of a turn is covered by no rule."""

    FLAG = "flag"
    """Answer what can be answered and tell a person about the rest."""
    HOLD = "hold"


class OnAmbiguous(StrEnum):
    """What happens when it is unknown whether a message was delivered."""

    RECONCILE = "reconcile"
    """Read the thread back; send again only after proven absence, at most once."""
    HOLD = "hold"
    """Never send again; a person looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannexSettings:
    """How to reach the API."""

    base_url: str = "https://app.channex.io/api/v1"
    api_key: Secret = field(default_factory=lambda: Secret(""))
    requests_per_minute: int = 120
    """Shared by everything that uses the key; lowered by itself on 429."""
    timeout: float = 30.0
    """Seconds for a whole request."""
    concurrency: int = 8
    """Requests under way at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """When the property sleeps, in its own time zone; may span midnight."""

    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardSettings:
    """May we act at all?"""

    max_age: timedelta = timedelta(hours=24)
    """Guest messages older than this are recorded, never answered."""
    settle: timedelta = timedelta(seconds=45)
    """Wait until the guest has been quiet for so long."""
    settle_limit: timedelta = timedelta(minutes=10)
    """Never wait longer than this after the first message of the turn."""
    human_handover: timedelta = timedelta(hours=12)
    """After a person wrote in the thread, leave it alone for so long."""
    cooldown: timedelta = timedelta(hours=24)
    """A rule answers once per thread in this time, unless the rule says otherwise."""
    replies_per_day: int = 8
    """Most automatic replies per thread in 24 hours."""
    preapprove: bool = False
    """Whether rules may pre-approve Airbnb inquiries."""
    quiet_hours: QuietHours | None = None
    """No replies then: they are postponed, never dropped. Escalations go out at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings:
    """How carefully to send."""

    quarantine: float = 600.0
    """Real seconds after which a message that cannot be found was certainly not delivered."""
    grace: float = 5.0
    """Most real seconds between the recorded intent and the first byte."""
    lease: float = 120.0
    """Real seconds for which one worker owns a thread."""
    attempts: int = 5
    """Most attempts of one delivery that was definitely not applied."""
    on_ambiguous: OnAmbiguous = OnAmbiguous.RECONCILE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySettings:
    """How replies are put together."""

    answers: Answers = Answers.COMBINE
    partial: Partial = Partial.FLAG
    max_length: int = 2000
    """Longer replies are held: OTAs cut or refuse them."""
    fallback_language: str = "en"
    approved_links: tuple[str, ...] = ()
    """Domains whose links Booking.com lets through, because they were approved in its extranet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """How often to look for news."""

    every: timedelta = timedelta(seconds=60)
    overlap: timedelta = timedelta(minutes=15)
    """How far behind the newest activity seen each poll still looks."""
    sweep: timedelta = timedelta(hours=6)
    """How often all recent threads are looked at again, whatever the order says."""
    audit: timedelta = timedelta(hours=1)
    """How often the texts that were sent are counted in their threads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenSettings:
    """Where health and metrics are served."""

    host: str = "127.0.0.1"
    port: int = 8080
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySettings:
    """Whom to tell when a guest needs a person."""

    webhook: Secret = field(default_factory=lambda: Secret(""))
    """Address that takes a JSON POST; secret because such addresses carry tokens. Empty: nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set."""

    folder: Path
    """The workspace; rule, template, property and other files are found below it."""
    channex: ChannexSettings = field(default_factory=ChannexSettings)
    store: Secret = field(default_factory=lambda: Secret("sqlite:///autoresponder.db"))
    """Store URL; secret because a Redis URL may carry a password."""
    rules: str = "rules"
    templates: str = "templates"
    properties: str = "properties.yaml"
    files: str = "files"
    """Folder of the files that go to guests."""
    state: str = "."
    """Folder in which this machine keeps what it knows of its store."""
    replies: ReplySettings = field(default_factory=ReplySettings)
    guards: GuardSettings = field(default_factory=GuardSettings)
    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    poll: PollSettings = field(default_factory=PollSettings)
    listen: ListenSettings = field(default_factory=ListenSettings)
    notify: NotifySettings = field(default_factory=NotifySettings)
    retention: timedelta = timedelta(days=90)
    """How long guest texts are kept."""
    workers: int = 8
    """Turns handled at once."""
    log_level: str = "info"
