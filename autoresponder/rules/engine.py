"""Which of the matching rules decide, and what they decide. Pure.

1. A rule that escalates or holds without a reply of its own wins over every answer.
2. Otherwise the replies: the first one, or all of them in order.
3. Otherwise `no_reply_needed` and `close`, provided that nothing is asked.
4. Otherwise a person: only plain courtesy needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from autoresponder.config import Answers, Partial
from autoresponder.decision import ActionKind, Decision, Outcome, Section, SkipReason
from autoresponder.model import Provider
from autoresponder.rules.compiler import CompiledRule, Powers
from autoresponder.rules.read_sentence import ReadSentence
from autoresponder.rules.situation import Situation

# As plain numbers: flags of an enumeration are slow, and every decision asks for them.
_REPLIES: Final = int(Powers.REPLIES)
_HANDS_OVER: Final = int(Powers.HANDS_OVER)
_ESCALATES: Final = int(Powers.ESCALATES)
_MARKS: Final = int(Powers.MARKS)
_CLOSES: Final = int(Powers.CLOSES)
_PREAPPROVES: Final = int(Powers.PREAPPROVES)
_QUIET: Final = _MARKS | _CLOSES
_REPLY_ALONE: Final = (ActionKind.REPLY,)
_HOLD_ALONE: Final = (ActionKind.HOLD,)

# Names of other modules are looked up at each use; these are not.
_REPLY: Final = Outcome.REPLY
_HOLD: Final = Outcome.HOLD
_SILENT: Final = Outcome.SILENT
_NO_RULE: Final = SkipReason.NO_RULE
_COURTESY: Final = SkipReason.COURTESY
_FIRST: Final = Answers.FIRST
_HOLDS_PARTIAL: Final = Partial.HOLD
_PREAPPROVE: Final = ActionKind.PREAPPROVE


class Verdicts:
    """A decision with what it means for the rules that matched.

    Attributes:
        used: Ids of the rules that decided.
        winner: Id of the rule by which the other matching rules were beaten, if any was.
    """

    __slots__ = ("decision", "used", "winner")

    def __init__(self, decision: Decision, used: tuple[str, ...], winner: str | None) -> None:
        self.decision = decision
        self.used = used
        self.winner = winner


def conclude(matching: Sequence[CompiledRule], situation: Situation) -> Verdicts:
    """Decide among the rules whose conditions hold, given in rule order."""
    powers = _powers(matching)
    if powers & _HANDS_OVER:
        blocking = [c for c in matching if c.powers & _HANDS_OVER and not c.powers & _REPLIES]
        if blocking:
            return _handed_over(blocking, situation)
    if powers & _REPLIES:
        return _answered([c for c in matching if c.powers & _REPLIES], situation)
    if powers & _QUIET and not _needs_answer(situation):
        return _quieted([c for c in matching if c.powers & _QUIET], situation)
    return Verdicts(_uncovered(situation), (), None)


def _powers(rules: Sequence[CompiledRule]) -> int:
    """What these rules may do, together."""
    powers = 0
    for compiled in rules:
        powers |= compiled.powers
    return powers


def _ids(rules: Sequence[CompiledRule]) -> tuple[str, ...]:
    return (rules[0].rule.id,) if len(rules) == 1 else tuple([compiled.rule.id for compiled in rules])


def _titles(rules: Sequence[CompiledRule]) -> str:
    if len(rules) == 1:
        return f'rule "{rules[0].rule.title}"'
    titles = [f'"{compiled.rule.title}"' for compiled in rules]
    return f"rules {', '.join(titles[:-1])} and {titles[-1]}"


def _topics(situation: Situation) -> tuple[str, ...]:
    topics = situation.reading.topics
    return tuple(sorted(topics)) if topics else ()


def _handed_over(blocking: Sequence[CompiledRule], situation: Situation) -> Verdicts:
    urgent = [c for c in blocking if c.powers & _ESCALATES]
    escalates = bool(urgent)
    named = urgent or blocking
    several = len(named) > 1
    if escalates:
        text = f"{_titles(named)} {'hand' if several else 'hands'} this to a person at once"
    else:
        text = f"{_titles(named)} {'leave' if several else 'leaves'} this to a person"
    decision = Decision(
        outcome=Outcome.ESCALATE if escalates else Outcome.HOLD,
        rules=_ids(blocking),
        topics=_topics(situation),
        actions=(ActionKind.ESCALATE if escalates else ActionKind.HOLD,),
        language=situation.reading.language,
        notify=True,
        reason=SkipReason.RULE_ESCALATES if escalates else SkipReason.RULE_HOLDS,
        explanation=text,
    )
    return Verdicts(decision, decision.rules, named[0].rule.id)


def _answered(replying: Sequence[CompiledRule], situation: Situation) -> Verdicts:
    first_only = situation.surroundings.answers is _FIRST
    used = [replying[0]] if first_only else _without_repetition(replying)
    open_questions = _open_questions(used, situation)
    partial = bool(open_questions) or situation.reading.cut
    powers = _powers(used)
    if partial and (powers & _PREAPPROVES or situation.surroundings.partial is _HOLDS_PARTIAL):
        # Whoever still asks something is not told that they may book.
        decision = _held_for_the_rest(used, situation, open_questions)
        return Verdicts(decision, (), used[0].rule.id)
    tells = partial or bool(powers & _HANDS_OVER)
    text = f"answered by {_titles(used)}"
    if partial:
        text += f"; {_which(open_questions)} no rule covers, so a person is told"
    elif tells:
        text += "; a person is told as well"
    cooldowns = [c.rule.cooldown for c in used if c.rule.cooldown is not None]
    listed = [replying[0]] if first_only else replying
    decision = Decision(
        outcome=_REPLY,
        rules=_ids(used),
        topics=_topics(situation),
        sections=tuple([_section(c, listed, situation) for c in used]),
        actions=_actions(used, person_needed=tells),
        language=situation.reading.language,
        partial=partial,
        notify=tells,
        explanation=text,
        cooldown=max(cooldowns) if cooldowns else None,
    )
    return Verdicts(decision, decision.rules, used[0].rule.id)


def _without_repetition(replying: Sequence[CompiledRule]) -> list[CompiledRule]:
    """Two rules with the same reply give it once."""
    if len(replying) == 1:
        return [replying[0]]
    kept: dict[tuple[str | None, str | None], CompiledRule] = {}
    for compiled in replying:
        kept.setdefault((compiled.rule.reply, compiled.rule.text), compiled)
    return list(kept.values())


def _open_questions(used: Sequence[CompiledRule], situation: Situation) -> list[int]:
    """Places of the sentences that ask or must tell something which none of the answering rules is about.

    An answer that is not about the guest's words covers none of them, unless it tells a person: then
    somebody reads them anyway.
    """
    covered: set[int] = set()
    for compiled in used:
        found = compiled.when.sentences(situation)
        if not found and compiled.powers & _HANDS_OVER and not compiled.when.phrases:
            return []
        covered |= found
    sentences = situation.reading.sentences
    if len(covered) == len(sentences):
        return []
    still_open: list[int] = []
    told = situation.reading.vocabulary.told
    for place, sentence in enumerate(sentences):
        if place in covered:
            continue
        if not told.isdisjoint(sentence.topics):
            still_open.append(place)
        elif sentence.asks:
            if sentence.refers_back and _said_before(place, sentences) in covered:
                covered.add(place)  # "We cannot find the password. Could you send it to us?"
            else:
                still_open.append(place)
    return still_open


def _said_before(place: int, sentences: Sequence[ReadSentence]) -> int:
    """Place of the sentence before this one that is more than courtesy; -1 when there is none."""
    place -= 1
    while place >= 0 and sentences[place].social:
        place -= 1
    return place


def _which(places: Sequence[int]) -> str:
    if not places:
        return "the end of a very long message"
    numbers = [str(place + 1) for place in places]
    return ("sentence " if len(numbers) == 1 else "sentences ") + ", ".join(numbers)


def _held_for_the_rest(
    used: Sequence[CompiledRule], situation: Situation, open_questions: Sequence[int]
) -> Decision:
    return Decision(
        outcome=_HOLD,
        rules=_ids(used),
        topics=_topics(situation),
        actions=_HOLD_ALONE,
        language=situation.reading.language,
        partial=True,
        notify=True,
        reason=SkipReason.PARTIAL,
        explanation=f"{_titles(used)} would answer, but {_which(open_questions)} no rule covers",
    )


def _section(compiled: CompiledRule, replying: Sequence[CompiledRule], situation: Situation) -> Section:
    """A rule's part of the reply, with the files of every rule that gives the same reply."""
    rule = compiled.rule
    files = rule.attach
    if len(replying) > 1:
        same = [c.rule for c in replying if (c.rule.reply, c.rule.text) == (rule.reply, rule.text)]
        files = tuple(dict.fromkeys([name for other in same for name in other.attach]))
    return Section(
        rule_id=rule.id,
        title=rule.title,
        template=rule.reply,
        text=rule.text,
        phrase_language=situation.reading.language_of(compiled.when.phrases),
        preapprove=_PREAPPROVE in rule.actions,
        attach=files,
    )


