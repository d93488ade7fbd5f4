"""Strict, sandboxed reply templates: sections in a frame, one language, nothing missing, nothing secret; pure."""

from __future__ import annotations

from autoresponder.templating.files import Variant
from autoresponder.templating.gaps import Gapped, mark, with_gaps
from autoresponder.templating.library import Templates
from autoresponder.templating.render import Held, Reply, render_reply
from autoresponder.templating.sample_guests import SampleGuests
from autoresponder.templating.trial import Trial, Use, problems_for, trials, try_render
from autoresponder.templating.unreleased import Asker, would_name

__all__ = [
    "Asker",
    "Gapped",
    "Held",
    "Reply",
    "SampleGuests",
    "Templates",
    "Trial",
    "Use",
    "Variant",
    "mark",
    "problems_for",
    "render_reply",
    "trials",
    "try_render",
    "with_gaps",
    "would_name",
]
