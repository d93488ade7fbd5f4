"""`autoresponder preview`: gaps, suppositions, watching, and that it cannot write."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import autoresponder
from autoresponder.channex.client import ReadOnlyClient
from autoresponder.channex.interface import ChannexReader, ChannexWriter
from autoresponder.channex.retrying import RetryingReader
from autoresponder.cli import execute
from autoresponder.cli.preview_watch import watch
from autoresponder.config import Answers, Settings
from autoresponder.workspace import Workspace
from tests.integration.test_cli import KEY, Account, account
from tests.support.small_workspace import settings_for, workspace_of, write_workspace

ELSEWHERE = "11111111-a8be-4682-9625-e4a2f080df92"
SECRETS = f"""\
    secrets: {{door_code: {{value: "4711#", release: {{before_arrival: 24h}}}}}}
  harbour:
    channex_id: {ELSEWHERE}
    name: Harbour
    facts: {{wifi_name: Harbour-Guest}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_workspace(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def channex(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with account() as running:
        monkeypatch.setenv("CHANNEX_BASE_URL", running.server.base_url)
        monkeypatch.setenv("CHANNEX_API_KEY", KEY)
        yield running


def add(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.write_text(file.read_text("utf-8") + text, encoding="utf-8")


def test_what_is_missing_is_marked_where_it_should_stand(
    folder: Path, channex: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "templates" / "wifi.en.j2").write_text(
        "The network is {{ property.wifi_name }}, the password {{ property.wifi_password }}"
        "{% if property.wifi_note %} ({{ property.wifi_note }}){% endif %}, on {{ property.wifi_floor|upper }}.\n"
    )
    channex.guest("wifi?")
    assert execute(["preview"]) == 0
    shown = capsys.readouterr().out
    assert "→ left to a person" in shown
    assert (
        "The network is Seaview-Guest, the password ⟨property.wifi_password?⟩, on ⟨PROPERTY.WIFI_FLOOR?⟩."
        in shown
    )
    assert "⟨property.wifi_password?⟩" in shown
    assert "wifi_password" in shown.split("⟨property.wifi_password?⟩")[-1], "the reason follows"
    assert "│" not in shown, "nothing looks like a reply that goes out"
    assert execute(["preview", "--format", "jsonl"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["reply"] is None
    assert row["missing"] == ["property.wifi_password", "property.wifi_floor"]


def test_another_stage_of_the_stay_and_another_property(
    folder: Path, channex: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    add(folder, "properties.yaml", SECRETS)
    (folder / "templates" / "wifi.en.j2").write_text(
        "Net {{ property.wifi_name }}, door {{ property.door_code }}.\n"
    )
    channex.guest("wifi?")
    assert execute(["preview", "--stay", "in_stay"]) == 0
    shown = capsys.readouterr()
    assert "Net Seaview-Guest, door 4711#." in shown.out
    assert "as if every guest were at in_stay" in shown.err
    for stay in ("after_stay", "cancelled", "inquiry"):
        assert execute(["preview", "--stay", stay]) == 0
        shown = capsys.readouterr()
        assert "4711" not in shown.out + shown.err
        assert "⟨property.door_code?⟩" in shown.out
    assert execute(["preview", "--property", "harbour", "--stay", "in_stay"]) == 0
    shown = capsys.readouterr()
    assert "Net Harbour-Guest, door ⟨property.door_code?⟩." in shown.out
    assert "4711" not in shown.out
    assert execute(["preview", "--property", "harbor"]) == 2
    assert "There is no property 'harbor'" in capsys.readouterr().err


class Hands:
    """Saves files while somebody watches, one step at each look; then ends it."""

    def __init__(self, *steps: Callable[[], None]) -> None:
        self._steps = list(steps)

    def __call__(self, _: float) -> None:
        if not self._steps:
            raise KeyboardInterrupt
        self._steps.pop(0)()


def rest() -> None:
    """Nothing is saved."""


def test_saving_shows_again_and_a_bad_edit_keeps_the_last_good_view(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_for(folder, "http://127.0.0.1:1")
    rules, template = folder / "rules" / "rules.yaml", folder / "templates" / "wifi.en.j2"
    good = rules.read_text("utf-8")
    said: list[str] = []

    def save(file: Path, text: str) -> Callable[[], None]:
        return lambda: said.append(f"saved {file.name}") if file.write_text(text, encoding="utf-8") else None

    def show(workspace: Workspace, _: Settings) -> None:
        said.append("shown")
        versions.append(workspace.version)

    versions: list[str] = []
    hands = Hands(
        rest, rest,
        save(template, "The first half"), save(template, "The net is {{ property.wifi_name }}.\n"), rest, rest,
        save(rules, good.replace("reply: wifi", "repy: wifi")), rest, rest,
        save(rules, good), rest, rest,
        save(rules, good), rest,
    )  # fmt: skip
    with pytest.raises(KeyboardInterrupt):
        watch(workspace_of(settings), settings, show, pause=hands)
    assert said == [
        "saved wifi.en.j2", "saved wifi.en.j2", "shown",
        "saved rules.yaml",
        "saved rules.yaml", "shown",
        "saved rules.yaml",
    ]  # fmt: skip
    err = capsys.readouterr().err
    assert "did you mean 'reply'?" in err
    assert "rules/rules.yaml:9:5" in err
    assert "still by the last files without errors" in err
    assert versions[0] == versions[1]


def test_saving_the_settings_shows_again_by_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = settings_for(folder, "http://127.0.0.1:1")
    shown: list[Settings] = []

    def save(answers: str) -> None:
        (folder / "autoresponder.yaml").write_text(f"replies: {{answers: {answers}}}\n", encoding="utf-8")

    hands = Hands(
        rest,
        lambda: save("frist"), rest, lambda: save("first"), rest, rest,
    )  # fmt: skip
    with pytest.raises(KeyboardInterrupt):
        watch(workspace_of(settings), settings, lambda _, by: shown.append(by), pause=hands)
    assert [by.replies.answers for by in shown] == [Answers.FIRST]
    err = capsys.readouterr().err
    assert "did you mean 'first'?" in err
    assert "still by the last files without errors" in err


def test_watching_ends_with_130(
    folder: Path, channex: Account, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    channex.guest("wifi?")
    hands = Hands(
        lambda: add(folder, "templates/wifi.en.j2", "Ask us.\n"), rest, rest,
    )  # fmt: skip
    monkeypatch.setattr(watch, "__kwdefaults__", {"pause": hands})
    assert execute(["preview", "--watch"]) == 130
    shown = capsys.readouterr().out
    assert shown.count("The network is called Seaview-Guest.") == 2
    assert shown.count("Ask us.") == 1
    assert execute(["preview", "--watch", "--format", "jsonl"]) == 2


WRITES = {
    name
    for name, value in vars(ChannexWriter).items()
    if inspect.iscoroutinefunction(value) and not hasattr(ChannexReader, name)
}


def test_a_reader_has_no_way_to_write() -> None:
    assert {"send_to_thread", "no_reply_needed", "close_thread"} <= WRITES
    for reader in (ReadOnlyClient, RetryingReader, ChannexReader):
        assert not issubclass(reader, ChannexWriter)
        assert not WRITES & set(dir(reader))


PREVIEW = (
    "cli/preview.py",
    "cli/preview_view.py",
    "cli/preview_watch.py",
    "preview.py",
    "intake.py",
    "reload.py",
)
FORBIDDEN = {
    "opened_writer",
    "opened_service",
    "opened_ledger",
    "opened_store",
    "ChannexWriter",
    "Client",
    "Courier",
}


@pytest.mark.parametrize("name", PREVIEW)
def test_preview_can_be_given_nothing_that_writes(name: str) -> None:
    """Neither an import nor a word: what it is made of knows readers only."""
    tree = ast.parse((Path(autoresponder.__file__).parent / name).read_text("utf-8"))
    words = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    words |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            words |= {alias.name.rpartition(".")[2] for alias in node.names}
            module = node.module if isinstance(node, ast.ImportFrom) else ""
            assert "delivery" not in (module or "")
            assert "store" not in (module or "")
    assert not words & (FORBIDDEN | WRITES)
