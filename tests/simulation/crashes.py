"""Small stories with one trouble each, in which one process is killed at one chosen step."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from autoresponder.config import DeliverySettings, GuardSettings, PollSettings
from autoresponder.sandbox.entities import Thread
from tests.simulation.network import Weather
from tests.simulation.schedule import play
from tests.simulation.site import Plan, Site, assembled
from tests.simulation.virtual_time import Process


@dataclass(frozen=True, kw_only=True)
class Story:
    """One guest, one trouble.

    Attributes:
        faults: Of the writes, one after the other.
        inquires: Whether the guest has no booking but an Airbnb inquiry, which a rule pre-approves.
        then: Who writes something while the reply is under way.
        replies: How many messages, texts and files, the guest may get in the end.
        killed: The same when a process is killed, which is a second trouble: two unknown outcomes of one
            reply are left to a person. By default as without a kill.
    """

    words: str = "what's the wifi?"
    faults: tuple[str | None, ...] = ()
    replicas: int = 1
    then: Callable[[Site, Thread], Awaitable[None]] | None = None
    inquires: bool = False
    replies: tuple[int, ...] = (1,)
    killed: tuple[int, ...] | None = None


async def _guest_writes_on(site: Site, thread: Thread) -> None:
    await asyncio.sleep(9)
    site.guest_says(thread, "and is there parking?")


async def _host_answers_later(site: Site, thread: Thread) -> None:
    await asyncio.sleep(2)
    await _host_answers(site, thread)


async def _host_answers(site: Site, thread: Thread) -> None:
    await asyncio.sleep(11)
    site.host_says(thread, "It is on the fridge!")


WE = "Hello, we are two."
MAP = "can you send a map?"

STORIES = {
    "a reply": Story(),
    "two replicas": Story(replicas=2),
    "no connection": Story(faults=("no_connection",)),
    "rate limited": Story(faults=("429",)),
    "key refused": Story(faults=("401",)),
    "failed before": Story(faults=("5xx_before",), killed=(0, 1)),
    "failed after": Story(faults=("5xx_after",)),
    "lost before": Story(faults=("lost_before",), killed=(0, 1)),
    "lost after": Story(faults=("lost_after",)),
    "silent before, two replicas": Story(faults=("silent_before",), replicas=2, killed=(0, 1)),
    "silent after": Story(faults=("silent_after",)),
    "applied late": Story(faults=("late",)),
    "seen late": Story(faults=("hidden",)),
    "answered with garbage": Story(faults=("garbage",)),
    "masked": Story(faults=("masked",)),
    "refused": Story(faults=("422",), replies=(0, 1)),
    "the guest writes on": Story(then=_guest_writes_on, faults=("lost_after",), replies=(1, 2)),
    "somebody answers": Story(then=_host_answers, faults=("no_connection",), replies=(0, 1)),
    "thanks": Story(words="Great, thank you!", faults=("5xx_after",), replies=(0,)),
    "a file": Story(words=MAP, replies=(2,)),
    "a file, two replicas": Story(words=MAP, replicas=2, replies=(2,)),
    "a file, upload fails": Story(words=MAP, faults=(None, "5xx_after"), replies=(2,)),
    "a file, upload refused": Story(words=MAP, faults=(None, "422"), replies=(1,), killed=(0, 1, 2)),
    "a file, refused": Story(words=MAP, faults=(None, None, "422"), replies=(1,), killed=(0, 1, 2)),
    "a file, refused once": Story(words=MAP, faults=(None, None, "429"), replies=(2,)),
    "a file, lost before": Story(words=MAP, faults=(None, None, "lost_before"), replies=(2,), killed=(1, 2)),
    "a file, lost after": Story(words=MAP, faults=(None, None, "lost_after"), replies=(2,)),
    "a file, applied late": Story(words=MAP, faults=(None, None, "late"), replies=(2,)),
    "a file, answered with garbage": Story(words=MAP, faults=(None, None, "garbage"), replies=(2,)),
    "a file, the guest writes on": Story(
        words=MAP, then=_guest_writes_on, faults=(None, None, "lost_after"), replies=(2, 3)
    ),
    "a file, somebody answers": Story(
        words=MAP, then=_host_answers, faults=(None, None, "no_connection"), replies=(0, 1, 2)
    ),
    "a file, text lost": Story(words=MAP, faults=("lost_before",), replies=(2,), killed=(0, 2)),
    "an inquiry": Story(words=WE, inquires=True),
    "an inquiry, two replicas": Story(words=WE, inquires=True, replicas=2),
    "an inquiry, rate limited": Story(words=WE, inquires=True, faults=("429",)),
    "an inquiry, lost before": Story(words=WE, inquires=True, faults=("lost_before",)),
    "an inquiry, lost after": Story(words=WE, inquires=True, faults=("lost_after",)),
    "an inquiry, silent after": Story(words=WE, inquires=True, faults=("silent_after",), replicas=2),
    "an inquiry, refused": Story(words=WE, inquires=True, faults=("422",), replies=(0,), killed=(0, 1)),
    "an inquiry, text lost": Story(words=WE, inquires=True, faults=(None, "lost_after")),
    "an inquiry, somebody answers": Story(
        words=WE, inquires=True, then=_host_answers_later, faults=("429",), replies=(0, 1)
    ),
    "an inquiry, the guest writes on": Story(
        words=WE, inquires=True, then=_guest_writes_on, faults=("lost_after",), replies=(0, 1, 2)
    ),
    "twice unknown": Story(faults=("lost_before", "lost_before"), replies=(0, 1)),
}


@dataclass
class Crash:
    """What came of one run."""

    violations: list[str]
    point: str
    """Where the process was killed; empty when the story was over before."""
    steps: int
    """Steps that the delivery path has without a kill."""
    copies: int
    history: list[str]


def tell(name: str, *, kill_at: int | None = None, history: bool = False) -> Crash:
    """Play a story, and kill whoever takes the given step (0-based) of the delivery path, once."""
    story = STORIES[name]
    plan = Plan(
        delivery=DeliverySettings(quarantine=90.0, grace=2.0, lease=20.0),
        guards=GuardSettings(settle=timedelta(seconds=5), preapprove=True),
        poll=PollSettings(every=timedelta(seconds=15)),
        timeout=10.0,
        weather=Weather(late=40.0, hidden=20.0, fixed=list(story.faults)),
        replicas=story.replicas,
    )
    site = Site(f"crash {name}", plan, history=history)
    steps = 0
    point = ""

    def at_step(process: Process, where: str) -> None:
        nonlocal steps, point
        if asked and steps == kill_at:
            point = where or "at the start"
            site.kill(process)
        steps += asked

    asked = False
    site.at_step = at_step  # type: ignore[method-assign]
    thread = site.thread(provider="AirBNB", booked=False) if story.inquires else site.thread()
    event = ""

    async def main() -> None:
        nonlocal asked, event
        try:
            for number in range(plan.replicas):
                site.start(number)
            await asyncio.sleep(5)
            asked = True
            if story.inquires:
                event = site.guest_inquires(thread)
            site.guest_says(thread, story.words)
            if story.then is not None:
                await story.then(site, thread)
            await site.rest(1500.0)
        finally:
            await site.end()

    with assembled(site, {}):
        play(site, main)
    copies = sum(m.user_id is not None for m in thread.messages)
    violations = list(site.witness.violations)
    inquiry = site.world.feed.get(event)
    words = {m.text for m in thread.messages if m.user_id is not None}
    if inquiry is not None and "You are welcome to book." in words and not inquiry.payload["resolved"]:
        violations.append("the guest was told of a pre-approval that did not come")
    allowed = story.replies if kill_at is None or story.killed is None else story.killed
    if copies not in allowed:
        violations.append(f"the guest has {copies} replies")
    return Crash(violations, point, steps, copies, site.witness.history or [])
