"""`init` in each of its ways: what it writes can be checked, tested, and says nothing that is not true."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import yaml

from autoresponder.cli import execute
from autoresponder.sandbox.entities import Property
from autoresponder.starter import sample_files, starter_files
from tests.support.account import KEY, Account, account

ID = "71d34923-a8be-4682-9625-e4a2f080df92"
HOSTILE = [
    'Casa "do" Mar',
    "it's: a # trap",
    "two\nlines\r\n- and: [a list",
    "🌊 Sea 🏖️ view 👨‍👩‍👧",
    "no",
    "1e3",
    "null",
    "~",
    "2026-06-05",
    "{{ property.door_code }} {% raw %}",
    "&anchor *alias !!python/object",
    "---",
    "日本の宿",
    "\u202egnp.exe\u200b\x1b[31m",
    "back\\slash \\u0041 \\",
    "x" * 5000,
    "Seaview",
    "Seaview",
    "seaview",
    "Seaview 2",
]


@pytest.fixture
def channex(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with account() as running:
        running.server.world.properties.clear()
        monkeypatch.setenv("CHANNEX_BASE_URL", running.server.base_url)
        monkeypatch.setenv("CHANNEX_API_KEY", KEY)
        yield running


def add(channex: Account, *titles: str, timezone: str | None = "Europe/Madrid") -> None:
    world = channex.server.world
    for title in titles:
        number = str(UUID(int=len(world.properties) + 1, version=4))
        world.add_property(Property(id=number, title=title, timezone=timezone))


def sound(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What `check` says; nothing may be wrong, and the folder's own tests pass."""
    capsys.readouterr()
    code = execute(["check", "-C", str(folder)])
    said = capsys.readouterr().out
    assert code == 0, said
    assert execute(["test", "-C", str(folder)]) == 0
    assert "failed" not in capsys.readouterr().out
    return said


def written(folder: Path) -> dict[str, dict[str, object]]:
    found = yaml.safe_load((folder / "properties.yaml").read_text(encoding="utf-8"))["properties"]
    assert all(isinstance(key, str) for key in found)
    return found


