"""Which files can be sent at all, and which OTA takes which."""

from __future__ import annotations

import pytest

from autoresponder.attachments import (
    MOST,
    AttachedFile,
    attached_file,
    file_complaint,
    path_complaint,
    refusal,
)
from autoresponder.model import Provider

PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)
JPEG = b"\xff\xd8\xff\xe0" + bytes(50)
GIF = b"GIF89a" + bytes(50)
PDF = b"%PDF-1.7\n"
FILES = {
    "png": attached_file("map.png", PNG),
    "jpeg": attached_file("a/Map.JPG", JPEG),
    "gif": attached_file("map.gif", GIF),
    "pdf": attached_file("map.pdf", PDF),
}
TAKES = {
    Provider.BOOKING_COM: {"png", "jpeg"},
    Provider.AIRBNB: {"png", "jpeg", "gif"},
    Provider.EXPEDIA: {"png", "jpeg", "pdf"},
    Provider.OTHER: set[str](),
}


@pytest.mark.parametrize("provider", list(Provider))
@pytest.mark.parametrize("kind", list(FILES))
def test_each_ota_takes_its_own_kinds(provider: Provider, kind: str) -> None:
    assert (refusal(FILES[kind], provider) == "") is (kind in TAKES[provider])


@pytest.mark.parametrize(
    ("provider", "most"),
    [(Provider.BOOKING_COM, 1_000_000), (Provider.EXPEDIA, 5_000_000), (Provider.AIRBNB, MOST)],
)
def test_each_ota_has_its_own_limit(provider: Provider, most: int) -> None:
    fits = attached_file("map.png", PNG + bytes(most - len(PNG)))
    above = attached_file("map.png", PNG + bytes(most - len(PNG) + 1))
    assert refusal(fits, provider) == ""
    assert "MB" in refusal(above, provider)


@pytest.mark.parametrize("name", ["png", "jpeg", "gif", "pdf"])
def test_a_file_must_be_what_its_name_says(name: str) -> None:
    good = FILES[name]
    assert file_complaint(good) == ""
    others = [other.content for kind, other in FILES.items() if kind != name]
    for content in (*others, b"", b"hello"):
        assert file_complaint(attached_file(good.path, content))


@pytest.mark.parametrize("path", ["map.png", "Seaview/map of the way.jpeg", "plan.v2.PDF"])
def test_names_below_the_folder(path: str) -> None:
    assert path_complaint(path) == ""


@pytest.mark.parametrize(
    "path",
    [
        *("../map.png", "a/../../map.png", "/etc/map.png", "~/map.png", "C:/map.png", "a\\map.png"),
        *("a//map.png", "./map.png", ".map.png", "a/.b/map.png", "map\n.png", "map", "map.webp", ""),
    ],
)
def test_names_that_lead_elsewhere_or_nowhere(path: str) -> None:
    assert path_complaint(path)


def test_the_content_does_not_show_in_logs() -> None:
    shown = repr(AttachedFile(path="map.png", type="image/png", digest="d", content=b"inside"))
    assert "inside" not in shown
    assert FILES["jpeg"].name == "Map.JPG"
