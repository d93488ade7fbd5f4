"""What mail programmes put around a guest's words is not the guest's words."""

from __future__ import annotations

import pytest

from autoresponder.text.letter import own_words
from tests.support.effort import effort


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Is there parking?", "Is there parking?"),
        ("> Is there parking?\nYes, and wifi?", "Yes, and wifi?"),
        ("Thanks!\n\nOn Mon, 3 Mar 2026, Host <h@x.example> wrote:\n> parking is free\n", "Thanks!"),
        ("Danke!\nAm 3. März 2026 um 10:00 schrieb Host <h@x.example>:\nParken ist frei.", "Danke!"),
        ("Merci\nLe lun. 3 mars 2026 à 10:00, Hôte a écrit :\n> parking", "Merci"),
        ("Grazie\n-----Messaggio originale-----\nDa: Host\nparcheggio", "Grazie"),
        (
            "On Mon, Host wrote:\n> Do you have a car?\nYes, two. Where can we park?",
            "Yes, two. Where can we park?",
        ),
        ("Breakfast?\n-- \nJohn\nParking Solutions", "Breakfast?"),
        ("Breakfast?\nSent from my iPhone", "Breakfast?"),
        ("Frühstück?\r\nGesendet mit der GMX Mail App", "Frühstück?"),
        ("Breakfast?\n\nBest regards,\nJane Pool\nSwimming Garage", "Breakfast?\n\nBest regards,"),
        ("Best regards,\nJane\nPS: is there parking?", "Best regards,\nPS: is there parking?"),
        ("Regards\nwe need 2 more towels", "Regards\nwe need 2 more towels"),
        ("On Monday my wife wrote: is there parking?", "On Monday my wife wrote: is there parking?"),
        ("-- \nhello", "-- \nhello"),
    ],
)
def test_only_what_the_guest_wrote_stays(text: str, own: str) -> None:
    assert own_words(text).strip() == own


def test_the_time_grows_with_the_text_and_no_faster() -> None:
    for piece in ("On a\n", "> x\n", "wrote:\n", "Best regards\nA\n", "on \n" * 3, "-" * 50 + "\n"):
        small, large = (effort(lambda n=n, piece=piece: own_words(piece * n)) for n in (500, 5000))
        assert large < 30 * small + 1000, piece
