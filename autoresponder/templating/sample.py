"""A made-up guest for trying templates out; pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from autoresponder.model import (
    Booking,
    BookingId,
    BookingStatus,
    Event,
    Inquiry,
    Message,
    MessageId,
    MessageThread,
    Property,
    PropertyId,
    Provider,
    Sender,
    ThreadId,
    Turn,
)
from autoresponder.properties import PropertyFacts

_NIGHTS = 3


def sample_turn(
    facts: PropertyFacts,
    day: datetime,
    *,
    provider: Provider = Provider.BOOKING_COM,
    language: str | None = None,
    inquiry: bool = False,
    name: str = "Anna Berg",
) -> Turn:
    """A made-up turn: a confirmed booking that begins that day, or an inquiry, with everything known.

    Args:
        facts: The property.
        day: The day of arrival, in the property's zone.
        provider: Where the guest writes.
        language: Of the guest.
        inquiry: No booking but an inquiry.
        name: Of the guest; empty for a guest who gives none.
    """
    first, _, last = name.partition(" ")
    arrival = day.astimezone(facts.timezone).date()
    departure = arrival + timedelta(days=_NIGHTS)
    property_id, thread_id = PropertyId("sample-property"), ThreadId("sample-thread")
    booking = Booking(
        id=BookingId("sample-booking"),
        property_id=property_id,
        status=BookingStatus.CONFIRMED,
        arrival_date=arrival,
        departure_date=departure,
        arrival_hour="18:00",
        ota_reservation_code="1234567890",
        ota_name=provider.value,
        currency="EUR",
        amount=Decimal(420),
        guest_name=first,
        guest_surname=last,
        guest_language=language,
        guest_country="PT",
        adults=2,
        children=1,
        infants=0,
    )
    wish = Inquiry(
        status="active",
        checkin_date=arrival,
        checkout_date=departure,
        nights=_NIGHTS,
        currency="EUR",
        payout=Decimal(400),
        guest_name=name or None,
        listing_name=facts.name or facts.key,
        number_of_adults=2,
        number_of_children=1,
        number_of_infants=0,
        number_of_pets=0,
        number_of_guests=3,
    )
    place = Property(
        id=property_id,
        title=facts.name or facts.key,
        timezone=facts.timezone.key,
        currency="EUR",
        country="PT",
        city="Lisboa",
        address="Rua do Mar 1",
        email="stay@example.com",
        phone="+351 000 000 000",
    )
    message = Message(
        id=MessageId("sample-message"),
        thread_id=thread_id,
        sender=Sender.GUEST,
        text="Hello!",
        inserted_at=day.astimezone(UTC),
    )
    thread = MessageThread(
        id=thread_id,
        title=name,
        provider=provider,
        provider_name=provider.value,
        is_closed=False,
        message_count=1,
        property_id=property_id,
        booking_id=None if inquiry else booking.id,
    )
    return Turn(
        event=Event.INQUIRY if inquiry else Event.MESSAGE,
        thread=thread,
        trigger=message,
        messages=(message,),
        history=(message,),
        booking=None if inquiry else booking,
        property=place,
        inquiry=wish if inquiry else None,
    )