def test_without_a_terminal_and_options_come_the_samples(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert execute(["init", str(tmp_path / "a")]) == 0
    assert sound(tmp_path / "a", capsys) == "No problems found.\n"
    for name, text in {**starter_files(), **sample_files()}.items():
        assert (tmp_path / "a" / name).read_text(encoding="utf-8").endswith(text)


def test_named_properties_with_ids_check_clean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "a"
    options = ["--property", f"Seaview={ID.upper()}", "--timezone", "Europe/Paris", "--language", "fr"]
    assert execute(["init", str(folder), *options]) == 0
    assert sound(folder, capsys) == "No problems found.\n"
    assert written(folder) == {"seaview": {"channex_id": ID, "name": "Seaview"}}
    defaults = yaml.safe_load((folder / "properties.yaml").read_text(encoding="utf-8"))["defaults"]
    assert (defaults["timezone"], defaults["language"]) == ("Europe/Paris", "fr")
    settings = yaml.safe_load((folder / "autoresponder.yaml").read_text(encoding="utf-8"))
    assert settings["replies"]["fallback_language"] == "fr"


def test_named_properties_without_ids_lack_only_these(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["init", str(tmp_path / "a"), "--property", "Seaview", "--property", "Loft"]) == 0
    said = sound(tmp_path / "a", capsys)
    assert said.count("P001") == 2
    assert said.endswith("2 warnings in 1 file.\n")


def test_nothing_of_the_samples_is_told_to_guests_of_real_properties(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "a"
    assert execute(["init", str(folder), "--property", f"Seaview={ID}"]) == 0
    text = (folder / "properties.yaml").read_text(encoding="utf-8")
    assert not [word for word in ("Marta", "Lisboa", "blue-lemon", "4711", "15 euro") if word in text]
    capsys.readouterr()
    for question in ("What is the wifi password?", "Is there parking?", "When is check-in?"):
        execute(["explain", "-C", str(folder), "--text", question, "--stay", "in_stay"])
        assert "→ left to a person" in capsys.readouterr().out


def test_the_properties_of_an_account_with_their_zones(
    tmp_path: Path, channex: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    add(channex, "Seaview", "Loft")
    add(channex, "Madeira", timezone="Atlantic/Madeira")
    add(channex, "Nowhere", timezone="Mars/Olympus")
    assert execute(["init", str(tmp_path / "a"), "--from-account"]) == 0
    assert sound(tmp_path / "a", capsys) == "No problems found.\n"
    found = written(tmp_path / "a")
    assert set(found) == {"seaview", "loft", "madeira", "nowhere"}
    assert {key: row.get("timezone") for key, row in found.items() if "timezone" in row} == {
        "madeira": "Atlantic/Madeira"
    }
    assert {str(row["channex_id"]) for row in found.values()} == set(channex.server.world.properties)
    assert KEY not in "".join(p.read_text() for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert execute(["doctor", "-C", str(tmp_path / "a")]) == 0
    told = capsys.readouterr().out
    assert "knows every property of the account" in told
    assert "schemas" not in told
    (tmp_path / "a" / ".schemas" / "rules.schema.json").write_text("{}")
    assert execute(["doctor", "-C", str(tmp_path / "a")]) == 0
    assert "renew it with: autoresponder schema --write" in capsys.readouterr().out


@pytest.mark.parametrize("way", ["account", "options"])
def test_titles_of_every_kind(
    way: str, tmp_path: Path, channex: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "a"
    if way == "account":
        add(channex, *HOSTILE)
        options = ["--from-account"]
    else:
        options = [
            f"--property={title}={UUID(int=number, version=4)}" for number, title in enumerate(HOSTILE, 1)
        ]
    assert execute(["init", str(folder), *options]) == 0
    assert sound(folder, capsys) == "No problems found.\n"
    found = written(folder)
    assert len(found) == len(HOSTILE)
    names = [str(row["name"]) for row in found.values()]
    assert {'Casa "do" Mar', "it's: a # trap", "no", "1e3", "日本の宿", "back\\slash \\u0041 \\"} <= set(
        names
    )
    assert names.count("Seaview") == 2
    assert all(len(name) <= 200 and name.isprintable() for name in names)


def test_two_hundred_properties(tmp_path: Path, channex: Account, capsys: pytest.CaptureFixture[str]) -> None:
    add(channex, *(f"Flat {number % 150}" for number in range(200)))
    assert execute(["init", str(tmp_path / "a"), "--from-account"]) == 0
    assert len(written(tmp_path / "a")) == 200
    assert sound(tmp_path / "a", capsys) == "No problems found.\n"


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["--property", "A", "--from-account"], 2, "not both"),
        (["--property", " \t"], 2, "A property needs a name"),
        (["--timezone", "Europe/Lisbon"], 2, "go with --property"),
        (["--property", "A", "--timezone", "Europe/Lisbn"], 2, "Did you mean 'Europe/Lisbon'"),
        (["--property", "A", "--timezone", "../../etc/passwd"], 2, "There is no time zone"),
        (["--property", "A", "--language", "german"], 2, "is no language code"),
        (["--from-account"], 2, "There is no Channex API key"),
    ],
)
def test_a_wrong_wish_writes_nothing(
    options: list[str], code: int, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["init", str(tmp_path / "a"), *options]) == code
    assert says in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


def test_an_account_that_cannot_be_read_writes_nothing(
    tmp_path: Path,
    channex: Account,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert execute(["init", str(tmp_path / "a"), "--from-account"]) == 2
    assert "The account has no properties" in capsys.readouterr().err
    monkeypatch.setenv("CHANNEX_API_KEY", "wrong-k-77")
    assert execute(["init", str(tmp_path / "a"), "--from-account"]) == 3
    said = capsys.readouterr()
    assert "wrong-k-77" not in said.out + said.err
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("answers", "keys"),
    [
        ("Seaview, Old Town\nEurope/Lisbn\nEurope/Rome\nit\n", {"seaview", "old-town"}),
        ("\n", {"seaview", "harbour-loft", "old-town"}),
    ],
)
def test_a_person_at_a_terminal_is_asked(
    answers: str, keys: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "a"
    done = in_terminal(["init", str(folder)], answers)
    assert "Names of your properties" in done
    assert set(written(folder)) == keys
    if "old-town" in keys and len(keys) == 2:
        assert "Did you mean 'Europe/Lisbon'" in done
        text = (folder / "properties.yaml").read_text(encoding="utf-8")
        assert "timezone: Europe/Rome" in text
        assert 'language: "it"' in text
    sound(folder, capsys)


def test_a_person_with_a_key_is_offered_the_account(
    tmp_path: Path, channex: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    add(channex, "Seaview")
    said = in_terminal(["init", str(tmp_path / "a")], "y\n\n")
    assert "from your Channex account" in said
    assert set(written(tmp_path / "a")) == {"seaview"}
    assert sound(tmp_path / "a", capsys) == "No problems found.\n"


def in_terminal(args: list[str], answers: str) -> str:
    """Run a command at a terminal of its own; what was asked."""
    ours, theirs = os.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "autoresponder", *args], stdin=theirs, stdout=theirs, stderr=theirs
        )
        os.close(theirs)
        os.write(ours, answers.encode())
        said = b""
        while True:
            try:
                chunk = os.read(ours, 4096)
            except OSError:  # Linux's way to say that the other end is closed
                break
            if not chunk:
                break
            said += chunk
        assert process.wait(timeout=60) == 0, said
        return said.decode()
    finally:
        os.close(ours)
