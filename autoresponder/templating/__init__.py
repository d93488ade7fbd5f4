"""Strict, sandboxed reply templates: sections in a frame, one language, nothing missing, nothing secret; pure."""

from __future__ import annotations

from autoresponder.templating.files import Variant
from autoresponder.templating.library import Templates
from autoresponder.templating.render import Held, Reply, render_reply

__all__ = ["Held", "Reply", "Templates", "Variant", "render_reply"]
