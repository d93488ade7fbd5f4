"""What was to be filled in later is told from what is true."""

from __future__ import annotations

import pytest

from autoresponder.properties.placeholders import is_placeholder


@pytest.mark.parametrize(
    "text",
    [
        "TODO",
        "TODO: ask Marta",
        "Gate code TBD",
        "xxx",
        "XXXX",
        "???",
        "?",
        "…",
        "...",
        "____",
        "-",
        "—",
        "<wifi name>",
        "[address]",
        "changeme",
        "Change me",
        "lorem ipsum dolor",
        "To be confirmed",
        "fill this in",
        "todo",
        "Please insert the address here",
        "your wifi password here",
        " TBD \n",
    ],
)
def test_a_text_for_later_is_found(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Seaview-Guest",
        "In the yard, free of charge.",
        "Todo incluido",
        "todo el día",
        "TODO INCLUIDO",
        "Put your luggage here.",
        "tbc-guest",
        "Do you need a crib? Ask us.",
        "xx",
        "Bring your passport here.",
        "Please put the key in the box.",
        "Press [1] and then [2]",
        "1 < 2",
        "<3",
        "15:00",
        "Free – ask us",
        "Turn left... then right",
        "Wait...",
    ],
)
def test_a_fact_is_left_alone(text: str) -> None:
    assert not is_placeholder(text)
