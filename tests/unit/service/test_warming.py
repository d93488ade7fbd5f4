"""What is done before a service begins, so that no guest waits for it."""

from __future__ import annotations

from pathlib import Path

from autoresponder.config import Settings
from autoresponder.rules.vocabulary import cue_book
from autoresponder.service.warming import warm_up
from autoresponder.templating.filters import locale_for
from autoresponder.workspace import load_workspace
from tests.support.small_workspace import write_workspace


def test_cues_and_dates_are_there_before_the_first_message(tmp_path: Path) -> None:
    write_workspace(tmp_path)
    for language in ("en", "fi"):
        (tmp_path / "templates" / f"_reply.{language}.j2").write_text("{{ body }}\n", encoding="utf-8")
    workspace, problems = load_workspace(Settings(folder=tmp_path), {})
    assert workspace is not None, problems
    cue_book.cache_clear()
    locale_for.cache_clear()
    warm_up(workspace)
    assert cue_book.cache_info().currsize == 1
    assert locale_for.cache_info().currsize == 2
