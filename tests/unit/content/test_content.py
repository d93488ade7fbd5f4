"""What an OTA would refuse, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoresponder import content
from autoresponder.content import Kind, forbidden
from autoresponder.model import Provider


def kinds(text: str, provider: Provider = Provider.AIRBNB, *, confirmed: bool = False) -> set[Kind]:
    return {f.kind for f in forbidden(text, provider=provider, confirmed=confirmed)}


PHONES = [
    "Call +351 912 345 678",
    "+351912345678",
    "00351 912 345 678",
    "(+49) 30 1234567",
    "+44 (0)20 7946 0958",
    "Tel. 030 1234567",
    "030/1234567",
    "06 12 34 56 78",
    "06.12.34.56.78",
    "06-12-34-56-78",
    "912 345 678",
    "912.345.678",
    "912345678",
    "(212) 555-0199",
    "212-555-0199",
    "call me: 555-0199",
    "phone 7946 0958",
    "Telefon: 7946095",
    "llámame al 91 234 56 7",
    "9 1 2 3 4 5 6 7 8",
    "9.1.2.3.4.5.6.7.8",
    "9-1-2-3-4-5-6-7-8",
    "912 / 345 / 678",
    "nine one two three four five six seven eight",
    "neun eins zwei drei vier fünf sechs sieben acht",
    "nove um dois três quatro cinco seis sete oito",
    "nine 1 two 3 four 5 six 7",
    "＋３５１ ９１２ ３４５ ６７８",
    "912\u200b345\u200b678",
    "9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
    "my number is\n0176 12345678\nthanks",
]


@pytest.mark.parametrize("text", PHONES)
def test_phone_numbers_are_found(text: str) -> None:
    assert Kind.PHONE in kinds(text)


NO_PHONES = [
    "Check-in from 15:00 to 22:00, check-out until 11:00.",
    "Check-in 15.00-18.00",
    "between 10.30 - 12.00 and 14.00 - 16.00",
    "from 2026-03-14 to 2026-03-18",
    "14.03.2026 - 18.03.2026",
    "14.-18.03.2026",
    "14/03/2026 – 18/03/2026",
    "03/14/2026",
    "14.03.26 15:00",
    "14.3. - 18.3.",
    "in 2025/2026 and 2026 2027",
    "1.200,00 EUR",
    "€ 1,200.00",
    "EUR 1 200 000",
    "1.200.000 €",
    "120.00-140.00 EUR",
    "12 EUR per night, 84 EUR for 7 nights",
    "Rua Augusta 24, 1100-053 Lisboa",
    "Rua Augusta 24 1100-053 Lisboa",
    "Hauptstraße 12, 10115 Berlin",
    "Hauptstr. 12-14 10115 Berlin",
    "Carrer de Mallorca 401, 08013 Barcelona",
    "221B Baker Street, London NW1 6XE",
    "Av. Paulista 1578, 01310-200 São Paulo",
    "1600 Pennsylvania Ave, DC 20500-0003",
    "38.722252, -9.139337",
    "bus 728 and tram 15, every 10 to 15 minutes",
    "2 adults, 1 child, 3 nights, 45 m2",
    "floors 1, 2 and 3; rooms 101-112",
    "10% from 7 nights, 20% from 28 nights",
    "Wi-Fi 500/100 Mbit",
    "220-240 V, 50/60 Hz",
    "A 2-3 minute walk; 1.5 km; 0.8 miles",
    "licence 123456/AL",
    "VAT PT501234567",
    "one, two or three people; four is too many",
    "7 of 7 days a week, 24/7",
    "listing 12345678",
    "5 - 6 people",
    "1. parking 2. pool 3. garden",
    "the door opens at 16h00 and closes at 23h30",
]


@pytest.mark.parametrize("text", NO_PHONES)
def test_other_numbers_are_no_phone_numbers(text: str) -> None:
    assert kinds(text) == set()


EMAILS = [
    "anna@seaview.example.com",
    "Anna.Berg+stay@gmail.com",
    "anna @ gmail . com",
    "anna(at)gmail.com",
    "anna [at] gmail [dot] com",
    "anna at gmail dot com",
    "anna at gmail.com",
    "anna arroba gmail punto com",
    "anna chiocciola gmail punto it",
    "anna (at) gmail (punkt) de",
    "ANNA AT GMAIL DOT COM",
    "anna＠gmail．com",
    "an\u200bna@gm\u200bail.com",
    "find us at seaview lisbon on gmail",
]


@pytest.mark.parametrize("text", EMAILS)
def test_email_addresses_are_found(text: str) -> None:
    assert Kind.EMAIL in kinds(text)


LINKS = [
    "https://seaview.example/wifi",
    "http://1.2.3.4/x",
    "hxxp://evil.test",
    "www.seaview.pt",
    "www . seaview . pt",
    "seaview.com",
    "see seaview-lisbon.pt/parking for more",
    "wa.me/351912345678",
    "bit.ly/abc",
    "seaview dot com",
    "seaview(dot)com",
    "seaview [.] com",
    "seaview punto com",
    "mailto:me",
    "maps.app.goo.gl/xyz",
    "https://booking.com@evil.example/",
    "https://airbnb.com.evil.example/x",
]


@pytest.mark.parametrize("text", LINKS)
def test_links_are_found(text: str) -> None:
    assert Kind.LINK in kinds(text)


INNOCENT = [
    "The pool is open. It is heated.",
    "tomorrow.It is fine",
    "We are close to the station, e.g. 5 min. by foot, i.e. near.",
    "z.B. am Hafen, d.h. nebenan",
    "9 a.m. to 5 p.m.",
    "Check-in is at 3. Please ring.",
    "Meet me at the door. Come in.",
    "No. 5, St. Pauli",
    "Mr.Smith and Co. rent bikes",
    "Point of interest: the dot on the map",
    "See https://www.airbnb.com/help/article/1121",
    "airbnb.pt/rooms/1",
    "Danke.Bis bald",
    "version 2.0 and 3.5",
]


@pytest.mark.parametrize("text", INNOCENT)
def test_ordinary_sentences_pass_airbnb(text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize(
    "text", ["write me on WhatsApp", "find us on Telegram", "follow @seaview_lisbon", "Whats App"]
)
def test_other_services_are_found(text: str) -> None:
    assert Kind.ELSEWHERE in kinds(text)


@pytest.mark.parametrize("text", [PHONES[0], EMAILS[0], LINKS[0]])
def test_after_confirmation_airbnb_and_expedia_take_contact_data(text: str) -> None:
    assert kinds(text, Provider.AIRBNB, confirmed=True) == set()
    assert kinds(text, Provider.EXPEDIA, confirmed=True) == set()
    assert kinds(text, Provider.EXPEDIA) != set()


@pytest.mark.parametrize("confirmed", [True, False])
def test_booking_com_takes_approved_links_only(confirmed: bool) -> None:
    def found(text: str, *approved: str) -> int:
        return len(
            forbidden(text, provider=Provider.BOOKING_COM, confirmed=confirmed, approved_links=approved)
        )

    assert found("https://seaview.example.com/x") == 1
    assert found("https://www.seaview.example.com/x", "seaview.example.com") == 0
    assert found("https://notseaview.example.com/x", "seaview.example.com") == 1
    assert found("https://secure.booking.com/help and booking.com") == 0
    assert found("https://booking.com.evil.org") == 1
    assert found("https://booking.com@evil.org/") == 1
    assert found("Call +351 912 345 678") == 0


def test_other_channels_have_no_rules_that_we_know() -> None:
    assert kinds("https://x.example +351 912 345 678", Provider.OTHER) == set()


def test_a_finding_says_who_refuses_what() -> None:
    (finding,) = forbidden("Ring +351 912 345 678 now", provider=Provider.AIRBNB, confirmed=False)
    assert finding.kind is Kind.PHONE
    assert finding.excerpt == "+351 912 345 678"
    assert finding.message == (
        "Airbnb lets no phone number through before the booking is confirmed: “+351 912 345 678”"
    )


@given(st.text(max_size=400), st.sampled_from(Provider), st.booleans())
def test_never_raises_and_quotes_little(text: str, provider: Provider, confirmed: bool) -> None:
    for finding in forbidden(text, provider=provider, confirmed=confirmed):
        assert 0 < len(finding.excerpt) <= 60


@given(st.from_regex(r"\A(\+3519[1236]\d{7}|06\d{8}|0176\d{7})\Z"), st.sampled_from(["", " ", "-", "."]))
def test_any_spacing_of_a_number_is_found(number: str, between: str) -> None:
    head, digits = number[:4], number[4:]
    spaced = between.join([head, digits[:3], digits[3:]]).strip(" -.")
    assert Kind.PHONE in kinds(f"Please ring {spaced}, thank you")


@pytest.mark.parametrize("unit", ["1 ", "a.", "a", "1", "@", "a at ", "www.", "a dot ", "one "])
def test_long_texts_take_no_time(unit: str) -> None:
    assert isinstance(forbidden(unit * 3000, provider=Provider.AIRBNB, confirmed=False), tuple)


_PIECES = [
    "a",
    "seaview",
    "x-1",
    ".",
    " ",
    "(",
    ")",
    "[dot]",
    " dot ",
    "punkt",
    "com",
    "de",
    "@",
    "www",
    "https",
    ":",
    "/",
    "at",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_what_needs_no_closer_look_has_no_link_and_no_address(text: str) -> None:
    patterns = (content._EMAIL, content._SCHEME, content._WWW, content._BARE, content._DISGUISED)
    assert content._may_hold_link(text) or not any(pattern.search(text) for pattern in patterns)
