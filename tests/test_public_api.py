"""What others build on: every module loads quietly, what is exported exists, every command says what it does."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from importlib import import_module, metadata

import click
import pytest
from click.testing import CliRunner

import autoresponder
from autoresponder.cli import cli, execute

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(autoresponder.__path__, "autoresponder.")
    if not module.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_modules_load_and_export_what_they_say(name: str) -> None:
    module = import_module(name)
    exported = getattr(module, "__all__", [])
    assert list(exported) == sorted(exported, key=_constants_first)
    for symbol in exported:
        assert getattr(module, symbol, None) is not None, f"{name} has no {symbol}"


def _constants_first(symbol: str) -> tuple[int, str]:
    return (0 if symbol.isupper() else 1 if symbol[0].isupper() else 2, symbol)


def test_modules_load_alone_and_in_silence() -> None:
    """In any order, without a loop, a file or a line of output."""
    names = [name for name in reversed(MODULES) if ".cli" not in name]
    script = f"for name in {names!r}: __import__(name)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_one_version() -> None:
    shown = CliRunner().invoke(cli, ["--version"])
    assert shown.output == f"autoresponder, version {autoresponder.__version__}\n"


def test_the_installed_version_is_this_one() -> None:
    try:
        installed = metadata.version("autoresponder")
    except metadata.PackageNotFoundError:
        pytest.skip("not installed here; run from the checkout")
    assert installed == autoresponder.__version__


def test_every_command_is_there_and_says_what_it_does() -> None:
    context = click.Context(cli)
    listed = cli.list_commands(context)
    assert {"init", "demo", "run", "preview", "check", "sandbox", "doctor", "explain"} <= set(listed)
    for name in listed:
        command = cli.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(), name
        shown = CliRunner().invoke(cli, [name, "--help"])
        assert shown.exit_code == 0, shown.output


def test_start_up_loads_no_adapter() -> None:
    script = (
        "import sys; from autoresponder.cli import execute; code = execute(['--help']); "
        "print(code, *({'aiohttp', 'redis', 'sqlite3', 'jinja2', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "0"


def test_an_unknown_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["chekc"]) == 2
    assert "Did you mean 'check'?" in capsys.readouterr().err
