"""Ten mistakes in one file are ten findings in one run, whether or not the file can be read as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoresponder.lint.linter import check_folder

_SENSE = """rules:
  - id: ⟦r 1
    title: One
    when: {⟦topic: {any: [x]}}
    ⟦rpely: wifi
  - id: r2
    title: Two
    when: {provider: ⟦Booking.com}
    reply: wifi
    cooldown: ⟦24
  - id: r3
    title: Three
    when: {booking: ⟦maybe, stay: [⟦instay]}
    then: [⟦escalade]
  - id: r4
    title: ⟦[Four]
    when: {time: {days: [⟦Monday]}}
    reply: wifi
"""
_WRITING = """rules:
  - id: r1
    ⟦title:One
    when: {text: {any: [a1]}}
    reply: wifi
  - id: r2
    title: x
    when: {text: {any: ⟦[b1}}
    reply: wifi
  - id: r3
    title: x
    when: {text: {any: [c1]}}
    reply⟦： wifi
  - id: r4
    title: 'Guest⟦'s own'
    when: {text: {any: [d1]}}
    reply: wifi
  - id: r5
    title: x
    ⟦when {text: {any: [e1]}}
    reply: wifi
  - id: r6
    title: x
    when: {text: {any: [f1]}}
    reply: ⟦@wifi
  - id: r7
    title: x
      ⟦when: {text: {any: [g1]}}
    reply: wifi
  - id: r8
    title: x
    when: {text: {any: [h1]}}
⟦\treply: wifi
  - id: r9
    title: x⟦: y
    when: {text: {any: [i1]}}
    reply: wifi
  - id: r10
    title: x
    when: {text: {any: [j1]}}
    ⟦reply = wifi
"""
_BOTH = """rules:
  - id: r1
    ⟦title:One
    when: {text: {any: [one]}}
    ⟦rpely: wifi
  - id: r2
    title: Two⟦: and more
    when: {provider: ⟦Booking.com}
    reply: wifi
    cooldown: ⟦1 day
  - id: r3
    ⟦title = Three
    when: {stay: [⟦instay]}
    then: [⟦escalade]
  - id: r4
    title: ⟦"Four
    when: {time: {days: [⟦Monday]}}
    reply: wifi
"""


@pytest.mark.parametrize("marked", [_SENSE, _WRITING, _BOTH])
def test_ten_mistakes(tmp_path: Path, marked: str) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "wifi.en.j2").write_text("It is on the fridge.\n", encoding="utf-8")
    text = marked.replace("⟦", "")
    (tmp_path / "rules" / "rules.yaml").write_text(text, encoding="utf-8")
    wanted = []
    for number, line in enumerate(marked.split("\n"), start=1):
        parts = line.split("⟦")
        wanted += [(number, sum(map(len, parts[:n])) + 1) for n in range(1, len(parts))]
    assert len(wanted) == 10
    assert [(p.line, p.column) for p in check_folder(tmp_path, {})] == wanted
