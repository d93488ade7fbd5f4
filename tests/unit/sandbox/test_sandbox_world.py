"""The world keeps itself within bounds and is the same for the same seed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from autoresponder.clock import ManualClock
from autoresponder.sandbox import feed
from autoresponder.sandbox import world as world_module
from autoresponder.sandbox.entities import Booking, Guest, Happening, Origin
from tests.support.sandbox_world import START, new_thread, new_world


def test_the_same_seed_gives_the_same_ids() -> None:
    assert new_world(seed=3).new_id() == new_world(seed=3).new_id()
    assert new_world(seed=3).new_id() != new_world(seed=4).new_id()


def test_an_unknown_property_is_refused() -> None:
    world = new_world()
    with pytest.raises(ValueError, match="is unknown"):
        world.add_booking(
            Booking(
                id="b",
                property_id="nowhere",
                guest=Guest(),
                inserted_at=START,
                arrival_date=START.date(),
                departure_date=START.date(),
            )
        )


def test_happenings_and_feed_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world_module, "_HAPPENINGS_KEPT", 5)
    monkeypatch.setattr(feed, "_KEPT", 4)
    world = new_world()
    thread = new_thread(world)
    written = [world.write(thread, str(n), origin=Origin.GUEST) for n in range(20)]
    assert [h.message for h in world.happenings] == written[-5:]
    assert [e.payload["message"] for e in world.feed.newest_first()] == ["19", "18", "17", "16"]
    assert len(world.feed) == 4


def test_old_attachments_go_when_they_are_too_large_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world_module, "_ATTACHMENT_BYTES_KEPT", 10)
    world = new_world()
    kept = [
        world.add_attachment(content=b"xxxxxx", file_name="a.png", file_type="image/png").id for _ in range(3)
    ]
    assert list(world.attachments) == kept[-1:]


def test_listeners_hear_what_happens_in_order() -> None:
    world = new_world()
    heard: list[Happening] = []
    world.listeners.append(heard.append)
    thread = new_thread(world)
    world.write(thread, "Hi", origin=Origin.GUEST)
    world.close(thread)
    world.close(thread)
    world.write(thread, "Hello", origin=Origin.API)
    assert [h.kind for h in heard] == ["guest_wrote", "closed", "reply_arrived", "reopened"]
    assert [h.number for h in heard] == [1, 2, 3, 4]


def test_what_is_to_be_seen_later_comes_in_its_own_order() -> None:
    world = new_world()
    thread = new_thread(world)
    world.write(thread, "last", origin=Origin.API, later=20, accepted=False)
    world.write(thread, "first", origin=Origin.API, later=10, accepted=False)
    world.settle()
    assert thread.messages == []
    assert isinstance(world.clock, ManualClock)
    world.clock.advance(30)
    world.settle()
    assert [m.text for m in thread.messages] == ["first", "last"]
    # They carry the moment they were applied, not the one somebody looked.
    assert [m.inserted_at - START for m in thread.messages] == [timedelta(seconds=10), timedelta(seconds=20)]
    assert thread.messages[0].sequence < thread.messages[1].sequence
