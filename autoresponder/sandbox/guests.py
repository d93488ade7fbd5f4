"""Plays a script: guests, hosts and the channel act in the world at their times."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from autoresponder.sandbox.entities import Booking, Guest, Happening, Message, Origin, Property, Thread
from autoresponder.sandbox.script import BookingPart, InquiryPart, Script, Step, ThreadPart, duration
from autoresponder.sandbox.stamps import zulu
from autoresponder.sandbox.world import AIRBNB, World

_NAMES = UUID("6f1c5a52-3f0e-4c52-9d4e-8a52b3a0d2b1")
"""Name space of scripted ids: the same script always has the same ids."""
_LATE = timedelta(minutes=2)
"""Wall time by which a step may be late and still carry the time of the script."""


class Guests:
    """The people of a script.

    Args:
        world: Where they act. Its properties are added at construction.
        script: What they do.
    """

    def __init__(self, world: World, script: Script) -> None:
        self._world = world
        self._script = script
        self._replies: dict[str, asyncio.Event] = {}
        self._players: list[asyncio.Task[None]] = []
        for key, part in script.properties.items():
            world.add_property(
                Property(
                    key=key,
                    **{name: getattr(part, name) for name in part.__struct_fields__},
                )
            )

    def start(self) -> None:
        """Begin to play, in tasks of the running loop."""
        self._world.listeners.append(self._heard)
        loop = asyncio.get_running_loop()
        self._players = [loop.create_task(self._play(part)) for part in self._script.threads]

    async def stop(self) -> None:
        """Stop playing, wherever the script stands."""
        if self._heard in self._world.listeners:
            self._world.listeners.remove(self._heard)
        for player in self._players:
            player.cancel()
        await asyncio.gather(*self._players, return_exceptions=True)

    @property
    def finished(self) -> bool:
        """Whether nothing further is to come.

        Raises:
            Exception: Whatever ended a player early; a script that silently stops would prove nothing.
        """
        for player in self._players:
            if player.done() and not player.cancelled():
                failure = player.exception()
                if failure is not None:
                    raise failure
        begun = len(self._players) == len(self._script.threads)
        return begun and all(player.done() for player in self._players)

    async def wait(self) -> None:
        """Wait until the script is over."""
        await asyncio.gather(*self._players)

    def _heard(self, happening: Happening) -> None:
        if happening.kind in ("reply_arrived", "host_wrote") and happening.thread is not None:
            waiting = self._replies.get(happening.thread.key)
            if waiting is not None:
                waiting.set()

    async def _play(self, part: ThreadPart) -> None:
        booking = None if part.booking is None else self._book(part, part.booking, "booking")
        thread: Thread | None = None
        moment = self._world.clock.now()
        for number, step in enumerate(part.steps, start=1):
            due = await self._due(part, step, moment)
            if due is None:
                return
            moment = await self._until(due)
            thread = thread or self._open(part, booking, moment if self._is_history(moment) else None)
            self._act(part, thread, step, number, moment)

    async def _due(self, part: ThreadPart, step: Step, before: datetime) -> datetime | None:
        """When the step is to happen; None when the reply that it waits for did not come."""
        if step.after_reply is not None:
            if not await self._reply(part.key, duration(step.patience)):
                return None
            return self._world.clock.now() + timedelta(seconds=duration(step.after_reply))
        if step.after is not None:
            return before + timedelta(seconds=duration(step.after))
        return self._world.clock.now() if step.at is None else self._script.moment(step.at)

    async def _until(self, due: datetime) -> datetime:
        """Wait for a moment, and return the one that the step gets.

        On a fast clock every wait ends some wall seconds late; the OTA's stamp is the one of the script.
        """
        clock = self._world.clock
        if self._is_history(due):
            return due
        await clock.sleep((due - clock.now()).total_seconds())
        now = clock.now()
        return due if timedelta(0) <= now - due < _LATE else now

    def _is_history(self, moment: datetime) -> bool:
        """Whether it lies before the day's start: then everything about it is old."""
        return moment < self._script.starts_at

    async def _reply(self, key: str, patience: float) -> bool:
        arrived = self._replies.setdefault(key, asyncio.Event())
        waits = [
            asyncio.ensure_future(arrived.wait()),
            asyncio.ensure_future(self._world.clock.sleep(patience)),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()
        return arrived.is_set()

    def _open(self, part: ThreadPart, booking: Booking | None, since: datetime | None) -> Thread:
        return self._world.add_thread(
            property_id=self._script.properties[part.property].id,
            provider=part.provider,
            # Airbnb shows first names only.
            title=part.title
            or (
                part.guest.name
                if part.provider == AIRBNB
                else f"{part.guest.surname} {part.guest.name}".strip()
            ),
            thread_id=_identity(part, "thread"),
            booking=booking,
            key=part.key,
            inserted_at=since,
        )

    def _act(self, part: ThreadPart, thread: Thread, step: Step, number: int, moment: datetime) -> None:
        # Whoever waits for a reply waits for one to what was said from here on.
        self._replies[part.key] = asyncio.Event()
        name = f"message {number}"
        if step.close:
            self._world.close(thread)
        elif step.books is not None:
            self._world.assign_booking(thread, self._book(part, step.books, f"booking {number}"))
        elif step.inquiry is not None:
            self._inquire(part, thread, step.inquiry, name, moment)
        elif step.host is not None:
            self._write(part, thread, name, step.host, Origin.HOST, step, moment)
            # The host's own words are not the reply that a later step waits for.
            self._replies[part.key] = asyncio.Event()
        elif step.system is not None:
            self._write(part, thread, name, step.system, Origin.SYSTEM, step, moment)
        elif step.support is not None:
            self._write(part, thread, name, step.support, Origin.SYSTEM, step, moment, sender="support")
        else:
            self._write(part, thread, name, step.text or "", Origin.GUEST, step, moment)

    def _write(
        self,
        part: ThreadPart,
        thread: Thread,
        name: str,
        text: str,
        origin: Origin,
        step: Step,
        moment: datetime,
        *,
        sender: str | None = None,
    ) -> Message:
        identity = _identity(part, name)
        lag = timedelta(seconds=duration(step.lag or "0s"))
        meta = None if step.role is None else {"name": part.guest.name, "role": step.role}
        files = tuple(f"attachments/{uuid5(_NAMES, identity + file)}/{file}" for file in step.files)
        return self._world.write(
            thread,
            text,
            origin=origin,
            sender=sender,
            attachments=files,
            meta=meta,
            message_id=identity,
            inserted_at=(moment - lag).replace(microsecond=0),
            history=self._is_history(moment),
        )

    def _inquire(
        self, part: ThreadPart, thread: Thread, inquiry: InquiryPart, name: str, moment: datetime
    ) -> None:
        arrival = self._script.day + timedelta(days=inquiry.arrives)
        people = inquiry.adults + inquiry.children
        details: dict[str, Any] = {
            "checkin_date": arrival.isoformat(),
            "checkout_date": (arrival + timedelta(days=inquiry.nights)).isoformat(),
            "currency": inquiry.currency,
            "expected_payout_amount_accurate": inquiry.payout,
            "guest_name": part.guest.name,
            "listing_id": str(10_000_000 + UUID(thread.property_id).int % 89_999_999),
            "listing_name": self._world.properties[thread.property_id].title,
            "nights": inquiry.nights,
            "non_response_at": zulu(moment + timedelta(hours=24))[:-4] + "Z",
            "number_of_adults": inquiry.adults,
            "number_of_children": inquiry.children,
            "number_of_guests": people,
            "number_of_infants": inquiry.infants,
            "number_of_pets": inquiry.pets,
            "property_id": thread.property_id,
            "room_type_id": str(uuid5(_NAMES, f"{part.property} room")),
        }
        meta: dict[str, Any] = {"status": inquiry.status, "booking_details": details}
        if inquiry.event_id:
            meta["live_feed_event_id"] = _identity(part, f"{name} event")
        self._world.write(
            thread,
            "inquiry",
            origin=Origin.SYSTEM,
            meta=meta,
            message_id=_identity(part, name),
            inserted_at=moment,
        )

    def _book(self, part: ThreadPart, stay: BookingPart, name: str) -> Booking:
        day: date = self._script.day
        arrival = day + timedelta(days=stay.arrives)
        identity = _identity(part, name)
        property_id = self._script.properties[part.property].id
        collects = stay.payment_collect or ("ota" if part.provider == AIRBNB else "property")
        return self._world.add_booking(
            Booking(
                id=identity,
                property_id=property_id,
                guest=Guest(**{name: getattr(part.guest, name) for name in part.guest.__struct_fields__}),
                inserted_at=datetime.combine(day - timedelta(days=stay.booked), time(10), UTC),
                arrival_date=arrival,
                departure_date=arrival + timedelta(days=stay.nights),
                status=stay.status,
                ota_name=stay.ota_name or part.provider,
                ota_reservation_code=str(1_000_000_000 + UUID(identity).int % 8_999_999_999),
                arrival_hour=stay.arrival_hour,
                amount=stay.amount,
                payment_collect=collects,
                notes=stay.notes,
                adults=stay.adults,
                children=stay.children,
                infants=stay.infants,
                channel_id=self._world.channel_of(property_id, part.provider),
            )
        )


def _identity(part: ThreadPart, name: str) -> str:
    return str(uuid5(_NAMES, f"{part.key}/{name}"))
