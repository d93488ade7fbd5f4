"""What guests say in a campaign with real processes."""

from __future__ import annotations

FIRST_WORDS = (
    ("What is the wifi called?", 45),
    ("Where can we park?", 25),
    ("Do you have wifi, and can we park?", 10),
    ("There is a smell of gas!", 4),
    ("Thank you!", 8),
    ("Do you have a helicopter?", 8),
)
"""What a guest begins with, and how often."""

LATER_WORDS = ("And the wifi?", "And where can we park?", "Thanks, great!")
"""What a guest writes on, each one once."""


def guests_words() -> tuple[str, ...]:
    """Everything that a guest may say; none of it belongs into a log."""
    return (*(text for text, _ in FIRST_WORDS), *LATER_WORDS)
