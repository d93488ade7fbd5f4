"""Template texts with something in them that guests would read as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoresponder.lint.linter import check_folder


def found(folder: Path, text: str) -> list[tuple[int, int, str, str, str]]:
    (folder / "rules").mkdir()
    (folder / "templates").mkdir()
    (folder / "rules" / "a.yaml").write_text(
        "rules:\n  - {id: wifi, title: Wi-Fi, when: {text: {any: [wifi]}}, reply: wifi}\n", encoding="utf-8"
    )
    (folder / "properties.yaml").write_text(
        "properties:\n  sea:\n    channex_id: 5ea51e30-0001-4a00-8000-000000000001\n    name: Sea\n"
        "    facts: {wifi_name: Sea-Guest}\n    secrets: {wifi_password: {value: x12345}}\n",
        encoding="utf-8",
    )
    (folder / "templates" / "wifi.en.j2").write_text(text, encoding="utf-8")
    return [(p.line, p.column, p.severity.value, p.code, p.remedy) for p in check_folder(folder, {})]


@pytest.mark.parametrize(
    ("text", "column", "severity", "remedy"),
    [
        ("It is { property.wifi_name }.", 7, "error", "write  {{ property.wifi_name }}"),
        ("It is { { property.wifi_name } }.", 7, "error", "write  {{ property.wifi_name }}"),
        ("It is ${wifi_name}.", 7, "error", "write  {{ property.wifi_name }}"),
        ("It is %wifi_name%.", 7, "error", "write  {{ property.wifi_name }}"),
        ("Dear [guest first name], hi.", 6, "warning", "write  {{ guest.first_name }}"),
        ("It is <b>here</b>.", 7, "warning", "take it away; an empty line makes a paragraph"),
    ],
)
def test_leftovers(tmp_path: Path, text: str, column: int, severity: str, remedy: str) -> None:
    assert found(tmp_path, f"Hello,\n{text}\n")[0] == (2, column, severity, "L018", remedy)


def test_two_versions_of_a_template(tmp_path: Path) -> None:
    text = "<<<<<<< HEAD\nHi\n=======\nHello\n>>>>>>> marta\n"
    assert [entry[:4] for entry in found(tmp_path, text)] == [
        (line, 1, "error", "L018") for line in (1, 3, 5)
    ]


@pytest.mark.parametrize(
    "text",
    ["100% sure, 5 < 6 and 7 > 3.", "{{ property.wifi_name }} [1]", "{# {x} <b> #}At 50%, or 60%.", "a => b"],
)
def test_plain_texts_are_left_alone(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []


def test_a_misspelt_secret_would_never_be_released(tmp_path: Path) -> None:
    text = "{% if released('wifi_pasword') %}{{ property.wifi_password }}{% else %}Later.{% endif %}"
    assert (1, 16, "error", "L020", "did you mean 'wifi_password'?") in found(tmp_path, text)
