"""The conditions of the rule language: one key of `when`, one module, one line in this table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from autoresponder.rules.conditions import (
    booking,
    combine,
    event,
    group,
    hours,
    inquiry,
    language,
    listing,
    provider,
    stay,
    stay_details,
    text,
    thread,
    topics,
)
from autoresponder.rules.conditions.base import ConditionKind

CONDITIONS: Final[Mapping[str, ConditionKind]] = {
    kind.name: kind
    for kind in (
        event.KIND,
        topics.KIND,
        text.KIND,
        provider.KIND,
        listing.KIND,
        group.KIND,
        booking.KIND,
        stay.KIND,
        language.KIND,
        inquiry.KIND,
        stay_details.KIND,
        thread.KIND,
        hours.KIND,
        *combine.KINDS,
    )
}
"""Every key that a `when` may have, in the order in which documents list them."""

__all__ = ["CONDITIONS", "ConditionKind"]
