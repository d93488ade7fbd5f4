"""What the first message would otherwise make every other guest wait for, done before the service begins."""

from __future__ import annotations

from autoresponder.brain import Knowledge
from autoresponder.rules.vocabulary import cue_book
from autoresponder.templating.filters import locale_for


def warm_up(knowledge: Knowledge) -> None:
    """Compile the cues by which guests are understood, and load how replies write dates.

    Together they take some tenths of a second, once in a process. Inside the event loop nothing else would
    happen meanwhile.

    Args:
        knowledge: Its templates tell the languages.
    """
    cue_book()
    for language in knowledge.templates.frame_languages():
        _ = locale_for(language).date_formats  # Babel reads a language's data when it is first asked for any