def _actions(used: Sequence[CompiledRule], *, person_needed: bool) -> tuple[ActionKind, ...]:
    """Reply first, close last; a thread that a person must still look at stays open."""
    powers = _powers(used)
    if not powers & (_PREAPPROVES | _HANDS_OVER | _CLOSES):
        return _REPLY_ALONE
    actions = [ActionKind.REPLY]
    if powers & _PREAPPROVES:
        actions.append(ActionKind.PREAPPROVE)
    if powers & _HANDS_OVER:
        named = {action for c in used for action in c.rule.actions}
        actions += [action for action in (ActionKind.ESCALATE, ActionKind.HOLD) if action in named]
    if not person_needed and powers & _CLOSES:
        actions.append(ActionKind.CLOSE)
    return tuple(actions)


def _needs_answer(situation: Situation) -> bool:
    reading = situation.reading
    return reading.cut or situation.turn.has_attachments or any(s.asks for s in reading.sentences)


def _quieted(quiet: Sequence[CompiledRule], situation: Situation) -> Verdicts:
    on_booking = situation.turn.thread.provider is Provider.BOOKING_COM
    powers = _powers(quiet)
    marks = on_booking and bool(powers & _MARKS)
    actions = [ActionKind.NO_REPLY_NEEDED] if marks else []
    if powers & _CLOSES:
        actions.append(ActionKind.CLOSE)
    decision = Decision(
        outcome=Outcome.NO_REPLY_NEEDED if marks else Outcome.SILENT,
        rules=_ids(quiet),
        topics=_topics(situation),
        actions=tuple(actions),
        language=situation.reading.language,
        reason=SkipReason.COURTESY,
        explanation=f"{_titles(quiet)}: no answer is needed",
    )
    return Verdicts(decision, decision.rules, None)


def _uncovered(situation: Situation) -> Decision:
    reading = situation.reading
    silent = reading.courtesy
    if silent:
        text = "nothing but courtesy: no answer is needed"
    elif not reading.sentences and situation.turn.has_attachments:
        text = "a file without words: a person must look at it"
    else:
        asking = [place for place, sentence in enumerate(reading.sentences) if sentence.asks]
        text = "no rule covers this" + (f" ({_which(asking)} asks something)" if asking else "")
    return Decision(
        outcome=_SILENT if silent else _HOLD,
        topics=_topics(situation),
        actions=() if silent else _HOLD_ALONE,
        language=reading.language,
        notify=not silent,
        reason=_COURTESY if silent else _NO_RULE,
        explanation=text,
    )
