"""What was decided about a turn, and why: the engine's result and its trace."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Outcome(StrEnum):
    """What the guest gets."""

    REPLY = "reply"
    NO_REPLY_NEEDED = "no_reply_needed"
    """The Booking.com thread is marked; nothing is written to the guest."""
    SILENT = "silent"
    """Nothing, and nothing is needed."""
    ESCALATE = "escalate"
    """Nothing automatic; a person is told at once."""
    HOLD = "hold"
    """Nothing automatic; left for a person to answer."""


class ActionKind(StrEnum):
    """What a rule may do."""

    REPLY = "reply"
    PREAPPROVE = "preapprove"
    """Pre-approve an Airbnb inquiry, right before the reply."""
    NO_REPLY_NEEDED = "no_reply_needed"
    CLOSE = "close"
    ESCALATE = "escalate"
    HOLD = "hold"


class SkipReason(StrEnum):
    """Why a turn got no automatic reply, or not yet. Every turn without a reply has exactly one."""

    KILL_SWITCH = "kill_switch"
    PAUSED_THREAD = "paused_thread"
    PAUSED_PROPERTY = "paused_property"
    CLOSED_THREAD = "closed_thread"
    TOO_OLD = "too_old"
    """Older than `max_age`: recorded, never answered."""
    NOT_A_GUEST = "not_a_guest"
    ALREADY_HANDLED = "already_handled"
    ANSWERED = "answered"
    """A newer property message: a person or the OTA app answered."""
    TRIGGER_GONE = "trigger_gone"
    """The message that was to be answered is no longer in the thread."""
    HUMAN_HANDOVER = "human_handover"
    """A person wrote in this thread within the last hours and keeps it."""
    SETTLING = "settling"
    """Waiting until the guest has finished typing."""
    COOLDOWN = "cooldown"
    REPLY_CAP = "reply_cap"
    QUIET_HOURS = "quiet_hours"
    """Postponed until the property's quiet hours end."""
    OTA_WINDOW = "ota_window"
    """The OTA no longer takes messages for this booking."""
    LOOP = "loop"
    """Looks like another automatic responder: stopped."""
    NO_RULE = "no_rule"
    """No rule covers what the guest wrote."""
    COURTESY = "courtesy"
    """Nothing but thanks or acknowledgement."""
    PARTIAL = "partial"
    """Part of the message is covered by no rule and policy says to leave it to a person."""
    RULE_HOLDS = "rule_holds"
    RULE_ESCALATES = "rule_escalates"
    MISSING_VALUE = "missing_value"
    """A template needs a value that is unknown or empty."""
    SECRET_NOT_RELEASED = "secret_not_released"  # noqa: S105 - a reason, not a password
    TEMPLATE_ERROR = "template_error"
    FORBIDDEN_CONTENT = "forbidden_content"
    """The OTA would refuse or strip this text at this stage."""
    NOT_PREAPPROVED = "not_preapproved"
    """The reply goes with the pre-approval of an inquiry, and that is not allowed or not possible."""
    REJECTED = "rejected"
    """Channex refused the message for good."""
    DELIVERY_UNCERTAIN = "delivery_uncertain"
    """It may or may not have reached the guest; a person must look."""
    ATTEMPTS_EXHAUSTED = "attempts_exhausted"
    KEY_REFUSED = "key_refused"
    """Channex does not let this API key write; tried again until it may, or until it is too late."""
    UNREADABLE = "unreadable"
    """Channex does not let the thread be read."""
    POISON = "poison"
    """Handling this turn fails again and again; set aside with the error."""


class ConditionTrace(msgspec.Struct, frozen=True, kw_only=True):
    """One condition of one rule, held against one turn."""

    written: str
    """The condition as the author wrote it, on one line: `topics any: wifi, parking`."""
    actual: str
    """The value it met: `sentence 2 has wifi ("wlan")`, `nights = 2`, `it was 22:10`."""
    satisfied: bool
    children: tuple[ConditionTrace, ...] = ()
    """Parts of an any/all/none group."""


class Verdict(StrEnum):
    """How a rule ended."""

    USED = "used"
    NOT_MATCHED = "not_matched"
    BEATEN = "beaten"
    """Its conditions hold, but an earlier or stronger rule decided."""
    DISABLED = "disabled"


class RuleTrace(msgspec.Struct, frozen=True, kw_only=True):
    """One rule, held against one turn."""

    rule_id: str
    title: str
    verdict: Verdict
    conditions: tuple[ConditionTrace, ...] = ()
    beaten_by: str | None = None
    """Id of the rule that decided instead."""
    nearest_miss: str = ""
    """The closest thing to a match (`closest word: "wfii", 1 letter off "wifi"`), or empty."""


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """The rules and their conditions, in rule order."""

    rules: tuple[RuleTrace, ...]
    left_out: int = 0
    """How many rules more there were, all of them about words that the message does not have."""
    sentences: tuple[str, ...] = ()
    """The turn's text as it was split for judging."""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One rule's part of a reply: a template name, or the rule's own text."""

    rule_id: str
    title: str
    template: str | None = None
    """Name without language and ending, e.g. `early-check-in`."""
    text: str | None = None
    """Inline template source when the rule has `text:` instead of `reply:`."""
    phrase_language: str | None = None
    """Language of the phrase that matched, when it says one."""
    attach: tuple[str, ...] = ()
    """Files that go with it, below the folder of files."""
    preapprove: bool = False
    """Whether it goes only with the pre-approval of an inquiry."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What to do with a turn."""

    outcome: Outcome
    rules: tuple[str, ...] = ()
    """Ids of the rules that decided, in rule order."""
    topics: tuple[str, ...] = ()
    """Topics that the guest asked about or reported, sorted."""
    sections: tuple[Section, ...] = ()
    """What the reply is made of; empty unless `outcome` is reply."""
    actions: tuple[ActionKind, ...] = ()
    """Everything to do, without repetition: reply first, close last."""
    language: str | None = None
    """Language of the guest's words, two letters, or None when unsure."""
    partial: bool = False
    """Whether part of the turn asks something that no rule covers."""
    notify: bool = False
    """Whether a person must be told."""
    reason: SkipReason | None = None
    """Set exactly when `outcome` is not reply."""
    explanation: str = ""
    """One line for people: which rule and why."""
    cooldown: float | None = None
    """Seconds for which the deciding rules do not answer again in this thread; None for the default."""
    trace: Trace | None = None
    """Only when asked for."""
