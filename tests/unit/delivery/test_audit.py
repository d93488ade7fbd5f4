"""What an audit says about the texts in a thread."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from autoresponder.decision import Outcome, SkipReason
from autoresponder.delivery.audit import Finding, Kind, Report, _Sent, judge
from autoresponder.model import Message
from autoresponder.records import Delivery, DeliveryState, JournalEntry, JournalMessage, PartKind, Via
from tests.unit.core.builders import NOON, at, host, message

BODY = "The network is called Seaview-Guest."
LONG_AGO = NOON - timedelta(days=30)


def sent(name: str = "q1", minutes: float = 0, *, body: str = BODY, **more: object) -> _Sent:
    values = {"part": "text", "kind": PartKind.TEXT, "state": DeliveryState.SENT, "body": body, "attempt": 1}
    delivery = Delivery(**{"via": Via.ACK, **values, **more})  # type: ignore[arg-type]
    entry = JournalEntry(
        thread_id="t1",
        trigger_id=name,
        message_ids=(name,),
        at=at(minutes),
        property_id="p1",
        property_name="Seaview",
        provider="booking_com",
        guest="Anna",
        booking_id=None,
        messages=(JournalMessage(id=name, at=at(minutes), text="wifi?"),),
        outcome=Outcome.REPLY,
        reason=None,
        rules=("wifi",),
        topics=(),
        language="en",
        partial=False,
        notify=False,
        explanation="",
        workspace="1",
        deliveries=(delivery,),
    )
    return _Sent(entry, delivery)


def kinds(*texts: _Sent, thread: list[Message]) -> list[Kind]:
    return [finding.kind for finding in judge(thread, texts, activated_at=LONG_AGO)]


def test_each_text_once_is_fine() -> None:
    question, again = message("q1", 0), message("q2", 600)
    thread = [question, host("a", 1, BODY), again, host("b", 601, BODY)]
    assert kinds(sent(remote_id="a"), sent("q2", 600, remote_id="b"), thread=thread) == []


def test_spaces_and_line_ends_do_not_make_another_text() -> None:
    assert kinds(sent(), thread=[message("q1", 0), host("a", 1, BODY.replace(" ", "  ") + "\n")]) == []


def test_a_text_that_stands_there_twice_is_told() -> None:
    thread = [message("q1", 0), host("a", 1, BODY), host("b", 2, BODY)]
    found = judge(thread, [sent(remote_id="a")], activated_at=LONG_AGO)
    assert [(f.kind, f.copies) for f in found] == [(Kind.DUPLICATE, 2)]
    assert found[0].explanation == "a text that was sent once stands in the thread twice"


def test_what_was_there_before_is_no_copy() -> None:
    old = host("old", -300, BODY)
    thread = [old, message("q1", 0), host("a", 1, BODY)]
    assert kinds(sent(baseline=("old",)), thread=thread) == []
    assert kinds(sent(), thread=thread) == []


def test_a_text_that_is_not_there_is_told() -> None:
    assert kinds(sent(), thread=[message("q1", 0), host("a", 1, "something else")]) == [Kind.MISSING]


def test_a_text_that_the_ota_changed_is_known_by_its_id() -> None:
    assert kinds(sent(remote_id="a"), thread=[message("q1", 0), host("a", 1, "The network is ***")]) == []


def test_an_uncertain_text_may_be_there_or_not() -> None:
    unsure = sent(state=DeliveryState.HELD, reason=SkipReason.DELIVERY_UNCERTAIN, via=None)
    assert kinds(unsure, thread=[message("q1", 0)]) == []
    assert kinds(unsure, thread=[message("q1", 0), host("a", 1, BODY)]) == []
    assert kinds(unsure, thread=[message("q1", 0), host("a", 1, BODY), host("b", 2, BODY)]) == [
        Kind.DUPLICATE
    ]


def test_words_that_stood_there_before_any_attempt_are_a_strangers() -> None:
    thread = [message("q1", 0), host("a", 1, BODY)]
    strange = sent(via=Via.PRECONDITION, attempt=0, remote_id="a")
    assert kinds(strange, thread=thread) == [Kind.STRANGER]
    retried = sent(via=Via.PRECONDITION, attempt=1, remote_id="a")
    assert kinds(retried, thread=thread) == []
    before_the_store = judge(thread, [strange], activated_at=at(5))
    assert before_the_store == []


def test_a_duplicate_or_two_texts_of_strangers_are_alarming() -> None:
    one = Finding(kind=Kind.STRANGER, thread_id="t1", trigger_id="q1", copies=1, explanation="")
    report = Report(threads=1, texts=1, found=1, findings=(one,))
    assert not report.alarming
    assert Report(threads=2, texts=2, found=2, findings=(one, one)).alarming
    assert Report(threads=1, texts=1, found=1, findings=(replace_kind(one, Kind.DUPLICATE),)).alarming
    assert not Report(threads=1, texts=1, found=0, findings=(replace_kind(one, Kind.MISSING),)).alarming


def replace_kind(finding: Finding, kind: Kind) -> Finding:
    return Finding(
        kind=kind, thread_id=finding.thread_id, trigger_id=finding.trigger_id, copies=2, explanation=""
    )


def test_a_resumed_record_of_the_same_turn_counts_once() -> None:
    first = sent(remote_id="a")
    entry = replace(first.entry, explanation="settled")
    assert kinds(_Sent(entry, first.delivery), thread=[message("q1", 0), host("a", 1, BODY)]) == []
