"""What templates come out as, and when they do not come out at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from autoresponder.config import ReplySettings
from autoresponder.decision import Decision, Outcome, Section, SkipReason
from autoresponder.model import BookingId, BookingStatus, PropertyId, Provider
from autoresponder.templating import Held, Reply, Templates, render_reply
from tests.unit.templating.scenes import (
    BOOKING,
    DOOR_CODE,
    FACTS,
    INQUIRY,
    LONG_BEFORE,
    ON_ARRIVAL_DAY,
    held,
    text,
    turn,
    without_name,
)


@pytest.mark.parametrize(
    ("source", "language", "expected"),
    [
        ("{{ booking.arrival | date }}", "en", "14 March 2026"),
        ("{{ booking.arrival | date }}", "de", "14. März 2026"),
        ("{{ booking.arrival | date }}", "pt-BR", "14 de março de 2026"),
        ("{{ booking.arrival }}", "fr", "14 mars 2026"),
        ("{{ booking.arrival | day }}", "en", "Saturday 14 March"),
        ("{{ booking.arrival | day }}", "de", "Samstag, 14. März"),
        ("{{ booking.arrival | day }}", "es", "sábado, 14 de marzo"),
        ("{{ booking.arrival | day }}", "hu", "március 14., szombat"),
        ("{{ property.check_in_from | time }}", "en", "15:00"),
        ("{{ '9:05' | time }}", "de", "09:05"),
        ("{{ '2026-05-01' | date }}", "it", "1 maggio 2026"),
        ("{{ now | time }}", "en", "12:00"),
        ("{{ now | datetime }}", "en", "14 March 2026, 12:00"),
        ("{{ property.parking_fee | money }}", "en", "€12.00"),
        ("{{ property.parking_fee | money }}", "de", "12,00\u00a0€"),
        ("{{ 7.5 | money('USD') }}", "en", "US$7.50"),
        ("{{ booking.total }}", "en", "€420.50"),
        ("{{ booking.total | money }}", "fr", "420,50\u00a0€"),
        ("{{ property.nearby | list }}", "en", "a bakery, a park and the beach"),
        ("{{ property.nearby | list }}", "de", "a bakery, a park und the beach"),
        ("{{ ['x'] | list }}", "en", "x"),
        ("{{ property.nearby | join('; ') }}", "en", "a bakery; a park; the beach"),
        ("{{ property.nearby | first }}, {{ property.nearby | last }}", "en", "a bakery, the beach"),
        ("{{ property.nearby | length }}", "en", "3"),
        ("{{ property.parking }}", "en", "in the yard"),
        ("{{ property.parking }}", "de", "im Hof"),
        ("{{ property.parking }}", "fr", "in the yard"),
        ("{{ guest.first_name | upper }}", "en", "ANNA"),
        ("{{ 'wi-fi' | capitalize }} {{ 'a b' | title }} {{ ' x ' | trim }}", "en", "Wi-fi A B x"),
        ("{{ 'a-b' | replace('-', ' ') }}", "en", "a b"),
        ("{{ 'abcdef' | truncate(4) }}", "en", "abc…"),
        ("{{ 2.456 | round(1) }} {{ 2.5 | round }}", "de", "2,5 2"),
        ("{{ -3 | abs }} {{ '4' | int }}", "en", "3 4"),
        ("{{ booking.nights * 2 + 1 }}", "en", "9"),
        ("{{ booking.nights / 8 }}", "de", "0,5"),
        ("{{ booking.guests }} {{ booking.nights }}", "en", "3 4"),
        ("{{ 'a' ~ guest.first_name ~ booking.nights }}", "en", "aAnna4"),
        ("{% for n in range(3) %}{{ loop.index }}{% endfor %}", "en", "123"),
        ("{% for t in property.nearby if t != 'a park' %}{{ t }}{{ ', ' if not loop.last else '' }}{% endfor %}", "en",
         "a bakery, the beach"),
        ("{% if now.hour < 12 %}Good morning{% else %}Hello{% endif %}", "en", "Hello"),
        ("{% if booking.status == 'confirmed' %}yes{% endif %}", "en", "yes"),
        ("{% if thread.provider in ['airbnb', 'booking_com'] %}yes{% endif %}", "en", "yes"),
        ("{{ thread.provider_label }}", "en", "Booking.com"),
        ("{% if property.towels %}yes{% endif %}", "en", "yes"),
        ("{{ stay.days_until_arrival }}{% if stay.stage == 'arrival_day' %} today{% endif %}", "en", "0 today"),
        ("{{ property['wifi_name'] }}", "en", "Seaview-Guest"),
        ("{{ message.text[:3] }}", "en", "Hel"),
        ("{% raw %}<b>{% endraw %} & \"q\"", "en", '<b> & "q"'),
        ("{% set x = 'y' %}{{ x }}", "en", "y"),
        ("{# a remark #}x", "en", "x"),
    ],
)  # fmt: skip
def test_values_come_out_in_the_language(source: str, language: str, expected: str) -> None:
    assert text(source, language=language) == expected


def test_a_guests_country_chooses_among_the_ways_of_one_language() -> None:
    american = turn(booking=changed(BOOKING, guest_country="US"))
    austrian = turn(booking=changed(BOOKING, guest_country="AT", arrival_date=date(2027, 1, 5)))
    assert (
        text("{{ booking.arrival | date }} {{ '15:00' | time }}", of=american)
        == "March 14, 2026 3:00\u202fPM"
    )
    assert text("{{ booking.arrival | date }}", of=austrian, language="de") == "5. Jänner 2027"


@pytest.mark.parametrize(
    ("source", "detail"),
    [
        ("{{ property.parkin }}", "property 'seaview' has no fact 'parkin'"),
        ("{{ property.blank }}", "fact 'blank' of property 'seaview' has no value"),
        ("{{ property.filler }}", "fact 'filler' of property 'seaview' has no value"),
        ("{{ property.pool }}", "fact 'pool' of property 'seaview' has no value"),
        ("{{ property.city }}", "the city of property 'seaview' is not known"),
        ("{{ property.safe_code }}", "secret 'safe_code' of property 'seaview' has no value"),
        ("{{ inquiry.nights }}", "there is no inquiry, so inquiry.nights is not known"),
        ("{{ booking.infants }}", "the booking's infants is not known"),
        ("{{ property.parkin | upper }}", "property 'seaview' has no fact 'parkin'"),
        ("{{ 'a' ~ property.parkin }}", "property 'seaview' has no fact 'parkin'"),
        ("{{ 'a' + property.parkin }}", "property 'seaview' has no fact 'parkin'"),
        ("{{ [property.parkin] | list }}", "property 'seaview' has no fact 'parkin'"),
        ("{{ property.parkin > 3 }}", "property 'seaview' has no fact 'parkin'"),
        ("{% for x in property.parkin %}{% endfor %}", "property 'seaview' has no fact 'parkin'"),
        ("{{ property.parkin == 'x' }}", "property 'seaview' has no fact 'parkin'"),
    ],
)
def test_what_is_missing_is_held_and_named(source: str, detail: str) -> None:
    result = held(source)
    assert result.reason is SkipReason.MISSING_VALUE
    assert result.detail == detail
    assert result.rule == "X"


def test_missing_things_may_be_asked_about() -> None:
    greeting = "Hi{% if guest.first_name %} {{ guest.first_name }}{% endif %}!"
    assert text(greeting) == "Hi Anna!"
    assert text(greeting, of=without_name()) == "Hi!"
    assert (
        held("Hi {{ guest.first_name }}!", of=without_name()).detail == "the guest's first_name is not known"
    )
    assert text("Hi {{ guest.first_name | default('there') }}!", of=without_name()) == "Hi there!"
    assert text("{{ guest.first_name or 'friend' }}", of=without_name()) == "friend"
    assert text("{% if property.nothing is defined %}a{% else %}b{% endif %}") == "b"
    assert text("{% if booking %}a{% else %}b{% endif %}", of=turn(booking=None)) == "b"
    assert text("{% if booking.status == 'none' %}b{% endif %}", of=turn(booking=None)) == "b"
    assert text("{% if inquiry %}a{% else %}b{% endif %}") == "b"


@pytest.mark.parametrize(
    "source",
    ["{{ property.towels }}", "{{ booking.status }}", "{{ stay.stage | title }}", "{{ property.nearby }}",
     "{{ 'soon' | time }}", "{{ 'soon' | date }}", "{{ booking.total | money('USD') }}", "{{ 'x' * 3 }}",
     "None", "The price is undefined", "a }} b", "{{ '' }}", "{{ 5 | money('euro') }}"],
)  # fmt: skip
def test_what_is_no_text_for_guests_is_held(source: str) -> None:
    assert held(source).reason in (SkipReason.TEMPLATE_ERROR, SkipReason.MISSING_VALUE)


def test_none_at_the_start_of_a_sentence_is_english() -> None:
    assert text("None of our rooms has a kettle.") == "None of our rooms has a kettle."


def test_the_reply_is_clean() -> None:
    messy = "\ufeff  Hello\u202e \x07you\t!  \r\n\r\n\r\n\r\nBye\u2028now \u200b \n\n"
    assert text(messy) == "Hello you !\n\nBye\nnow"


def test_an_over_long_reply_is_held() -> None:
    result = held("x" * 50, settings=ReplySettings(max_length=49))
    assert result.detail == "the reply has 50 characters, more than 49"


def test_names_from_wherever_they_are_known() -> None:
    name = "{{ guest.first_name }}"
    assert text(name, of=turn(booking=None, inquiry=INQUIRY)) == "Bob"
    assert text(name, of=turn(booking=None, title="Andrew")) == "Andrew"
    # The API document's samples have the family name first ("Maldonado Roxy"): no first name from two words.
    assert held(name, of=turn(booking=None, title="Maldonado Roxy")).path == "guest.first_name"
    assert text("{{ guest.full_name }}", of=turn(booking=None, title="Maldonado Roxy")) == "Maldonado Roxy"
    for good in ("Anna-Lena", "D'Angelo", "José María", "李", "Ольга", "Nguyễn", "अनिल", "O’Neill", "Jr."):
        assert text(name, of=turn(booking=changed(BOOKING, guest_name=good))) == good


def test_secrets_open_with_the_window_and_close_again() -> None:
    source = (
        "{% if released('door_code') %}Code {{ property.door_code }}"
        "{% else %}From {{ release_day('door_code') | day }}{% endif %}"
    )
    assert text(source) == f"Code {DOOR_CODE}"
    assert text(source, at=LONG_BEFORE) == "From Friday 13 March"
    after = datetime(2026, 3, 19, 1, tzinfo=UTC)
    assert held("{{ property.door_code }}", at=after).reason is SkipReason.SECRET_NOT_RELEASED


@pytest.mark.parametrize(
    "scene",
    [
        turn(booking=None),
        turn(booking=None, inquiry=INQUIRY, provider=Provider.AIRBNB),
        turn(booking=changed(BOOKING, status=BookingStatus.CANCELLED)),
        turn(booking=changed(BOOKING, status=BookingStatus.UNKNOWN)),
        turn(booking=changed(BOOKING, arrival_date=None)),
        turn(booking=changed(BOOKING, property_id=PropertyId("another"))),
    ],
)
def test_secrets_are_for_confirmed_guests_of_this_property(scene: object) -> None:
    result = held("{{ property.door_code }}", of=scene)
    assert result.reason is SkipReason.SECRET_NOT_RELEASED
    assert result.path == "property.door_code"
    assert (
        held("{{ release_day('door_code') | day }}", of=turn(booking=None)).reason is SkipReason.MISSING_VALUE
    )
    assert text("{{ property.door_code | default('later') }}", of=scene) == "later"


def _reply(
    files: dict[str, str],
    *names: str,
    language: str | None = "en",
    inline: str = "",
    property_language: str = "en",
) -> Reply | Held:
    templates, problems = Templates.load({f"{name}.j2": source for name, source in files.items()})
    assert problems == []
    sections = [Section(rule_id=n, title=n, template=n) for n in names]
    if inline:
        sections.append(Section(rule_id="own", title="Own", text=inline))
    decision = Decision(outcome=Outcome.REPLY, sections=tuple(sections), language=language)
    facts = replace(FACTS, language=property_language)
    return render_reply(
        decision, turn(), facts, ON_ARRIVAL_DAY, templates, ReplySettings(fallback_language="en")
    )


FRAMED = {
    "_reply.en": "Hello {{ guest.first_name }},\n\n{{ body }}\n\nYour hosts",
    "_reply.de": "Hallo {{ guest.first_name }},\n\n{% for s in sections %}- {{ s }}\n{% endfor %}",
    "wifi.en": "Wi-Fi: {{ property.wifi_name }}",
    "wifi.de": "WLAN: {{ property.wifi_name }}",
    "parking.en": "Parking: {{ property.parking }}",
    "parking.de": "Parken: {{ property.parking }}",
    "pool.en": "No pool.",
    "patio.it": "Un patio.",
}


def test_sections_stand_in_one_frame() -> None:
    result = _reply(FRAMED, "wifi", "parking")
    assert isinstance(result, Reply)
    assert result.text == "Hello Anna,\n\nWi-Fi: Seaview-Guest\n\nParking: in the yard\n\nYour hosts"
    assert result.templates == ("wifi.en.j2", "parking.en.j2", "_reply.en.j2")
    german = _reply(FRAMED, "wifi", "parking", language="de")
    assert isinstance(german, Reply)
    assert german.text == "Hallo Anna,\n\n- WLAN: Seaview-Guest\n- Parken: im Hof"


def test_the_same_template_is_said_once() -> None:
    result = _reply(FRAMED, "wifi", "wifi")
    assert isinstance(result, Reply)
    assert result.text.count("Wi-Fi") == 1


def test_without_a_frame_sections_stand_below_each_other() -> None:
    result = _reply({k: v for k, v in FRAMED.items() if not k.startswith("_")}, "wifi", "pool")
    assert isinstance(result, Reply)
    assert result.text == "Wi-Fi: Seaview-Guest\n\nNo pool."


@pytest.mark.parametrize(
    ("names", "wanted", "inline", "of_property", "spoken"),
    [
        (("wifi",), "de", "", "en", "de"),
        (("wifi",), "de-AT", "", "en", "de-AT"),
        (("wifi", "pool"), "de", "", "en", "en"),
        (("wifi",), "fr", "", "de", "de"),
        (("wifi",), None, "", "de", "de"),
        (("wifi",), "ja", "", "ko", "en"),
        ((), "fr", "Hello", "de", "de"),
        (("wifi",), "en", "Gruss", "de", "de"),
        (("patio",), "it", "", "en", "it"),
    ],
)
def test_one_language_for_the_whole_reply(
    names: tuple[str, ...], wanted: str | None, inline: str, of_property: str, spoken: str
) -> None:
    result = _reply(FRAMED, *names, language=wanted, inline=inline, property_language=of_property)
    assert isinstance(result, Reply), result
    assert result.language == spoken


def test_no_common_language_is_held() -> None:
    result = _reply(FRAMED, "pool", "patio")
    assert isinstance(result, Held)
    assert result.detail == (
        "there is no language in which the whole reply could be written (pool: en; patio: it)"
    )
    missing = _reply(FRAMED, "sauna")
    assert isinstance(missing, Held)
    assert missing.detail == "there is no template 'sauna'"


def test_a_section_that_says_nothing_is_held() -> None:
    result = _reply({"a.en": "{% if property.nothing %}x{% endif %}", "b.en": "B"}, "a", "b")
    assert isinstance(result, Held)
    assert result.reason is SkipReason.MISSING_VALUE
    assert result.detail == "rule 'a' has nothing to say here: a.en.j2 comes out empty"


def test_macros_and_includes_of_own_files() -> None:
    result = _reply(
        {
            "_macros": "{% macro sign(n) %}{{ guest.first_name }} x{{ n }}{% endmacro %}",
            "_where": "at {{ property.name }}",
            "a.en": "{% import '_macros.j2' as m %}{{ m.sign(2) }} {% include '_where.j2' %}",
            "b.en": "{% from '_macros.j2' import sign as s %}{{ s(3) }}",
        },
        "a",
        "b",
    )
    assert isinstance(result, Reply)
    assert result.text == "Anna x2 at Seaview Apartments\n\nAnna x3"


def test_a_decision_without_sections_is_held() -> None:
    assert isinstance(_reply(FRAMED), Held)


_PATHS = [
    "property.nothing", "property.blank", "property.filler", "property.pool", "guest.last_name",
    "guest.first_name", "inquiry.nights", "inquiry.payout", "booking.infants", "property.city", "stay.stage",
    "property.door_code", "property.safe_code", "release_day('door_code')", "property.parking",
]  # fmt: skip
_WAYS = [
    "{{ @ }}", "{{ @ | upper }}", "{{ @ | list }}", "{{ 'a' ~ @ }}", "{{ @ | date }}", "{{ @ | money }}",
    "{% set v = @ %}{{ v }}", "{% if @ %}{{ @ }}{% endif %}", "{{ @ if @ else 'no' }}", "{{ @ | default('no') }}",
    "{{ [@, @] | join }}", "{% macro m(v) %}{{ v }}{% endmacro %}{{ m(@) }}", "{{ @ or 'no' }}",
    "{{ @ | replace('a', 'b') }}", "{{ (@)[:2] }}", "{% for c in [@] %}{{ c }}{% endfor %}", "{{ @ == 1 }}",
]  # fmt: skip


@given(
    st.lists(st.tuples(st.sampled_from(_PATHS), st.sampled_from(_WAYS)), min_size=1, max_size=4),
    st.booleans(),
)
def test_nothing_missing_and_no_secret_is_ever_printed(pieces: list[tuple[str, str]], booked: bool) -> None:
    """Whatever a template does with missing values and closed secrets, none of it reaches a guest."""
    source = "Begin " + " / ".join(way.replace("@", path) for path, way in pieces)
    scene = without_name() if booked else turn(booking=None, title="")
    templates, _ = Templates.load({"x.en.j2": source})
    decision = Decision(
        outcome=Outcome.REPLY, sections=(Section(rule_id="x", title="X", template="x"),), language="en"
    )
    result = render_reply(decision, scene, FACTS, LONG_BEFORE, templates, ReplySettings())
    shown = result.text if isinstance(result, Reply) else result.detail
    assert DOOR_CODE not in shown
    if isinstance(result, Reply):
        for word in (
            "None",
            "Undefined",
            "undefined",
            "TBD",
            "True",
            "False",
            "Missing",
            "{{",
            "Secret",
            "before_",
        ):
            assert word not in result.text


@given(st.text(max_size=300))
def test_any_guest_text_is_only_a_value(words: str) -> None:
    templates, _ = Templates.load({"x.en.j2": "You wrote: {{ message.text }}."})
    decision = Decision(
        outcome=Outcome.REPLY, sections=(Section(rule_id="x", title="X", template="x"),), language="en"
    )
    result = render_reply(decision, turn(text=words), FACTS, ON_ARRIVAL_DAY, templates, ReplySettings())
    if isinstance(result, Reply):
        assert result.text.startswith("You wrote:")
        assert "\x00" not in result.text
        assert "\u202e" not in result.text


def test_bookings_of_other_ids_do_not_matter() -> None:
    assert text("{{ booking.code }}", of=turn(booking=changed(BOOKING, id=BookingId("other")))) == "4242"
