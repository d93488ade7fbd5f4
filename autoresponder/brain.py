"""One answer to "what would happen to this turn?", for the service, dry run, preview and explain alike.

Pure: the workspace, the turn, the record and the time come in; a resolution comes out. Whoever shows a
preview and whoever sends call the same function, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import msgspec
from msgspec.structs import replace as changed

from autoresponder.attachments import AttachedFile, refusal
from autoresponder.circumstances import Circumstances, circumstances
from autoresponder.config import GuardSettings, ReplySettings
from autoresponder.content import forbidden
from autoresponder.decision import ActionKind, Decision, Outcome, Section, SkipReason
from autoresponder.delivery import machine
from autoresponder.guards import Stop, Switches, before_rules, before_sending, cooling_rules
from autoresponder.model import BookingStatus, Provider, Turn
from autoresponder.properties import PropertyBook, PropertyFacts
from autoresponder.records import Attached, Delivery, PartKind, ThreadRecord
from autoresponder.rules import RuleSet, Surroundings
from autoresponder.templating import Gapped, Held, Reply, Templates, render_reply, with_gaps
from autoresponder.turns import Reading


class Knowledge(Protocol):
    """What the manager wrote: rules, templates and properties of one generation."""

    @property
    def ruleset(self) -> RuleSet:
        """Rules and topics."""

    @property
    def templates(self) -> Templates:
        """Reply templates."""

    @property
    def book(self) -> PropertyBook:
        """Properties with their facts."""

    @property
    def files(self) -> Mapping[str, AttachedFile]:
        """What rules may send, by path."""

    @property
    def version(self) -> str:
        """Hash of everything that can change a decision."""


class Resolution(msgspec.Struct, frozen=True, kw_only=True):
    """What would happen to a turn, completely."""

    decision: Decision
    """The final word: after the guards, and with the reply's fate included."""
    facts: PropertyFacts
    reply: Reply | None = None
    """Set when a reply goes out, or would but for `stop`."""
    files: tuple[AttachedFile, ...] = ()
    """What goes out after the reply."""
    stop: Stop | None = None
    """A guard that postpones or ends the turn."""
    wanted: Decision | None = None
    """What the rules wanted to answer, when the reply could not be written; see `unfinished`."""
    ruled: Circumstances | None = None
    """What the rules alone said, and to what; None when a guard came before them."""

    @property
    def waits(self) -> bool:
        """Whether the turn is only postponed."""
        return self.stop is not None and self.stop.until is not None


def resolve(
    knowledge: Knowledge,
    reading: Reading,
    record: ThreadRecord,
    *,
    switches: Switches,
    replies: ReplySettings,
    guards: GuardSettings,
    activated_at: datetime,
    now: datetime,
    trace: bool = False,
    whole: bool = True,
) -> Resolution:
    """Decide and render a turn.

    Args:
        knowledge: Rules, templates, properties.
        reading: The turn (`reading.turn` must be set).
        record: What is remembered about the thread.
        switches: What people have switched off.
        replies: How replies are put together.
        guards: Limits.
        activated_at: Older messages are history.
        now: The present, UTC.
        trace: Whether the decision carries its trace.
        whole: Whether a trace tells of every rule; see `RuleSet.decide`.
    """
    turn = reading.turn
    if turn is None:
        raise ValueError("there is no turn to resolve")
    facts = knowledge.book.find(turn.thread.property_id, turn.property)
    stop = before_rules(
        reading, record, switches=switches, settings=guards, activated_at=activated_at, now=now
    )
    if stop is not None:
        return Resolution(decision=_stopped(stop), facts=facts, stop=stop)
    around = surroundings(facts, replies, first_contact=not record.replies and not record.handled)
    decision = knowledge.ruleset.decide(turn, around, now, trace=trace, whole=whole)
    ruled = circumstances(
        turn, outcome=decision.outcome, rules=decision.rules, first_contact=around.first_contact
    )
    if decision.outcome is not Outcome.REPLY:
        return Resolution(decision=decision, facts=facts, ruled=ruled)
    answer = _answer(knowledge, turn, record, facts, decision, replies=replies, guards=guards, now=now)
    return changed(answer, ruled=ruled)


