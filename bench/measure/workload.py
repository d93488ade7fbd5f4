"""What is measured on: a world of guests for the sandbox, and a working folder that answers them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from autoresponder.clock import Clock
from autoresponder.config import (
    ChannexSettings,
    DeliverySettings,
    GuardSettings,
    ListenSettings,
    Secret,
    Settings,
)
from autoresponder.sandbox.entities import Booking, Guest, Origin, Property
from autoresponder.sandbox.world import World
from autoresponder.workspace import Workspace, load_workspace

PROPERTIES = 20
_SUBJECTS = (
    ("wifi", "the wifi", ["wifi", "wlan", "internet", "network ... password"]),
    ("parking", "a parking space", ["park*", "garage", "where ... leave the car"]),
    ("breakfast", "breakfast", ["~breakfast", "frühstück", "petit déjeuner"]),
    ("pets", "pets", ["pets", "my dog", "haustier*", "chien"]),
    ("towels", "towels", ["towel*", "handtuch", "handtücher", "serviettes"]),
    ("luggage", "luggage", ["luggage", "suitcase*", "gepäck", "bagages"]),
    ("crib", "a crib", ["crib", "cot", "babybett", "lit bébé"]),
    ("pool", "the pool", ["pool", "schwimmbad", "piscine", "piscina"]),
    ("airport", "the airport", ["airport", "flughafen", "aéroport", "aeropuerto"]),
    ("heating", "the heating", ["heating", "heizung", "chauffage", "calefacción"]),
)
_OPENINGS = ("Hello!", "Good evening, we arrive on Friday.", "Hi there, hope you are well.", "Guten Tag.")


def property_id(number: int) -> str:
    """Id of a property, the same in every world."""
    return str(UUID(int=0x5EA51DE0_0000_4000_8000_000000000000 + number))


def busy_world(clock: Clock, threads: int) -> World:
    """Each thread has one question of a guest with a confirmed booking, asked a minute ago."""
    world = _world(clock)
    now = clock.now()
    for number in range(threads):
        subject = _SUBJECTS[number % len(_SUBJECTS)][1]
        opening = _OPENINGS[number % len(_OPENINGS)]
        text = f"{opening} Could you tell us something about {subject}, please? Kind regards, Guest {number}"
        _thread(world, number, text, Origin.GUEST, now - timedelta(minutes=1))
    return world


def quiet_world(clock: Clock, threads: int) -> World:
    """Threads of the last two years in which the property had the last word."""
    world = _world(clock)
    now = clock.now()
    for number in range(threads):
        _thread(world, number, "You are welcome!", Origin.HOST, now - timedelta(days=2, minutes=100 * number))
    return world


def _world(clock: Clock) -> World:
    world = World(clock, seed=1)
    for number in range(PROPERTIES):
        world.add_property(Property(id=property_id(number), title=f"House {number}"))
    return world


def _thread(world: World, number: int, text: str, origin: Origin, at: datetime) -> None:
    place = property_id(number % PROPERTIES)
    arrival = date.fromordinal(at.date().toordinal() + 5)
    booking = world.add_booking(
        Booking(
            id=world.new_id(),
            property_id=place,
            guest=Guest(name="Emma", surname=f"Clarke {number}", language="en", country="GB"),
            inserted_at=at - timedelta(days=20),
            arrival_date=arrival,
            departure_date=arrival + timedelta(days=3),
            ota_reservation_code=f"B{number}",
        )
    )
    thread = world.add_thread(
        property_id=place,
        provider="BookingCom",
        title=f"Emma Clarke {number}",
        booking=booking,
        inserted_at=at - timedelta(days=1),
    )
    world.write(thread, text, origin=origin, inserted_at=at.replace(microsecond=0), history=True)


def write_folder(folder: Path) -> None:
    """Write rules, topics, templates and properties."""
    topics = ["language: en", "topics:"]
    rules = ["rules:"]
    files = {"templates/_reply.en.j2": "Dear {{ guest.first_name }},\n\n{{ body }}\n\nYour hosts\n"}
    for name, words, phrases in _SUBJECTS:
        topics += [f"  {name}:", f"    title: {name.title()}", "    any:"]
        topics += [f'      - "{phrase}"' for phrase in phrases]
        rules += [f"  - id: {name}", f"    title: {name.title()}"]
        rules += [f"    when: {{topics: {{any: [{name}]}}, booking: confirmed}}", f"    reply: {name}"]
        files[f"templates/{name}.en.j2"] = (
            f"About {words} at {{{{ property.name }}}}: {{{{ property.{name}_answer }}}}\n"
            "We look forward to meeting you on {{ booking.arrival | date }}.\n"
        )
    properties = ["defaults:", "  language: en", "  timezone: Europe/Lisbon", "properties:"]
    for number in range(PROPERTIES):
        properties += [f"  house-{number}:", f"    channex_id: {property_id(number)}"]
        properties += [f"    name: House {number}", "    facts:"]
        properties += [f"      {name}_answer: yes, and it is number {number}" for name, _, _ in _SUBJECTS]
    files["rules/topics/en.yaml"] = "\n".join(topics) + "\n"
    files["rules/rules.yaml"] = "\n".join(rules) + "\n"
    files["properties.yaml"] = "\n".join(properties) + "\n"
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def settings(folder: Path, *, base_url: str, store: str, concurrency: int) -> Settings:
    """Settings without waits and limits of their own: what is measured is the work."""
    nothing = timedelta(0)
    return Settings(
        folder=folder,
        channex=ChannexSettings(
            base_url=base_url,
            api_key=Secret("sandbox"),
            requests_per_minute=10_000_000,
            concurrency=concurrency,
        ),
        store=Secret(store),
        guards=GuardSettings(settle=nothing, settle_limit=nothing),
        delivery=DeliverySettings(),
        listen=ListenSettings(enabled=False),
        workers=concurrency,
    )


def workspace(made: Settings) -> Workspace:
    """The folder, loaded; it is without problems."""
    loaded, problems = load_workspace(made, {})
    if loaded is None or problems:
        raise SystemExit("\n".join(f"{p.file}:{p.line}: {p.message}" for p in problems))
    return loaded


def today() -> datetime:
    """Now, for files and worlds made at run time."""
    return datetime.now(UTC)
