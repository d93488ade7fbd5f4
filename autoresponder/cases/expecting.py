"""What a test expects, and what is wrong with a test that follows the schema; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autoresponder.cases.spec import Expected
from autoresponder.schemas.cases import NONE
from autoresponder.yamltext import Way


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong in one place of an entry."""

    way: Way
    code: str
    message: str
    remedy: str = ""
    on_key: bool = False


def read_expected(written: Mapping[str, Any]) -> tuple[Expected, list[Complaint]]:
    """What a test's `expect` says, and what contradicts itself in it."""
    found: list[Complaint] = []
    reply = written.get("reply", {})
    if "rule" in written and "rules" in written:
        _complain(
            found,
            "rules",
            "'rule' and 'rules' cannot stand together",
            "keep one of them",
        )
    rules: frozenset[str] | None = None
    if "rules" in written:
        rules = frozenset(written["rules"])
    elif "rule" in written:
        rules = frozenset() if written["rule"] == NONE else frozenset({written["rule"]})
    not_rules = frozenset(written.get("not_rules", ()))
    both = sorted(not_rules & (rules or frozenset()))
    if both:
        _complain(
            found,
            "not_rules",
            f"'{both[0]}' is both wanted and not wanted",
            "decide",
        )
    outcome = written.get("outcome")
    if reply and outcome not in (None, "reply", "wait"):
        _complain(
            found,
            "reply",
            f"there is no reply when the outcome is '{outcome}'",
            "take one of them away",
        )
    if "reason" in written and outcome == "reply":
        _complain(
            found,
            "reason",
            "a reply needs no reason: it tells why there is none",
            "take it away",
        )
    expected = Expected(
        rules=rules,
        not_rules=not_rules,
        outcome=outcome,
        reason=written.get("reason"),
        person_told=written.get("person_told"),
        unanswered=written.get("unanswered"),
        contains=tuple(reply.get("contains", ())),
        not_contains=tuple(reply.get("not_contains", ())),
        snapshot=reply.get("snapshot", False),
        language=reply.get("language"),
        files=frozenset(reply["files"]) if "files" in reply else None,
        preapproves=reply.get("preapproves"),
    )
    return expected, found


def _complain(found: list[Complaint], key: str, message: str, remedy: str) -> None:
    found.append(Complaint(("expect", key), "K009", message, remedy, on_key=True))