def surroundings(facts: PropertyFacts, replies: ReplySettings, *, first_contact: bool) -> Surroundings:
    """What rules get to know besides the turn.

    Args:
        facts: The property's.
        replies: How replies are put together.
        first_contact: Whether nothing was ever answered in the thread.
    """
    return Surroundings(
        property_key=facts.key,
        property_name=facts.name,
        groups=facts.groups,
        zone=facts.timezone,
        language=facts.language,
        first_contact=first_contact,
        answers=replies.answers,
        partial=replies.partial,
    )


def _answer(
    knowledge: Knowledge,
    turn: Turn,
    record: ThreadRecord,
    facts: PropertyFacts,
    decision: Decision,
    *,
    replies: ReplySettings,
    guards: GuardSettings,
    now: datetime,
) -> Resolution:
    """A reply is wanted: take out what was just said, render, and hold it against the last guards."""
    cooling: frozenset[str] = frozenset()
    if record.replies:
        cooldowns = _cooldowns(knowledge.ruleset, decision)
        cooling = cooling_rules(record, cooldowns=cooldowns, settings=guards, now=now)
    sections = tuple(s for s in decision.sections if s.rule_id not in cooling)
    if not sections:
        text = "the same rule answered in this thread only recently"
        return Resolution(decision=_held(decision, SkipReason.COOLDOWN, text), facts=facts)
    if len(sections) < len(decision.sections):
        decision = _only(decision, sections)
    rendered = render_reply(decision, turn, facts, now, knowledge.templates, replies)
    if isinstance(rendered, Held):
        held = _held(decision, rendered.reason, rendered.detail)
        return Resolution(decision=held, facts=facts, wanted=decision)
    findings = forbidden(
        rendered.text,
        provider=turn.thread.provider,
        confirmed=turn.booking is not None and turn.booking.status is BookingStatus.CONFIRMED,
        approved_links=replies.approved_links,
    )
    if findings:
        text = f"{findings[0].message}; the OTA would refuse or change this message"
        return Resolution(decision=_held(decision, SkipReason.FORBIDDEN_CONTENT, text), facts=facts)
    files = _beside(knowledge, decision, turn, guards)
    if isinstance(files, Held):
        return Resolution(decision=_held(decision, files.reason, files.detail), facts=facts, reply=rendered)
    stop = before_sending(turn, record, settings=guards, zone=facts.timezone, now=now)
    if stop is None:
        return Resolution(decision=decision, facts=facts, reply=rendered, files=files)
    if stop.until is not None:
        return Resolution(decision=decision, facts=facts, reply=rendered, files=files, stop=stop)
    return Resolution(
        decision=_held(decision, stop.reason, stop.explanation), facts=facts, reply=rendered, stop=stop
    )


def unfinished(
    knowledge: Knowledge, turn: Turn, resolution: Resolution, *, replies: ReplySettings, now: datetime
) -> Gapped | None:
    """The reply that could not be written, with its gaps marked; for its author to see, never to be sent."""
    if resolution.wanted is None:
        return None
    return with_gaps(resolution.wanted, turn, resolution.facts, now, knowledge.templates, replies)


def _not_preapprovable(turn: Turn, guards: GuardSettings) -> str:
    """Why this turn's inquiry may not be pre-approved; empty when it may, as far as the thread tells."""
    if not guards.preapprove:
        return "pre-approving is not allowed (guards: preapprove in autoresponder.yaml)"
    inquiry, thread = turn.inquiry, turn.thread
    booked = turn.booking is not None or thread.booking_id is not None
    if inquiry is None or booked or thread.provider is not Provider.AIRBNB:
        return "only an open Airbnb inquiry can be pre-approved"
    if (inquiry.status or "active").lower() not in ("active", "preapproval"):
        return f"the inquiry is not open any more ({inquiry.status})"
    return ""


