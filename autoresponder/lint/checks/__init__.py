"""The checks, one module each: what is wrong between the parts of a workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from autoresponder.lint.checks import (
    actions_possible,
    conditions_possible,
    facts_known,
    files_attached,
    files_used,
    languages_complete,
    leftovers,
    own_text,
    places_known,
    preapprovals,
    replies_complete,
    rules_overlap,
    rules_reached,
    secrets_guarded,
    secrets_hidden,
    secrets_in_time,
    secrets_known,
    templates_exist,
    templates_used,
    topics_distinct,
)
from autoresponder.lint.view import View
from autoresponder.problems import Problem

Check = Callable[[View], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    templates_exist.find,
    templates_used.find,
    own_text.find,
    facts_known.find,
    replies_complete.find,
    languages_complete.find,
    leftovers.find,
    places_known.find,
    actions_possible.find,
    conditions_possible.find,
    rules_reached.find,
    rules_overlap.find,
    secrets_in_time.find,
    secrets_guarded.find,
    secrets_known.find,
    topics_distinct.find,
    secrets_hidden.find,
    files_used.find,
    files_attached.find,
    preapprovals.find,
)
"""Every check, in no particular order."""
