"""Whatever stands in the files, a check ends with findings and never with an exception."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from autoresponder.lint.linter import check_folder
from autoresponder.lint.report import render_human, render_json

FILES = (
    "autoresponder.yaml",
    "properties.yaml",
    "rules/a.yaml",
    "rules/topics/en.yaml",
    "templates/a.en.j2",
    "templates/_reply.en.j2",
)
_KEYS = st.sampled_from(
    [
        "rules",
        "topics",
        "id",
        "when",
        "text",
        "any",
        "none",
        "reply",
        "then",
        "properties",
        "defaults",
        "groups",
        "facts",
        "secrets",
        "value",
        "release",
        "channex",
        "guards",
        "quiet_hours",
        "between",
        "settle",
        "language",
        "timezone",
        "channex_id",
        "provider",
        "property",
        "inquiry",
        "nights",
        "at_least",
    ]
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6) | _KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=15,
)
_CONTENTS = st.one_of(
    st.binary(max_size=40),
    st.text(alphabet="{}%|[]:-'\"# \n\tabc.property", max_size=60).map(lambda text: text.encode()),
    _VALUES.map(lambda value: repr(value).encode("utf-8", "replace")),
)


@settings(max_examples=150, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(FILES, _CONTENTS)))
def test_no_content_makes_a_check_fail(contents: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for file, content in contents.items():
            (place / file).parent.mkdir(parents=True, exist_ok=True)
            (place / file).write_bytes(content)
        problems = check_folder(place, {})
        assert problems, "such files are never a working folder"
        assert render_human(problems)
        assert render_json(problems)
        # The settings may name another folder, which is then reported as missing.
        settings_text = contents["autoresponder.yaml"].decode("utf-8", "ignore")
        elsewhere = {problem.file for problem in problems} - {*FILES, "rules"}
        assert all(file in settings_text for file in elsewhere)