def _event_id(turn: Turn) -> str:
    """The inquiry's event in the live feed, where the card or the thread names it."""
    named = turn.inquiry.live_feed_event_id if turn.inquiry is not None else None
    return named or str(turn.thread.meta.get("live_feed_event_id") or "")


def _only(decision: Decision, sections: tuple[Section, ...]) -> Decision:
    """A decision with a part of its sections, and with what goes with these."""
    preapproves = any(section.preapprove for section in sections)
    actions = tuple(a for a in decision.actions if preapproves or a is not ActionKind.PREAPPROVE)
    return changed(decision, sections=sections, rules=tuple(s.rule_id for s in sections), actions=actions)


def _beside(
    knowledge: Knowledge, decision: Decision, turn: Turn, guards: GuardSettings
) -> tuple[AttachedFile, ...] | Held:
    """The files of a reply; or why it cannot go out: what it speaks of would not come."""
    if ActionKind.PREAPPROVE in decision.actions and (complaint := _not_preapprovable(turn, guards)):
        return Held(reason=SkipReason.NOT_PREAPPROVED, detail=complaint)
    found: dict[str, AttachedFile] = {}
    for section in decision.sections:
        for path in section.attach:
            file = knowledge.files.get(path)
            if file is None:
                detail = f"the file {path} of rule '{section.title}' is not there"
                return Held(reason=SkipReason.MISSING_VALUE, detail=detail)
            if complaint := refusal(file, turn.thread.provider):
                return Held(reason=SkipReason.FORBIDDEN_CONTENT, detail=complaint)
            found.setdefault(file.digest, file)
    return tuple(found.values())


def _cooldowns(ruleset: RuleSet, decision: Decision) -> Mapping[str, float | None]:
    wanted = {section.rule_id for section in decision.sections}
    return {rule.id: rule.cooldown for rule in ruleset.rules if rule.id in wanted}


def _stopped(stop: Stop) -> Decision:
    held = stop.outcome is Outcome.HOLD
    return Decision(
        outcome=stop.outcome, reason=stop.reason, explanation=stop.explanation, notify=held and not stop.until
    )


def _held(decision: Decision, reason: SkipReason, explanation: str) -> Decision:
    """The reply cannot go out: a person has to write it."""
    return changed(
        decision,
        outcome=Outcome.HOLD,
        sections=(),
        actions=(ActionKind.HOLD,),
        reason=reason,
        explanation=explanation,
        notify=True,
    )


def plan(resolution: Resolution, turn: Turn, *, fence: int) -> tuple[Delivery, ...]:
    """The outgoing actions of a resolution, in the order in which they happen."""
    decision = resolution.decision
    parts: list[Delivery] = []
    if decision.outcome is Outcome.REPLY and resolution.reply is not None and not resolution.waits:
        if ActionKind.PREAPPROVE in decision.actions:
            # First, so that no reply speaks of a pre-approval that did not come.
            kind = PartKind.PREAPPROVE
            parts.append(machine.begin(part="preapprove", kind=kind, fence=fence, body=_event_id(turn)))
        parts.append(machine.begin(part="text", kind=PartKind.TEXT, fence=fence, body=resolution.reply.text))
        parts += (
            machine.begin(
                part=f"attachment {number}",
                kind=PartKind.ATTACHMENT,
                fence=fence,
                attached=Attached(path=file.path, digest=file.digest),
            )
            for number, file in enumerate(resolution.files, start=1)
        )
    if ActionKind.NO_REPLY_NEEDED in decision.actions and turn.thread.provider is Provider.BOOKING_COM:
        parts.append(machine.begin(part="no_reply_needed", kind=PartKind.NO_REPLY_NEEDED, fence=fence))
    if ActionKind.CLOSE in decision.actions:
        parts.append(machine.begin(part="close", kind=PartKind.CLOSE, fence=fence))
    return tuple(parts)
