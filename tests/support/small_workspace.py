"""A small working folder for tests of everything above the rules."""

from __future__ import annotations

from pathlib import Path

from autoresponder.config import (
    ChannexSettings,
    DeliverySettings,
    GuardSettings,
    ListenSettings,
    Secret,
    Settings,
)
from autoresponder.workspace import Workspace, load_workspace

PLACE = "71d34923-a8be-4682-9625-e4a2f080df92"

FILES = {
    "rules/topics/en.yaml": """\
language: en
topics:
  wifi: {title: Wi-Fi, any: [wifi, internet]}
  parking: {title: Parking, any: [park*]}
  gas: {title: Gas, any: [smell of gas]}
  way: {title: Way, any: [map]}
  thanks: {title: Thanks, any: [thank you, thanks, great]}
""",
    "rules/rules.yaml": """\
rules:
  - id: gas
    title: Gas
    when: {topics: {any: [gas]}}
    then: [escalate]
  - id: wifi
    title: Wi-Fi
    when: {topics: {any: [wifi]}}
    reply: wifi
  - id: parking
    title: Parking
    when: {topics: {any: [parking]}}
    text: "Parking: {{ property.parking }}"
  - id: way
    title: Way
    when: {topics: {any: [way]}}
    text: "Here is a map for {{ property.name }}."
    attach: map.png
  - id: courtesy
    title: Thanks
    when: {topics: {only: [thanks]}}
    then: [no_reply_needed]
""",
    "templates/wifi.en.j2": "The network is called {{ property.wifi_name }}.\n",
    "properties.yaml": f"""\
defaults: {{language: en, timezone: Europe/Lisbon}}
properties:
  seaview:
    channex_id: {PLACE}
    name: Seaview
    facts: {{wifi_name: Seaview-Guest, parking: in the yard}}
""",
}

MAP = b"\x89PNG\r\n\x1a\n" + bytes(100)
"""What `files/map.png` holds."""


def write_workspace(folder: Path) -> Path:
    """Write the files."""
    (folder / "files").mkdir(parents=True, exist_ok=True)
    (folder / "files" / "map.png").write_bytes(MAP)
    for name, text in FILES.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder


def settings_for(
    folder: Path, base_url: str, *, store: str = "sqlite:///state.db", **more: object
) -> Settings:
    """Settings that talk to a sandbox."""
    values: dict[str, object] = {
        "folder": folder,
        "channex": ChannexSettings(
            base_url=base_url, api_key=Secret("sandbox"), requests_per_minute=600_000, timeout=2.0
        ),
        "store": Secret(store),
        "guards": GuardSettings(),
        "delivery": DeliverySettings(),
        "listen": ListenSettings(enabled=False),
    }
    return Settings(**{**values, **more})  # type: ignore[arg-type]


def workspace_of(settings: Settings) -> Workspace:
    """The written workspace, loaded; it must be without problems."""
    workspace, problems = load_workspace(settings, {})
    assert workspace is not None, problems
    return workspace
