"""`explain` and the service decide alike, rule by rule; and what explain says about answers that are not given."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from autoresponder.cli import execute
from autoresponder.sandbox.entities import Booking, Guest, Origin
from tests.integration.test_cli import KEY, Account, account
from tests.support.small_workspace import PLACE, write_workspace

RULES = """\
rules:
  - id: gas
    when: {topics: {any: [gas]}}
    then: [escalate]
  - id: wifi-in-stay
    when: {topics: {any: [wifi]}, stay: [in_stay, arrival_day]}
    reply: wifi
  - id: wifi
    when: {topics: {any: [wifi]}, none: [{stay: after_stay}]}
    text: "You will get it when you come."
  - id: off
    enabled: false
    when: {topics: {any: [wifi]}}
    text: "Never."
  - id: parking
    when: {any: [{text: {any: ["park*"]}}, {topics: {all: [parking]}}], provider: [booking_com, expedia]}
    text: "Parking: {{ property.parking }}"
  - id: courtesy
    when: {topics: {only: [thanks]}}
    then: [no_reply_needed]
"""
WORDS = [
    "What's the wifi?",
    "Internet",
    "wfii?",
    "Can we park",
    "parking",
    "gas",
    "smell of gas!",
    "Thank you",
    "great",
    "Hello.",
    "zz",
]
PROVIDERS = {"booking_com": "BookingCom", "expedia": "Expedia"}
STAYS = {
    "before_arrival": 10,
    "arrival_day": 0,
    "in_stay": -1,
    "departure_day": -3,
    "after_stay": -5,
    "cancelled": 10,
}

guests = st.tuples(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
    st.sampled_from(sorted(PROVIDERS)),
    st.sampled_from(sorted(STAYS)),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(written(tmp_path))
    return tmp_path


def written(folder: Path) -> Path:
    write_workspace(folder)
    (folder / "rules" / "rules.yaml").write_text(RULES, encoding="utf-8")
    return folder


def write(channex: Account, text: str, provider: str, stay: str) -> str:
    """A guest in the account; the id of the message."""
    world = channex.server.world
    at = datetime.now(UTC) - timedelta(minutes=5)
    arrival = at.date() + timedelta(days=STAYS[stay])
    booking = world.add_booking(
        Booking(
            id=world.new_id(),
            property_id=PLACE,
            guest=Guest(name="Anna", surname="Berg"),
            inserted_at=at,
            arrival_date=arrival,
            departure_date=arrival + timedelta(days=3),
            status="cancelled" if stay == "cancelled" else "new",
            ota_name=PROVIDERS[provider],
        )
    )
    thread = world.add_thread(
        property_id=PLACE, provider=PROVIDERS[provider], title="Anna Berg", booking=booking, inserted_at=at
    )
    return world.write(thread, text, origin=Origin.GUEST, inserted_at=at).id


@settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.generate],
)
@given(st.lists(guests, min_size=5, max_size=8))
def test_explain_says_what_the_service_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], drawn: list[tuple[str, str, str]]
) -> None:
    with account() as channex, pytest.MonkeyPatch.context() as patch:
        # A folder for each example: every account counts its messages anew.
        patch.chdir(written(tmp_path / str(len(list(tmp_path.iterdir())))))
        patch.setenv("CHANNEX_BASE_URL", channex.server.base_url)
        patch.setenv("CHANNEX_API_KEY", KEY)
        ids = [write(channex, *guest) for guest in drawn]
        assert execute(["run", "--once"]) == 0
        for message_id, (text, provider, stay) in zip(ids, drawn, strict=True):
            capsys.readouterr()
            assert execute(["why", message_id, "--format", "json"]) == 0
            real = json.loads(capsys.readouterr().out)
            words = ["--text", text, "--provider", provider, "--stay", stay]
            assert execute(["explain", *words, "--format", "json"]) == 0
            told = json.loads(capsys.readouterr().out)
            said = told["decision"]
            for key in ("outcome", "reason", "partial", "notify", "explanation", "language"):
                assert said[key] == real[key], (text, provider, stay, real["explanation"])
            assert said["rules"] == real["rules"]
            assert ((told["reply"] or {}).get("text") or "") == real["reply"]
            assert _without_hints(said["trace"]["rules"]) == _without_hints(real["trace"]["rules"])
            assert len(real["trace"]["rules"]) == 6, "the losers, too"


def _without_hints(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """The service leaves out how near the other rules came: a hint for authors, and no part of the decision."""
    return [{name: value for name, value in row.items() if name != "nearest_miss"} for row in rows]


def test_explain_marks_what_the_answer_lacks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lacking = RULES.replace("{{ property.parking }}", "{{ property.parking }}, {{ property.parking_price }}")
    (folder / "rules" / "rules.yaml").write_text(lacking, encoding="utf-8")
    assert execute(["explain", "--text", "parking?"]) == 0
    shown = capsys.readouterr().out
    assert "→ left to a person" in shown
    assert "Parking: in the yard, ⟨property.parking_price?⟩" in shown
    assert "would be answered" not in shown


def test_explain_says_from_when_on_the_answer_is_allowed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "properties.yaml").write_text(
        (folder / "properties.yaml").read_text("utf-8")
        + "    secrets: {wifi_password: {value: blue-lemon-42, release: {before_arrival: 48h}}}\n",
        encoding="utf-8",
    )
    (folder / "rules" / "rules.yaml").write_text(
        RULES.replace("You will get it when you come.", "It is {{ property.wifi_password }}."),
        encoding="utf-8",
    )
    words = ["--text", "wifi?", "--at", "2026-05-01T22:10"]
    assert execute(["explain", *words]) == 0
    shown = capsys.readouterr().out
    assert "⟨property.wifi_password?⟩" in shown
    assert "blue-lemon" not in shown
    day = shown.rpartition("would be answered from ")[2].split()[1]
    assert "2026-05-08" <= day <= "2026-05-10"
    assert execute(["explain", "--text", "wifi?", "--stay", "cancelled"]) == 0
    assert "would be answered" not in capsys.readouterr().out


def test_explain_says_when_quiet_hours_end(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "autoresponder.yaml").write_text(
        'guards: {quiet_hours: {between: ["23:00", "07:00"]}}\n', encoding="utf-8"
    )
    assert execute(["explain", "--text", "wifi?", "--stay", "in_stay", "--at", "2026-05-01T23:40"]) == 0
    assert "from Sat 2026-05-02 07:00 on" in capsys.readouterr().out


def test_why_tells_how_near_a_rule_came_and_when_it_would_answer(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    late = RULES + (
        "  - id: bikes\n    when: {text: {any: [bicycles]}, stay: [arrival_day, in_stay]}\n    text: In the yard.\n"
    )
    (folder / "rules" / "rules.yaml").write_text(late, encoding="utf-8")
    with account() as channex:
        monkeypatch.setenv("CHANNEX_BASE_URL", channex.server.base_url)
        monkeypatch.setenv("CHANNEX_API_KEY", KEY)
        slip = write(channex, "bicylces, where?", "booking_com", "in_stay")
        early = write(channex, "bicycles, where?", "booking_com", "before_arrival")
        assert execute(["run", "--once"]) == 0
    capsys.readouterr()
    assert execute(["why", slip]) == 0
    said = capsys.readouterr().out
    assert re.search(r'bikes +no .*closest word: "bicylces", 1 letter off "bicycles"', said), said
    assert "would be answered" not in said
    assert execute(["why", early]) == 0
    said = capsys.readouterr().out
    arrival = datetime.now(UTC).date() + timedelta(days=10)
    assert f"The same words would be answered from {arrival:%a %Y-%m-%d}" in said, said
    assert "as they are now" not in said
    (folder / "rules" / "rules.yaml").write_text(late.replace("arrival_day, in_stay", "before_arrival"))
    assert execute(["why", early]) == 0
    said = capsys.readouterr().out
    assert "With the rules as they are now:" in said
    assert "│ In the yard." in said
    (folder / "rules" / "rules.yaml").write_text("rules: {")
    assert execute(["why", early]) == 0, "what was recorded can be read over a broken folder"
    assert "Outcome: hold" in capsys.readouterr().out
