"""Where a guest is in the stay, by the calendar of the property."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from autoresponder.model import Booking, BookingStatus, StayStage


def known_stay_stage(booking: Booking | None, zone: ZoneInfo, now: datetime) -> StayStage | None:
    """The stage of the stay, or None when the dates that would tell are missing.

    Args:
        booking: The booking; None is an inquiry.
        zone: Time zone of the property: its date counts, not the guest's and not UTC's.
        now: The present, aware.
    """
    if booking is None:
        return StayStage.INQUIRY
    if booking.status is BookingStatus.CANCELLED:
        return StayStage.CANCELLED
    today = now.astimezone(zone).date()
    arrival, departure = booking.arrival_date, booking.departure_date
    if arrival is not None and today < arrival:
        return StayStage.BEFORE_ARRIVAL
    if arrival is not None and today == arrival:
        return StayStage.ARRIVAL_DAY
    if departure is None:
        return None
    if today > departure:
        return StayStage.AFTER_STAY
    if today == departure:
        return StayStage.DEPARTURE_DAY
    return None if arrival is None else StayStage.IN_STAY


def stay_stage(booking: Booking | None, zone: ZoneInfo, now: datetime) -> StayStage:
    """Like `known_stay_stage`; a stay whose dates are missing counts as not begun, which releases nothing."""
    return known_stay_stage(booking, zone, now) or StayStage.BEFORE_ARRIVAL
